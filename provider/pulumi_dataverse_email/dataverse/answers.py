"""What an answer of Dataverse means: its JSON, or an error of ours with what to do.

Every error of this room is made here, so that none leaves with a secret in it.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

import requests
from urllib3.exceptions import HTTPError

from ..errors import DataverseError, NotDataverse, Refused, RowChanged, RowExists, Throttled, Unreachable
from ..redaction import blot
from .codes import meaning, normal
from .retry import causes

if TYPE_CHECKING:
    from .transport import Answer, Request

NOT_DATAVERSE: Final = (
    "Check environmentUrl: it is the address of the environment, such as "
    "https://contoso.crm4.dynamics.com; if it is right, a gateway in front of it is in trouble: run again."
)

AnyError = TypeVar("AnyError", bound=DataverseError)


def unreachable(request: "Request", host: str, error: Exception) -> Unreachable:
    """Return the error for a request that got no answer; what requests raised may become its cause."""
    *_, cause = causes(error)
    _strip(error, request.secrets)
    reason = str(cause).rsplit(": ", 1)[-1] or type(cause).__name__
    if not isinstance(error, requests.RequestException | HTTPError):
        return told(Unreachable, request, f"nothing was sent: {error}", "Check the variable REQUESTS_CA_BUNDLE.")
    if isinstance(error, requests.exceptions.SSLError):
        return told(
            Unreachable,
            request,
            f"{host} has a certificate that this machine does not trust ({reason})",
            "Check environmentUrl; behind a company's proxy, name its authority in REQUESTS_CA_BUNDLE.",
        )
    what = "did not answer in time" if isinstance(cause, TimeoutError) else "cannot be reached"
    advice = "Check environmentUrl, the name's spelling and the network, then run again."
    return told(Unreachable, request, f"{host} {what} ({reason})", advice)


def content(request: "Request", host: str, answer: "Answer") -> dict[str, object]:
    """Return the JSON object of an answer; empty where there is no body.

    Raises:
        DataverseError: of the kind that the answer calls for.
    """
    found = _object(answer.content)
    if found is None or answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise judged(request, host, answer)
    return found


def judged(request: "Request", host: str, answer: "Answer") -> DataverseError:
    """Return the error for an answer that is no success in JSON."""
    found = _object(answer.content)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return refusal(request, answer, found or {})  # a gateway throttles too, in its own words
    if found is None or answer.status < HTTPStatus.BAD_REQUEST:
        kind = answer.headers.get("Content-Type", "no content type")
        what = f"{host} answered HTTP {answer.status} with {kind}, which is not the Dataverse Web API"
        return told(NotDataverse, request, what, NOT_DATAVERSE, request_id(answer.headers))
    return refusal(request, answer, found)


def refusal(request: "Request", answer: "Answer", body: Mapping[str, object]) -> DataverseError:
    """Return the error for an answer of 400 or above, or for the part of a batch."""
    problem = body.get("error")
    said = problem if isinstance(problem, dict) else {}
    code, message = str(said.get("code") or ""), blot(str(said.get("message") or ""), request.secrets)
    found = meaning(answer.status, code, message)
    shown = f"HTTP {answer.status}{f' ({code})' if code else ''} {message}".rstrip()
    kind = found.kind
    if kind is Refused and answer.status == HTTPStatus.PRECONDITION_FAILED and not code:
        kind = RowExists if "If-None-Match" in request.headers else RowChanged
    error = told(kind, request, shown, found.do, request_id(answer.headers))
    error.code = normal(blot(code, request.secrets))
    if isinstance(error, Throttled):
        error.retry_after = _seconds(answer.headers.get("Retry-After", ""))
    return error


def told(kind: type[AnyError], request: "Request", answer: str, advice: str, id_: str = "") -> AnyError:
    """Return an error about a request; nothing in it repeats a secret of the request, or what looks like a token.

    Args:
        kind: which error.
        request: what was tried.
        answer: what came back, in any words.
        advice: what to do, in our own words.
        id_: the service's id of the request.
    """
    tried, answer, id_ = (blot(text, request.secrets) for text in (request.tried, answer, id_))
    return kind(tried, answer, advice, request_id=id_)


def request_id(headers: Mapping[str, str]) -> str:
    """Return the service's own id of a request; the header comes twice, and `REQ_ID` alone from parts of a batch."""
    return (headers.get("x-ms-service-request-id") or headers.get("REQ_ID") or "").split(",")[0].strip()


def _object(text: bytes) -> dict[str, object] | None:
    """Return the JSON object in a body: empty where the body is, `None` where it is anything else."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None


def _strip(error: BaseException, secrets: tuple[str, ...]) -> None:
    """Take the request, with its body and its token, out of what requests raised, and secrets out of its words."""
    for name in ("request", "response"):
        if hasattr(error, name):
            setattr(error, name, None)
    if isinstance(error, OSError) and error.strerror:
        error.strerror = blot(str(error.strerror), secrets)
    error.args = tuple(blot(arg, secrets) if isinstance(arg, str) else arg for arg in error.args)
    for inner in {error.__cause__, error.__context__, *error.args}:
        if isinstance(inner, BaseException):
            _strip(inner, secrets)
