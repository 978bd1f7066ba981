"""Many operations in few requests, each with an outcome of its own."""

import json
import re
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import PreparedRequest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import (
    ETAG,
    Create,
    Delete,
    Operation,
    Outcome,
    Read,
    Secret,
    Select,
    Update,
)
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.errors import (
    DataverseEmailError,
    DataverseError,
    Forbidden,
    LoginError,
    NotDataverse,
    Refused,
    RowChanged,
    RowExists,
    RowNotFound,
    Throttled,
    UnknownOutcome,
)
from tests.system.emulated import Dataverse

from .stub import Answer, Stub, Token

PROFILES = "emailserverprofiles"
ROW = "11111111-1111-4111-8111-111111111111"
NAME = Select(("name",))
BATCH = "POST $batch"


def row_id(number: int) -> str:
    """Return an id."""
    return str(uuid5(UUID(ROW), str(number)))


def creates(count: int, first: int = 0) -> list[Operation]:
    """Return operations that make profiles."""
    return [
        Create(PROFILES, row_id(number), {"name": f"Profile {number}", "servertype": 2})
        for number in range(first, first + count)
    ]


def errors(outcomes: list[Outcome]) -> list[type[DataverseError] | None]:
    """Return the kinds of errors in which operations ended."""
    return [type(outcome.error) if outcome.error else None for outcome in outcomes]


def made(dataverse: Dataverse) -> int:
    """Return how many profiles there are that these tests make."""
    return sum(name.startswith("Profile ") for name in dataverse.names(PROFILES))


def multipart(*parts: str) -> Answer:
    """Return the answer of a batch."""
    text = "".join(f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {part}\r\n" for part in parts)
    return Answer(200, f"{text}--b--\r\n".encode(), {"Content-Type": "multipart/mixed; boundary=b"})


DONE = "204 No Content\r\n\r\n"
BUSY = '429 Too Many Requests\r\nRetry-After: 0\r\n\r\n{"error": {"code": "0x80072322", "message": "Busy."}}'
PLAIN = Answer(400, b'{"error": {"code": "0x80048d19", "message": "Stream was not readable."}}')


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
    assert len(stub.requests) == 6


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


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (PLAIN, [Refused] * 3),
        (Answer(403, b'{"error": {"code": "0x80040220", "message": "No."}}'), [Forbidden] * 3),
        (Answer(200, b"<html>", {"Content-Type": "text/html"}), [NotDataverse] * 3),
        (Answer(200, b"{}"), [NotDataverse] * 3),
        (multipart(), [NotDataverse] * 3),
        (multipart(*[DONE] * 4), [NotDataverse] * 3),
        (multipart(DONE, DONE), [None, None, UnknownOutcome]),
        (multipart(DONE, "nonsense", DONE), [None, UnknownOutcome, None]),
        (multipart(DONE, "200 OK\r\n\r\n<html>", DONE), [None, NotDataverse, None]),
    ],
    ids=[
        "unreadable",
        "forbidden",
        "page",
        "object",
        "nothing",
        "too much",
        "too little",
        "nonsense",
        "page in a part",
    ],
)
def test_an_odd_answer_is_told_for_each_operation(
    client: Client, stub: Stub, answer: Answer, kinds: list[type[DataverseError] | None]
) -> None:
    """Whatever came back, each operation has its outcome, and none is called done that is not."""
    stub.answers = [answer]
    operations = creates(3)
    outcomes = client.batch(operations)

    assert errors(outcomes) == kinds
    assert [it.error and it.error.tried for it in outcomes] == [
        operation.tried if kind else None for operation, kind in zip(operations, kinds, strict=True)
    ]


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


def test_a_secret_is_in_no_error(client: Client, stub: Stub) -> None:
    """The service may quote what it refuses."""
    quoted = json.dumps({"error": {"code": "0x80048d19", "message": "Cannot use 'Str0ng-and-secret'."}})
    stub.answers = [multipart(f"400 Bad Request\r\n\r\n{quoted}")]
    (outcome,) = client.batch([Update(PROFILES, ROW, {"incomingpassword": Secret("Str0ng-and-secret")})])

    assert "Cannot use" in str(outcome.error)
    assert "Str0ng" not in str(outcome.error) + repr(outcome)


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda it: st.lists(it, max_size=3))
ANSWERS = st.builds(
    Answer,
    status=st.sampled_from([200, 204, 302, 400, 404, 412, 501]),
    body=st.binary() | JSON.map(lambda it: json.dumps(it).encode()),
    headers=st.sampled_from(["multipart/mixed; boundary=b", "application/json", ""]).map(
        lambda it: {"Content-Type": it}
    ),
) | st.builds(
    lambda parts: multipart(*parts),
    st.lists(
        st.builds(
            lambda status, body: f"{status} OK\r\n\r\n{body}",
            st.sampled_from([200, 204, 400, 404, 412, 500]),
            JSON.map(json.dumps) | st.just("{}"),
        ),
        max_size=4,
    ),
)


@given(answer=ANSWERS, atomic=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # one stub serves all examples
def test_any_answer_is_an_outcome_or_an_error_of_ours(
    client: Client, stub: Stub, answer: Answer, *, atomic: bool
) -> None:
    """Whatever stands in Dataverse's place, no stranger's exception comes through."""
    stub.answers = [answer]
    operations: list[Operation] = [*creates(2), Delete(PROFILES, ROW)]
    try:
        outcomes = client.batch(operations, atomic=atomic)
    except DataverseEmailError:
        return
    assert [outcome.operation for outcome in outcomes] == operations
