"""One exchange: every answer, and every lack of one, is an answer or an error of our own."""

import json
import logging
import socket
from pathlib import Path

import pytest

from pulumi_dataverse_email.dataverse import transport
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.errors import (
    DataverseError,
    Failed,
    Forbidden,
    NotDataverse,
    Refused,
    RowExists,
    RowNotFound,
    Unreachable,
)

from .stub import Answer, Stub, Token

SECRET = "Str0ng-and-secret-Passw0rd"
TRIED = "update mailboxes(5f0c)"


def send(url: str, method: str = "PATCH") -> dict[str, object]:
    """Make one exchange."""
    return Transport(url, Token()).send(TRIED, method, "mailboxes(5f0c)", body={"password": SECRET}, headers={})


def error(url: str, method: str = "PATCH") -> DataverseError:
    """Return the error in which an exchange ends."""
    with pytest.raises(DataverseError) as caught:
        send(url, method)
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
        (412, "0x80060882", Refused, ""),
        (403, "0x80072560", Forbidden, "Add the application as an application user"),
        (403, "0x80040220", Forbidden, "Give the application user a security role"),
        (401, "", Forbidden, "Check that tenantId and clientId belong to the tenant"),
        (400, "0x80044331", Refused, ""),
        (500, "0x80040216", Failed, "The service is in trouble"),
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


@pytest.mark.parametrize("status", [200, 404, 500])
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
    stub.answers = [Answer(200, b"<html>", {})]

    assert "with no content type" in error(stub.url).answer


@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_body_is_an_empty_answer(stub: Stub, status: int) -> None:
    stub.answers = [Answer(status, b"")]

    assert send(stub.url) == {}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_is_safe_to_repeat_is_repeated(stub: Stub, method: str, status: int) -> None:
    """A protection limit or a node being recycled passes."""
    stub.answers = [Answer(status, b"", {"Retry-After": "0"}), Answer(body=b'{"name": "a"}')]

    assert send(stub.url, method) == {"name": "a"}
    assert [request.method for request in stub.requests] == [method, method]
    assert len({request.headers["x-ms-client-request-id"] for request in stub.requests}) == 1


def test_a_post_is_never_repeated(stub: Stub) -> None:
    """It might make a twin."""
    stub.answers = [refusal(503, "0x80044150"), Answer()]

    assert isinstance(error(stub.url, "POST"), Failed)
    assert len(stub.requests) == 1


def test_trouble_that_stays_is_told(stub: Stub) -> None:
    """After the last try the service's own words are the error."""
    stub.answers = [refusal(429, "0x80072322", "Number of requests exceeded the limit of 6000.")]

    assert "0x80072322) Number of requests exceeded" in error(stub.url).answer
    assert len(stub.requests) == 6


@pytest.mark.parametrize(("asked", "waited"), [("17", 17), ("86400", 300)])
def test_the_service_says_how_long_to_wait(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, asked: str, waited: int
) -> None:
    """Retry-After is obeyed up to five minutes, the longest window of the service's own limits."""
    pauses: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", pauses.append)
    stub.answers = [Answer(429, b"", {"Retry-After": asked}), Answer()]
    send(stub.url)

    assert waited in pauses


def test_waiting_without_being_told_grows() -> None:
    """About half a minute in all for answers; a name that does not resolve is told in a few seconds."""
    assert (transport.RETRY.total, transport.RETRY.backoff_factor) == (5, 1)
    assert (transport.RETRY.connect, transport.RETRY.other) == (2, 0)


@pytest.mark.parametrize(
    "host",
    ["contoso.invalid", "a" * 70 + ".com", "contoso..com", "*.contoso.com"],
    ids=["name", "long", "dots", "star"],
)
@pytest.mark.usefixtures("no_pauses")
def test_a_name_that_leads_nowhere_is_unreachable(host: str) -> None:
    found = error(f"https://{host}")

    assert isinstance(found, Unreachable)
    assert f"{host} cannot be reached (" in found.answer
    assert found.advice.startswith("Check environmentUrl")


@pytest.mark.usefixtures("no_pauses")
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
@pytest.mark.usefixtures("no_pauses")
def test_silence_is_unreachable(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and says nothing is given up."""
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.01)
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = error(f"https://127.0.0.1:{silent.getsockname()[1]}", method)

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
    wire = Transport(stub.url, Token())
    for _ in range(2):
        wire.send(TRIED, "GET", "mailboxes", headers={})

    assert ["Cookie" in request.headers for request in stub.requests] == [False, False]


def test_the_log_holds_neither_bodies_nor_queries(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    """At its most verbose, our own log says method, path and status; nothing that was sent."""
    with caplog.at_level(logging.DEBUG):
        send(stub.url)

    ours = [record.getMessage() for record in caplog.records if record.name == "pulumi_dataverse_email.dataverse"]
    assert ours == ["PATCH /api/data/v9.2/mailboxes(5f0c): 200"]
    assert SECRET not in caplog.text
    assert "Bearer" not in caplog.text


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(stub: Stub, status: int) -> None:
    """What was sent may hold a password, and the Web API sends nobody elsewhere."""
    stub.answers = [Answer(status, b"", {"Location": f"{stub.url}/elsewhere"})]

    assert isinstance(error(stub.url), NotDataverse)
    assert [request.path for request in stub.requests] == ["/api/data/v9.2/mailboxes(5f0c)"]


def test_a_next_link_stays_with_its_host(stub: Stub) -> None:
    """The token goes to no other host, wherever a link leads."""
    link = "https://elsewhere.invalid/api/data/v9.2/mailboxes?$skiptoken=2"
    Transport(stub.url, Token()).send("find mailboxes", "GET", link, headers={})

    assert [request.path for request in stub.requests] == ["/api/data/v9.2/mailboxes?$skiptoken=2"]
