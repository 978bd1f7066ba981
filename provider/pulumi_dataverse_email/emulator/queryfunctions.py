"""The query functions of Microsoft.Dynamics.CRM in `$filter`, such as `In`, `Between` and `LastXDays`.

Microsoft Learn, "Filter rows", section Dataverse query functions, and the query function reference.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from odata_query import ast

from . import operands, periods
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


@dataclass(frozen=True)
class Asker:
    """Who asks, and when: what some functions speak of."""

    user: Row
    now: str
    """UTC, as the Web API writes it."""


@dataclass(frozen=True)
class Question:
    """A function's operand, its values as written, and who asks."""

    operand: Operand
    values: Sequence[str]
    asker: Asker

    @property
    def now(self) -> datetime:
        """The moment of asking."""
        return datetime.fromisoformat(self.asker.now)

    def value(self, index: int = 0) -> Value:
        """Return a value as the column keeps it."""
        return _value(self.operand.column, self.values[index])


def condition(call: ast.Call, table: Table, asker: Asker) -> Condition:
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
    question = Question(operand, values, asker)
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


def _day(question: Question) -> datetime:
    return periods.midnight(datetime.fromisoformat(str(question.value())))


def _next_day(question: Question) -> datetime:
    return periods.later(_day(question), "Day", 1)


def _in_period(operand: Operand, period: periods.Period) -> Condition:
    start, end = (write_moment(moment) for moment in period)
    return sa.and_(operand.sql >= start, operand.sql < end)


def _of_periods(name: str) -> _Function | None:
    """Return one of the functions that are named by a unit of time."""
    match = re.fullmatch(r"(Last|Next|OlderThan)X(Minute|Hour|Day|Week|Month|Year)s", name)
    if match is None or (match[2] == "Minute" and match[1] != "OlderThan"):
        return None
    unit = match[2]
    if match[1] == "OlderThan":
        return _Function(
            lambda asked: asked.operand.sql < write_moment(periods.later(asked.now, unit, -_number(asked))), 1
        )
    period = periods.back if match[1] == "Last" else periods.ahead
    return _Function(lambda asked: _in_period(asked.operand, period(asked.now, unit, _number(asked))), 1)


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
        return asked.operand.sql == asked.asker.user[name]

    return condition


def _is_not(name: str) -> Callable[[Question], Condition]:
    return lambda asked: _or_nothing(asked, sa.not_(_is(name)(asked)))


def _of_unit(unit: str, number: int) -> _Function:
    return _Function(lambda asked: _in_period(asked.operand, periods.whole(asked.now, unit, number)))


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
    "Last7Days": _Function(lambda asked: _in_period(asked.operand, periods.back(asked.now, "Day", 7))),
    "Next7Days": _Function(lambda asked: _in_period(asked.operand, periods.ahead(asked.now, "Day", 7))),
    "Yesterday": _of_unit("Day", -1),
    "Today": _of_unit("Day", 0),
    "Tomorrow": _of_unit("Day", 1),
    **{
        f"{word}{unit}": _of_unit(unit, number)
        for word, number in (("Last", -1), ("This", 0), ("Next", 1))
        for unit in ("Week", "Month", "Year")
    },
}
