"""Service protection: how much one user may ask for, counted as the service does once a test wants it.

Microsoft Learn, "Service protection API limits". Off until `PUT /emulator/limits`; a `$batch` is one request.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .errors import Header, ODataError

EXECUTION_ADVICE = "Decrease number of concurrent requests or reduce the duration of requests and try again later."


class Limits(BaseModel):
    """What one user may ask for; the defaults are the published ones."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    requests: Annotated[int, Field(ge=1, le=1_000_000)] = 6000
    """In the window."""
    execution_seconds: Annotated[float, Field(gt=0, le=1_000_000)] = 1200.0
    """Time of all requests of the window together."""
    concurrent: Annotated[int, Field(ge=1, le=1_000_000)] = 52
    """Requests under way."""
    window_seconds: Annotated[float, Field(gt=0, le=1_000_000)] = 300.0
    """Of the emulator's clock."""
    dop_hint: Annotated[int, Field(ge=1, le=1000)] = 4
    """The parallelism that answers suggest; 4 and 48 were seen."""


@dataclass
class _User:
    """What one user asked for in the window."""

    under_way: int = 0
    visits: deque["Visit"] = field(default_factory=deque)
    refused: int = 0
    """How often since the last request that was let in: who keeps on pushing waits longer."""

    def used(self) -> float:
        return sum(visit.seconds for visit in self.visits)


@dataclass
class Visit:
    """A request that was let in."""

    limits: Limits
    user: _User
    start: float
    seconds: float = 0.0
    """How long it took, once it is over."""

    over: bool = False

    def leave(self, now: float) -> None:
        """Count what the request took, now that it is over; once."""
        if not self.over:
            self.over = True
            self.user.under_way -= 1
            self.seconds = max(now - self.start, 0.0)

    def headers(self) -> list[Header]:
        """Return what an answer tells of what is left; commas group digits, as the service writes them."""
        requests = self.limits.requests - len(self.user.visits)
        seconds = max(self.limits.execution_seconds - self.user.used(), 0.0)
        return [
            ("x-ms-ratelimit-burst-remaining-xrm-requests", str(requests)),
            ("x-ms-ratelimit-time-remaining-xrm-requests", f"{seconds:,.2f}"),
            ("x-ms-dop-hint", str(self.limits.dop_hint)),
        ]


class Counters:
    """Counts the requests of each user. Belongs to the server's event loop: nothing else may let requests in."""

    def __init__(self) -> None:
        self.limits: Limits | None = None
        self._users: dict[str, _User] = {}

    def set(self, limits: Limits | None) -> None:
        """Count from now on, from nothing; or stop counting."""
        self.limits, self._users = limits, {}

    def shown(self) -> dict[str, object]:
        """Return the limits, and what users have used of them."""
        users = {
            name: {"requests": len(user.visits), "execution_seconds": user.used(), "concurrent": user.under_way}
            for name, user in list(self._users.items())
        }
        return {"limits": self.limits.model_dump() if self.limits else None, "users": users}

    def enter(self, name: str, now: float) -> Visit | None:
        """Let a request in; None while nothing is counted.

        Raises:
            ODataError: 429, the user has used up a limit.
        """
        limits = self.limits
        if limits is None:
            return None
        user = self._users.setdefault(name, _User())
        while user.visits and user.visits[0].start <= now - limits.window_seconds:
            user.visits.popleft()
        refusal = _refusal(limits, user, now)
        if refusal is not None:
            user.refused += 1
            raise refusal
        user.refused = 0
        user.under_way += 1
        visit = Visit(limits, user, now)
        user.visits.append(visit)
        return visit


def _refusal(limits: Limits, user: _User, now: float) -> ODataError | None:
    window = f"over time window of {limits.window_seconds:g} seconds."
    if user.under_way >= limits.concurrent:
        text = f"Number of concurrent requests exceeded the limit of {limits.concurrent}."
        return _too_many("0x80072326", text, 1, user)
    if len(user.visits) >= limits.requests:
        wait = user.visits[0].start + limits.window_seconds - now
        text = f"Number of requests exceeded the limit of {limits.requests} {window}"
        return _too_many("0x80072322", text, wait, user)
    if user.used() >= limits.execution_seconds:
        limit = f"{limits.execution_seconds * 1000:,.0f} milliseconds"
        text = f"Combined execution time of incoming requests exceeded limit of {limit} {window} {EXECUTION_ADVICE}"
        return _too_many("0x80072321", text, _until_less(limits, user, now), user)
    return None


def _until_less(limits: Limits, user: _User, now: float) -> float:
    """Return the seconds until so many requests have left the window that the others stay below the limit."""
    left = user.used()
    for visit in user.visits:
        left -= visit.seconds
        if left < limits.execution_seconds:
            return visit.start + limits.window_seconds - now
    return limits.window_seconds


def _too_many(code: str, text: str, wait: float, user: _User) -> ODataError:
    return ODataError(429, code, text, [("Retry-After", str(math.ceil(wait) + user.refused))])
