"""One HTTP exchange with Dataverse: sessions, time-outs, replay of what is safe to repeat, errors of our own."""

import logging
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from threading import local
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from ..errors import DataverseError, Failed, Forbidden, NotDataverse, Refused, RowExists, RowNotFound, Unreachable

LOG: Final = logging.getLogger("pulumi_dataverse_email.dataverse")

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection: longer means a wrong address or a closed network."""

READ_TIMEOUT = 120.0
"""Seconds to wait for an answer: long, because Dataverse may run plug-ins before it answers a write."""

RETRY: Final = Retry(
    total=5,
    connect=2,  # a blip is over in seconds; a misspelt name or a closed network would only cost time
    read=2,  # each waits for READ_TIMEOUT: with more, a silent server would hold a run for a quarter of an hour
    other=0,  # a certificate that is not trusted stays so
    backoff_factor=1,  # about half a minute in all: longer looks like a hang
    backoff_jitter=1,
    status_forcelist=(429, 502, 503, 504),  # protection limits, and a node being recycled
    allowed_methods=("GET", "PATCH", "DELETE"),  # each meets its own earlier work; a POST would make a twin
    respect_retry_after_header=True,
    retry_after_max=300,  # seconds; a sliding window of the service's own limits
    raise_on_status=False,
)

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


class Transport:
    """Sends requests to one environment; one session a thread.

    Args:
        environment_url: https and host, with its port where it has one.
        login: signs each request.
    """

    def __init__(self, environment_url: str, login: AuthBase) -> None:
        self._base = f"{environment_url}/api/data/v9.2/"
        self._host = urlsplit(environment_url).netloc
        self._login = login
        self._thread = local()

    def send(
        self, tried: str, method: str, path: str, *, body: dict[str, object] | None = None, headers: dict[str, str]
    ) -> dict[str, object]:
        """Make one exchange and return the answer's JSON object; empty where there is no body.

        Args:
            tried: what this is, for errors, such as `read mailboxes(5f0c...)`.
            method: the HTTP method.
            path: below `/api/data/v9.2/`, or a next link as the service gave it.
            body: what to send as JSON.
            headers: beside those that every request has.

        Raises:
            DataverseError: of the kind that the answer calls for; never an exception of requests.
            LoginError: no token.
        """
        url = self._base + path
        if path.startswith("https://"):  # a next link: wherever it leads, the token goes to no other host
            url = urlsplit(path)._replace(netloc=self._host).geturl()
        asked = {
            "Accept": "application/json",
            "OData-MaxVersion": "4.0",
            "OData-Version": "4.0",
            "x-ms-client-request-id": str(uuid4()),
            **headers,
        }
        try:
            answer = self._session().request(
                method,
                url,
                json=body,
                headers=asked,
                auth=self._login,
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                allow_redirects=False,  # the Web API sends nobody elsewhere, and a body may hold a password
            )
        except (OSError, HTTPError) as error:  # those of requests; its missing bundle; urllib3's odd host names
            raise self._unreachable(tried, error) from error
        LOG.debug("%s %s: %s", method, urlsplit(url).path, answer.status_code)
        return self._read(tried, answer)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = requests.Session()
            session.mount("https://", HTTPAdapter(max_retries=RETRY))
            session.headers["User-Agent"] = "pulumi-dataverse-email"
            # An affinity cookie would pin all threads to one web server, and the limits count per server.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session

    def _unreachable(self, tried: str, error: Exception) -> Unreachable:
        cause = _cause(error)
        reason = str(cause).rsplit(": ", 1)[-1] or type(cause).__name__
        if not isinstance(error, requests.RequestException | HTTPError):
            return Unreachable(tried, f"nothing was sent: {error}", "Check the variable REQUESTS_CA_BUNDLE.")
        if isinstance(error, requests.exceptions.SSLError):
            return Unreachable(
                tried,
                f"{self._host} has a certificate that this machine does not trust ({reason})",
                "Check environmentUrl; behind a company's proxy, name its authority in REQUESTS_CA_BUNDLE.",
            )
        what = "did not answer in time" if isinstance(cause, TimeoutError) else "cannot be reached"
        advice = "Check environmentUrl, the name's spelling and the network, then run again."
        return Unreachable(tried, f"{self._host} {what} ({reason})", advice)

    def _read(self, tried: str, answer: requests.Response) -> dict[str, object]:
        request_id = answer.headers.get("x-ms-service-request-id", answer.headers.get("REQ_ID", "")).split(",")[0]
        try:
            content = answer.json() if answer.content else {}
        except requests.JSONDecodeError:
            content = None
        if answer.is_redirect or not isinstance(content, dict):
            raise NotDataverse(
                tried,
                f"{self._host} answered HTTP {answer.status_code} with "
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
