"""Between a resource's properties and its row: what to read, what to write, what to keep."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from ..dataverse.rows import Guid, Link, Row, Rows, Select, Unlink
from ..declare import CLEAR, Kind, Lookup
from ..errors import OwnerNotFound, RowConflict
from .props import lookup_id
from .run import Run

Props = Mapping[str, object]


def is_guid(text: str) -> bool:
    """Say whether a key is a GUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def select(kind: Kind, names: Iterable[str]) -> Select:
    """Return what to read for those arguments: their columns, secrets' flags, and the kind's results."""
    columns, lookups = dict.fromkeys([kind.table.name, *kind.results.values()]), []
    for name in names:
        column = kind.columns.get(name)
        if isinstance(column, Lookup):
            lookups.append(column.wire)
        elif column is not None:
            columns[column.set_flag if column.secret else column.wire] = None
    return Select(tuple(columns), tuple(lookups))


def restorable(kind: Kind) -> list[str]:
    """Return the arguments whose former value is recorded at adoption."""
    return [name for name, column in kind.columns.items() if column.restorable and not column.secret]


def value(kind: Kind, name: str, row: Row) -> object:
    """Return what programs say for a column of a row; `CLEAR` where it is empty."""
    wire = row.get(kind.columns[name].wire)
    if wire is None:
        return CLEAR
    return wire.row_id if isinstance(wire, Link) else kind.arguments[name].form.read(wire)


def holds(kind: Kind, name: str, row: Row, wanted: object) -> bool:
    """Say whether the row's column means `wanted`."""
    return kind.arguments[name].equal(value(kind, name, row), wanted)


def write(kind: Kind, values: Props, targets: Mapping[str, str]) -> Row:
    """Return the wire's columns for the arguments given.

    Args:
        kind: the declaration.
        values: argument -> value, `CLEAR` to empty the column.
        targets: lookup argument -> the id that it led to.
    """
    row: Row = {}
    for name, wanted in values.items():
        column = kind.columns[name]
        if isinstance(column, Lookup):
            row[column.wire] = Unlink() if wanted == CLEAR else Link(column.target.entity_set, targets[name])
        else:
            row[column.wire] = None if wanted == CLEAR else kind.arguments[name].form.write(wanted)
    return row


def results(kind: Kind, row: Row) -> dict[str, object]:
    """Return the read-only columns that are outputs."""
    return {name: row[wire] for name, wire in kind.results.items() if row.get(wire) is not None}


def resolve(kind: Kind, run: Run, rows: Rows, inputs: Props) -> dict[str, str]:
    """Return the ids that lookup arguments lead to; a name costs one request in a process.

    Raises:
        OwnerNotFound, RowConflict: no row, or several, have the name.
    """
    targets = {}
    for name, lookup in kind.lookups.items():
        key = inputs.get(name)
        if not isinstance(key, str):
            continue
        targets[name] = (
            key.lower()
            if is_guid(key)
            else run.named(lookup.target.entity_set, key, lambda key=key, it=lookup: _id_of(rows, it, key))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        )
    return targets


def lookup_ids(targets: Mapping[str, str]) -> dict[str, object]:
    """Return the outputs that record what lookups led to."""
    return {lookup_id(name): target for name, target in targets.items()}


def _id_of(rows: Rows, lookup: Lookup, name: str) -> str:
    table = lookup.target
    found = rows.find(table.entity_set, [(table.name, name)], Select((table.primary_id,)))
    if not found:
        raise OwnerNotFound(
            f"find {table.label} '{name}': none has that name.\n"
            f"Check the spelling, or declare the {table.label} in this program and pass the resource."
        )
    if len(found) > 1:
        ids = ", ".join(str(row[table.primary_id]) for row in found)
        raise RowConflict(
            f"find {table.label} '{name}': {len(found)} rows share that name ({ids}).\nGive one of these ids instead."
        )
    return str(found[0][table.primary_id])


def conditions(columns: Iterable[str], key: str) -> list[tuple[str, str | Guid]]:
    """Return the conditions under which a row of those columns has the key."""
    return [(column, Guid(key) if is_guid(key) else key) for column in columns]
