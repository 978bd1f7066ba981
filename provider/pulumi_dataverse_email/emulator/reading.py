"""Rows as the Web API shows them: properties, annotations, expanded rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from . import paging
from .expansions import Expansion
from .messages import MAX_PAGE
from .queries import Query
from .schema import TABLES, Column, Row, Table, Value
from .store import INTERSECTS, SQL_TABLES, Transaction

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"

PRINCIPALS = frozenset({"systemuser", "team"})
"""Tables that share a base with the key `ownerid`; their rows show it beside their own (Microsoft Learn, "Join tables
using OData")."""

Shown = dict[str, object]


def etag(row: Row) -> str:
    """Return a row's ETag: weak, made of its version."""
    return f'W/"{row["versionnumber"]}"'


def address(root: str, table: Table, row_id: Value) -> str:
    """Return the URL of a row."""
    return f"{root}{table.entity_set_name}({row_id})"


def context(root: str, table: Table, query: Query, *, single: bool) -> str:
    """Return the `@odata.context` of an answer."""
    shape = _shape(query)
    return f"{root}$metadata#{table.entity_set_name}{f'({shape})' if shape else ''}{'/$entity' if single else ''}"


def _shape(query: Query) -> str:
    parts = list(query.select or ())
    for expansion in query.expansions:
        inside = f"{expansion.name},{expansion.name}/$ref()" if expansion.reference else ""
        parts.append(inside or f"{expansion.name}({_shape(expansion.query)})")
    return ",".join(parts)


def related(table: Table, row_id: Value, name: str) -> tuple[Table, sa.ColumnElement[bool]]:
    """Return the table behind a collection-valued navigation property of a row, and what its rows there meet."""
    if name in table.associations:
        association = table.associations[name]
        pairs, other = INTERSECTS[association.through], TABLES[association.table]
        there = sa.select(pairs.c[other.primary_id]).where(pairs.c[table.primary_id] == row_id)
        return other, SQL_TABLES[other.logical_name].c[other.primary_id].in_(there)
    collection = table.collections[name]
    holder = TABLES[collection.table]
    lookup, columns = holder.columns[collection.column], SQL_TABLES[holder.logical_name].c
    where: sa.ColumnElement[bool] = columns[lookup.property] == row_id
    if lookup.type_column:
        where &= columns[lookup.type_column] == table.logical_name
    return holder, where


def target_of(lookup: Column, row: Row) -> str:
    """Return the table that a row's lookup points to."""
    if lookup.type_column:
        return str(row[lookup.type_column])
    return next(iter(lookup.targets))


@dataclass(frozen=True)
class Reader:
    """Shows the rows of one transaction to one client."""

    transaction: Transaction
    root: str
    """The URL that links begin with."""
    annotations: str = ""
    """The preference `odata.include-annotations`: names, `Prefix.*` or `*`, separated by commas."""
    page: int | None = None
    """The preferred page size, which nested expansions obey too."""

    def show(
        self, table: Table, rows: list[Row], query: Query, *, tagged: bool = True, single: bool = False
    ) -> list[Shown]:
        """Return rows as JSON objects, expanded as the query says; `single` when the client asked for one row."""
        names = dict.fromkeys(table.properties if query.select is None else (*query.select, table.primary_id))
        names |= {one.lookup.property: None for one in query.expansions if one.reference and one.lookup}
        labels = self._names_of_targets(table, names, rows) if self.wants(FORMATTED) else {}
        shown = [self._one(table, row, names, labels, tagged=tagged) for row in rows]
        for expansion in query.expansions:
            if expansion.is_collection:
                self._collection(table, rows, shown, expansion, nested=query.is_nested)
            else:
                self._single(rows, shown, expansion, tagged=single)
        return shown

    def wants(self, annotation: str) -> bool:
        """Whether the client asked for an annotation."""
        patterns = [pattern.strip() for pattern in self.annotations.split(",")]
        return any(
            pattern in ("*", annotation) or (pattern.endswith(".*") and annotation.startswith(pattern[:-1]))
            for pattern in patterns
        )

    def _one(self, table: Table, row: Row, names: Iterable[str], labels: dict[Value, str], *, tagged: bool) -> Shown:
        shown: Shown = {"@odata.etag": etag(row)} if tagged else {}
        for name in names:
            column = table.properties[name]
            value = None if name in table.secrets else row[name]
            if value is not None and self.annotations:
                shown |= {f"{name}@{key}": text for key, text in self._annotated(column, row, value, labels).items()}
            shown[name] = value
        if table.logical_name in PRINCIPALS:
            shown["ownerid"] = row[table.primary_id]
        return shown

    def _annotated(self, column: Column, row: Row, value: Value, labels: dict[Value, str]) -> dict[str, str]:
        """Return the annotations of a value, as a user in English (United States) and UTC has them."""
        found: dict[str, str] = {}
        if column.is_lookup:
            target = target_of(column, row)
            found = {
                NAVIGATION: column.targets.get(target) or "",
                LOOKUP_TABLE: target,
                FORMATTED: labels.get(value, ""),
            }
        elif column.options and isinstance(value, int):
            found = {FORMATTED: column.options.get(int(value), "")}
        elif isinstance(value, int):
            found = {FORMATTED: f"{value:,}"}
        elif column.type == "DateTime":
            at = datetime.fromisoformat(str(value))
            found = {FORMATTED: f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M %p}"}
        return {name: text for name, text in found.items() if text and self.wants(name)}

    def _names_of_targets(self, table: Table, names: Iterable[str], rows: list[Row]) -> dict[Value, str]:
        """Return the primary names of all rows that the given lookups point to."""
        wanted: dict[str, set[Value]] = {}
        for column in (table.properties[name] for name in names):
            if column.is_lookup:
                for row in rows:
                    wanted.setdefault(target_of(column, row), set()).add(row[column.property])
        found: dict[Value, str] = {}
        for target, ids in wanted.items():
            if target in TABLES:
                name = TABLES[target].primary_name
                found |= {key: str(row[name] or "") for key, row in self._by_id(TABLES[target], ids).items()}
        return found

    def _single(self, rows: list[Row], shown: list[Shown], expansion: Expansion, *, tagged: bool) -> None:
        lookup = expansion.lookup
        if lookup is None:
            return
        targets: dict[Value, Shown] = {}
        for target in expansion.tables:
            ids = {row[lookup.property] for row in rows if target_of(lookup, row) == target.logical_name}
            found = list(self._by_id(target, ids).values())
            if expansion.reference:
                ones: list[Shown] = [{"@odata.id": address(self.root, target, row[target.primary_id])} for row in found]
            elif len(expansion.tables) > 1 and expansion.options:  # `$select` of the one property that they share
                ones = [{expansion.name: row[target.primary_id]} for row in found]
            else:
                ones = self.show(target, found, expansion.query, tagged=tagged, single=tagged)
            targets |= {row[target.primary_id]: one for row, one in zip(found, ones, strict=True)}
        reachable = {target.logical_name for target in expansion.tables}
        for row, one in zip(rows, shown, strict=True):
            leads = target_of(lookup, row) in reachable
            one[expansion.name] = targets.get(row[lookup.property]) if leads else None

    def _collection(
        self, table: Table, rows: list[Row], shown: list[Shown], expansion: Expansion, *, nested: bool
    ) -> None:
        """Show the rows behind a collection; in a nested query they come in pages, without ETags."""
        query = expansion.query
        limit = min(MAX_PAGE if query.top is None else query.top, (self.page if nested else None) or MAX_PAGE)
        for row, one in zip(rows, shown, strict=True):
            row_id = row[table.primary_id]
            target, where = related(table, row_id, expansion.name)
            if query.where is not None:
                where = sa.and_(where, query.where)
            order = [key.order for key in query.order]
            found = self.transaction.find(target.logical_name, where, order, limit)
            inner = self.show(target, found, query, tagged=not nested)
            if expansion.lookup is not None and not nested:
                for entry, behind in zip(inner, found, strict=True):
                    entry.setdefault(expansion.lookup.property, behind[expansion.lookup.property])
            one[expansion.name] = inner
            url = f"{address(self.root, table, row_id)}/{expansion.name}"
            token = self.next_token(target, query, found) if nested and self.page and found else ""
            one[f"{expansion.name}@odata.nextLink"] = paging.link(url, expansion.options, token)

    def next_token(self, table: Table, query: Query, shown: list[Row]) -> str:
        """Return the skip token of the page after the one that showed these rows."""
        first, last = (row[table.primary_id] for row in (shown[0], shown[-1]))
        places = paging.positions(self.transaction, table, query.order, [first, last])
        page = query.bookmark.page if query.bookmark else 1
        return paging.token(page + 1, query.order, places[first], places[last])

    def _by_id(self, table: Table, ids: Collection[Value]) -> dict[Value, Row]:
        if not ids:
            return {}
        found = self.transaction.find(table.logical_name, SQL_TABLES[table.logical_name].c[table.primary_id].in_(ids))
        return {row[table.primary_id]: row for row in found}
