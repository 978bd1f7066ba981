"""The declarations as JSON: what `dataverse-email schema` prints, and the manual is made from."""

from collections.abc import Iterable

from .columns import Column, Group, Lookup
from .kind import Argument, Kind
from .set_kind import SetKind
from .table_kind import TableKind


def schema(kinds: Iterable[Kind]) -> dict[str, object]:
    """Return all kinds with their arguments and results, as JSON carries them.

    Each column has all keys; one that says nothing about it is null.
    """
    return {"kinds": {kind.name: {"table": _table(kind), "columns": _columns(kind)} for kind in kinds}}


def _table(kind: Kind) -> str | None:
    if isinstance(kind, SetKind):
        return kind.of.table.logical_name
    return kind.table.logical_name if isinstance(kind, TableKind) else None


def _columns(kind: Kind) -> list[dict[str, object]]:
    inputs = [_column(kind, it, "input") for it in kind.arguments.values()]
    return inputs + [_column(kind, it, "output") for it in kind.results.values()]


def _column(kind: Kind, argument: Argument, direction: str) -> dict[str, object]:
    allowed = argument.schema
    column = argument.marker if isinstance(argument.marker, Column) else None
    return {
        "name": argument.name,
        "wire": argument.wire or None,
        "direction": direction,
        "type": _type(argument),
        "choices": _choices(argument),
        "max_length": allowed.get("maxLength"),
        "minimum": allowed.get("minimum"),
        "maximum": allowed.get("maximum"),
        "default": column.default if column else None,
        "required": argument.required,
        "immutable": column is not None and column.immutable,
        "secret": argument.secret,
        "label": (column.label if column else "") or None,
        "description": argument.description,
        "source": (column.source if column else "") or kind.source,
    }


def _type(argument: Argument) -> str:
    if isinstance(argument.marker, Lookup):
        return "reference"
    if isinstance(argument.marker, Group):
        return "group"
    if "enum" in argument.schema:
        return "choice"
    return str(argument.schema.get("format", argument.schema["type"]))


def _choices(argument: Argument) -> dict[str, int | None] | None:
    """Return word -> code; `None` as the code of a word that is never on the wire, or whose code is to be learnt."""
    if argument.choice:
        return {word.value: word.code for word in argument.choice}
    words = argument.schema.get("enum")
    return dict.fromkeys(words) if words else None
