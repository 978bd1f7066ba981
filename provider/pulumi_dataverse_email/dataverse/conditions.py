"""Conditions as the text of `$filter`: as many texts as the service's limits ask for.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import quote

from .rows import AllOf, AnyOf, AtLeast, Condition, EndsWith, Equal, Guid, OneOf, Scalar, StartsWith

MOST_CONDITIONS = 500
"""Conditions that one request may hold: the service refuses more with 0x8004430C."""

LONGEST_FILTER = 24_000
"""Characters of an encoded filter: a URL may have 32,768, and the rest is left to its host and its other options."""

AND = " and "
OR = " or "


@dataclass(frozen=True)
class _Clause:
    """A piece of a filter: its text, and how many conditions the service counts in it."""

    text: str
    conditions: int = 1


def filters(where: Condition) -> Iterator[str]:
    """Yield the filters which together find what the condition finds; none where nothing can meet it.

    What is taken apart are the alternatives of the condition, or of that part of an `AllOf` which has most of them.
    A filter that is too long all the same is the service's to refuse.
    """
    parts = sorted(map(_alternatives, where.conditions if isinstance(where, AllOf) else [where]), key=len)
    if not all(parts):
        return
    *others, widest = parts or [[_Clause("", 0)]]
    common = [_joined(OR, part) for part in others]
    for group in _groups(widest, _joined(AND, common)):
        last = _joined(OR, group).text if common else OR.join(clause.text for clause in group)
        yield AND.join([*(clause.text for clause in common), last])


def _alternatives(where: Condition) -> list[_Clause]:
    """Return the clauses one of which must hold; none where nothing can meet the condition."""
    match where:
        case Equal(column, value):
            return [_Clause(f"{column} eq {_literal(value)}")]
        case AtLeast(column, moment):
            return [_Clause(f"{column} ge {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")]
        case StartsWith(column, text) | EndsWith(column, text):
            return [_Clause(f"{type(where).__name__.lower()}({column},{_literal(text)})")]
        case OneOf(column, values):
            return [_Clause(f"{column} eq {text}") for text in dict.fromkeys(map(_literal, values))]
        case AnyOf(conditions):
            return [clause for condition in conditions for clause in _alternatives(condition)]
        case AllOf(conditions):
            parts = [_alternatives(condition) for condition in conditions]
            return [_joined(AND, [_joined(OR, part) for part in parts])] if all(parts) else []


def _groups(alternatives: Sequence[_Clause], common: _Clause) -> Iterator[list[_Clause]]:
    """Yield the alternatives in groups, each of which, with what all have in common, keeps the limits."""
    group: list[_Clause] = []
    around = len(quote(f"{common.text}{AND}()"))
    conditions, length = common.conditions, around
    for clause in alternatives:
        more = len(quote(clause.text + OR))
        if group and (conditions + clause.conditions > MOST_CONDITIONS or length + more > LONGEST_FILTER):
            yield group
            group, conditions, length = [], common.conditions, around
        group.append(clause)
        conditions += clause.conditions
        length += more
    yield group


def _joined(operator: str, clauses: Sequence[_Clause]) -> _Clause:
    """Return the clauses as one, which may stand beside others."""
    text = operator.join(clause.text for clause in clauses)
    return _Clause(f"({text})" if len(clauses) > 1 else text, sum(clause.conditions for clause in clauses))


def _literal(value: Scalar) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Guid(text):
            return text
        case str():
            return "'" + value.replace("'", "''") + "'"
    return str(value)
