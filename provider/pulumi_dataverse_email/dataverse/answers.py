"""What an answer of Dataverse means: its JSON, or an error of ours with what to do."""

from collections.abc import Mapping
from typing import Final

import requests
from urllib3.exceptions import HTTPError

from ..errors import DataverseError, Failed, Forbidden, NotDataverse, Refused, RowExists, RowNotFound, Unreachable

SERVER_ERROR = 500

KINDS: Final[Mapping[tuple[int, str], type[DataverseError]]] = {
    (401, ""): Forbidden,
    (403, ""): Forbidden,
    (404, "0x80040217"): RowNotFound,
    (412, "0x80040237"): RowExists,
}
"""What an answer means, by status and code; by status alone where the code is empty.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
"""

ADVICE: Final[Mapping[tuple[int, str], str]] = {
    (401, ""): "Check that tenantId and clientId belong to the tenant of this environment.",
    (403, ""): "Give the application user a security role with the privilege that is named above.",
    (403, "0x80072560"): (
        "Add the application as an application user of this environment: "
        "Power Platform admin center, Settings, Application users."
    ),
}
"""What to do about it."""

TROUBLE = "The service is in trouble: run again."
"""What to do where the service itself failed."""


def unreachable(tried: str, host: str, error: Exception) -> Unreachable:
    """Return the error for a request that got no answer."""
    cause = _cause(error)
    reason = str(cause).rsplit(": ", 1)[-1] or type(cause).__name__
    if not isinstance(error, requests.RequestException | HTTPError):
        return Unreachable(tried, f"nothing was sent: {error}", "Check the variable REQUESTS_CA_BUNDLE.")
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(
            tried,
            f"{host} has a certificate that this machine does not trust ({reason})",
            "Check environmentUrl; behind a company's proxy, name its authority in REQUESTS_CA_BUNDLE.",
        )
    what = "did not answer in time" if isinstance(cause, TimeoutError) else "cannot be reached"
    advice = "Check environmentUrl, the name's spelling and the network, then run again."
    return Unreachable(tried, f"{host} {what} ({reason})", advice)


def read(tried: str, host: str, answer: requests.Response) -> dict[str, object]:
    """Return the JSON object of an answer; empty where there is no body.

    Raises:
        DataverseError: of the kind that the answer calls for.
    """
    request_id = answer.headers.get("x-ms-service-request-id", answer.headers.get("REQ_ID", "")).split(",")[0]
    try:
        content = answer.json() if answer.content else {}
    except requests.JSONDecodeError:
        content = None
    if answer.is_redirect or not isinstance(content, dict):
        raise NotDataverse(
            tried,
            f"{host} answered HTTP {answer.status_code} with "
            f"{answer.headers.get('Content-Type', 'no content type')}, which is not the Dataverse Web API",
            "Check environmentUrl: it is the address of the environment, such as "
            "https://contoso.crm4.dynamics.com; if it is right, a gateway in front of it is in trouble: run again.",
            request_id=request_id,
        )
    if answer.ok:
        return content
    raise _refusal(tried, answer.status_code, content, request_id)


def _cause(error: BaseException) -> BaseException:
    """Return the innermost cause: requests wraps it several times over."""
    inner = (
        getattr(error, "reason", None)
        or error.__cause__
        or next((arg for arg in error.args if isinstance(arg, BaseException)), None)
    )
    return _cause(inner) if isinstance(inner, BaseException) else error


def _refusal(tried: str, status: int, content: dict[str, object], request_id: str) -> DataverseError:
    problem = content.get("error")
    code = str(problem.get("code", "")) if isinstance(problem, dict) else ""
    message = str(problem.get("message", "")) if isinstance(problem, dict) else ""
    answer = f"HTTP {status}{f' ({code})' if code else ''} {message}".rstrip()
    failed = status >= SERVER_ERROR
    kind = KINDS.get((status, code.lower())) or KINDS.get((status, "")) or (Failed if failed else Refused)
    advice = ADVICE.get((status, code.lower())) or ADVICE.get((status, "")) or (TROUBLE if failed else "")
    return kind(tried, answer, advice, request_id=request_id)
