"""Between a resource's properties and its row: what to read, what to write, what to keep."""

from collections.abc import Iterable, Mapping
from typing import cast

from ..dataverse.rows import Link, Row, Secret, Select, Unlink, Value
from ..declare import CLEAR, Lookup, NotUnderstood, TableKind, XmlValue, document
from .props import lookup_id

Props = Mapping[str, object]


def select(kind: TableKind, names: Iterable[str], *, results: bool = True) -> Select:
    """Return what to read for those arguments: their columns, secrets' flags, and the kind's results if wanted."""
    told = [result.wire for result in kind.results.values()] if results else []
    columns, lookups = dict.fromkeys([kind.table.name, *told]), []
    for name in names:
        column = kind.columns[name]
        if isinstance(column, Lookup):
            lookups.append(column.wire)
        else:
            columns[column.set_flag if column.secret else column.wire] = None
    return Select(tuple(columns), tuple(dict.fromkeys(lookups)))


def stated(kind: TableKind, inputs: Props) -> dict[str, object]:
    """Return the columns that the inputs state."""
    return {name: inputs[name] for name in kind.columns if name in inputs}


def sent_with(kind: TableKind, name: str) -> set[str]:
    """Return the arguments whose change sends that one: where a user name differs, its password may differ too."""
    return {name, kind.columns[name].goes_with}


def restorable(kind: TableKind) -> list[str]:
    """Return the arguments whose former value is recorded at adoption."""
    return [name for name, column in kind.columns.items() if column.restorable and not column.secret]


def value(kind: TableKind, name: str, row: Row) -> object:
    """Return what programs say for a column of a row; `CLEAR` where it is empty.

    Of a text that is not understood it is the text itself: it is shown and compared, and only writing is refused.
    """
    column = kind.columns[name]
    wire = row.get(column.wire)
    if isinstance(column, XmlValue):
        try:
            wire = document(wire, column.root, (column.element,)).codes.get(column.element)
        except NotUnderstood:
            return wire
    there = wire.row_id if isinstance(wire, Link) else kind.arguments[name].form.read(wire)
    return CLEAR if there is None else there


def holds(kind: TableKind, name: str, row: Row, wanted: object) -> bool:
    """Say whether the row's column means `wanted`."""
    return kind.arguments[name].equal(value(kind, name, row), wanted)


def later(kind: TableKind, name: str, row: Row, wanted: object) -> object:
    """Return the row's date where the service has moved it past the wanted one, else `None`."""
    there = value(kind, name, row)
    if CLEAR in (there, wanted):
        return None
    form = kind.arguments[name].form
    return there if form.normal(there) > form.normal(wanted) else None  # type: ignore[operator]  # both are moments


def write(kind: TableKind, values: Props, found: Props) -> Row:
    """Return the wire's columns for the arguments given.

    Args:
        kind: the declaration.
        values: argument -> value, `CLEAR` to empty the column.
        found: argument -> what had to be looked up for it: the id that a lookup leads to, a code that is learnt.
    """
    row: Row = {}
    for name, wanted in values.items():
        column = kind.columns[name]
        if isinstance(column, XmlValue):
            continue  # its column is written as a whole, by who knows what else it holds
        if isinstance(column, Lookup):
            link = Unlink() if wanted == CLEAR else Link(column.target.entity_set, str(found[name]))
            row[column.navigation] = link
        else:
            # What `check` let through has a form whose wire values are those of columns.
            wire = None if wanted == CLEAR else cast("Value", kind.arguments[name].form.write(found.get(name, wanted)))
            row[column.wire] = Secret(str(wire)) if column.secret and wire is not None else wire
    return row


def results(kind: TableKind, row: Row) -> dict[str, object]:
    """Return the read-only columns that are outputs."""
    there = {name: it.form.read(row[it.wire]) for name, it in kind.results.items() if row.get(it.wire) is not None}
    return {name: value for name, value in there.items() if value is not None}


def flags(kind: TableKind, written: Props) -> dict[str, object]:
    """Return the outputs that follow from a write without reading: whether a secret is stored."""
    stored = {kind.columns[name].set_flag: it != CLEAR for name, it in written.items() if kind.columns[name].secret}
    return {name: stored[it.wire] for name, it in kind.results.items() if it.wire in stored}


def lookup_ids(kind: TableKind, found: Props) -> dict[str, object]:
    """Return the outputs that record what lookups led to."""
    return {lookup_id(name): target for name, target in found.items() if name in kind.lookups}
