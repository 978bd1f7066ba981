"""What is told of the work: a line of the log for each exchange, a span for each operation, and no secret."""

import logging
import re
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from pulumi_dataverse_email.dataverse import telemetry
from pulumi_dataverse_email.dataverse.transport import Request, Transport
from pulumi_dataverse_email.errors import DataverseError, Refused

from .stub import Answer, Stub, Token

ROW = "5f0c3d4e-8d1f-4c53-9d53-3c1a0f9f8f10"
PASSWORD = "Str0ng-and-secret-Passw0rd"
PATH = f"mailboxes({ROW})?$select=name&$filter=anna"
READ = Request("read mailboxes", "GET", PATH)
UPDATE = Request("update mailboxes", "PATCH", PATH, {}, f'{{"password": "{PASSWORD}"}}'.encode(), (PASSWORD,))
ID = "7c1e0000-0000-4000-8000-000000000000"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """The spans that were ended, as OpenTelemetry's own kit keeps them."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "TRACER", provider.get_tracer("pulumi_dataverse_email"))
    yield exporter
    provider.shutdown()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines of our own log."""
    return [record.getMessage() for record in caplog.records if record.name == "pulumi_dataverse_email"]


def only(spans: InMemorySpanExporter) -> ReadableSpan:
    """Return the one span that there is."""
    (span,) = spans.get_finished_spans()
    return span


def test_an_exchange_is_a_line_of_the_log(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    """Method, path without the query, status, milliseconds, bytes, number of the try, and both ids."""
    stub.answers = [Answer(body=b'{"a": 1}', headers={"x-ms-service-request-id": f"{ID},{ID}"})]
    with caplog.at_level(logging.DEBUG, "pulumi_dataverse_email"):
        Transport(stub.url, Token()).send(READ)

    (line,) = lines(caplog)
    sent = stub.requests[0].headers["x-ms-client-request-id"]
    shown = rf"GET /api/data/v9.2/mailboxes\({ROW}\) 200 \d+ ms 8 bytes try=1 client_request_id={sent} "
    assert re.fullmatch(f"{shown}service_request_id={ID}", line)


def test_an_exchange_without_an_answer_is_a_line_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "pulumi_dataverse_email"), pytest.raises(DataverseError):
        Transport("https://127.0.0.1:1", Token()).send(READ)

    assert re.search(
        r"ConnectionError \d+ ms 0 bytes try=1 client_request_id=\S+ service_request_id=-$", lines(caplog)[0]
    )


def test_nothing_is_logged_unless_it_is_asked_for(stub: Stub, capfd: pytest.CaptureFixture[str]) -> None:
    """Pulumi shows what stands on standard output and error."""
    Transport(stub.url, Token()).send(READ)

    assert capfd.readouterr() == ("", "")


def test_an_operation_is_a_span(stub: Stub, spans: InMemorySpanExporter) -> None:
    """Named by method and table, with the row, the status and both ids; neither body nor values of the query."""
    stub.answers = [Answer(headers={"x-ms-service-request-id": ID})]
    Transport(stub.url, Token()).send(UPDATE)

    span = only(spans)
    assert (span.name, span.kind, span.status.status_code) == ("PATCH mailboxes", SpanKind.CLIENT, StatusCode.UNSET)
    assert dict(span.attributes or {}) == {
        "http.request.method": "PATCH",
        "server.address": "localhost",
        "server.port": stub.port,
        "url.full": f"{stub.url}/api/data/v9.2/mailboxes({ROW})",
        "dataverse.table": "mailboxes",
        "dataverse.row_id": ROW,
        "dataverse.client_request_id": stub.requests[0].headers["x-ms-client-request-id"],
        "dataverse.service_request_id": ID,
        "http.request.resend_count": 0,
        "http.response.status_code": 200,
    }


def test_a_failed_operation_is_a_span_in_error(stub: Stub, spans: InMemorySpanExporter) -> None:
    """With the kind of the error, and without Dataverse's words, which may name people and quote secrets."""
    stub.answers = [Answer(400, f'{{"error": {{"message": "{PASSWORD}"}}}}'.encode(), {"REQ_ID": PASSWORD})]
    with pytest.raises(Refused):
        Transport(stub.url, Token()).send(UPDATE)

    span = only(spans)
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "Refused"
    assert span.events == ()
    assert PASSWORD not in span.to_json()


def test_a_request_that_is_sent_again_is_an_event(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """The operation stays one span, and says which try failed, why, and how long it waits."""
    with (
        caplog.at_level(logging.DEBUG, "pulumi_dataverse_email"),
        telemetry.operation(READ, f"https://contoso.crm4.dynamics.com/api/data/v9.2/{PATH}") as operation,
    ):
        operation.repeats(1, "HTTP 503", 2.5)

    (event,) = only(spans).events
    assert event.name == "retry"
    assert dict(event.attributes or {}) == {"try": 1, "reason": "HTTP 503", "wait_seconds": 2.5}
    assert lines(caplog) == [f"GET /api/data/v9.2/mailboxes({ROW}) is sent again in 2.5 s: HTTP 503"]


@pytest.mark.parametrize("path", ["", "$batch", "RetrieveCurrentOrganization(AccessType=@p)?@p=x", "mailboxes(x='y')"])
def test_what_is_no_row_has_no_id(spans: InMemorySpanExporter, path: str) -> None:
    with telemetry.operation(Request("t", "GET", path), f"https://contoso.crm4.dynamics.com/api/data/v9.2/{path}"):
        pass

    assert "dataverse.row_id" not in (only(spans).attributes or {})
