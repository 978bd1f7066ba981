"""What a query may name: columns of the row itself, and of rows that its lookups lead to.

Microsoft Learn, "Filter rows": a path such as `emailserverprofile/createdby/fullname` reads the row behind a lookup.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from odata_query import ast

from .errors import bad_request, no_such_property, not_emulated
from .schema import CHOICES, TABLES, Column, Table, Value
from .store import CASELESS, SQL_TABLES
from .values import read_guid, read_moment

INCOMPATIBLE = "A binary operator with incompatible types was detected. Found operand types '{}' and '{}'."

SQL_INTEGER_BITS = 63
EXACT_FLOAT = 2**53
"""Beyond it a floating-point number may stand for several whole ones."""

MAX_PATH = 15
"""Lookups in one path: as many as a query may join."""


@dataclass(frozen=True)
class Operand:
    """One value of each row: its column, and how SQL finds it."""

    column: Column
    sql: sa.ColumnElement[Any]
    own: bool
    """Whether it stands in the row itself."""


def of_name(name: str, table: Table) -> Operand:
    """Return the column of that wire name."""
    column = _column(name, table)
    return Operand(column, SQL_TABLES[table.logical_name].c[column.property], own=True)


def of_node(node: object, table: Table) -> Operand:
    """Return the column or path that a parsed query names.

    Raises:
        ODataError: 400 for an unknown name or anything else than a name, 501 for a table that is not emulated.
    """
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.owner
    if not isinstance(node, ast.Identifier) or node.namespace:
        raise bad_request("Only a column may be compared, with a value or with another column of the same table.")
    if not names:
        return of_name(node.name, table)
    if len(names) > MAX_PATH:
        raise bad_request(f"A path may follow at most {MAX_PATH} lookups.")
    return _behind([node.name, *names], table, SQL_TABLES[table.logical_name])


def _behind(path: list[str], table: Table, source: sa.FromClause) -> Operand:
    name, *rest = path
    if not rest:
        column = _column(name, table)
        return Operand(column, source.c[column.property], own=False)
    if name not in table.navigation:
        raise no_such_property(name, table.logical_name)
    lookup, targets = table.navigation[name]
    if len(targets) > 1:  # such a property leads to the base of its tables, which has a key and nothing else
        if rest != [name]:
            raise no_such_property(rest[0], "principal")
        return Operand(lookup, source.c[lookup.property], own=False)
    if targets[0] not in TABLES:
        raise not_emulated(f"The table behind '{name}'")
    target = TABLES[targets[0]]
    there = SQL_TABLES[target.logical_name].alias()
    found = _behind(rest, target, there)
    where = there.c[target.primary_id] == source.c[lookup.property]
    if lookup.type_column:
        where &= source.c[lookup.type_column] == target.logical_name
    sql: sa.ColumnElement[Any] = sa.select(found.sql).where(where).correlate(source).scalar_subquery()
    if family(found.column) == "text":
        sql = sa.collate(sql, CASELESS)  # SQLite forgets the column's own in a subquery
    return Operand(found.column, sql, own=False)


def family(column: Column) -> str:
    """Return what a column may be compared with: text, number, guid, Boolean, DateTime..."""
    if column.type in ("String", "Memo", "EntityName"):
        return "text"
    if column.type in ("Integer", "BigInt") or column.type in CHOICES:
        return "number"
    if column.type == "Uniqueidentifier" or column.is_lookup:
        return "guid"
    return column.type


def literal(column: Column, node: object) -> Value:
    """Return a literal of a query as the column keeps it; None for null.

    Raises:
        ODataError: 400, when its type is not the column's.
    """
    value: Value = None
    match family(column), node:
        case _, ast.Null():
            return None
        case "text", ast.String(text):
            value = text
        case "number", ast.Integer(digits) if int(digits).bit_length() <= SQL_INTEGER_BITS:
            value = int(digits)
        case "number", ast.Float(digits) if float(digits).is_integer() and abs(float(digits)) < EXACT_FLOAT:
            value = int(float(digits))
        case "guid", ast.GUID(text) | ast.String(text):  # clients quote GUIDs too
            value = read_guid(text)
        case "Boolean", ast.Boolean(word):
            value = word.lower() == "true"
        case "DateTime", ast.DateTime(text) | ast.Date(text):
            value = read_moment(text)
    if value is None:
        raise bad_request(INCOMPATIBLE.format(column.type, type(node).__name__))
    return value


def _column(name: str, table: Table) -> Column:
    if name not in table.properties or name in table.secrets:  # a secret must not be guessed by comparing
        raise no_such_property(name, table.logical_name)
    return table.properties[name]
