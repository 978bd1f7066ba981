"""One request about the rows of a table, by HTTP's verbs.

Microsoft Learn, "Use the Microsoft Dataverse Web API" and its pages on creating, updating and retrieving rows.
"""

from dataclasses import replace

from . import concurrency, deletion, queries
from .errors import ODataError, method_not_allowed, no_such_message, no_such_row, no_such_segment
from .inserting import Inserter
from .listing import Listing
from .messages import Call, Reply
from .queries import Query
from .queryfunctions import Asker
from .reading import Reader, address, context, etag
from .rows import Rows
from .schema import TABLES, Row, Table
from .store import Transaction
from .writing import read_body

CREATED = 201


class Entities:
    """The rows of one table, as one caller reads or writes them."""

    def __init__(self, call: Call, transaction: Transaction, table: Table) -> None:
        self.call = call
        self.transaction = transaction
        self.table = table
        self.require = call.caller.require
        self.rows = Rows(transaction, transaction.now, call.caller)

    def collection(self, rest: list[str]) -> Reply:
        """Answer for the entity set itself."""
        if rest and rest != ["$count"]:
            raise no_such_segment(rest[0])
        match self.call.method, bool(rest):
            case "GET", True:
                return self.listing().number()
            case "GET", False:
                return self.listing().page()
            case "POST", False:
                body = self.call.json(self.table.logical_name)
                return self._written(Inserter(self.rows, self.call.caller).create(self.table, body), CREATED)
        raise method_not_allowed(self.call.method)

    def listing(self) -> Listing:
        """Return the rows of the entity set."""
        self.require("Read", self.table)
        return Listing(self.call, self.transaction, self.table, self.table.entity_set_name)

    def row(self, row_id: str) -> Reply:
        """Answer for one row."""
        match self.call.method:
            case "GET":
                return self.retrieve(row_id)
            case "PATCH":
                return self._upsert(row_id)
            case "DELETE":
                return self._delete(row_id)
        raise method_not_allowed(self.call.method)

    def existing(self, row_id: str) -> Row:
        """Return a row, or say that it is not there."""
        row = self.transaction.get(self.table.logical_name, row_id)
        if row is None:
            raise no_such_row(self.table.logical_name, row_id)
        return row

    def retrieve(self, row_id: str) -> Reply:
        """Answer a row, or that the client's copy is still good."""
        self.require("Read", self.table)
        query = self._query()
        row = self.existing(row_id)
        plain = not self.call.annotations and not query.expansions and concurrency.is_on(self.transaction, self.table)
        if plain and self.call.condition("if-none-match") == etag(row):
            return Reply(304, None, [("ETag", etag(row))])
        return self._representation(200, row, query)

    def check_version(self, row: Row) -> None:
        """Refuse to write a row of which the client expects another version."""
        concurrency.check(self.transaction, self.table, self.call.condition("if-match"), row)

    def _query(self) -> Query:
        query = queries.parse(self.call.options, self.table, Asker(self.call.caller.user, self.transaction.now))
        for name in query.tables:
            self.require("Read", TABLES[name])
        return query

    def _representation(self, status: int, row: Row, query: Query) -> Reply:
        reader = Reader(self.transaction, self.call.root, self.call.annotations, self.call.page_size)
        shown = reader.show(self.table, [row], query, single=True)[0]
        body = {"@odata.context": context(self.call.root, self.table, query, single=True)} | shown
        return Reply(status, body, [("ETag", etag(row)), *self.call.annotations_applied])

    def _upsert(self, row_id: str) -> Reply:
        row = self.transaction.get(self.table.logical_name, row_id)
        body = self.call.json(self.table.logical_name)
        if row is None and self.call.condition("if-match") is not None:
            self.require("Write", self.table)
            raise no_such_row(self.table.logical_name, row_id)
        if row is None:
            return self._written(Inserter(self.rows, self.call.caller).create(self.table, body, row_id), CREATED)
        self.require("Write", self.table)
        if self.call.condition("if-none-match") == "*":
            raise ODataError(412, "0x80040237", "A record with matching key values already exists.")
        self.check_version(row)
        if "Update" in self.table.unsupported:
            raise no_such_message("Update", self.table.logical_name)
        changes = read_body(body, self.table, self.transaction, creating=False)
        self.rows.change(self.table, row, changes)
        return self._written(row_id, 200)

    def _written(self, row_id: str, status: int) -> Reply:
        url = address(self.call.root, self.table, row_id)
        if self.call.preferences.get("return") == "representation":
            query = self._query()
            if self.call.method == "PATCH":
                query = replace(query, expansions=())  # documented: $expand is ignored on PATCH
            reply = self._representation(status, self.existing(row_id), query)
            reply.headers.append(("Preference-Applied", "return=representation"))
            if status == CREATED and self.transaction.switches.location_with_representation:
                reply.headers.append(("Location", url))
            return reply
        reply = Reply(204, None, [("OData-EntityId", url), ("Location", url)])
        if self.transaction.switches.etag_on_204:
            reply.headers.append(("ETag", etag(self.existing(row_id))))
        return reply

    def _delete(self, row_id: str) -> Reply:
        self.require("Delete", self.table)
        row = self.existing(row_id)
        self.check_version(row)
        deletion.check(self.transaction, self.table, row)
        if "Delete" in self.table.unsupported:
            raise no_such_message("Delete", self.table.logical_name)
        self.rows.remove(self.table, row_id)
        return Reply(204)
