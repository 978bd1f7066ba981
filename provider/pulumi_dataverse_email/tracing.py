"""Sends the spans of the provider's process to whoever asked for them; without that, nothing is loaded.

Pulumi sets a provider of tracers up for programs, but not in the process that serves dynamic providers.
"""

import os
from typing import Final

from opentelemetry import trace

from .log import LOG

PULUMI: Final = "PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT"
"""Set by the CLI where it is called with `--otel-traces`: where it collects the spans of all its processes."""

STANDARD: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""Where a collector listens for OTLP over gRPC, which is the exporter that Pulumi brings.

Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
"""

EXPORT_EVERY: Final = "200"
"""Milliseconds between exports: Pulumi ends the process soon after the last answer, and what waits then is lost."""


def to_collector() -> None:
    """Set a provider of tracers up where one of the variables names a collector, and this process has none."""
    local = os.environ.get(PULUMI)
    if not local and not any(map(os.environ.get, STANDARD)):
        return
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return
    try:  # slow imports, which nobody pays for without having asked
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  see above
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  see above
        from opentelemetry.sdk.trace import SpanProcessor, TracerProvider  # noqa: PLC0415  see above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor  # noqa: PLC0415  see above
    except ImportError as error:
        LOG.warning("no spans are sent, because %s is not installed", error.name)
        return

    os.environ.setdefault("OTEL_BSP_SCHEDULE_DELAY", EXPORT_EVERY)
    if local:  # on this machine: nothing has to wait
        processor: SpanProcessor = SimpleSpanProcessor(OTLPSpanExporter(endpoint=local, insecure=True))
    else:
        processor = BatchSpanProcessor(OTLPSpanExporter())
    named = "OTEL_SERVICE_NAME" in os.environ
    provider = TracerProvider(resource=Resource.create({} if named else {"service.name": "pulumi-dataverse-email"}))
    provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)
