"""What our client adds to a bare call of `requests`: for each operation, and for each row of a list."""

import json
import os
import statistics
import time
from collections.abc import Callable
from unittest import mock

import requests
from requests.auth import AuthBase
from rich.table import Table
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Select, Update
from pulumi_dataverse_email.dataverse.transport import Transport

from .bare import answering

TARGET = 0.3
"""Milliseconds that an operation may cost beyond the bare call."""

TIMES = 300
SIZES = (1, 100, 5_000)
BATCH = 50
ROW_ID = "11111111-1111-4111-8111-111111111111"
SELECT = Select(("name", "emailaddress", "mailboxstatus"), ("emailserverprofile",))
COLUMNS = "name,emailaddress,mailboxstatus,_emailserverprofile_value"
CHANGE = {"username": "bench"}
PREFER = 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
HEADERS = {
    "Accept": "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "Authorization": "Bearer token",
}

ROW = {
    "@odata.etag": 'W/"1"',
    "mailboxid": ROW_ID,
    "name": "Anna Weber",
    "emailaddress": "anna@contoso.com",
    "mailboxstatus": 1,
    "mailboxstatus@OData.Community.Display.V1.FormattedValue": "Success",
    "_emailserverprofile_value": ROW_ID,
    "_emailserverprofile_value@OData.Community.Display.V1.FormattedValue": "Contoso Exchange",
}
PAGES = {size: json.dumps({"value": [ROW | {"mailboxid": str(n)} for n in range(size)]}).encode() for size in SIZES}
DONE = "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n\r\n"

Call = Callable[[], object]


class Token(AuthBase):
    """A login that costs nothing."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add a token."""
        request.headers["Authorization"] = HEADERS["Authorization"]
        return request

    def forget(self, _challenge: str = "") -> None:
        """Keep the token: it is as good as any."""


def overhead() -> Table:
    """Measure against a server on this machine.

    The calls take turns, so that both meet the same moments. What is added is processor time of this thread: waiting
    for the server is no part of it, nor are the machine's other programs.
    """
    table = Table("what", "bare", "client", "added", title=f"The client beside bare calls (target: {TARGET} ms added)")
    with answering(_answer) as (url, bundle), mock.patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": str(bundle)}):
        client = Client(Transport(url, Token()))
        with requests.Session() as session:
            _measure(table, f"{url}/api/data/v9.2/mailboxes", session, client)
    return table


def _measure(table: Table, mailboxes: str, session: requests.Session, client: Client) -> None:
    row = f"{mailboxes}({ROW_ID})"

    def get(url: str, **headers: str) -> object:
        return session.get(url, headers={**HEADERS, **headers}, timeout=30).json()

    def patch() -> object:
        return session.patch(row, json=CHANGE, headers={**HEADERS, "If-Match": "*"}, timeout=30).content

    _add(
        table,
        "read a row",
        lambda: get(f"{row}?$select={COLUMNS}", Prefer=PREFER),
        lambda: client.read("mailboxes", ROW_ID, SELECT),
    )
    _add(table, "update a row", patch, lambda: client.update("mailboxes", ROW_ID, dict(CHANGE)))
    for size in SIZES:
        query = f"{mailboxes}?$select=mailboxid,{COLUMNS}&$orderby=mailboxid"
        prefer = f"{PREFER},odata.maxpagesize={size}"

        def rows(size: int = size) -> object:
            return list(client.list("mailboxes", SELECT, key="mailboxid", page_size=size))

        def bare(query: str = query, prefer: str = prefer) -> object:
            return get(query, Prefer=prefer)

        _add(table, f"list {size:,} rows, for each row", bare, rows, rows=size)
    changes = [Update("mailboxes", ROW_ID, dict(CHANGE))] * BATCH
    what = f"update {BATCH} rows in a batch, for each row"
    _add(table, what, lambda: [patch() for _ in changes], lambda: client.batch(changes), rows=BATCH)


def _add(table: Table, what: str, bare: Call, ours: Call, *, rows: int = 1) -> None:
    """Add a line: how long both take, and what ours adds, all of them medians of many calls."""
    pairs = [(_taken(bare), _taken(ours)) for _ in range(max(TIMES // max(rows // 20, 1), 5))]
    theirs, mine = (statistics.median(seconds for seconds, _ in side) for side in zip(*pairs, strict=True))
    added = statistics.median(mine[1] - theirs[1] for theirs, mine in pairs)
    table.add_row(what, *(f"{seconds / rows * 1000:,.4f} ms" for seconds in (theirs, mine, added)))


async def _answer(request: Request) -> Response:
    if request.method == "PATCH":
        return Response(status_code=204)
    if request.method == "POST":
        parts = (await request.body()).count(b"PATCH /")
        return Response(f"{DONE * parts}--b--\r\n", media_type="multipart/mixed; boundary=b")
    _, asks, size = request.headers["Prefer"].partition("odata.maxpagesize=")
    return Response(PAGES[int(size)], media_type="application/json") if asks else JSONResponse(ROW)


def _taken(call: Call) -> tuple[float, float]:
    """Return the seconds that a call takes, and those in which this thread works."""
    start, busy = time.perf_counter(), time.thread_time()
    call()
    return time.perf_counter() - start, time.thread_time() - busy
