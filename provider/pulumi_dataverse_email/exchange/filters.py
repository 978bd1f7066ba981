"""Filters by meaning: whether two select the same, what changed between them, what is wrong with one.

Exchange may give a filter back with other spaces, parentheses, quotes and case than it was written with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from . import names
from .opath import And, Comparison, FilterSyntaxError, Node, Not, Or, Value, parse, spell

LONG: Final = 2048
"""Characters that the filter of a dynamic group may have. For scopes no limit is documented, so that more is sent, with
a warning.

Source: https://learn.microsoft.com/powershell/module/exchange/new-dynamicdistributiongroup
"""

OBJECT_PROPERTIES: Final = frozenset(
    name.lower()
    for name in (
        "AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AdministrativeUnits", "BypassModerationFrom",
        "DistinguishedName", "ForwardingAddress", "GrantSendOnBehalfTo", "ManagedBy", "Manager", "MemberOfGroup",
        "Members", "ModeratedBy", "RejectMessagesFrom", "RejectMessagesFromDLMembers",
    )
)  # fmt: skip
"""Properties, in lower case, whose value is the distinguished name of an object; anything else matches nobody.

Source: https://learn.microsoft.com/powershell/exchange/recipientfilter-properties
"""

_NEGATED: Final = {"ne": "eq", "notlike": "like"}

Meaning: TypeAlias = tuple[object, ...]
"""Equal for filters that select the same, whatever their spelling; never equal for others."""


@dataclass(frozen=True)
class Difference:
    """How a filter differs from an earlier one; in the spelling of who wrote it."""

    added: tuple[str, ...] = ()
    """Clauses that only the later filter has."""
    removed: tuple[str, ...] = ()
    """Clauses that only the earlier filter has."""
    unread: str = ""
    """Why the two were compared as text, where one of them is no OPATH that can be read."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __str__(self) -> str:
        lines = [f"- {clause}" for clause in self.removed] + [f"+ {clause}" for clause in self.added]
        return "\n".join([*lines, f"(compared as text: {self.unread})"] if self.unread else lines)


def meaning(node: Node) -> Meaning:
    """Return the normal form of a filter.

    Case, order, repetition and superfluous parentheses are gone, negations stand at single comparisons, `-ne` is the
    negation of `-eq`, and distinguished names are read. What might differ in Exchange stays different.
    """
    return _meaning(node, negated=False)


def difference(earlier: str, later: str) -> Difference:
    """Return what changed between two filters; empty where they mean the same.

    Where one of them cannot be read, they are compared as text, without case, spaces and parentheses.
    """
    try:
        before, after = parse(earlier), parse(later)
    except FilterSyntaxError as error:
        same = _squeezed(earlier) == _squeezed(later)
        return Difference(unread=str(error)) if same else Difference((later,), (earlier,), str(error))
    removed, added = _changes(before, after)
    return Difference(tuple(added), tuple(removed))


def faults(text: str) -> list[str]:
    """Return what is wrong with a filter that a person writes, each as a sentence; none where it can be sent."""
    try:
        return list(dict.fromkeys(_faults(parse(text))))
    except FilterSyntaxError as error:
        return [str(error)]


def warnings(text: str) -> list[str]:
    """Return what may go wrong with a filter that can be sent, each as a sentence."""
    if len(text) <= LONG:
        return []
    known = f"Exchange refuses more than {LONG} for a dynamic group, and its limit for scopes is not documented"
    return [
        f"the filter has {len(text)} characters; {known}: a custom attribute or a group marks many mailboxes better"
    ]


def one_line(text: str) -> str:
    """Return a filter on one line; only one that has line breaks or tabs in it is spelt anew.

    Raises:
        FilterSyntaxError: it has, and is no filter.
    """
    return text if text.isprintable() else spell(parse(text))


def values(node: Node, name: str) -> tuple[str, ...] | None:
    """Return the texts of `name -eq ...` where a filter is nothing but one or several of these, joined by `-or`.

    None says that the filter is something else, which a list of values cannot express.
    """
    found = []
    for clause in node.operands if isinstance(node, Or) else (node,):
        match clause:
            case Comparison(property=held, operator="eq", value=str() as value) if held.lower() == name.lower():
                found.append(value)
            case _:
                return None
    return tuple(found)


def _meaning(node: Node, *, negated: bool) -> Meaning:
    match node:
        case Not(operand):
            return _meaning(operand, negated=not negated)
        case Comparison(name, operator, value):
            plain = _NEGATED.get(operator, operator)
            known = (name.lower(), plain, _known(name, value))
            return ("not", known) if negated != (plain != operator) else ("is", known)
        case And(operands) | Or(operands):
            joint = "and" if isinstance(node, And) != negated else "or"
            parts: set[object] = set()
            for operand in operands:
                part = _meaning(operand, negated=negated)
                match part:
                    case (kind, frozenset() as inner) if kind == joint:
                        parts |= inner
                    case _:
                        parts.add(part)
            only = next(iter(parts))
            return only if len(parts) == 1 and isinstance(only, tuple) else (joint, frozenset(parts))


def _known(name: str, value: Value) -> object:
    if not isinstance(value, str):
        return value
    named = names.read(value) if name.lower() in OBJECT_PROPERTIES else None
    return named or value.lower()  # not casefold: in a directory, strasse is not certain to be straße


def _changes(before: Node, after: Node) -> tuple[list[str], list[str]]:
    """Return the clauses that are gone and those that are new."""
    if meaning(before) == meaning(after):
        return [], []
    if type(before) is not type(after) and not _extends(before, after) and not _extends(after, before):
        return [before.spelling], [after.spelling]
    kind = type(after) if isinstance(after, And | Or) else type(before)
    old = {meaning(clause): clause for clause in _clauses(before, kind)}
    new = {meaning(clause): clause for clause in _clauses(after, kind)}
    gone = [clause for known, clause in old.items() if known not in new]
    come = [clause for known, clause in new.items() if known not in old]
    if len(gone) == len(come) == 1 and len(old) > 1 and type(gone[0]) is type(come[0]) and _joins(gone[0]):
        return _changes(gone[0], come[0])
    return [clause.spelling for clause in gone], [clause.spelling for clause in come]


def _joins(node: Node) -> bool:
    return isinstance(node, And | Or)


def _extends(one: Node, other: Node) -> bool:
    """Whether `one` stands as a clause in `other`."""
    return isinstance(other, And | Or) and meaning(one) in {meaning(clause) for clause in other.operands}


def _clauses(node: Node, kind: type[Node]) -> tuple[Node, ...]:
    return node.operands if isinstance(node, And | Or) and isinstance(node, kind) else (node,)


def _faults(node: Node) -> Iterator[str]:
    match node:
        case Comparison():
            yield from _misfits(node)
        case Not(operand):
            yield from _faults(operand)
        case And(operands) | Or(operands):
            if isinstance(node, Or) and node.mixed:
                yield f"-and and -or stand side by side; say by parentheses what belongs together: {node.spelling}"
            for operand in operands:
                yield from _faults(operand)


def _misfits(comparison: Comparison) -> Iterator[str]:
    value, spelling = comparison.value, comparison.spelling
    if comparison.operator in ("like", "notlike"):
        if not isinstance(value, str):
            yield f"-{comparison.operator} needs a text: {spelling}"
        elif value.startswith("*") and value.strip("*"):
            yield f"a wildcard cannot stand in front: {spelling}"
    elif value is None and comparison.operator not in ("eq", "ne"):
        yield f"-{comparison.operator} cannot be used with $null: {spelling}"
    if comparison.property.lower() in OBJECT_PROPERTIES and isinstance(value, str) and names.read(value) is None:
        yield f"{comparison.property} needs a distinguished name; anything else matches nobody: {spelling}"


def _squeezed(text: str) -> str:
    return "".join(character for character in text.lower() if not character.isspace() and character not in "()")
