"""What joins rows: lookups, their collections, and associations.

Microsoft Learn, "Associate and disassociate tables using the Web API".
"""

import sqlalchemy as sa

from .errors import ODataError, bad_payload, bad_request, no_such_row
from .rows import Rows
from .schema import TABLES, Column, Row, Table, Value
from .store import INTERSECTS
from .values import read_value


def link(column: Column, row_id: Value, target: str | None) -> Row:
    """Return what a lookup keeps: an id and, where it has several targets, their table."""
    kept: Row = {column.property: row_id}
    if column.type_column:
        kept[column.type_column] = target
    return kept


def point(rows: Rows, table: Table, row: Row, name: str, target: tuple[Table, str] | None) -> None:
    """Let a lookup, named by its navigation property, lead to a row, or to none."""
    column, targets = table.navigation[name]
    _refuse_read_only(column, table)
    if target is None:
        read_value(column, None, table.logical_name)
        rows.change(table, row, link(column, None, None))
        return
    there, there_id = target
    if there.logical_name not in targets:
        raise bad_request(f"'{name}' leads to {' or '.join(targets)}, not to {there.logical_name}.")
    if rows.transaction.get(there.logical_name, there_id) is None:
        raise no_such_row(there.logical_name, there_id)
    rows.change(table, row, link(column, there_id, there.logical_name))


def join(rows: Rows, table: Table, row_id: str, name: str, other: tuple[Table, str]) -> None:
    """Put a row into a collection of another one.

    Raises:
        ODataError: 404 for a row that is not there, 412 for a pair that is there already.
    """
    there, there_id = other
    if there != _behind(table, name):
        raise bad_request(f"'{name}' holds rows of {_behind(table, name).logical_name}, not of {there.logical_name}.")
    row = rows.transaction.get(there.logical_name, there_id)
    if row is None:
        raise no_such_row(there.logical_name, there_id)
    if name in table.collections:
        column = there.columns[table.collections[name].column]
        _refuse_read_only(column, there)
        rows.change(there, row, link(column, row_id, table.logical_name))
        return
    pairs = INTERSECTS[table.associations[name].through]
    pair = {table.primary_id: row_id, there.primary_id: there_id}
    if rows.transaction.sql.execute(sa.select(pairs).filter_by(**pair)).first():
        raise ODataError(412, "0x80040237", "Cannot insert duplicate key.")
    rows.transaction.sql.execute(pairs.insert(), pair)


def part(rows: Rows, table: Table, row_id: str, name: str, there_id: str) -> None:
    """Take a row out of a collection of another one; 404 when it is not in there."""
    there = _behind(table, name)
    if name in table.associations:
        pairs = INTERSECTS[table.associations[name].through]
        pair = {table.primary_id: row_id, there.primary_id: there_id}
        if not rows.transaction.sql.execute(pairs.delete().filter_by(**pair)).rowcount:
            raise no_such_row(there.logical_name, there_id)
        return
    column = there.columns[table.collections[name].column]
    row = rows.transaction.get(there.logical_name, there_id)
    if row is None or row[column.property] != row_id:
        raise no_such_row(there.logical_name, there_id)
    point(rows, there, row, str(column.targets[table.logical_name]), None)


def _behind(table: Table, name: str) -> Table:
    return TABLES[(table.collections.get(name) or table.associations[name]).table]


def _refuse_read_only(column: Column, table: Table) -> None:
    if not column.update:
        text = f"Error Message : '{column.name}' of '{table.logical_name}' is set by the platform."
        raise bad_payload(table.logical_name, text)
