"""The Web API: finds what a URL means and does it. Knows no transport.

Microsoft Learn, "Use the Microsoft Dataverse Web API" and its pages on creating, updating and retrieving rows.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

import sqlalchemy as sa

from . import batch, clock, mailboxes, metadata, operations, queries
from .errors import ODataError, bad_request, method_not_allowed, no_such_row, no_such_segment, not_emulated
from .messages import Call, Reply
from .queries import MAX_PAGE, Query
from .reading import Reader, context, etag
from .rows import Rows
from .schema import ENTITY_SETS, Row, Table
from .store import Store, Transaction
from .values import read_guid
from .writing import read_body

REAL_BUT_NOT_EMULATED = frozenset({
    "GlobalOptionSetDefinitions", "RetrieveMetadataChanges",
    "RetrieveTotalRecordCount", "RetrieveUserSetOfPrivilegesByNames", "accounts", "contacts", "keyvaultreferences",
    "mailboxstatistics", "mailboxtrackingfolders", "managedidentities", "partnerapplications", "privileges", "roles",
    "solutions", "tracelogs",
})  # fmt: skip
"""Names that a real service knows; everything else is unknown there too and gets its 404."""

NOT_EMULATED_HEADERS = frozenset({"callerobjectid", "mscrmcallerid"})
"""Impersonation: passed over, it would do in one user's name what another one asked for."""

NOT_EMULATED_PREFERENCES = frozenset({"odata.track-changes", "respond-async"})

_SEGMENT = re.compile(r"([$\w]*)(?:\((.*)\))?", re.DOTALL)
_BYTE_ORDER_MARK = "\ufeff"
_FOREVER_ONE = frozenset({"organization"})


class WebApi:
    """The rows of one environment, over HTTP's verbs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: Call) -> Reply:
        """Carry out one request in one transaction.

        Raises:
            ODataError: the request is refused, and nothing was changed.
        """
        if call.path == "$batch":
            return batch.answer(call, self)
        with self._store.read() if call.method == "GET" else self._store.write() as transaction:
            return self._carry_out(call, transaction)

    @contextmanager
    def together(self) -> Iterator[Callable[[Call], Reply]]:
        """Carry out requests in one transaction: all of them, or none when one is refused."""
        with self._store.write() as transaction:
            yield lambda call: self._carry_out(call, transaction)

    def _carry_out(self, call: Call, transaction: Transaction) -> Reply:
        try:
            return self._route(call, transaction)
        except RecursionError:
            raise bad_request("The query is nested too deeply.") from None

    def _route(self, call: Call, transaction: Transaction) -> Reply:
        for name in NOT_EMULATED_HEADERS & call.headers.keys() | NOT_EMULATED_PREFERENCES & call.preferences.keys():
            raise not_emulated(name)
        head, *rest = call.path.split("/")
        match = _SEGMENT.fullmatch(head)
        name, key = (match[1], match[2]) if match else (head, None)
        if name in operations.FUNCTIONS and not rest:
            return operations.invoke(call, transaction, name, key or "")
        if name in metadata.NAMES:
            return metadata.answer(call, name)
        if name in REAL_BUT_NOT_EMULATED:
            raise not_emulated(name)
        if name not in ENTITY_SETS:
            raise no_such_segment(name)
        table = ENTITY_SETS[name]
        if key is None:
            return _Rows(call, transaction, table).collection(rest)
        return _Rows(call, transaction, table).row(_row_id(key, table), rest)


class _Rows:
    """One request about one table."""

    def __init__(self, call: Call, transaction: Transaction, table: Table) -> None:
        self._call = call
        self._transaction = transaction
        self._table = table
        self._require = call.caller.require
        self._rows = Rows(transaction, clock.now(), call.caller.user["systemuserid"])
        self._annotations = call.preferences.get("odata.include-annotations", "")

    def collection(self, rest: list[str]) -> Reply:
        if rest and rest != ["$count"]:
            raise no_such_segment(rest[0])
        match self._call.method, bool(rest):
            case "GET", True:
                return self._count()
            case "GET", False:
                return self._list()
            case "POST", False:
                body = self._call.json(self._table.logical_name)
                return self._create(body, str(body.get(self._table.primary_id) or ""))
        raise method_not_allowed(self._call.method)

    def row(self, row_id: str, rest: list[str]) -> Reply:
        if rest:
            return self._part(row_id, rest)
        match self._call.method:
            case "GET":
                return self._retrieve(row_id)
            case "PATCH":
                return self._upsert(row_id)
            case "DELETE":
                return self._delete(row_id)
        raise method_not_allowed(self._call.method)

    def _query(self) -> Query:
        return queries.parse(self._call.options, self._table)

    def _existing(self, row_id: str) -> Row:
        row = self._transaction.get(self._table.logical_name, row_id)
        if row is None:
            raise no_such_row(self._table.logical_name, row_id)
        return row

    def _list(self) -> Reply:
        self._require("Read", self._table)
        query, name = self._query(), self._table.logical_name
        page = _page_size(self._call.preferences.get("odata.maxpagesize"))
        limit = page or min(MAX_PAGE if query.top is None else query.top, MAX_PAGE)  # a page size overrides $top
        try:
            found = self._transaction.find(name, query.where, query.order, limit + 1, query.offset)
            total = self._transaction.count(name, query.where) if query.count else -1
        except sa.exc.OperationalError as error:
            raise bad_request(f"The query is too complex: {error.orig}.") from None
        reader = Reader(self._transaction, self._annotations)
        body: dict[str, object] = {"@odata.context": context(self._call.root, self._table, query, single=False)}
        if query.count:
            body["@odata.count"] = min(total, MAX_PAGE)
        if reader.wants("Microsoft.Dynamics.CRM.totalrecordcount"):
            body["@Microsoft.Dynamics.CRM.totalrecordcount"] = min(total, MAX_PAGE)
            body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] = total > MAX_PAGE
        body["value"] = reader.show(self._table, found[:limit], query)
        if len(found) > limit and (page or query.top is None):
            body["@odata.nextLink"] = self._next_link(query.offset + limit, limit)
        return Reply(200, body, self._preference_applied())

    def _next_link(self, offset: int, size: int) -> str:
        kept = [f"{name}={quote(value, safe='')}" for name, value in self._call.options.items() if name != "$skiptoken"]
        token = queries.next_token(offset // size + 1, offset)
        return f"{self._call.root}{self._table.entity_set_name}?{'&'.join([*kept, f'$skiptoken={token}'])}"

    def _count(self) -> Reply:
        self._require("Read", self._table)
        total = self._transaction.count(self._table.logical_name, self._query().where)
        return Reply(200, f"{_BYTE_ORDER_MARK}{min(total, MAX_PAGE)}")

    def _retrieve(self, row_id: str) -> Reply:
        self._require("Read", self._table)
        query = self._query()
        row = self._existing(row_id)
        plain = not self._annotations and not query.expansions
        if plain and self._call.condition("if-none-match") == etag(row):
            return Reply(304, None, [("ETag", etag(row))])
        return self._representation(200, row, query)

    def _representation(self, status: int, row: Row, query: Query) -> Reply:
        shown = Reader(self._transaction, self._annotations).show(self._table, [row], query)[0]
        body = {"@odata.context": context(self._call.root, self._table, query, single=True)} | shown
        return Reply(status, body, [("ETag", etag(row)), *self._preference_applied()])

    def _preference_applied(self) -> list[tuple[str, str]]:
        applied = f'odata.include-annotations="{self._annotations}"'
        return [("Preference-Applied", applied)] if self._annotations else []

    def _create(self, body: dict[str, object], row_id: str) -> Reply:
        self._require("Create", self._table)
        name = self._table.logical_name
        if name in _FOREVER_ONE:
            raise ODataError(400, "0x80040800", f"The 'Create' method does not support entities of type '{name}'.")
        changes = read_body(body, self._table, self._transaction, creating=True)
        if row_id:
            changes[self._table.primary_id] = row_id.lower()
            if self._transaction.get(name, row_id.lower()):
                text = "A record with matching key values already exists."
                raise ODataError(412, "0x80040237", text)
        return self._written(self._rows.create(self._table, changes), 201)

    def _upsert(self, row_id: str) -> Reply:
        row = self._transaction.get(self._table.logical_name, row_id)
        body = self._call.json(self._table.logical_name)
        expected = self._call.condition("if-match")
        if row is None and expected is not None:
            self._require("Write", self._table)
            raise no_such_row(self._table.logical_name, row_id)
        if row is None:
            return self._create(body, row_id)
        self._require("Write", self._table)
        if self._call.condition("if-none-match") == "*":
            raise ODataError(412, "0x80040237", "A record with matching key values already exists.")
        _check_version(expected, row)
        changes = read_body(body, self._table, self._transaction, creating=False)
        self._rows.change(self._table, row, changes)
        return self._written(row_id, 200)

    def _written(self, row_id: str, status: int) -> Reply:
        if self._call.preferences.get("return") == "representation":
            query = self._query()
            if self._call.method == "PATCH":
                query = replace(query, expansions=())  # documented: $expand is ignored on PATCH
            reply = self._representation(status, self._existing(row_id), query)
            reply.headers.append(("Preference-Applied", "return=representation"))
            return reply
        url = f"{self._call.root}{self._table.entity_set_name}({row_id})"
        return Reply(204, None, [("OData-EntityId", url), ("Location", url)])

    def _delete(self, row_id: str) -> Reply:
        self._require("Delete", self._table)
        row = self._existing(row_id)
        _check_version(self._call.condition("if-match"), row)
        if self._table.logical_name == "mailbox":
            mailboxes.refuse_deletion(row)
        if self._table.logical_name in _FOREVER_ONE:
            text = f"The 'Delete' method does not support entities of type '{self._table.logical_name}'."
            raise ODataError(400, "0x80040800", text)
        self._rows.remove(self._table, row_id)
        return Reply(204)

    def _part(self, row_id: str, rest: list[str]) -> Reply:
        """Answer `set(key)/column`."""
        name, table = rest[0], self._table
        beyond = len(rest) > 1 or self._call.method != "GET" or name in table.navigation or name in table.collections
        if name.startswith("Microsoft.Dynamics.CRM.") or (beyond and name in (*table.properties, *table.navigation)):
            raise not_emulated(f"{self._call.method} of {table.entity_set_name}(...)/{'/'.join(rest)}")
        if name in table.collections:
            raise not_emulated(f"The collection '{name}' by itself")
        if name not in table.properties:
            raise no_such_segment(name)
        self._require("Read", table)
        row = self._existing(row_id)
        value = None if name in table.secrets else row[name]
        if value is None:
            return Reply(204)
        where = f"{self._call.root}$metadata#{table.entity_set_name}({row_id})/{name}"
        return Reply(200, {"@odata.context": where, "value": value})


def _row_id(key: str, table: Table) -> str:
    row_id = read_guid(key.removeprefix(f"{table.primary_id}=").strip("'"))  # clients quote GUIDs too
    if row_id is None:
        kind = f"Microsoft.Dynamics.CRM.{table.logical_name}"
        text = f"The key in the request URI is not valid for resource '{kind}'."
        raise ODataError(400, "0x80060890", text)
    return row_id


def _check_version(expected: str | None, row: Row) -> None:
    if expected not in (None, "*", etag(row)):
        text = "The version of the existing record doesn't match the RowVersion property provided."
        raise ODataError(412, "0x80060882", text)


def _page_size(text: str | None) -> int | None:
    """Return the preferred page size in rows, at most the service's own; a preference that makes no sense is none."""
    digits = text[:9] if text and text.isascii() and text.isdigit() else "0"  # nine are more than any page
    return min(int(digits), MAX_PAGE) or None
