"""The law of this room: what a request keeps secret, and what logs it in, is nowhere but on the wire."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator

import pytest
import requests
from hypothesis import assume, given, settings
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ProtocolError

from pulumi_dataverse_email.dataverse.answers import content, unreachable
from pulumi_dataverse_email.dataverse.rows import Secret
from pulumi_dataverse_email.dataverse.transport import Answer, Request, Transport
from pulumi_dataverse_email.declare import TableKind
from pulumi_dataverse_email.engine.row import write
from pulumi_dataverse_email.errors import DataverseError, Unreachable
from pulumi_dataverse_email.redaction import MARK, WITHHELD
from pulumi_dataverse_email.resources import TABLE_KINDS

from ..test_redaction import LONG, QUOTED
from .stub import Answer as StubAnswer
from .stub import Stub, Token

HOST = "contoso.crm4.dynamics.com"
PASSWORD = "Str0ng-and-secret-Passw0rd"
TOKEN = "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2NvbnRvc28ifQ.c2lnbmF0dXJl"

Answered = Callable[[str], Answer]
ANSWERS: dict[str, Answered] = {
    "in its words": lambda it: Answer(400, CaseInsensitiveDict(), _refusal("0x80048d19", it)),
    "in its code": lambda it: Answer(400, CaseInsensitiveDict(), _refusal(it, "No.")),
    "in its id": lambda it: Answer(500, CaseInsensitiveDict({"REQ_ID": it}), b""),
    "in its type": lambda it: Answer(502, CaseInsensitiveDict({"Content-Type": it}), b"<html>"),
    "as a privilege": lambda it: Answer(403, CaseInsensitiveDict(), _refusal("", f"missing prvRead{it}")),
}


def _refusal(code: str, message: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


def texts(error: BaseException) -> Iterator[str]:
    """Yield all that an error says, to whoever asks."""
    yield from (str(error), repr(error), *map(repr, error.args), repr(vars(error)))
    yield from getattr(error, "__notes__", ())
    yield "".join(traceback.format_exception(error))
    for cause in {error.__cause__, error.__context__} - {None}:
        assert cause is not None
        yield from texts(cause)


def held(thing: object, depth: int = 8) -> Iterator[str]:
    """Yield every text within an object's attributes, however deep."""
    if isinstance(thing, str | bytes):
        yield str(thing)
    elif depth and isinstance(thing, dict | CaseInsensitiveDict):
        for it in thing.values():
            yield from held(it, depth - 1)
    elif depth and isinstance(thing, list | tuple):
        for it in thing:
            yield from held(it, depth - 1)
    elif depth:
        yield from held(getattr(thing, "__dict__", None) or (), depth - 1)
        if isinstance(thing, BaseException):
            yield from held((thing.args, thing.__cause__, thing.__context__), depth - 1)


def said(request: Request, answer: Answer) -> str:
    """Return all that the error says into which an answer turns."""
    with pytest.raises(DataverseError) as caught:
        content(request, HOST, answer)
    return "\n".join(texts(caught.value)).replace(MARK, "").replace(WITHHELD, "")


@pytest.mark.parametrize("quoted", QUOTED.values(), ids=QUOTED)
@pytest.mark.parametrize("answered", ANSWERS.values(), ids=ANSWERS)
@settings(max_examples=25, deadline=None, derandomize=True)  # for each of eighty ways
@given(secret=LONG)
def test_no_error_repeats_a_secret(answered: Answered, quoted: Callable[[str], str], secret: str) -> None:
    """Whatever the secret, wherever the answer quotes it, and however."""
    spelt = quoted(secret)
    without = said(Request("update mailboxes(5f0c)", "PATCH", ""), answered(""))
    assume(spelt not in without and secret not in without)
    request = Request("update mailboxes(5f0c)", "PATCH", "mailboxes(5f0c)", {}, b"", (secret,))

    everything = said(request, answered(spelt))
    assert secret not in everything
    assert spelt not in everything


@pytest.mark.parametrize("answered", ANSWERS.values(), ids=ANSWERS)
def test_no_error_repeats_a_token(answered: Answered) -> None:
    """Nor the header it came in."""
    request = Request(f"update mailboxes with {TOKEN}", "PATCH", "mailboxes(5f0c)")

    assert TOKEN.split(".")[1] not in said(request, answered(f"Authorization: {TOKEN}"))


def test_no_lack_of_an_answer_repeats_a_secret() -> None:
    """What requests raises carries the request itself, body and headers."""
    sent = requests.Request("PATCH", f"https://{HOST}/", headers={"Authorization": TOKEN}, data=PASSWORD).prepare()
    inner = ConnectionResetError(104, f"broken {PASSWORD}")
    error = requests.ConnectionError(ProtocolError(f"Connection broken: {PASSWORD} {TOKEN}", inner), request=sent)
    found = unreachable(Request("update mailboxes(5f0c)", "PATCH", "", {}, b"", (PASSWORD,)), HOST, error)

    everything = "\n".join((*texts(found), *texts(error), *texts(inner), *held(error)))
    assert PASSWORD not in everything
    assert TOKEN not in everything


def test_nobody_at_the_other_end_makes_no_secret_known() -> None:
    """The error and its causes hold neither what was to be sent, nor what was to log it in."""
    request = Request("update", "PATCH", "mailboxes(5f0c)", {}, PASSWORD.encode(), (PASSWORD,))
    with pytest.raises(Unreachable) as caught:
        Transport("https://127.0.0.1:1", Token()).send(request)

    assert caught.value.__cause__ is not None
    everything = "\n".join((*texts(caught.value), *held(caught.value)))
    assert PASSWORD not in everything
    assert "Bearer" not in everything


def test_no_representation_shows_a_secret() -> None:
    """Debuggers and failed tests print what they find."""
    request = Request("t", "PATCH", "p", {"Authorization": TOKEN}, PASSWORD.encode(), (PASSWORD,))
    answer = Answer(200, {}, PASSWORD.encode())
    transport = Transport(f"https://{HOST}", Token())
    everything = repr([request, answer, transport, Secret(PASSWORD)]) + f"{Secret(PASSWORD)}"

    assert PASSWORD not in everything
    assert TOKEN not in everything


@pytest.mark.parametrize("kind", TABLE_KINDS.values(), ids=lambda kind: kind.name)
def test_a_row_to_be_written_hides_its_secrets(kind: TableKind) -> None:
    """The engine wraps each secret column of each kind."""
    secrets = [name for name, column in kind.columns.items() if column.secret]
    row = write(kind, dict.fromkeys(secrets, PASSWORD), {})

    assert list(row.values()) == [Secret(PASSWORD)] * len(secrets)
    assert PASSWORD not in repr(row)


def test_no_log_holds_what_was_sent(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    """At the most verbose, whatever package logs: neither bodies, nor headers; our own, no values of queries either."""
    stub.answers = [StubAnswer(400, _refusal("0x80048d19", f"Cannot convert '{PASSWORD}'"))]
    body = json.dumps({"password": PASSWORD}).encode()
    request = Request("update", "PATCH", "mailboxes(5f0c)?$filter=anna", {}, body, (PASSWORD,))
    with caplog.at_level(logging.DEBUG), pytest.raises(DataverseError):
        Transport(stub.url, Token()).send(request)

    assert stub.requests
    assert PASSWORD not in caplog.text
    assert "Bearer" not in caplog.text
    assert "anna" not in "".join(it.getMessage() for it in caplog.records if it.name == "pulumi_dataverse_email")
