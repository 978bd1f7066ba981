"""Many operations in few requests, each with an outcome of its own."""

import re

import pytest
from requests import PreparedRequest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import (
    ETAG,
    Create,
    Delete,
    Operation,
    Outcome,
    Read,
    Select,
    Update,
)
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.errors import (
    DataverseError,
    Forbidden,
    LoginError,
    Refused,
    RowChanged,
    RowExists,
    RowNotFound,
    Throttled,
)
from tests.system.emulated import Dataverse

from .many import (
    BATCH,
    BUSY,
    DONE,
    EXISTS,
    GONE,
    PROFILES,
    ROLLED_BACK,
    ROW,
    TROUBLE,
    creates,
    errors,
    made,
    multipart,
    row_id,
)
from .stub import Answer, Stub, Token

NAME = Select(("name",))


def test_many_operations_are_few_requests(rows: Client, dataverse: Dataverse) -> None:
    """Fifty at once, and every outcome stands where its operation stood."""
    operations = creates(120)
    outcomes = rows.batch(operations)

    assert outcomes == [Outcome(operation) for operation in operations]
    assert (made(dataverse), dataverse.data_requests()) == (120, [BATCH] * 3)

    found = rows.batch([Read(PROFILES, row_id(number), NAME) for number in reversed(range(60))])
    assert [it.row for it in found] == [{"name": f"Profile {number}"} for number in reversed(range(60))]


def test_nothing_to_do_costs_no_request(rows: Client, dataverse: Dataverse) -> None:
    assert rows.batch([]) == rows.batch([], atomic=True) == []
    assert dataverse.data_requests() == []


def test_an_operation_fails_alone(rows: Client, dataverse: Dataverse) -> None:
    """Each error is that of its operation: what was tried, on which row; the others are carried out."""
    rows.batch(creates(3))
    version = str(rows.read(PROFILES, row_id(2), Select(("name",), etag=True))[ETAG])
    rows.update(PROFILES, row_id(2), {"servertype": 2})
    operations: list[Operation] = [
        *creates(1),
        *creates(1, first=9),
        Update(PROFILES, row_id(1), {"name": "Profile new"}),
        Update(PROFILES, row_id(50), {"name": "a"}),
        Update(PROFILES, row_id(2), {"name": "a"}, version),
        Delete(PROFILES, row_id(2), version),
        Delete(PROFILES, row_id(50)),
        Read(PROFILES, row_id(50), NAME),
        Read(PROFILES, row_id(1), NAME),
        Update(PROFILES, row_id(1), {"nonsense": 1}),
    ]
    outcomes = rows.batch(operations)

    assert [outcome.operation for outcome in outcomes] == operations
    assert errors(outcomes) == [
        RowExists,
        None,
        None,
        RowNotFound,
        RowChanged,
        RowChanged,
        None,
        RowNotFound,
        None,
        Refused,
    ]
    assert outcomes[8].row == {"name": "Profile new"}
    for outcome in outcomes:
        if outcome.error:
            assert outcome.error.tried == outcome.operation.tried
            assert str(outcome.error).startswith(
                f"{outcome.operation.verb} {PROFILES}({outcome.operation.row_id}): HTTP"
            )
    assert made(dataverse) == 4


def test_what_a_part_says_of_itself_stands_on_the_part(client: Client, stub: Stub) -> None:
    """Headers of the whole may not reach the parts."""
    stub.answers = [multipart(DONE, DONE, DONE, '200 OK\r\n\r\n{"queueid": "1", "name": "a"}')]
    operations: list[Operation] = [
        Create("queues", ROW, {"name": "a"}),
        Update("queues", ROW, {"name": "b"}, 'W/"1"'),
        Delete("queues", ROW),
        Read("queues", ROW, NAME),
    ]
    assert errors(client.batch(operations)) == [None] * 4

    (request,) = stub.requests
    boundary = request.headers["Content-Type"].removeprefix("multipart/mixed; boundary=")
    assert (request.method, request.path) == ("POST", "/api/data/v9.2/$batch")
    assert request.headers["Prefer"] == "odata.continue-on-error"
    parts = re.split(rb"--" + boundary.encode() + rb"(?:--)?\r\n", request.content)
    head = b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    at = f"/api/data/v9.2/queues({ROW})".encode()
    to_json = b"Accept: application/json\r\n"
    assert parts == [
        b"",
        head + b"PATCH " + at + b" HTTP/1.1\r\n" + to_json
        + b'If-None-Match: *\r\nContent-Type: application/json\r\n\r\n{"name": "a"}\r\n',
        head + b"PATCH " + at + b" HTTP/1.1\r\n" + to_json
        + b'If-Match: W/"1"\r\nContent-Type: application/json\r\n\r\n{"name": "b"}\r\n',
        head + b"DELETE " + at + b" HTTP/1.1\r\n" + to_json + b"If-Match: *\r\n\r\n\r\n",
        head + b"GET " + at + b"?$select=name HTTP/1.1\r\n" + to_json + b"\r\n\r\n",
        b"",
    ]  # fmt: skip


def test_a_part_that_is_refused_for_now_is_sent_again_alone(client: Client, stub: Stub) -> None:
    """What was carried out is not; those that wait for a later request go with it."""
    stub.answers = [multipart(DONE, BUSY, DONE, BUSY, *[DONE] * 46), multipart(DONE, DONE, DONE)]
    outcomes = client.batch(creates(51))

    assert errors(outcomes) == [None] * 51
    assert [request.content.count(b"PATCH") for request in stub.requests] == [50, 3]
    assert [number for number in range(51) if row_id(number).encode() in stub.requests[1].content] == [1, 3, 50]


def test_a_part_that_is_refused_for_ever_is_given_up(client: Client, stub: Stub) -> None:
    stub.answers = [multipart(DONE, BUSY), multipart(BUSY)]
    outcomes = client.batch(creates(2))

    assert errors(outcomes) == [None, Throttled]
    assert len(stub.requests) == 11


def test_a_request_that_fails_ends_the_batch(client: Client, stub: Stub) -> None:
    """What was done is told; what was not sent is told, and why."""
    stub.answers = [multipart(*[DONE] * 50), Answer(403, b'{"error": {"code": "0x80040220", "message": "No."}}')]
    outcomes = client.batch(creates(120))

    assert errors(outcomes) == [*[None] * 50, *[Forbidden] * 50, *[Refused] * 20]
    assert str(outcomes[50].error).startswith(f"create {PROFILES}({row_id(50)}): HTTP 403 (0x80040220) No.")
    assert str(outcomes[100].error).startswith(f"create {PROFILES}({row_id(100)}): was not sent, because of an earlier")
    assert len(stub.requests) == 2


class LastToken(Token):
    """A login that has so many tokens left."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add a token, or say that there is none."""
        self.left -= 1
        if self.left < 0:
            raise LoginError("log in: no token.\nWait.")
        return super().__call__(request)


def test_a_login_that_fails_half_way_is_told_for_the_rest(stub: Stub) -> None:
    """Where nothing was sent yet, it is raised, as by every other method."""
    stub.answers = [multipart(*[DONE] * 50)]
    outcomes = Client(Transport(stub.url, LastToken(1))).batch(creates(60))

    assert errors(outcomes) == [*[None] * 50, *[Refused] * 10]
    assert "was not sent, because of an earlier failure: log in: no token." in str(outcomes[50].error)
    with pytest.raises(LoginError):
        Client(Transport(stub.url, LastToken(0))).batch(creates(60))


def test_a_lost_batch_is_settled(rows: Client, dataverse: Dataverse) -> None:
    """All was carried out and nobody said so: the second try finds every operation done, and makes no twin."""
    rows.batch(creates(3))
    version = str(rows.read(PROFILES, row_id(0), Select(("name",), etag=True))[ETAG])
    dataverse.fault("$batch", {"reset": True}, when="after")
    outcomes = rows.batch(
        [
            *creates(2, first=10),
            Update(PROFILES, row_id(0), {"name": "Profile new"}, version),
            Update(PROFILES, row_id(1), {"name": "Profile newer"}),
            Delete(PROFILES, row_id(2)),
        ]
    )

    assert errors(outcomes) == [None] * 5
    assert made(dataverse) == 4


def test_a_part_in_trouble_is_sent_again_and_settled(client: Client, stub: Stub) -> None:
    """What may be carried out twice is, by the table for whole requests; a create meets its own row then."""
    stub.answers = [
        multipart(DONE, TROUBLE, ROLLED_BACK),
        multipart(EXISTS, DONE),
        Answer(body=b'{"name": "Profile 1", "servertype": 2}'),
    ]
    outcomes = client.batch(creates(3))

    assert errors(outcomes) == [None] * 3
    assert [row_id(number).encode() in stub.requests[1].content for number in range(3)] == [False, True, True]
    assert stub.requests[2].path == f"/api/data/v9.2/{PROFILES}({row_id(1)})?$select=name,servertype"


@pytest.mark.parametrize(("part", "kind"), [(EXISTS, RowExists), (GONE, None)])
def test_a_refusal_for_which_no_answer_was_lost_is_believed(
    client: Client, stub: Stub, part: str, kind: type[DataverseError] | None
) -> None:
    """A deadlock's loser was certainly not carried out; a row that is gone is what a delete wants."""
    stub.answers = [multipart(ROLLED_BACK), multipart(part)]
    operation = Create(PROFILES, ROW, {"name": "a"}) if kind else Delete(PROFILES, ROW)

    assert errors(client.batch([operation])) == [kind]
    assert len(stub.requests) == 2


def test_what_an_earlier_request_left_open_stays_open(client: Client, stub: Stub) -> None:
    """A lost answer, then a part that is refused for now: the part's later refusal may still be its own work."""
    lost = Answer(503, b"<html>", {"Content-Type": "text/html"})
    stub.answers = [lost, multipart(BUSY), multipart(EXISTS), Answer(body=b'{"name": "Profile 0", "servertype": 2}')]

    assert errors(client.batch(creates(1))) == [None]
    assert [request.method for request in stub.requests] == ["POST", "POST", "POST", "GET"]
