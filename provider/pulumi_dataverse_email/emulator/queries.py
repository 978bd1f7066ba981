"""The query options of a read: what the client wants to see of which rows, in which order.

Microsoft Learn, "Query data using the Web API" and its pages on columns, joins and paging.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from . import aliases, expansions, filters, paging
from .errors import bad_request, no_such_property, not_emulated
from .expansions import Expansion
from .filters import Key
from .queryfunctions import Asker
from .schema import Table

_KNOWN = frozenset({"$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken"})


@dataclass(frozen=True)
class Query:
    """What is asked of a table, checked against its columns."""

    select: tuple[str, ...] | None = None
    """Wire names; None for all."""
    where: sa.ColumnElement[bool] | None = None
    order: tuple[Key, ...] = ()
    """Ends with the primary key, so that no two rows are equal."""
    top: int | None = None
    count: bool = False
    bookmark: paging.Bookmark | None = None
    """Where the page begins; None for the first one."""
    expansions: tuple[Expansion, ...] = ()

    @property
    def is_nested(self) -> bool:
        """Whether an expansion holds another one, which changes how expanded rows are shown and paged."""
        return any(expansion.query.expansions for expansion in self.expansions)

    @property
    def tables(self) -> set[str]:
        """The tables of which expansions show rows."""
        found = {table.logical_name for expansion in self.expansions for table in expansion.tables}
        return found.union(*(expansion.query.tables for expansion in self.expansions))


NOT_EMULATED = frozenset({"$apply", "fetchXml", "savedQuery", "userQuery"})
"""Options that a real service obeys: passed over, they would let too many rows through."""


def parse(options: Mapping[str, str], table: Table, asker: Asker, *, aliased: bool = True) -> Query:
    """Return the query that the options of a URL, or of one `$expand`, ask of a table.

    Raises:
        ODataError: 400 for an unknown option, column or malformed value; 501 for what is not emulated.
    """
    for name in options:
        if name in NOT_EMULATED:
            raise not_emulated(f"The query option {name}")
        if name.startswith("$") and name not in _KNOWN:
            raise bad_request(f"The query parameter {name} is not supported.")
    if options.get("$count", "false") not in ("true", "false"):
        raise bad_request("'$count' must be true or false.")
    plain = {name: aliases.resolve(options[name], options) for name in ("$filter", "$orderby") if name in options}
    if not aliased:
        plain = dict(options)
    inner = partial(parse, asker=asker, aliased=False)
    order = filters.order(plain["$orderby"], table) if "$orderby" in plain else []
    return Query(
        select=_selected(options["$select"], table) if "$select" in options else None,
        where=filters.condition(plain["$filter"], table, asker) if "$filter" in plain else None,
        order=(*order, filters.key(table.primary_id, table)),
        top=_top(options["$top"]) if "$top" in options else None,
        count=options.get("$count") == "true",
        bookmark=paging.read(options["$skiptoken"]) if "$skiptoken" in options else None,
        expansions=expansions.parse(options["$expand"], table, inner) if "$expand" in options else (),
    )


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
