"""Answers of batches, among them such as a Dataverse does not give."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Delete, Operation, Secret, Update
from pulumi_dataverse_email.errors import (
    DataverseEmailError,
    DataverseError,
    Forbidden,
    NotDataverse,
    Refused,
    UnknownOutcome,
)

from .many import DONE, PROFILES, ROW, creates, errors, multipart
from .stub import Answer, Stub

PLAIN = Answer(400, b'{"error": {"code": "0x80048d19", "message": "Stream was not readable."}}')


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
