"""The body of a write: which column each of its names means, and whether the value fits."""

from collections.abc import Mapping

from . import addresses, links
from .errors import ODataError, bad_payload, no_such_row
from .schema import TABLES, Column, Row, Table, entity_set
from .store import Transaction
from .values import read_guid, read_value

BIND = "@odata.bind"
"""Ends the name under which a body links a row that is there."""


def read_body(body: Mapping[str, object], table: Table, transaction: Transaction, *, creating: bool) -> Row:
    """Return the changes that a body asks for, by property name, each fit for its column.

    Raises:
        ODataError: an unknown name, a value that does not fit, a link to a row that is not there.
    """
    changes: Row = {}
    for name, value in body.items():
        if name.endswith(BIND):
            changes |= _bound(name.removesuffix(BIND), value, table, transaction)
        elif name.startswith("@"):
            continue
        elif "@" in name:
            _refuse_unknown_annotation(name, table)
        elif name in table.navigation and value is None:
            changes |= _bound(name, None, table, transaction)
        elif name in table.navigation or name in table.collections or name in table.associations:
            text = f"Error Message : '{name}' holds nested rows, which only a create may make."
            raise bad_payload(table.logical_name, text)
        else:
            changes |= _plain(name, value, table, creating=creating)
    refuses = transaction.switches.read_only_columns == "refuse"
    return _writable(changes, table, creating=creating, refuses=refuses)


def _plain(name: str, value: object, table: Table, *, creating: bool) -> Row:
    entity = table.logical_name
    column = table.properties.get(name)
    if column is None:
        kind = f"Microsoft.Dynamics.CRM.{entity}"
        raise bad_payload(entity, f"Error Message : Invalid property '{name}' was found in entity '{kind}'.")
    if column.is_lookup:
        text = f"Error Message : '{name}' is read-only; write the lookup with its navigation property and {BIND}."
        raise bad_payload(entity, text)
    if not (column.create if creating else column.update):
        return {name: None}  # sorted out by _writable, whatever the value is
    return {name: read_value(column, value, entity)}


def _bound(name: str, value: object, table: Table, transaction: Transaction) -> Row:
    entity = table.logical_name
    if name not in table.navigation:
        text = (
            f"Error Message : An undeclared property '{name}' which only has property annotations in the payload but "
            "no property value was found in the payload."
        )
        raise bad_payload(entity, text)
    column, targets = table.navigation[name]
    if value is None:
        read_value(column, None, entity)
        return links.link(column, None, None)
    found = addresses.reference(value)
    target = next((target for target in targets if found and found[0] == entity_set(target)), None)
    if found is None or target is None:
        sets = " or ".join(f"/{entity_set(target)}(<id>)" for target in targets)
        raise bad_payload(entity, f"Error Message : '{name}{BIND}' must be {sets}, found '{value}'.")
    if target not in TABLES:  # a row of a table that is not emulated is taken unseen
        return links.link(column, read_guid(found[1].rpartition("=")[2]), target)
    row_id = addresses.row_key(found[1], TABLES[target])
    if transaction.get(target, row_id) is None:
        raise no_such_row(target, row_id)
    return links.link(column, row_id, target)


def _refuse_unknown_annotation(name: str, table: Table) -> None:
    property_name = name.partition("@")[0]
    if property_name not in table.properties and property_name not in table.navigation:
        text = f"Error Message : An undeclared property '{property_name}' which only has property annotations."
        raise bad_payload(table.logical_name, text)


def _writable(changes: Row, table: Table, *, creating: bool, refuses: bool) -> Row:
    """Return the changes of columns that may be written; the others are passed over, or refused."""
    kept: Row = {}
    for name, value in changes.items():
        column = _column(name, table)
        if column.create if creating else column.update:
            kept[name] = value
        elif refuses:
            text = f"The property '{name}' of '{table.logical_name}' cannot be written here."
            raise ODataError(400, "0x80040203", text)
    return kept


def _column(name: str, table: Table) -> Column:
    """Return the column that decides about a name: of a lookup's type column, that of the lookup."""
    for column in table.columns.values():
        if name in (column.property, column.type_column):
            return column
    raise KeyError(name)
