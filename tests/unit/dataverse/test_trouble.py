"""Each operation meets each trouble: how many requests there are, which error it is, and what the rows are then.

No case makes a second row, and none loses a write that was acknowledged.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import ETAG, Create, Equal, Row, Select, Update
from pulumi_dataverse_email.dataverse.transport import Limits, Transport
from pulumi_dataverse_email.errors import DataverseError
from tests.system.emulated import Dataverse, Json
from tests.unit.conftest import login

PROFILES, KEY = "emailserverprofiles", "emailserverprofileid"
OLD, NEW = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
MADE: Final[Row] = {"name": "New", "servertype": 2}
RENAMED: Final[Row] = {"name": "Renamed"}
NAME = Select(("name",), etag=True)
SILENCE = 0.5
"""Seconds after which these tests give up a server that says nothing."""


@dataclass(frozen=True)
class Operation:
    """An operation, and the profiles once it was carried out.

    Args:
        act: carries it out; it gets the version that the old profile had before the trouble.
        made: name of the new profile.
        old: name of the old one.
        path: what its first request is about.
    """

    act: Callable[[Client, str], object]
    made: str | None = None
    old: str | None = "Contoso"
    path: str = PROFILES


def batch(client: Client, _: str) -> None:
    """Make a profile and rename another one, in one request."""
    outcomes = client.batch([Create(PROFILES, NEW, MADE), Update(PROFILES, OLD, RENAMED)])
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if errors:
        assert len({type(error) for error in errors}) == 1
        assert len(errors) == len(outcomes)
        raise errors[0]


OPERATIONS: Final = {
    "read": Operation(lambda client, _: client.read(PROFILES, OLD, NAME)),
    "find": Operation(lambda client, _: client.find(PROFILES, Equal("name", "Contoso"), NAME, key=KEY)),
    "create": Operation(lambda client, _: client.create(PROFILES, NEW, MADE), made="New"),
    "update": Operation(lambda client, _: client.update(PROFILES, OLD, RENAMED), old="Renamed"),
    "version": Operation(lambda client, etag: client.update(PROFILES, OLD, RENAMED, etag=etag), old="Renamed"),
    "delete": Operation(lambda client, _: client.delete(PROFILES, OLD), old=None),
    "batch": Operation(batch, made="New", old="Renamed", path="$batch"),
}
"""`version` is an update of the version that was read."""


def said(status: int, code: str = "", **headers: str) -> Json:
    """Return an answer in Dataverse's form."""
    body = f'{{"error": {{"code": "{code}", "message": "No."}}}}'
    return {"status": status, "headers": {"Content-Type": "application/json", **headers}, "body": body}


def page(status: int) -> Json:
    """Return an answer of a gateway or of a page to sign in."""
    return {"status": status, "headers": {"Content-Type": "text/html"}, "body": "<html>"}


@dataclass(frozen=True)
class Trouble:
    """What the first request of an operation meets.

    Args:
        answer: in place of the emulator's.
        when: before or after it was carried out.
        control: a call of the control API, before.
        limits: of the client.
        url: where the client looks for the environment, where that is elsewhere.
        trusted: whether the client trusts its certificate.
    """

    answer: Json | None = None
    when: str = "before"
    control: tuple[str, str, Json] | None = None
    limits: Limits = field(default_factory=Limits)
    url: str | None = None
    trusted: bool = True


SHORT: Final = Limits(read_timeout=SILENCE)
TROUBLES: Final = {
    "none": Trouble(),
    "429": Trouble(said(429, "0x80072322", **{"Retry-After": "2"})),
    "500": Trouble(said(500, "0x80040216")),
    "500 after": Trouble(said(500, "0x80040216"), "after"),
    "deadlock": Trouble(said(500, "0x80044150")),
    "502": Trouble(page(502)),
    "502 after": Trouble(page(502), "after"),
    "503": Trouble(said(503)),
    "503 after": Trouble(said(503), "after"),
    "504": Trouble(page(504)),
    "504 after": Trouble(page(504), "after"),
    "HTML": Trouble(page(200)),
    "HTML after": Trouble(page(200), "after"),
    "reset": Trouble({"reset": True}),
    "reset after": Trouble({"reset": True}, "after"),
    "time-out": Trouble({"hang": True}, limits=SHORT),
    "time-out after": Trouble({"hang": True}, "after", limits=SHORT),
    "old token": Trouble(control=("POST", "clock", {"advance": 7200})),
    "DNS": Trouble(url="https://contoso.invalid"),
    "TLS": Trouble(trusted=False),
    "lost race": Trouble(control=("PATCH", f"rows/{PROFILES}/{OLD}", {"description": "another's"})),
}

TABLE: Final = """
               | read    | find    | create  | update  | version | delete  | batch   | error
none           | 1       | 1       | 1       | 1       | 1       | 1       | 1       |
429            | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
500            | 1 no    | 1 no    | 1 no    | 1 no    | 1 no    | 1 no    | 1 no    | Failed
500 after      | 1 no    | 1 no    | 1 no?   | 1 no?   | 1 no?   | 1 no?   | 1 no?   | Failed
deadlock       | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
502            | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
502 after      | 2       | 2       | 3       | 2       | 3       | 2       | 3       |
503            | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
503 after      | 2       | 2       | 3       | 2       | 3       | 2       | 3       |
504            | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
504 after      | 2       | 2       | 3       | 2       | 3       | 2       | 3       |
HTML           | 1 no    | 1 no    | 1 no    | 1 no    | 1 no    | 1 no    | 1 no    | NotDataverse
HTML after     | 1 no    | 1 no    | 1 no?   | 1 no?   | 1 no?   | 1 no?   | 1 no?   | NotDataverse
reset          | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
reset after    | 2       | 2       | 3       | 2       | 3       | 2       | 3       |
time-out       | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
time-out after | 2       | 2       | 3       | 2       | 3       | 2       | 3       |
old token      | 2       | 2       | 2       | 2       | 2       | 2       | 2       |
DNS            | 0 no    | 0 no    | 0 no    | 0 no    | 0 no    | 0 no    | 0 no    | Unreachable
TLS            | 0 no    | 0 no    | 0 no    | 0 no    | 0 no    | 0 no    | 0 no    | Unreachable
lost race      | 1       | 1       | 1       | 1       | 1 no    | 1       | 1       | RowChanged
"""
"""Number of requests; `no` where they end in that error, `no?` where the write was carried out all the same."""


def ends(dataverse: Dataverse, client: Client, operation: Operation, etag: str) -> tuple[str, str]:
    """Return how an operation ends, and the error in which it does, as the table has them."""
    try:
        operation.act(client, etag)
    except DataverseError as error:
        end = type(error).__name__
    else:
        end = ""
    names = {row[KEY]: row["name"] for row in dataverse.rows(PROFILES)}
    before, after = ("Contoso", None), (operation.old, operation.made)
    found = (names.get(OLD), names.get(NEW))
    assert found in {before, after}
    assert end or found == after, "an acknowledged write is lost"
    assert len(names) == len(set(names.values())), "there is a twin"
    refused = "" if not end else " no?" if found == after != before else " no"
    return f"{len(dataverse.data_requests())}{refused}", end


def cells(table: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the cells of a table by the names of their row and column, each with the row's error if it has one."""
    (_, *columns, _), *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]
    return {
        (name, column): (cell, error if "no" in cell else "")
        for name, *found, error in lines
        for column, cell in zip(columns, found, strict=True)
    }


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("met", TROUBLES)
def test_an_operation_in_trouble(
    rows: Client, dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch, met: str, name: str
) -> None:
    """The table says how it ends."""
    operation, trouble, signs = OPERATIONS[name], TROUBLES[met], login(dataverse)
    url = dataverse.settings["DATAVERSE_URL"]
    rows.create(PROFILES, OLD, {"name": "Contoso", "servertype": 2})
    etag = str(Client(Transport(url, signs)).read(PROFILES, OLD, NAME)[ETAG])
    if trouble.control:
        dataverse.control(*trouble.control)
    if trouble.answer:
        dataverse.fault(operation.path, trouble.answer, when=trouble.when)
    dataverse.forget_requests()
    client = Client(Transport(trouble.url or url, signs, limits=trouble.limits))
    if not trouble.trusted:
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    assert ends(dataverse, client, operation, etag) == cells(TABLE)[met, name]


def test_the_table_is_complete() -> None:
    """It has a cell for each trouble of each operation."""
    assert set(cells(TABLE)) == {(met, name) for met in TROUBLES for name in OPERATIONS}
