"""How long an operation may take, whatever it sends meanwhile; and the clock that the wire goes by."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final


class Clock:
    """Time and chance, as the wire and whoever waits meet them; tests have a clock that nobody waits for."""

    def now(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds)

    def moment(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)

    def chance(self) -> float:
        """Return a number from 0 to 1, another one each time."""
        return random.random()  # noqa: S311  spreads requests in time, keeps no secret


CLOCK: Final = Clock()
"""The machine's."""


@dataclass(frozen=True)
class Deadline:
    """When an operation must be over.

    Args:
        end: by the clock, in seconds.
        seconds: how long the operation may take in all.
        clock: what `end` is measured by.
    """

    end: float
    seconds: float
    clock: Clock

    def left(self) -> float:
        """Return the seconds that are left; none or less than none once it is over."""
        return self.end - self.clock.now()


@dataclass(frozen=True)
class _Operation:
    began: float
    seconds: float | None


_operations: ContextVar[tuple[_Operation, ...]] = ContextVar("operations", default=())


@contextmanager
def within(seconds: float | None = None, clock: Clock = CLOCK) -> Iterator[None]:
    """Bound the time of everything that the block sends, together.

    Args:
        seconds: how long; `None` for what the settings of the environment allow. An outer block's time also counts.
        clock: what measures it.
    """
    token = _operations.set((*_operations.get(), _Operation(clock.now(), seconds)))
    try:
        yield
    finally:
        _operations.reset(token)


def current(allowed: float, clock: Clock = CLOCK) -> Deadline:
    """Return the deadline of the operation at hand; outside of every block it begins now.

    Args:
        allowed: how many seconds the settings allow.
        clock: what measures it.
    """
    operations = _operations.get() or (_Operation(clock.now(), None),)
    spans = [(it.began, allowed if it.seconds is None else it.seconds) for it in operations]
    began, seconds = min(spans, key=sum)
    return Deadline(began + seconds, seconds, clock)
