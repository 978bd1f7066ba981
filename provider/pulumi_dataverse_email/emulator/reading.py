"""Rows as the Web API shows them: properties, annotations, expanded rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from .queries import MAX_PAGE, Expansion, Query
from .schema import TABLES, Column, Row, Table, Value
from .store import SQL_TABLES, Transaction

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"

Shown = dict[str, object]


def etag(row: Row) -> str:
    """Return a row's ETag: weak, made of its version."""
    return f'W/"{row["versionnumber"]}"'


def context(root: str, table: Table, query: Query, *, single: bool) -> str:
    """Return the `@odata.context` of an answer."""
    columns = "" if query.select is None else f"({','.join(query.select)})"
    return f"{root}$metadata#{table.entity_set_name}{columns}{'/$entity' if single else ''}"


@dataclass(frozen=True)
class Reader:
    """Shows the rows of one transaction to one client."""

    transaction: Transaction
    annotations: str = ""
    """The preference `odata.include-annotations`: names, `Prefix.*` or `*`, separated by commas."""

    def show(self, table: Table, rows: list[Row], query: Query, *, tagged: bool = True) -> list[Shown]:
        """Return rows as JSON objects, expanded as the query says."""
        names = table.properties if query.select is None else dict.fromkeys((*query.select, table.primary_id))
        labels = self._names_of_targets(table, names, rows) if self.wants(FORMATTED) else {}
        shown = [self._one(table, row, names, labels, tagged=tagged) for row in rows]
        for expansion in query.expansions:
            expand = self._collection if expansion.is_collection else self._single
            expand(table, rows, shown, expansion)
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
        return shown

    def _annotated(self, column: Column, row: Row, value: Value, labels: dict[Value, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        if column.is_lookup:
            target = _target(column, row)
            found = {
                NAVIGATION: column.targets.get(target) or "",
                LOOKUP_TABLE: target,
                FORMATTED: labels.get(value, ""),
            }
        elif column.options and isinstance(value, int):
            found = {FORMATTED: column.options.get(int(value), "")}
        return {name: text for name, text in found.items() if text and self.wants(name)}

    def _names_of_targets(self, table: Table, names: Iterable[str], rows: list[Row]) -> dict[Value, str]:
        """Return the primary names of all rows that the given lookups point to."""
        wanted: dict[str, set[Value]] = {}
        for column in (table.properties[name] for name in names):
            if column.is_lookup:
                for row in rows:
                    wanted.setdefault(_target(column, row), set()).add(row[column.property])
        found: dict[Value, str] = {}
        for target, ids in wanted.items():
            if target in TABLES:
                primary_id, primary_name = TABLES[target].primary_id, TABLES[target].primary_name
                found |= {
                    key: str(row[primary_name] or "") for key, row in self._by_id(target, primary_id, ids).items()
                }
        return found

    def _single(self, _table: Table, rows: list[Row], shown: list[Shown], expansion: Expansion) -> None:
        lookup = expansion.column
        targets: dict[Value, Shown] = {}
        for target in expansion.tables:
            ids = {row[lookup.property] for row in rows if _target(lookup, row) == target.logical_name}
            found = list(self._by_id(target.logical_name, target.primary_id, ids).values())
            for row, one in zip(found, self.show(target, found, expansion.query, tagged=False), strict=True):
                targets[row[target.primary_id]] = one
        reachable = {target.logical_name for target in expansion.tables}
        for row, one in zip(rows, shown, strict=True):
            leads = _target(lookup, row) in reachable
            one[expansion.name] = targets.get(row[lookup.property]) if leads else None

    def _collection(self, table: Table, rows: list[Row], shown: list[Shown], expansion: Expansion) -> None:
        (target,) = expansion.tables
        lookup = SQL_TABLES[target.logical_name].c[expansion.column.property]
        for row, one in zip(rows, shown, strict=True):
            where = lookup == row[table.primary_id]
            if expansion.query.where is not None:
                where = sa.and_(where, expansion.query.where)
            limit = min(expansion.query.top or MAX_PAGE, MAX_PAGE)
            found = self.transaction.find(target.logical_name, where, expansion.query.order, limit)
            one[expansion.name] = self.show(target, found, expansion.query)

    def _by_id(self, table: str, primary_id: str, ids: Collection[Value]) -> dict[Value, Row]:
        if not ids:
            return {}
        found = self.transaction.find(table, SQL_TABLES[table].c[primary_id].in_(ids))
        return {row[primary_id]: row for row in found}


def _target(column: Column, row: Row) -> str:
    """Return the table that a row's lookup points to."""
    if column.type_column:
        return str(row[column.type_column])
    return next(iter(column.targets))
