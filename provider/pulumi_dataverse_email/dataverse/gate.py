"""The gate that all requests to an environment pass, whatever threads, kinds and provider instances they come from.

Dataverse counts what a user asks for, not what a thread asks for: a thread that is told to wait speaks for all.
Source: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from threading import Event, Lock
from typing import Final

from .deadline import Deadline

FEW: Final = 4
"""Requests under way until the first answer suggests a number: the lowest suggestion that was seen."""

MOST: Final = 52
"""Requests under way at most: the published limit for one user."""

SILENT_WAIT: Final = 10.0
"""Seconds to wait where the service does not say how long: enough to count in its window of 300."""

LONGEST_ASKED: Final = 86_400.0
"""Seconds: whatever is beyond a day is taken for a day."""

WORTH_TELLING: Final = 5.0
"""Seconds from which a wait is told: a shorter one is over before it is read."""


class Shut(Exception):
    """No request may pass in time.

    Args:
        wait: seconds until the gate opens; none where it is open, but too many requests are under way.
        reason: why it is shut.
    """

    def __init__(self, wait: float, reason: str) -> None:
        super().__init__(reason)
        self.wait = wait
        self.reason = reason


@dataclass(frozen=True)
class Visitor:
    """Who wants to pass.

    Args:
        deadline: until when it is of use.
        longest_wait: seconds to wait at most for a shut gate.
        tell: shows a person that there is a wait, and why.
    """

    deadline: Deadline
    longest_wait: float
    tell: Callable[[str], None]


class Gate:
    """Lets requests pass in the order in which they came, so many at once as the service suggests.

    Args:
        host: whose gate it is.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._lock = Lock()
        self._queue: deque[Event] = deque()
        self._under_way = 0
        self._places = FEW
        self._hinted = False
        self._opens = float("-inf")
        self._told = float("-inf")
        self._reason = ""

    @contextmanager
    def passage(self, visitor: Visitor, *, again: bool = False) -> Iterator[None]:
        """Wait for one's turn, and for the gate to be open; the block is then one of the requests under way.

        Args:
            visitor: who wants to pass.
            again: whether it passed before, in vain; it then goes before all who have not, so that nobody starves.

        Raises:
            Shut: that would take longer than the visitor has.
        """
        self._take_place(visitor, again=again)
        try:
            self._wait(visitor)
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._admit()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    def shut(self, seconds: float, reason: str, now: float) -> None:
        """Let nobody pass for some seconds; an earlier call that asked for longer still counts."""
        with self._lock:
            if now + seconds > self._opens:
                self._opens, self._reason = now + seconds, reason

    def heard(self, headers: Mapping[str, str]) -> None:
        """Take up the parallelism that an answer of the service suggests; one that never suggests any has no limit."""
        text = headers.get("x-ms-dop-hint", "").strip()
        with self._lock:
            if text.isascii() and text.isdigit():
                self._hinted = True
                self._places = min(max(int(text[:9]), 1), MOST)
            elif not self._hinted:
                self._places = MOST
            self._admit()

    def _take_place(self, visitor: Visitor, *, again: bool) -> None:
        turn = Event()
        with self._lock:
            if again:
                self._queue.appendleft(turn)
            else:
                self._queue.append(turn)
            self._admit()
        if turn.wait(max(visitor.deadline.left(), 0)):
            return
        with self._lock:
            if turn.is_set():  # at the last moment
                return
            self._queue.remove(turn)
            raise Shut(0, f"{self._under_way} requests are under way, no more may be, and {self.waiting} wait")

    def _admit(self) -> None:
        while self._queue and self._under_way < self._places:
            self._under_way += 1
            self._queue.popleft().set()

    def _wait(self, visitor: Visitor) -> None:
        clock = visitor.deadline.clock
        while True:
            with self._lock:
                wait, reason = self._opens - clock.now(), self._reason
                if wait <= 0:
                    return
                if wait > visitor.longest_wait or wait > visitor.deadline.left():
                    raise Shut(wait, reason)
                telling = min(wait, self._opens - self._told) >= WORTH_TELLING
                if telling:
                    self._told = self._opens
            if telling:
                visitor.tell(f"{self._host} asks to wait {wait:.0f} s, and all requests wait: {reason}")
            clock.pause(wait)


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds an answer asks to wait by `Retry-After`; `None` where that says nothing of use.

    It may be a date, which counts from the answer's own: the two clocks need not agree.
    """
    text = headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            passed = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
        except (ValueError, TypeError, OverflowError):  # no date; one with a zone and one without
            return None
        seconds = max(passed.total_seconds(), 0)
    return min(seconds, LONGEST_ASKED) if isfinite(seconds) and seconds >= 0 else None


_gates: Final[dict[str, Gate]] = {}
_lock: Final = Lock()


def gate_of(host: str) -> Gate:
    """Return the gate of a host: the same one for the whole process."""
    with _lock:
        return _gates.setdefault(host, Gate(host))
