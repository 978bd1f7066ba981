"""Where the provider's spans go: to a real collector over a real socket, when somebody asks for them."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import grpc
import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from pulumi_dataverse_email import tracing
from tests.system.emulated import Dataverse

from .host import SECONDS, running_host

ANNA = "anna@contoso.com"
PASSWORD = "Str0ng-and-secret-Passw0rd"


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """A collector that keeps what it gets."""

    def __init__(self) -> None:
        self.received: SimpleQueue[Any] = SimpleQueue()

    def Export(self, request: Any, context: object) -> Any:  # noqa: ANN401, N802  the service's own name and messages
        """Keep the spans."""
        del context
        for resource in request.resource_spans:
            self.received.put(resource)
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector(dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Collector, str]]:
    """A running collector and its address; settings that lead to an environment, and nothing else of this process."""
    for name in (tracing.PULUMI, *tracing.STANDARD, "OTEL_SERVICE_NAME", "TRACEPARENT"):
        monkeypatch.delenv(name, raising=False)
    for name, text in dataverse.settings.items():
        monkeypatch.setenv(name, text)
    found = Collector()
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(found, server)  # type: ignore[no-untyped-call]  # generated
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield found, address
    server.stop(None).wait()


@pytest.mark.parametrize(
    ("variable", "scheme", "service"),
    [
        (tracing.PULUMI, "", "pulumi-dataverse-email"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://", "pulumi-dataverse-email"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://", "mail"),
    ],
)
def test_the_process_that_pulumi_starts_sends_its_spans(
    collector: tuple[Collector, str], monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str, service: str
) -> None:
    """To where `pulumi --otel-traces` collects, or where OpenTelemetry's own variables say."""
    found, address = collector
    monkeypatch.setenv(variable, f"{scheme}{address}")
    if service == "mail":
        monkeypatch.setenv("OTEL_SERVICE_NAME", service)
    names, everything = set(), ""
    with running_host() as host:
        host.create("Mailbox", {"user": ANNA, "username": "anna", "password": PASSWORD})
        while "PATCH mailboxes" not in names:
            resource = found.received.get(timeout=SECONDS)
            everything += str(resource)
            names |= {span.name for scope in resource.scope_spans for span in scope.spans}

    assert names == {"GET RetrieveCurrentOrganization", "GET systemusers", "PATCH mailboxes"}
    assert f'"{service}"' in everything
    assert PASSWORD not in everything
    assert "Bearer" not in everything


@pytest.mark.parametrize("installed", [True, False], ids=["asked for by nobody", "no exporter installed"])
def test_otherwise_nothing_is_set_up(installed: bool) -> None:  # noqa: FBT001  a case of the test
    """Nothing is loaded, nothing fails, and no span leaves."""
    program = f"""
import os, sys
if not {installed}:
    os.environ["{tracing.PULUMI}"] = "127.0.0.1:1"
    sys.modules["opentelemetry.exporter"] = None
from pulumi_dataverse_email import tracing
from opentelemetry import trace
tracing.to_collector()
print(type(trace.get_tracer_provider()).__name__, sys.modules.get("opentelemetry.exporter"))
"""
    kept = {"PYTHONPATH": ":".join(sys.path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=kept, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("ProxyTracerProvider None\n", "")


def test_a_provider_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sets one up wants it so."""
    own = object()
    monkeypatch.setenv(tracing.PULUMI, "127.0.0.1:1")
    monkeypatch.setattr("opentelemetry.trace._TRACER_PROVIDER", own)
    tracing.to_collector()

    assert trace.get_tracer_provider() is own
