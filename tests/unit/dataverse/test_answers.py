"""What an answer means: its JSON, or an error of our own with what was tried, what came back and what to do."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from requests.structures import CaseInsensitiveDict

from pulumi_dataverse_email.dataverse.answers import content
from pulumi_dataverse_email.dataverse.transport import Answer, Request
from pulumi_dataverse_email.errors import (
    DataverseError,
    Failed,
    Forbidden,
    NotDataverse,
    Refused,
    RowChanged,
    RowExists,
    RowNotFound,
    Throttled,
)

HOST = "contoso.crm4.dynamics.com"
UPDATE = Request("update mailboxes(5f0c)", "PATCH", "mailboxes(5f0c)", {"If-Match": 'W/"1"'})
CREATE = Request("create mailboxes(5f0c)", "PATCH", "mailboxes(5f0c)", {"If-None-Match": "*"})
JSON = {"Content-Type": "application/json", "x-ms-service-request-id": "7c1e, 7c1f", "REQ_ID": "7c1f"}


def answer(status: int, body: bytes, headers: Mapping[str, str] = JSON) -> Answer:
    """Return an answer."""
    return Answer(status, CaseInsensitiveDict(headers), body)


def refusal(status: int, code: object, message: object = "No.", headers: Mapping[str, str] = JSON) -> Answer:
    """Return a refusal in Dataverse's form."""
    return answer(status, json.dumps({"error": {"code": code, "message": message}}).encode(), headers)


def error(given: Answer, request: Request = UPDATE) -> DataverseError:
    """Return the error in which an answer ends."""
    with pytest.raises(DataverseError) as caught:
        content(request, HOST, given)
    return caught.value


def test_an_error_says_what_was_tried_what_came_back_and_what_to_do() -> None:
    """The last line stands alone, with the id that Microsoft's support asks for."""
    found = error(refusal(403, "0x80040220", "Principal user is missing prvWriteMailbox privilege"))

    advice = "Give the application user a security role that grants prvWriteMailbox: 'Write' on the table 'Mailbox'."
    assert str(found).splitlines() == [
        "update mailboxes(5f0c): HTTP 403 (0x80040220) Principal user is missing prvWriteMailbox privilege",
        f"{advice} [request 7c1e]",
    ]
    assert type(found) is Forbidden
    assert not found.uncertain


@pytest.mark.parametrize(
    ("given", "request_", "kind"),
    [
        (refusal(404, "0x80040217"), UPDATE, RowNotFound),
        (refusal(404, ""), UPDATE, Refused),
        (refusal(404, "0x80060888"), UPDATE, Refused),
        (refusal(412, "0x80040237"), CREATE, RowExists),
        (refusal(412, ""), CREATE, RowExists),
        (refusal(412, "0x80060882"), UPDATE, RowChanged),
        (refusal(412, ""), UPDATE, RowChanged),
        (refusal(500, ""), UPDATE, Failed),
        (answer(500, b""), UPDATE, Failed),
        (answer(404, b'{"error": "no"}'), UPDATE, Refused),
        (answer(404, b'{"error": {"code": 7, "message": null}}'), UPDATE, Refused),
        (answer(200, b"<html>"), UPDATE, NotDataverse),
        (answer(200, b"[]"), UPDATE, NotDataverse),
        (answer(200, b"["), UPDATE, NotDataverse),
        (answer(502, b"<html>"), UPDATE, NotDataverse),
        (answer(404, b"<html>"), UPDATE, NotDataverse),
        (answer(302, b""), UPDATE, NotDataverse),
    ],
)
def test_each_answer_is_an_error_of_its_kind(given: Answer, request_: Request, kind: type[DataverseError]) -> None:
    """Where the service gives no code, the condition that the request made says which one does not hold."""
    assert type(error(given, request_)) is kind


@pytest.mark.parametrize(
    ("asked", "seconds"), [("17", 17.0), ("", None), ("soon", None), ("-1", None), ("1.5", None), ("\u0663", None)]
)
@pytest.mark.parametrize("body", [b"", b"<html>Too many requests</html>", b'{"error": {"code": "0x80072322"}}'])
def test_who_must_wait_is_told_how_long(asked: str, seconds: float | None, body: bytes) -> None:
    """A gateway throttles in its own words; what is no whole number of seconds is not known."""
    found = error(answer(429, body, {"Retry-After": asked}))

    assert isinstance(found, Throttled)
    assert found.retry_after == seconds


def test_a_body_is_an_object_and_an_empty_one_too() -> None:
    assert content(UPDATE, HOST, answer(200, b'{"name": "a"}')) == {"name": "a"}
    assert content(UPDATE, HOST, answer(204, b"")) == {}


ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
)
BODIES = (
    some.binary()
    | ANYTHING.map(lambda it: json.dumps(it).encode())
    | some.fixed_dictionaries({"error": ANYTHING}).map(lambda it: json.dumps(it).encode())
    | some.fixed_dictionaries({"code": ANYTHING, "message": ANYTHING}).map(
        lambda it: json.dumps({"error": it}).encode()
    )
)
HEADERS = some.dictionaries(
    some.sampled_from(["Content-Type", "Retry-After", "x-ms-service-request-id", "REQ_ID"]), some.text()
)


@settings(deadline=None, derandomize=True)
@given(status=some.integers(min_value=200, max_value=599), body=BODIES, headers=HEADERS)
@example(status=200, body=b"[" * 100_000, headers={})
@example(status=400, body=b'{"error": {"code": "' + b"9" * 5000 + b'"}}', headers={})
@example(status=400, body=b'{"error": {"code": "\\ud800", "message": "\\ud800"}}', headers={})
def test_any_answer_is_an_object_or_an_error_of_ours(status: int, body: bytes, headers: Mapping[str, str]) -> None:
    """Never a stranger's exception."""
    try:
        assert isinstance(content(UPDATE, HOST, answer(status, body, headers)), dict)
    except DataverseError as found:
        assert str(found).startswith("update mailboxes(5f0c): ")  # noqa: PT017  either is fine
    else:
        assert status < 300
