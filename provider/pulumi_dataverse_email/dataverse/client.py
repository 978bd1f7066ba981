"""Rows of one environment over the Web API: single operations and lists; batches stand in a module of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from ..errors import NotDataverse
from . import reading
from .batches import Batches
from .caller import Caller, caller
from .conditions import filters
from .operations import Operations
from .rows import ANY_VERSION, Condition, Create, Delete, Operation, Organization, Outcome, Read, Row, Select, Update
from .transport import Request, Transport

BATCH_SIZE = 50
"""Operations in one request of a batch: enough to save most of the round trips. The service takes 1,000, but one
request then runs for minutes, and its outcome is known for all or for none."""


class Client:
    """Speaks rows with one environment.

    Source of the forms used: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview

    Args:
        transport: sends the requests.
        batch_size: how many operations of a batch go into one request, 1 to 1,000.
    """

    def __init__(self, transport: Transport, *, batch_size: int = BATCH_SIZE) -> None:
        self._transport = transport
        self._operations = Operations(transport)
        self._batches = Batches(transport, self._operations, batch_size)

    def organization(self) -> Organization:
        """Return the organization that answers."""
        path = "RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
        tried = "ask which organization this is"
        detail = self._operations.ask(Request(tried, "GET", path)).get("Detail")
        organization_id = detail.get("OrganizationId") if isinstance(detail, dict) else None
        if not isinstance(detail, dict) or not organization_id:
            raise NotDataverse(tried, "the answer names no organization", "Check environmentUrl.")
        kind = detail.get("OrganizationType")
        return Organization(
            str(organization_id), str(detail.get("FriendlyName", "")), "" if kind is None else str(kind)
        )

    def caller(self) -> Caller:
        """Return who the login is there."""
        return caller(self._transport)

    def create(self, entity_set: str, row_id: str, row: Row) -> None:
        """Make the row under the id that the caller chose.

        A replay meets its own row, never a twin: the service then answers 412, and the row tells whose it is.

        Raises:
            RowExists: another row has that id.
        """
        self._operations.carry_out(Create(entity_set, row_id, row))

    def read(self, entity_set: str, row_id: str, select: Select) -> Row:
        """Return one row.

        Raises:
            RowNotFound: there is none with that id.
        """
        return self._operations.read(Read(entity_set, row_id, select))

    def find(self, entity_set: str, where: Condition, select: Select, *, key: str) -> list[Row]:
        """Return all rows that meet the condition, with their id, whose wire name is `key`."""
        return list(self.list(entity_set, select, key=key, where=where))

    def update(self, entity_set: str, row_id: str, row: Row, *, etag: str = ANY_VERSION) -> None:
        """Write some columns; a row that was deleted meanwhile is not made anew.

        Raises:
            RowNotFound: the row is gone.
            RowChanged: it has another version than `etag`.
        """
        self._operations.carry_out(Update(entity_set, row_id, row, etag))

    def delete(self, entity_set: str, row_id: str, *, etag: str = ANY_VERSION) -> None:
        """Delete one row; one that is gone already is no error.

        Raises:
            RowChanged: it has another version than `etag`.
        """
        self._operations.carry_out(Delete(entity_set, row_id, etag))

    def count(self, entity_set: str, where: Condition | None = None, *, key: str) -> int:
        """Return how many rows meet the condition. Their ids are listed, for the service's own count ends at 5,000."""
        return sum(1 for _ in self.list(entity_set, Select(()), key=key, where=where))

    def batch(self, operations: Sequence[Operation], *, atomic: bool = False) -> list[Outcome]:
        """Carry out many operations, in as few requests as their number asks for, and return how each ended.

        Args:
            operations: separate ones may be carried out in any order, and some of them twice, like single ones.
            atomic: all of them or none, in one request.

        Raises:
            LoginError: no token, and nothing was sent.
            Refused: more atomic operations than go into one request, or a `Read` among them; nothing was sent.
        """
        return self._batches.together(operations) if atomic else self._batches.apart(operations)

    def list(
        self,
        entity_set: str,
        select: Select,
        *,
        key: str,
        where: Condition | None = None,
        page_size: int | None = None,
    ) -> Iterator[Row]:
        """Go through the rows that meet the condition, each once, ordered by their id within a request's filter.

        Rows may come and go meanwhile: an id orders pages in a way that no other writer changes, and a row that
        comes again is passed over.
        """
        what = replace(select, columns=tuple(dict.fromkeys((key, *select.columns))))
        met: set[str] = set()
        for text in filters(where) if where else ("",):
            tried = f"find {entity_set} where {text}" if text else f"list {entity_set}"
            path = f"{entity_set}?{reading.options(what)}{'&$filter=' if text else ''}{quote(text)}&$orderby={key}"
            for content in self._pages(Request(tried, "GET", path, reading.preferences(what, page_size))):
                row = reading.row(tried, content, what)
                row_id = reading.row_id(tried, row, key)
                if row_id not in met:
                    met.add(row_id)
                    yield row

    def _pages(self, asked: Request) -> Iterator[Mapping[str, object]]:
        """Yield the rows of all pages; a link to the next one is followed as it is, with the same preferences."""
        links: set[str] = set()
        path = asked.path
        while path:
            if path in links:
                raise NotDataverse(asked.tried, "a page names one as the next that came before", "Run again.")
            links.add(path)
            rows, path = reading.page(asked.tried, self._operations.ask(replace(asked, path=path)))
            yield from rows
