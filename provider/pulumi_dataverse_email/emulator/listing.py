"""Collections as answers: rows in pages, their number, or links to them.

Microsoft Learn, "Page results", "Count rows" and "Retrieve a table row using the Web API".
"""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from . import paging, queries
from .messages import MAX_PAGE, Call, Reply
from .queries import Query
from .queryfunctions import Asker
from .reading import Reader, address, context
from .schema import TABLES, Row, Table
from .store import Transaction

METADATA_VERSION = "1000000"
"""Rises where tables or columns change, which they never do here."""

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Listing:
    """The rows of a table that one request speaks of: all, or those behind a navigation property."""

    call: Call
    transaction: Transaction
    table: Table
    path: str
    """Of the collection, after the root of the service."""
    within: sa.ColumnElement[bool] | None = None
    """What rows behind a navigation property meet."""

    @cached_property
    def query(self) -> Query:
        """What the options ask for."""
        query = queries.parse(self.call.options, self.table, Asker(self.call.caller.user, self.transaction.now))
        for name in query.tables:
            self.call.caller.require("Read", TABLES[name])
        return query

    def page(self) -> Reply:
        """Answer one page of rows."""
        page = self.call.page_size
        query, reader = self.query, Reader(self.transaction, self.call.root, self.call.annotations, page)
        limit = page or min(MAX_PAGE if query.top is None else query.top, MAX_PAGE)  # a page size overrides $top
        found = self._find(limit + 1)
        total = self._total() if query.count else -1
        body: dict[str, object] = {"@odata.context": context(self.call.root, self.table, query, single=False)}
        if query.count:
            body["@odata.count"] = min(total, MAX_PAGE)
        if reader.wants("Microsoft.Dynamics.CRM.totalrecordcount"):
            body["@Microsoft.Dynamics.CRM.totalrecordcount"] = min(total, MAX_PAGE)
        if reader.wants("Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"):
            body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] = total > MAX_PAGE
        if reader.wants("Microsoft.Dynamics.CRM.globalmetadataversion"):
            body["@Microsoft.Dynamics.CRM.globalmetadataversion"] = METADATA_VERSION
        shown = found[:limit]
        body["value"] = reader.show(self.table, shown, query)
        if len(found) > limit and shown and (page or query.top is None):
            token = reader.next_token(self.table, query, shown)
            body["@odata.nextLink"] = paging.link(f"{self.call.root}{self.path}", self.call.options, token)
        applied = [("Preference-Applied", f"odata.maxpagesize={page}")] if page else []
        return Reply(200, body, [*applied, *self.call.annotations_applied])

    def number(self) -> Reply:
        """Answer how many rows there are, at most a full page, as text."""
        return Reply(200, f"{_BYTE_ORDER_MARK}{min(self._total(), MAX_PAGE)}")

    def references(self) -> Reply:
        """Answer links to the rows."""
        found = self._find(MAX_PAGE)
        links = [{"@odata.id": address(self.call.root, self.table, row[self.table.primary_id])} for row in found]
        return Reply(200, {"@odata.context": f"{self.call.root}$metadata#Collection($ref)", "value": links})

    def _find(self, limit: int) -> list[Row]:
        query = self.query
        bookmark = paging.after(query.bookmark, query.order) if query.bookmark else None
        order = [key.order for key in query.order]
        return self.transaction.find(self.table.logical_name, self._where(bookmark), order, limit)

    def _total(self) -> int:
        return self.transaction.count(self.table.logical_name, self._where())

    def _where(self, bookmark: sa.ColumnElement[bool] | None = None) -> sa.ColumnElement[bool]:
        return sa.and_(sa.true(), *(part for part in (self.within, self.query.where, bookmark) if part is not None))
