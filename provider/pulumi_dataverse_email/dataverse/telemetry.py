"""What this room tells of its work: a line of the log for each exchange, a span for each operation.

Neither holds a body, a header or the values of a query; where nobody has asked for them, both cost next to nothing.
Names of attributes: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from opentelemetry.trace import Span, SpanKind, StatusCode, get_tracer

from ..log import LOG
from ..redaction import blot
from .answers import request_id

if TYPE_CHECKING:
    from .transport import Answer, Request

TRACER: Final = get_tracer("pulumi_dataverse_email")
"""Asks for the process's provider of tracers when it makes its first span: Pulumi sets it when its CLI traces."""

_ROW: Final = re.compile(r"(?P<table>\w+)(?:\((?P<row>[0-9a-fA-F-]{36})\))?")


class Operation:
    """Tells of one operation while it goes on.

    Args:
        request: what is asked.
        url: where it goes.
        span: of the operation.
    """

    def __init__(self, request: "Request", url: str, span: Span) -> None:
        self._request = request
        self._path = urlsplit(url).path
        self._span = span

    def exchanged(self, number: int, client_request_id: str, seconds: float, outcome: "Answer | Exception") -> None:
        """Tell of one exchange.

        Args:
            number: of the try, from 1.
            client_request_id: the id that was sent with it.
            seconds: how long it took.
            outcome: the answer, or why there is none.
        """
        recording, logging_ = self._span.is_recording(), LOG.isEnabledFor(logging.DEBUG)
        if not recording and not logging_:
            return
        if isinstance(outcome, Exception):
            status, size, id_ = 0, 0, ""
            shown = type(outcome).__name__
        else:
            status, size = outcome.status, len(outcome.content)
            id_ = blot(request_id(outcome.headers), self._request.secrets)
            shown = str(status)
        if logging_:
            LOG.debug(
                "%s %s %s %.0f ms %d bytes try=%d client_request_id=%s service_request_id=%s",
                *(self._request.method, self._path, shown, seconds * 1000, size, number, client_request_id, id_ or "-"),
            )
        if recording:
            self._span.set_attribute("dataverse.client_request_id", client_request_id)
            self._span.set_attribute("http.request.resend_count", number - 1)
            if status:
                self._span.set_attribute("http.response.status_code", status)
            if id_:
                self._span.set_attribute("dataverse.service_request_id", id_)

    def repeats(self, number: int, reason: str, seconds: float) -> None:
        """Tell that the request is sent again.

        Args:
            number: of the try that failed, from 1.
            reason: the status or the error of that try.
            seconds: how long is waited before.
        """
        LOG.debug("%s %s is sent again in %.1f s: %s", self._request.method, self._path, seconds, reason)
        self._span.add_event("retry", {"try": number, "reason": reason, "wait_seconds": seconds})


@contextmanager
def operation(request: "Request", url: str) -> Iterator[Operation]:
    """Tell of the operation that the block carries out: one span, whatever number of exchanges it takes."""
    path = urlsplit(url).path
    row = _ROW.match(path.rpartition("/")[2])
    table = row["table"] if row else ""
    with TRACER.start_as_current_span(
        f"{request.method} {table}".rstrip(),
        kind=SpanKind.CLIENT,
        # Both would write down the chain of causes, which quotes what it likes.
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        if span.is_recording():
            host = urlsplit(url)
            span.set_attributes(
                {
                    "http.request.method": request.method,
                    "server.address": host.hostname or "",
                    "server.port": host.port or 443,
                    "url.full": f"https://{host.netloc}{path}",
                    "dataverse.table": table,
                }
            )
            if row and row["row"]:
                span.set_attribute("dataverse.row_id", row["row"])
        try:
            yield Operation(request, url, span)
        except Exception as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)  # without words: Dataverse's own may name people
            raise
