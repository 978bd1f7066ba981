"""What an answer of `InvokeCommand` means: its objects, or an error of ours with what to do."""

import json
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Final

from ..errors import ExchangeError, ExchangeForbidden, ExchangeThrottled, ExchangeUnsettled
from .commands import Properties, lowered
from .refusals import refusal

UNAUTHORIZED, FORBIDDEN, TOO_MANY, SERVER_ERROR = 401, 403, 429, 500

_DETAIL: Final = re.compile(r"Ex[0-9A-F]+\|([\w.+`]*)\|(.*)", re.DOTALL | re.IGNORECASE)
_REASON: Final = re.compile(r'reason="([^"]*)"')
_LONGEST: Final = 600
"""Characters of Exchange's own words that an error repeats."""


@dataclass(frozen=True)
class RawAnswer:
    """An answer as it came over the wire, its body not decoded."""

    status: int
    headers: Mapping[str, str]
    """In lower case."""
    body: bytes

    @property
    def request_id(self) -> str:
        """Exchange's own id of the request."""
        return self.headers.get("request-id", self.headers.get("x-ms-request-id", ""))


@dataclass(frozen=True)
class Page:
    """Objects, and where further ones are."""

    objects: list[Properties]
    next_link: str


def read(tried: str, host: str, answer: RawAnswer) -> Page:
    """Return the objects of an answer.

    Raises:
        ExchangeError: of the kind that the answer calls for.
    """
    content = _content(answer)
    values = content.get("value") if content is not None else None
    if 200 <= answer.status < 300 and content is not None and isinstance(values, list):  # noqa: PLR2004  HTTP's own
        objects: list[Properties] = [lowered(one) for one in values if isinstance(one, dict)]
        return Page(objects, str(content.get("@odata.nextLink") or ""))
    raise _failure(tried, host, answer, content)


def _failure(tried: str, host: str, answer: RawAnswer, content: Mapping[str, object] | None) -> ExchangeError:
    exception, text = _exception(content)
    shown = f"HTTP {answer.status} {' '.join(text.split())[:_LONGEST]}".rstrip()
    request_id = answer.request_id
    if answer.status in (UNAUTHORIZED, FORBIDDEN):
        reason = _REASON.search(answer.headers.get("x-ms-diagnostics", ""))
        shown = shown if text or reason is None else f"{shown}, {reason[1][:_LONGEST]}"
        return ExchangeForbidden(tried, shown, _RIGHTS[answer.status], request_id=request_id)
    if answer.status == TOO_MANY:
        wait = retry_after(answer.headers.get("retry-after", ""))
        return ExchangeThrottled(tried, shown, "Run again later.", request_id=request_id, retry_after=wait)
    if answer.status >= SERVER_ERROR:
        return ExchangeUnsettled(tried, shown, "Exchange is in trouble: run again.", request_id=request_id)
    if content is None or not exception:
        what = answer.headers.get("content-type", "no content type")
        return ExchangeUnsettled(
            tried,
            f"{host} answered {shown} with {what}, which is no answer of Exchange",
            "Check exchangeHost and the tenant; if they are right, a gateway in between is in trouble: run again.",
            request_id=request_id,
        )
    return refusal(tried, shown, exception, text, request_id=request_id)


_RIGHTS: Final = {
    UNAUTHORIZED: "Give the application the permission Exchange.ManageAsApp, and an administrator's consent to it.",
    FORBIDDEN: "Give the application the role Exchange Administrator in Entra, or Role Management in Exchange.",
}


def retry_after(text: str) -> float | None:
    """Return for how many seconds the header asks to wait; what is no time at all is None."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time()
        except (ValueError, OverflowError, TypeError, OSError):
            return None
    return seconds if 0 <= seconds < float("inf") else None


def _content(answer: RawAnswer) -> Mapping[str, object] | None:
    """Return the JSON object of an answer; a body may call itself gzip and not be."""
    body = answer.body
    if "gzip" in answer.headers.get("content-encoding", ""):
        with suppress(zlib.error):  # NUL bytes: what a 403 is sent with
            body = zlib.decompress(body, wbits=31)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _exception(content: Mapping[str, object] | None) -> tuple[str, str]:
    """Return type and text of the exception that an answer tells of."""
    problem = (content or {}).get("error")
    if not isinstance(problem, dict):
        return "", ""
    inner = problem.get("innererror")
    internal = inner.get("internalexception") if isinstance(inner, dict) else None
    details = problem.get("details")
    for detail in [*(details if isinstance(details, list) else []), internal]:
        found = _DETAIL.fullmatch(str(detail.get("message"))) if isinstance(detail, dict) else None
        if found:
            return found[1] or "Exception", found[2]
    message = str(problem.get("message") or "")
    kind = str(internal.get("type") or "") if isinstance(internal, dict) else ""
    return kind or str(problem.get("code") or ""), message
