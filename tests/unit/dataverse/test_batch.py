"""The text of a `$batch`, and what is read out of its answer."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.batch import content_type, decode, encode, is_multipart
from pulumi_dataverse_email.dataverse.transport import Answer, Request
from pulumi_dataverse_email.emulator import multipart
from pulumi_dataverse_email.emulator.messages import Reply

READ = Request("read", "GET", "mailboxes(1)?$select=name", {"Prefer": "odata.maxpagesize=2"})
WRITE = Request("write", "PATCH", "mailboxes(2)", {"If-Match": "*", "Content-Type": "application/json"}, b'{"a": 1}')
DELETE = Request("delete", "DELETE", "mailboxes(3)", {"If-Match": 'W/"5"'})


def whole(content: bytes, boundary: str = "b", **more: str) -> Answer:
    """Return the answer of a batch."""
    return Answer(200, {"Content-Type": content_type(boundary), **more}, content)


def read(content: bytes) -> list[tuple[int, bytes] | None]:
    """Return statuses and contents of the parts of an answer."""
    return [(part.status, part.content) if part else None for part in decode(whole(content))]


def lines(*texts: str) -> bytes:
    """Return lines as a batch has them."""
    return "".join(f"{text}\r\n" for text in texts).encode()


def test_separate_operations_are_parts() -> None:
    """Every line ends with CR and LF, also the last; a part without a body ends with two empty lines."""
    assert encode([READ, WRITE, DELETE], "batch_1") == lines(
        "--batch_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "GET /api/data/v9.2/mailboxes(1)?$select=name HTTP/1.1",
        "Accept: application/json",
        "Prefer: odata.maxpagesize=2",
        "",
        "",
        "--batch_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "PATCH /api/data/v9.2/mailboxes(2) HTTP/1.1",
        "Accept: application/json",
        "If-Match: *",
        "Content-Type: application/json",
        "",
        '{"a": 1}',
        "--batch_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "DELETE /api/data/v9.2/mailboxes(3) HTTP/1.1",
        "Accept: application/json",
        'If-Match: W/"5"',
        "",
        "",
        "--batch_1--",
    )


def test_a_value_begins_no_header() -> None:
    """An etag may come from a file that somebody edited."""
    text = encode([Request("t", "DELETE", "mailboxes(3)", {"If-Match": 'W/"5"\r\nX-Other: 1'})], "batch_1")

    assert b'\r\nIf-Match: W/"5" X-Other: 1\r\n' in text


def test_a_change_set_is_one_part() -> None:
    """Its parts have content ids, without which the service takes none."""
    assert encode([WRITE, DELETE], "batch_1", change_set="changeset_2") == lines(
        "--batch_1",
        "Content-Type: multipart/mixed; boundary=changeset_2",
        "",
        "--changeset_2",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "Content-ID: 1",
        "",
        "PATCH /api/data/v9.2/mailboxes(2) HTTP/1.1",
        "Accept: application/json",
        "If-Match: *",
        "Content-Type: application/json",
        "",
        '{"a": 1}',
        "--changeset_2",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "Content-ID: 2",
        "",
        "DELETE /api/data/v9.2/mailboxes(3) HTTP/1.1",
        "Accept: application/json",
        'If-Match: W/"5"',
        "",
        "",
        "--changeset_2--",
        "",
        "--batch_1--",
    )


BODIES = st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=3).map(
    lambda body: json.dumps(body).encode()
)
REQUESTS = st.builds(
    Request,
    tried=st.just("tried"),
    method=st.sampled_from(["PATCH", "DELETE"]),
    path=st.from_regex(r"mailboxes\([0-9a-f-]{1,36}\)", fullmatch=True),
    headers=st.dictionaries(st.sampled_from(["If-Match", "Prefer"]), st.sampled_from(["*", 'W/"1"']), max_size=2),
    body=BODIES,
)


@given(asked=st.lists(REQUESTS, min_size=1, max_size=8), together=st.booleans())
def test_what_is_written_is_what_a_service_reads(asked: list[Request], *, together: bool) -> None:
    """An independent reader, that of the emulator, finds each request as it was."""
    text = encode(asked, "batch_1", change_set="changeset_2" if together else "")
    batch = multipart.read(content_type("batch_1"), text)

    assert batch.unreadable is None
    operations = [one for part in batch.parts for one in getattr(part, "operations", [part])]
    assert [(it.method, it.target, it.body) for it in operations] == [
        (it.method, f"/api/data/v9.2/{it.path}", it.body) for it in asked
    ]
    for operation, request in zip(operations, asked, strict=True):
        assert {name.lower(): value for name, value in request.headers.items()}.items() <= operation.headers.items()


REPLIES = st.builds(Reply, status=st.sampled_from([200, 204, 400, 404, 412, 429, 503]), body=st.text())


@given(replies=st.lists(st.lists(REPLIES, min_size=1, max_size=3), min_size=1, max_size=5), uncertain=st.booleans())
def test_what_a_service_writes_is_what_is_read(replies: list[list[Reply]], *, uncertain: bool) -> None:
    """Answers come back as an independent writer, that of the emulator, put them in, change sets in their place."""
    answered = [[multipart.Answered(reply, str(number)) for number, reply in enumerate(some)] for some in replies]
    text, media_type = multipart.write(some[0] if len(some) == 1 else multipart.AnsweredSet(some) for some in answered)
    parts = decode(Answer(200, {"Content-Type": media_type}, text.encode(), uncertain))

    assert [part and (part.status, part.content, part.uncertain, part.headers["Content-ID"]) for part in parts] == [
        (it.reply.status, str(it.reply.body).encode(), uncertain, it.content_id) for some in answered for it in some
    ]


OK = ("Content-Type: application/http", "", "HTTP/1.1 204 No Content", "OData-Version: 4.0", "")
FAILED = ("Content-Type: application/http", "Content-ID: 2", "", "HTTP/1.1 412 Precondition Failed", "", "{}")
SET = ("Content-Type: multipart/mixed; boundary=c", "")
SET_IN_SET = ("Content-Type: multipart/mixed; boundary=d", "")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (lines("--b", *OK, "--b", *FAILED, "--b--"), [(204, b""), (412, b"{}")]),
        (lines("", "--b", *OK, "", "--b", *FAILED, "", "--b--"), [(204, b""), (412, b"{}\r\n")]),
        (lines("--b", *OK, "--b", *FAILED), [(204, b""), (412, b"{}\r\n")]),
        (lines("--b", *OK, "--b--").replace(b"\r", b""), [(204, b"")]),
        (lines("--b", *OK, "--b--", "--b", *OK), [(204, b"")]),
        (lines("--b", *SET, "--c", *FAILED, "--c--", "", "--b--"), [(412, b"{}")]),
        (lines("--b", *SET, "--c", *FAILED, "--b--"), [(412, b"{}")]),
        (lines("--b", *FAILED, "--b--"), [(412, b"{}")]),
        (lines("--b", *SET, "--c", *SET_IN_SET, "--d", *OK, "--d--", "--c--", "--b--"), [None]),
        (lines("--b", "Content-Type: application/http", "", "<html>", "--b", *OK, "--b--"), [None, (204, b"")]),
        (lines("--b", "--b", *OK, "--b--"), [None, (204, b"")]),
        (lines("--other", *OK, "--other--"), []),
        (b"", []),
    ],
    ids=[
        "whole",
        "more empty lines",
        "no closing delimiter",
        "LF alone",
        "something after the end",
        "failed set",
        "failed set without its closing delimiter",
        "failed set as one part",
        "set within a set",
        "a page in a part",
        "an empty part",
        "another boundary",
        "nothing",
    ],
)
def test_answers_are_read_as_they_were_seen(content: bytes, found: list[tuple[int, bytes] | None]) -> None:
    """What is recorded of the service is read; what cannot be is no success."""
    assert read(content) == found


def test_headers_of_a_part_are_found_in_any_case() -> None:
    """A part's own headers count, and its content id, which stands outside."""
    head = ("content-type: application/http", "content-id: 7", "", "HTTP/1.1 429 Too Many Requests", "retry-after: 5")
    (part,) = decode(whole(lines("--b", *head, "", "{}", "--b--"), **{"Retry-After": "1"}))

    assert part
    assert (part.headers["Content-ID"], part.headers["Retry-After"]) == ("7", "5")


@pytest.mark.parametrize(
    ("media_type", "is_one"),
    [
        ("multipart/mixed; boundary=batchresponse_1", True),
        ('Multipart/Mixed;charset=utf-8;boundary="batchresponse_1"', True),
        ("multipart/mixed", False),
        ("application/json; boundary=b", False),
        ("", False),
    ],
)
def test_a_plain_error_is_told_from_a_batch(media_type: str, *, is_one: bool) -> None:
    assert is_multipart(Answer(400, {"Content-Type": media_type}, b"{}")) is is_one


PIECES = st.sampled_from([b"--b", b"--b--", b"--c", b"\r\n", b"\n", *(text.encode() for text in (*OK, *FAILED, *SET))])


@given(content=st.binary() | st.lists(PIECES | st.binary(max_size=5), max_size=30).map(b"".join))
def test_any_bytes_have_parts_or_none(content: bytes) -> None:
    """Nothing that a stranger answers raises anything; what is read has a status of HTTP."""
    assert all(part is None or re.fullmatch("[1-5][0-9][0-9]", str(part.status)) for part in decode(whole(content)))
