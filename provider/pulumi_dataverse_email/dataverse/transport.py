"""One HTTP exchange with Dataverse: sessions, time-outs, replay of what is safe to repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

from ..errors import DataverseError, Throttled, Unreachable
from ..log import LOG
from .answers import content, unreachable

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


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        tried: what this is, for errors, such as `read mailboxes(5f0c...)`.
        method: the HTTP method.
        path: below `/api/data/v9.2/`, or a next link as the service gave it.
        headers: beside those that every request has.
        body: as it goes over the wire.
        secrets: texts in the body which no error may repeat.
        repeatable: whether sending it twice ends as sending it once.
    """

    tried: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    repeatable: bool = True


@dataclass(frozen=True)
class Answer:
    """One answer.

    Args:
        status: the HTTP status.
        headers: by name, in any case.
        content: the body.
        uncertain: an earlier try of this request had an unknown outcome.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    uncertain: bool = False


ROOT: Final = "/api/data/v9.2/"


class Transport:
    """Sends requests to one environment; one session a thread.

    Args:
        environment_url: https and host, with its port where it has one.
        login: signs each request.
    """

    def __init__(self, environment_url: str, login: AuthBase) -> None:
        self._base = f"{environment_url}/api/data/v9.2/"
        self.host = urlsplit(environment_url).netloc
        self._login = login
        self._thread = local()

    def send(self, request: Request) -> Answer:
        """Make one exchange and return the answer."""
        uncertain = False
        for _ in range(3):
            try:
                answer = self._once(request)
                if answer.status < 300 or answer.headers.get("Content-Type", "").startswith("multipart"):
                    return replace(answer, uncertain=uncertain)
                content(request, self.host, answer)
            except DataverseError as error:
                error.uncertain = uncertain
                if not (isinstance(error, Unreachable) or answer.status in (429, 502, 503, 504)):
                    raise
                if not request.repeatable:
                    raise
                uncertain = uncertain or not isinstance(error, Throttled)
                last = error
        raise last

    def throttled(self, request: Request, part: Answer) -> None:
        """Stand in."""

    def _once(self, request: Request) -> Answer:
        url = self._base + request.path
        if request.path.startswith("https://"):  # a next link: wherever it leads, the token goes to no other host
            url = urlsplit(request.path)._replace(netloc=self.host).geturl()
        asked = {
            "Accept": "application/json",
            "OData-MaxVersion": "4.0",
            "OData-Version": "4.0",
            "x-ms-client-request-id": str(uuid4()),
            **request.headers,
        }
        try:
            response = self._session().request(
                request.method,
                url,
                data=request.body or None,
                headers=asked,
                auth=self._login,
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                allow_redirects=False,  # the Web API sends nobody elsewhere, and a body may hold a password
            )
        except (OSError, HTTPError) as error:  # those of requests; its missing bundle; urllib3's odd host names
            raise unreachable(request, self.host, error) from error
        LOG.debug("%s %s: %s", request.method, urlsplit(url).path, response.status_code)
        return Answer(response.status_code, response.headers, response.content)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = requests.Session()
            session.mount("https://", HTTPAdapter(max_retries=0))
            session.headers["User-Agent"] = "pulumi-dataverse-email"
            # An affinity cookie would pin all threads to one web server, and the limits count per server.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session
