"""One exchange: every answer, and every lack of one, is an answer or an error of our own."""

import json
import socket
from pathlib import Path

import pytest

from pulumi_dataverse_email.dataverse import transport as wire
from pulumi_dataverse_email.dataverse.transport import Limits, Transport
from pulumi_dataverse_email.errors import (
    DataverseError,
    Failed,
    Forbidden,
    NotDataverse,
    Refused,
    RowChanged,
    RowExists,
    RowNotFound,
    Unreachable,
)

from .stub import Answer, Stub, Token

SECRET = "Str0ng-and-secret-Passw0rd"
TRIED = "update mailboxes(5f0c)"


def send(url: str, method: str = "PATCH", limits: Limits | None = None) -> wire.Answer:
    """Make one exchange."""
    body = json.dumps({"password": SECRET}).encode()
    asked = wire.Request(TRIED, method, "mailboxes(5f0c)", body=body, secrets=(SECRET,), repeatable=method != "POST")
    return Transport(url, Token(), limits=limits or Limits()).send(asked)


def error(url: str, method: str = "PATCH", limits: Limits | None = None) -> DataverseError:
    """Return the error in which an exchange ends."""
    with pytest.raises(DataverseError) as caught:
        send(url, method, limits)
    assert SECRET not in str(caught.value) + repr(caught.value)
    return caught.value


def refusal(status: int, code: str, message: str = "No.") -> Answer:
    """Return a refusal in Dataverse's form."""
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return Answer(status, body, {"Content-Type": "application/json", "x-ms-service-request-id": "7c1e,7c1f"})


@pytest.mark.parametrize(
    ("status", "code", "kind", "advice"),
    [
        (404, "0x80040217", RowNotFound, ""),
        (404, "0x80060888", Refused, ""),
        (412, "0x80040237", RowExists, ""),
        (412, "0x80060882", RowChanged, ""),
        (403, "0x80072560", Forbidden, "Add the application as an application user"),
        (403, "0x80040220", Forbidden, "Give the application user a security role"),
        (401, "", Forbidden, "Check that tenantId and clientId belong to the tenant"),
        (400, "0x80044331", Refused, ""),
        (500, "0x80040216", Failed, "Run again"),
    ],
)
def test_a_refusal_is_of_its_own_kind(
    stub: Stub, status: int, code: str, kind: type[DataverseError], advice: str
) -> None:
    """What was tried, what came back, what to do, and the id that Microsoft's support asks for."""
    stub.answers = [refusal(status, code)]
    found = error(stub.url)

    assert type(found) is kind
    shown = f"HTTP {status} ({code}) No." if code else f"HTTP {status} No."
    assert (found.tried, found.answer, found.request_id) == (TRIED, shown, "7c1e")
    assert found.advice.startswith(advice)
    assert str(found).endswith("[request 7c1e]")


@pytest.mark.parametrize("body", [b"{}", b'{"error": "no"}', b'{"error": {}}', b""], ids=bytes.decode)
def test_a_refusal_without_words_is_one(stub: Stub, body: bytes) -> None:
    """404 alone does not say that a row is gone: a wrong address says it too."""
    stub.answers = [Answer(404, body)]

    assert (type(error(stub.url)), error(stub.url).answer) == (Refused, "HTTP 404")


@pytest.mark.parametrize("status", [404, 500])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<html>Sign in</html>"),
        ("application/json", b'[{"name": "a"}]'),
        ("application/json", b'"text"'),
        ("application/json", b"{"),
        ("application/json", b"\xff\xfe\x00"),
    ],
)
def test_something_else_is_not_dataverse(stub: Stub, status: int, content_type: str, body: bytes) -> None:
    """A sign-in page or a proxy is told from a Dataverse that refuses."""
    stub.answers = [Answer(status, body, {"Content-Type": content_type})]
    found = error(stub.url)

    assert isinstance(found, NotDataverse)
    assert f"localhost:{stub.port} answered HTTP {status} with {content_type}" in found.answer
    assert found.advice.startswith("Check environmentUrl")


def test_an_answer_may_have_no_type(stub: Stub) -> None:
    stub.answers = [Answer(404, b"<html>", {})]

    assert "with no content type" in error(stub.url).answer


@pytest.mark.parametrize(("status", "kind"), [(200, "text/html"), (204, ""), (400, "multipart/mixed; boundary=b")])
def test_who_asked_judges_a_body(stub: Stub, status: int, kind: str) -> None:
    """A success, and what comes in parts, is returned as it came."""
    stub.answers = [Answer(status, b"" if status == 204 else b"--b--", {"Content-Type": kind})]
    found = send(stub.url)

    assert (found.status, found.headers["content-type"], found.uncertain) == (status, kind, False)
    assert found.content == stub.answers[0].body


@pytest.mark.parametrize(
    "host",
    ["contoso.invalid", "a" * 70 + ".com", "contoso..com", "*.contoso.com"],
    ids=["name", "long", "dots", "star"],
)
def test_a_name_that_leads_nowhere_is_unreachable(host: str) -> None:
    found = error(f"https://{host}")

    assert isinstance(found, Unreachable)
    assert f"{host} cannot be reached (" in found.answer
    assert found.advice.startswith("Check environmentUrl")


def test_a_closed_port_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = error(f"https://127.0.0.1:{unused.getsockname()[1]}")

    assert isinstance(found, Unreachable)
    assert "Connection refused" in found.answer


def test_a_certificate_that_is_not_trusted_is_told_apart(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent to a server that cannot prove who it is."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    found = error(stub.url)

    assert isinstance(found, Unreachable)
    assert f"localhost:{stub.port} has a certificate that this machine does not trust (" in found.answer
    assert "REQUESTS_CA_BUNDLE" in found.advice
    assert stub.requests == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_silence_is_unreachable(method: str) -> None:
    """A server that takes the connection and says nothing is given up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limits = Limits(connect_timeout=0.01, read_timeout=0.01)
        found = error(f"https://127.0.0.1:{silent.getsockname()[1]}", method, limits)

    assert isinstance(found, Unreachable)
    assert "did not answer in time" in found.answer


def test_a_missing_bundle_is_our_own_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file of certificates that is not there raises nothing of a stranger's."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))

    found = error("https://localhost")

    assert isinstance(found, Unreachable)
    assert "missing.pem" in found.answer
    assert "REQUESTS_CA_BUNDLE" in found.advice


def test_cookies_are_not_kept(stub: Stub) -> None:
    """An affinity cookie would pin all threads to one web server, and the limits count per server."""
    stub.answers = [Answer(headers={"Set-Cookie": "ARRAffinity=one; Path=/"}), Answer()]
    transport = Transport(stub.url, Token())
    for _ in range(2):
        transport.send(wire.Request(TRIED, "GET", "mailboxes"))

    assert ["Cookie" in request.headers for request in stub.requests] == [False, False]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(stub: Stub, status: int) -> None:
    """What was sent may hold a password, and the Web API sends nobody elsewhere."""
    stub.answers = [Answer(status, b"", {"Location": f"{stub.url}/elsewhere"})]

    assert isinstance(error(stub.url), NotDataverse)
    assert [request.path for request in stub.requests] == ["/api/data/v9.2/mailboxes(5f0c)"]


@pytest.mark.parametrize("location", ["https://[contoso", "/\xe9"])
def test_an_odd_redirect_is_our_own_error(stub: Stub, location: str) -> None:
    stub.answers = [Answer(302, b"", {"Location": location})]

    assert type(error(stub.url)) is NotDataverse


def test_a_next_link_stays_with_its_host(stub: Stub) -> None:
    """The token goes to no other host, wherever a link leads."""
    link = "https://elsewhere.invalid/api/data/v9.2/mailboxes?$skiptoken=2"
    Transport(stub.url, Token()).send(wire.Request("find mailboxes", "GET", link))

    assert [request.path for request in stub.requests] == ["/api/data/v9.2/mailboxes?$skiptoken=2"]
