"""One exchange with Dataverse, by as many tries as its outcome allows: sessions, time-outs, the gate, the deadline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from threading import local
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from ..errors import DataverseError, DeadlineExceeded, LoginError, Throttled, UnknownOutcome
from .answers import judged, told, unreachable
from .deadline import CLOCK, Clock, current
from .gate import SILENT_WAIT, Shut, Visitor, gate_of, wait_asked
from .retry import PATIENCE, Tries, Trouble, trouble
from .telemetry import Operation, operation

ROOT: Final = "/api/data/v9.2/"

HEADERS: Final = {"Accept": "application/json", "OData-MaxVersion": "4.0", "OData-Version": "4.0"}
"""Of every request."""

LEAST_TIMEOUT: Final = 0.001
"""Seconds: none at all would mean for ever."""


class Login(Protocol):
    """Signs requests with a token, as `requests` understands it."""

    def __call__(self, request: requests.PreparedRequest, /) -> requests.PreparedRequest:
        """Add the token; `LoginError` where there is none."""
        ...

    def forget(self, challenge: str = "", /) -> None:
        """Drop the token by which this thread signed last, for it was refused with that `WWW-Authenticate`."""
        ...


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds."""

    connect_timeout: float = 10.0
    """For a connection: longer means a wrong address or a closed network."""

    read_timeout: float = 120.0
    """For an answer: long, because Dataverse may run plug-ins before it answers a write."""

    operation_timeout: float = 1200.0
    """For one operation with all that is repeated and waited for: room for the longest wait, several times over."""

    longest_wait: float = 300.0
    """For a pause that the service asks for: its limits count in a window of 300 s, so more means trouble."""


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
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
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
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    uncertain: bool = False


class Transport:
    """Sends requests to one environment; one session a thread.

    Args:
        environment_url: https and host, with its port where it has one.
        login: signs each request.
        limits: how long things may take.
        tell: shows a person that Dataverse asks to wait.
        clock: what time and chance are taken from.
    """

    def __init__(
        self,
        environment_url: str,
        login: Login,
        *,
        limits: Limits = Limits(),
        tell: Callable[[str], None] = lambda _: None,
        clock: Clock = CLOCK,
    ) -> None:
        self.host = urlsplit(environment_url).netloc
        self._base = environment_url + ROOT
        self.login = login
        self.limits = limits
        self.tell = tell
        self.clock = clock
        self.gate = gate_of(self.host)
        self._thread = local()

    def send(self, request: Request) -> Answer:
        """Send a request until its outcome is known or may not be tried again, and return the answer.

        An answer of 2xx is returned as it is, and so is one in parts, whatever its status: who asked judges the body.

        Raises:
            DataverseError: of the kind that the last answer, or the lack of one, calls for; `uncertain` where an
                earlier try may have been carried out. Never an exception of requests.
            LoginError: no token, and no earlier try of a write may have been carried out.
        """
        url = self._base + request.path
        if request.path.startswith("https://"):  # a next link: wherever it leads, the token goes to no other host
            url = urlsplit(request.path)._replace(netloc=self.host).geturl()
        with operation(request, url) as telling:
            return _Sending(self, request, url, telling).answer()

    def throttled(self, request: Request, part: Answer) -> None:
        """Let all wait as long as a part of a batch asks that was refused with 429."""
        asked = wait_asked(part.headers)
        reason = judged(request, self.host, part).answer
        self.gate.shut(SILENT_WAIT if asked is None else asked, reason, self.clock.now())

    def exchange(self, request: Request, url: str, client_request_id: str, longest: float) -> Answer:
        """Send a request once.

        What the answer teaches about the service is known before another request passes the gate.

        Args:
            request: what to send.
            url: where to.
            client_request_id: identifies this try.
            longest: seconds to wait at most for a connection, and for the answer.

        Raises:
            OSError, HTTPError: there is no answer: those of requests, its missing bundle, urllib3's odd host names.
            LoginError: no token.
        """
        limits = (self.limits.connect_timeout, self.limits.read_timeout)
        connect, read = (max(min(limit, longest), LEAST_TIMEOUT) for limit in limits)
        response = self._session().request(
            request.method,
            url,
            data=request.body or None,
            headers={**HEADERS, "x-ms-client-request-id": client_request_id, **request.headers},
            auth=self.login,
            timeout=(connect, read),
        )
        answer = Answer(response.status_code, response.headers, response.content)
        if answer.status < HTTPStatus.BAD_REQUEST:
            self.gate.heard(answer.headers)
        elif answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.throttled(request, answer)
        return answer

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = _Session()
            session.mount("https://", HTTPAdapter(max_retries=0))  # what is sent again, `retry` says
            session.headers["User-Agent"] = "pulumi-dataverse-email"
            session.headers["Accept-Encoding"] = "gzip"
            # An affinity cookie would pin all threads to one web server, and the limits count per server.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session


class _Session(requests.Session):
    """A session that goes nowhere else: the Web API sends nobody elsewhere, and a body may hold a password."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Read no `Location`: requests takes it apart even where it is not to follow, and chokes on odd ones."""


class _Sending:
    """One request on its way, through all its tries."""

    def __init__(self, wire: Transport, request: Request, url: str, telling: Operation) -> None:
        self._wire = wire
        self._request = request
        self._url = url
        self._telling = telling
        self._deadline = current(wire.limits.operation_timeout, wire.clock)
        self._visitor = Visitor(self._deadline, wire.limits.longest_wait, wire.tell)
        self._tries = Tries(repeatable=request.repeatable, clock=wire.clock)
        self._last: DataverseError | None = None

    def answer(self) -> Answer:
        """Try until there is an answer to return."""
        while True:
            if self._deadline.left() <= 0:
                raise self._marked(self._late("none is left for this request")) from self._last
            try:
                with self._wire.gate.passage(self._visitor, again=self._tries.number > 0):
                    outcome = self._try()
            except Shut as shut:
                raise self._marked(self._held_up(shut)) from self._last
            if isinstance(outcome, Answer) and _is_for_the_asker(outcome):
                return replace(outcome, uncertain=self._tries.uncertain)
            self._last = self._marked(self._error(outcome))
            self._make_ready(outcome, self._last)

    def _try(self) -> Answer | OSError | HTTPError:
        tries, clock = self._tries, self._wire.clock
        left = self._deadline.left() if not tries.number else min(self._deadline.left(), PATIENCE - tries.spent)
        tries.number += 1
        client_request_id = str(uuid4())
        begin = clock.now()
        outcome: Answer | OSError | HTTPError
        try:
            outcome = self._wire.exchange(self._request, self._url, client_request_id, left)
        except (OSError, HTTPError) as error:
            outcome = error
        except LoginError as error:
            if not tries.uncertain or self._request.method == "GET":
                raise
            reason = f"an earlier try may have been carried out, and then there was no token: {error}"
            raise told(UnknownOutcome, self._request, reason, "Run again when the login works.") from error
        seconds = clock.now() - begin
        tries.spent += seconds
        self._telling.exchanged(tries.number, client_request_id, seconds, outcome)
        return outcome

    def _make_ready(self, outcome: Answer | Exception, error: DataverseError) -> None:
        """Do what comes before a further try; raise the error where there is none."""
        met = trouble(outcome)
        headers: Mapping[str, str] = outcome.headers if isinstance(outcome, Answer) else {}
        pause = self._tries.again(met, wait_asked(headers))
        if (pause is not None or met is Trouble.SILENT) and self._deadline.left() <= (pause or 0):
            raise self._marked(self._late(error.answer)) from error
        if met is None or pause is None:
            raise error from (outcome if isinstance(outcome, Exception) else None)
        if met is Trouble.TOKEN:
            self._wire.login.forget(headers.get("WWW-Authenticate", ""))
        self._telling.repeats(self._tries.number, met, pause)
        if pause:
            self._wire.clock.pause(pause)
            self._tries.spent += pause

    def _error(self, outcome: Answer | OSError | HTTPError) -> DataverseError:
        if isinstance(outcome, Exception):
            return unreachable(self._request, self._wire.host, outcome)
        return judged(self._request, self._wire.host, outcome)

    def _marked(self, error: DataverseError) -> DataverseError:
        error.uncertain = self._tries.uncertain
        return error

    def _held_up(self, shut: Shut) -> DataverseError:
        """Return the error for a request that the gate does not let through."""
        longest = self._wire.limits.longest_wait
        if shut.wait <= longest:
            return self._late(f"the wait of {shut.wait:.0f} s would outlast it: {shut.reason}")
        answer = f"{self._wire.host} asks to wait {shut.wait:.0f} s, and longestWait allows {longest:g}: {shut.reason}"
        error = told(Throttled, self._request, answer, "Run again when that is over, or raise the setting longestWait.")
        error.retry_after = shut.wait
        return error

    def _late(self, reason: str) -> DeadlineExceeded:
        """Return the error for an operation whose time is over."""
        answer = (
            f"the {self._deadline.seconds:g} s for this operation do not suffice, in try {self._tries.number}: {reason}"
        )
        advice = "Nothing was carried out: run again, or raise operationTimeout or the resource's custom timeout."
        if self._tries.uncertain or isinstance(self._last, UnknownOutcome):
            advice = "Whether it was carried out is not known: run `pulumi refresh`, then run again."
        return told(DeadlineExceeded, self._request, answer, advice, self._last.request_id if self._last else "")


def _is_for_the_asker(answer: Answer) -> bool:
    in_parts = answer.headers.get("Content-Type", "").lower().startswith("multipart/")
    return in_parts or HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
