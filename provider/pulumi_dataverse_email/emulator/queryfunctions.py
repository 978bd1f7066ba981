"""The query functions of Microsoft.Dynamics.CRM in `$filter`, such as `In`, `Between` and `LastXDays`.

Microsoft Learn, "Filter rows", section Dataverse query functions, and the query function reference. Days begin at
midnight UTC and weeks on Sunday, the setting of a new organization.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from odata_query import ast

from . import clock, operands
from .errors import bad_request, not_emulated
from .operands import Operand
from .schema import Column, Row, Table, Value
from .values import read_guid, read_moment, write_moment

NAMESPACE = ("Microsoft", "Dynamics", "CRM")

REAL_BUT_NOT_EMULATED = re.compile(
    r"(Not)?(Above|Under)(OrEqual)?|\w*Fiscal\w*|EqualUser(Language|OrUser\w+|Teams)|Contains?|Contain\w*|DoesNot\w+"
)
"""Hierarchies, fiscal periods, teams, languages and choices of several values."""

NOTHING_IS_NOT_IN = True
"""Whether the functions whose name begins with Not find rows without a value, as `ne` does; no source says."""

Condition = sa.ColumnElement[bool]
Period = tuple[datetime, datetime]
"""Its first moment, and the first one after it."""


@dataclass(frozen=True)
class Question:
    """A function's operand, its values as written, and who asks."""

    operand: Operand
    values: Sequence[str]
    caller: Row

    def value(self, index: int = 0) -> Value:
        """Return a value as the column keeps it."""
        return _value(self.operand.column, self.values[index])


def condition(call: ast.Call, table: Table, caller: Row) -> Condition:
    """Return the SQL condition that a query function of the namespace stands for.

    Raises:
        ODataError: 400 for an unknown function, property or a value that does not fit; 501 for what is not emulated.
    """
    name = call.func.name
    if REAL_BUT_NOT_EMULATED.fullmatch(name):
        raise not_emulated(f"The query function '{name}'")
    parameters = {given.name.name: given.param for given in call.args if isinstance(given, ast.NamedParam)}
    operand = _property(parameters.pop("PropertyName", None), table)
    values = [_written(item) for given in parameters.values() for item in _items(given)]
    question = Question(operand, values, caller)
    if name in _ANY_NUMBER:
        return _ANY_NUMBER[name](question)
    function = _FUNCTIONS.get(name) or _of_periods(name)
    if function is None:
        raise bad_request(f"An unknown function with name 'Microsoft.Dynamics.CRM.{name}' was found.")
    if len(values) != function.values:
        raise bad_request(f"The function '{name}' takes {function.values} values, found {len(values)}.")
    if function.of_dates and operands.family(operand.column) != "DateTime":
        raise bad_request(f"The function '{name}' does not go with '{operand.column.name}', which is no date.")
    return function.condition(question)


@dataclass(frozen=True)
class _Function:
    condition: Callable[[Question], Condition]
    values: int = 0
    of_dates: bool = True


def _property(node: object, table: Table) -> Operand:
    if not isinstance(node, ast.String):
        raise bad_request("A query function needs PropertyName, the name of a column in quotes.")
    column = table.columns.get(node.val)  # a lookup goes by its own name too
    return operands.of_name(column.property if column and not column.hidden else node.val, table)


def _items(node: object) -> list[object]:
    return list(node.val) if isinstance(node, ast.List) else [node]


def _written(node: object) -> str:
    if isinstance(node, ast.String | ast.Integer | ast.Float | ast.GUID | ast.DateTime | ast.Date | ast.Boolean):
        return str(node.val)
    raise bad_request("The values of a query function must be literals.")


def _value(column: Column, text: str) -> Value:
    kind = operands.family(column)
    value: Value = text if kind == "text" else None
    if kind == "number" and re.fullmatch(r"[+-]?\d{1,18}(\.0+)?", text):
        value = int(text.partition(".")[0])
    elif kind == "guid":
        value = read_guid(text)
    elif kind == "Boolean":
        value = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    elif kind == "DateTime":
        value = read_moment(text)
    if value is None:
        raise bad_request(f"The value '{text}' does not go with '{column.name}', of type {column.type}.")
    return value


def _number(question: Question) -> int:
    text = question.values[0]
    if not re.fullmatch(r"\d{1,5}", text):
        raise bad_request(f"The number of periods must be a whole number, found '{text}'.")
    return int(text)


def _now() -> datetime:
    return datetime.fromisoformat(clock.now())


def _day(question: Question) -> datetime:
    return _midnight(datetime.fromisoformat(str(question.value())))


def _next_day(question: Question) -> datetime:
    return _later(_day(question), "Day", 1)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _later(moment: datetime, unit: str, number: int) -> datetime:
    """Go a number of units on or, below zero, back; a day that the month does not have becomes its last."""
    try:
        if unit in ("Month", "Year"):
            months = moment.year * 12 + moment.month - 1 + number * (12 if unit == "Year" else 1)
            day = moment.day
            while True:
                try:
                    return moment.replace(year=months // 12, month=months % 12 + 1, day=day)
                except ValueError:
                    if day <= 28:  # noqa: PLR2004 - every month has so many
                        raise
                    day -= 1
        return moment + number * timedelta(**{f"{unit.lower()}s": 1})
    except (OverflowError, ValueError):
        raise bad_request("The date or the number of periods leads beyond the calendar.") from None


def _start(unit: str) -> datetime:
    """Return when the current day, week, month or year began."""
    day = _midnight(_now())
    match unit:
        case "Week":
            return day - timedelta(days=(day.weekday() + 1) % 7)
        case "Month":
            return day.replace(day=1)
        case "Year":
            return day.replace(month=1, day=1)
    return day


def _unit(unit: str, number: int) -> Period:
    start = _later(_start(unit), unit, number)
    return start, _later(start, unit, 1)


def _back(unit: str, number: int) -> Period:
    """Return the last units up to now; all but hours begin with their first day."""
    moment = _later(_now(), unit, -number)
    return (moment if unit == "Hour" else _midnight(moment)), _now() + timedelta(seconds=1)


def _ahead(unit: str, number: int) -> Period:
    """Return the next units from now; all but hours end with their last day."""
    moment = _later(_now(), unit, number)
    return _now(), (moment if unit == "Hour" else _later(_midnight(moment), "Day", 1))


def _in_period(operand: Operand, period: Period) -> Condition:
    start, end = (write_moment(moment) for moment in period)
    return sa.and_(operand.sql >= start, operand.sql < end)


def _of_periods(name: str) -> _Function | None:
    """Return one of the functions that are named by a unit of time."""
    match = re.fullmatch(r"(Last|Next|OlderThan)X(Minute|Hour|Day|Week|Month|Year)s", name)
    if match is None or (match[2] == "Minute" and match[1] != "OlderThan"):
        return None
    unit = match[2]
    if match[1] == "OlderThan":
        return _Function(lambda asked: asked.operand.sql < write_moment(_later(_now(), unit, -_number(asked))), 1)
    period = _back if match[1] == "Last" else _ahead
    return _Function(lambda asked: _in_period(asked.operand, period(unit, _number(asked))), 1)


def _or_nothing(asked: Question, condition: Condition) -> Condition:
    return sa.or_(condition, asked.operand.sql.is_(None)) if NOTHING_IS_NOT_IN else condition


def _among(asked: Question) -> Condition:
    if not asked.values:
        raise bad_request("PropertyValues must hold at least one value.")
    return asked.operand.sql.in_([asked.value(index) for index in range(len(asked.values))])


def _between(asked: Question) -> Condition:
    return asked.operand.sql.between(asked.value(0), asked.value(1))


def _is(name: str) -> Callable[[Question], Condition]:
    def condition(asked: Question) -> Condition:
        return asked.operand.sql == asked.caller[name]

    return condition


def _is_not(name: str) -> Callable[[Question], Condition]:
    return lambda asked: _or_nothing(asked, sa.not_(_is(name)(asked)))


def _of_unit(unit: str, number: int) -> _Function:
    return _Function(lambda asked: _in_period(asked.operand, _unit(unit, number)))


_ANY_NUMBER: Mapping[str, Callable[[Question], Condition]] = {
    "In": _among,
    "NotIn": lambda asked: _or_nothing(asked, sa.not_(_among(asked))),
}
_FUNCTIONS: Mapping[str, _Function] = {
    "Between": _Function(_between, 2, of_dates=False),
    "NotBetween": _Function(lambda asked: _or_nothing(asked, sa.not_(_between(asked))), 2, of_dates=False),
    "EqualUserId": _Function(_is("systemuserid"), of_dates=False),
    "NotEqualUserId": _Function(_is_not("systemuserid"), of_dates=False),
    "EqualBusinessId": _Function(_is("_businessunitid_value"), of_dates=False),
    "NotEqualBusinessId": _Function(_is_not("_businessunitid_value"), of_dates=False),
    "On": _Function(lambda asked: _in_period(asked.operand, (_day(asked), _next_day(asked))), 1),
    "OnOrAfter": _Function(lambda asked: asked.operand.sql >= write_moment(_day(asked)), 1),
    "OnOrBefore": _Function(lambda asked: asked.operand.sql < write_moment(_next_day(asked)), 1),
    "Last7Days": _Function(lambda asked: _in_period(asked.operand, _back("Day", 7))),
    "Next7Days": _Function(lambda asked: _in_period(asked.operand, _ahead("Day", 7))),
    "Yesterday": _of_unit("Day", -1),
    "Today": _of_unit("Day", 0),
    "Tomorrow": _of_unit("Day", 1),
    **{
        f"{word}{unit}": _of_unit(unit, number)
        for word, number in (("Last", -1), ("This", 0), ("Next", 1))
        for unit in ("Week", "Month", "Year")
    },
}
