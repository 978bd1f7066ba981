"""The query options of a read: what the client wants to see of which rows, in which order.

Microsoft Learn, "Query data using the Web API" and its pages on columns, joins and paging.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import sqlalchemy as sa

from . import filters
from .errors import ODataError, bad_request, no_such_property, not_emulated
from .schema import TABLES, Column, Table
from .store import SQL_TABLES

MAX_PAGE = 5000
"""Rows in one answer: the service's default and maximum."""

MAX_EXPANSIONS = 15

_KNOWN = frozenset({"$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken"})
_INSIDE_EXPAND = _KNOWN - {"$count", "$skiptoken"}
_COOKIE = re.compile(r'<cookie pagenumber="\d{1,9}" pagingcookie="(\d{1,9})" istracking="False" />')


@dataclass(frozen=True)
class Expansion:
    """One navigation property to follow."""

    name: str
    column: Column
    """The lookup: of the row itself, or, for a collection, of the rows that point to it."""
    tables: tuple[Table, ...]
    is_collection: bool
    query: "Query"


@dataclass(frozen=True)
class Query:
    """What is asked of a table, checked against its columns."""

    select: tuple[str, ...] | None = None
    """Wire names; None for all."""
    where: sa.ColumnElement[bool] | None = None
    order: tuple[sa.ColumnElement[Any], ...] = ()
    top: int | None = None
    count: bool = False
    offset: int = 0
    """Rows that earlier pages have shown."""
    expansions: tuple[Expansion, ...] = field(default=())


def parse(options: Mapping[str, str], table: Table, known: frozenset[str] = _KNOWN) -> Query:
    """Return the query that the options of a URL, or of one `$expand`, ask of a table.

    Raises:
        ODataError: 400 for an unknown option, column or malformed value; 501 for what is not emulated.
    """
    for name in options:
        if name == "$apply" or name.startswith("@"):
            raise not_emulated("Aggregation ($apply)" if name == "$apply" else "A parameter alias here")
        if name.startswith("$") and name not in known:
            raise bad_request(f"The query parameter {name} is not supported.")
    if options.get("$count", "false") not in ("true", "false"):
        raise bad_request("'$count' must be true or false.")
    primary = SQL_TABLES[table.logical_name].c[table.primary_id]
    return Query(
        select=_selected(options["$select"], table) if "$select" in options else None,
        where=filters.condition(options["$filter"], table) if "$filter" in options else None,
        order=(*(filters.order(options["$orderby"], table) if "$orderby" in options else ()), primary),
        top=_top(options["$top"]) if "$top" in options else None,
        count=options.get("$count") == "true",
        offset=_offset(options["$skiptoken"]) if "$skiptoken" in options else 0,
        expansions=_expansions(options["$expand"], table) if "$expand" in options else (),
    )


def next_token(page: int, offset: int) -> str:
    """Return the skip token that leads to the rows after `offset`; clients hand it back unread."""
    return quote(f'<cookie pagenumber="{page}" pagingcookie="{offset}" istracking="False" />', safe="")


def _selected(text: str, table: Table) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if names == ("*",):
        return tuple(table.properties)
    for name in names:
        if name not in table.properties:
            raise no_such_property(name, table.logical_name)
    return names


def _top(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**31))):
        raise bad_request(f"Invalid value '{text}' for $top query option found.")
    return int(text)


def _offset(token: str) -> int:
    match = _COOKIE.fullmatch(token) or _COOKIE.fullmatch(unquote(token))
    if match is None:
        raise ODataError(400, "0x8004112A", "The paging cookie is malformed.")
    return int(match[1])


def _expansions(text: str, table: Table) -> tuple[Expansion, ...]:
    parts = split(text, ",")
    if len(parts) > MAX_EXPANSIONS:
        raise bad_request(f"The number of $expand options exceeds the limit of {MAX_EXPANSIONS}.")
    return tuple(_expansion(part.strip(), table) for part in parts)


def _expansion(text: str, table: Table) -> Expansion:
    name, parenthesis, rest = text.partition("(")
    if "/" in name:
        raise not_emulated("A path in '$expand'")
    if parenthesis and not rest.endswith(")"):
        raise bad_request("Syntax error in '$expand'.")
    options = {key.strip(): value for key, _, value in (part.partition("=") for part in split(rest[:-1], ";"))}
    if not parenthesis:
        options = {}
    if "$expand" in options:
        raise not_emulated("'$expand' inside '$expand'")
    if name in table.collections:
        collection = table.collections[name]
        target = TABLES[collection.table]
        query = parse(options, target, _INSIDE_EXPAND)
        return Expansion(name, target.columns[collection.column], (target,), is_collection=True, query=query)
    if name not in table.navigation:
        raise no_such_property(name, table.logical_name)
    column, targets = table.navigation[name]
    if not set(targets) <= TABLES.keys():
        raise not_emulated(f"The table behind '{name}'")
    tables = tuple(TABLES[target] for target in targets)
    if len(tables) > 1 and options:
        raise not_emulated(f"Options of '{name}', which may lead to several tables,")
    return Expansion(name, column, tables, is_collection=False, query=parse(options, tables[0], frozenset({"$select"})))


def split(text: str, separator: str) -> list[str]:
    """Split at separators that stand in no parentheses and no quotes."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(character, 0)
        if character == separator and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts
