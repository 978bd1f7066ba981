"""What was asked for and what came of it: waiting, asking again, and finding by reading whether a write was done.

Exchange shows a new object only after seconds or minutes, and answers writes with errors that it carried out.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from ..errors import (
    ExchangeError,
    ExchangeExists,
    ExchangeMisrouted,
    ExchangeNotFound,
    ExchangeThrottled,
    ExchangeUnsettled,
)

T = TypeVar("T")

REPLICATION: Final = 300.0
"""Seconds until every server shows a write: seconds were seen, and minutes."""

LONGEST_WAIT: Final = 300.0
"""Seconds that Exchange may ask to wait; more looks like a hang, and is an error that says how much."""

TRIES: Final = 5
"""How often one thing is asked for at most."""

TROUBLE: Final = (ExchangeUnsettled, ExchangeMisrouted, ExchangeThrottled)
"""What passes: asked again, and after a write looked at first, because it may have been carried out."""

_PAUSES: Final = (1.0, 2.0, 5.0, 10.0, 20.0)
_LAST_PAUSE: Final = 30.0


@dataclass(frozen=True)
class Clock:
    """Time as this room meets it; tests have one that nobody waits for."""

    now: Callable[[], float] = time.monotonic
    """Seconds that only grow."""
    sleep: Callable[[float], object] = time.sleep


class Settling:
    """Waits and asks again, for one organization.

    Args:
        clock: the time.
        tell: shows a person why it takes so long.
    """

    def __init__(self, clock: Clock | None = None, tell: Callable[[str], None] = lambda _: None) -> None:
        self._clock = clock or Clock()
        self._tell = tell
        self._made: dict[str, float] = {}
        self._removed: dict[str, float] = {}

    def made(self, *names: str) -> None:
        """Remember that these were just made: for a while, their absence proves nothing."""
        for name in names:
            self._removed.pop(name.lower(), None)
            self._made[name.lower()] = self._clock.now() + REPLICATION

    def removed(self, *names: str) -> None:
        """Remember that these were just removed: for a while, their presence proves nothing."""
        for name in names:
            self._made.pop(name.lower(), None)
            self._removed[name.lower()] = self._clock.now() + REPLICATION

    def was_removed(self, name: str) -> bool:
        """Whether this process removed it a moment ago."""
        return self._removed.get(name.lower(), 0.0) > self._clock.now()

    def read(self, ask: Callable[[], T]) -> T:
        """Return what a question is answered; asked again while Exchange is busy or in trouble.

        Raises:
            ExchangeError: it stays so, or the answer is a refusal.
        """
        for pause in _pauses(TRIES - 1):
            try:
                return ask()
            except TROUBLE as error:
                self._wait(pause, error)
        return ask()

    def sought(self, name: str, ask: Callable[[], T | None]) -> T | None:
        """Return what a name stands for; of what was just made, as soon as it is seen."""
        found = self.read(ask)
        if found is None and self._is_new(name):
            self._tell(f"waiting until Exchange shows {name}")
            found = self._poll(lambda: self.read(ask), lambda: self._is_new(name))
        return found

    def until(self, holds: Callable[[], T | None], what: str) -> T:
        """Return what is looked for as soon as it is seen.

        Raises:
            ExchangeUnsettled: it is not, for as long as Exchange may take.
        """
        found = self.read(holds)
        if found is None:
            self._tell(f"waiting until Exchange shows {what}")
            end = self._clock.now() + REPLICATION
            found = self._poll(lambda: self.read(holds), lambda: self._clock.now() < end)
        if found is None:
            answer = f"Exchange took it, and after {REPLICATION:.0f} s still does not show it"
            raise ExchangeUnsettled(what, answer, "Run again: what was done is found.")
        return found

    def write(self, send: Callable[[], T], landed: Callable[[], T | None], *needs: str) -> T:
        """Carry a write out once, however often it is answered with an error.

        Args:
            send: sends it, and returns what came of it.
            landed: returns what came of it where Exchange shows that it was carried out, else None.
            needs: names of what it builds upon; where these were just made, not to be found means not yet.

        Raises:
            ExchangeError: it was refused, or after all tries is still not carried out.
        """
        uncertain = False
        for pause in (*_pauses(TRIES - 1), None):
            try:
                return self._once_there(send, needs)
            except TROUBLE as error:
                uncertain = True
                if (found := self.read(landed)) is not None:
                    return found
                if pause is None:
                    raise
                self._wait(pause, error)
            except (ExchangeExists, ExchangeNotFound) as error:
                if uncertain:  # our own earlier try: made, or removed
                    return self._ours(landed, error)
                raise
        raise AssertionError  # the last try returns or raises

    def _ours(self, landed: Callable[[], T | None], error: ExchangeError) -> T:
        try:
            return self.until(landed, error.tried)
        except ExchangeUnsettled:
            raise error from None

    def _once_there(self, send: Callable[[], T], needs: tuple[str, ...]) -> T:
        for pause in _pauses():
            try:
                return send()
            except ExchangeNotFound:
                if not any(self._is_new(name) for name in needs):
                    raise
                self._clock.sleep(pause)
        raise AssertionError  # the pauses do not end

    def _is_new(self, name: str) -> bool:
        return self._made.get(name.lower(), 0.0) > self._clock.now()

    def _poll(self, look: Callable[[], T | None], patient: Callable[[], bool]) -> T | None:
        for pause in _pauses():
            if not patient():
                return None
            self._clock.sleep(pause)
            if (found := look()) is not None:
                return found
        raise AssertionError  # the pauses do not end

    def _wait(self, pause: float, error: ExchangeError) -> None:
        """Wait before the next try, as long as Exchange asked for.

        Raises:
            ExchangeThrottled: that would be too long.
        """
        asked = error.retry_after if isinstance(error, ExchangeThrottled) else None
        if asked is not None and asked > LONGEST_WAIT:
            advice = f"Exchange asks to wait for {asked:.0f} s: run again then."
            raise ExchangeThrottled(
                error.tried, error.answer, advice, request_id=error.request_id, retry_after=asked
            ) from error
        seconds = max(pause, asked or 0.0)
        if seconds >= _PAUSES[2]:
            self._tell(f"waiting for {seconds:.0f} s: {error.tried}: {error.answer}")
        self._clock.sleep(seconds)


def _pauses(count: int | None = None) -> Iterator[float]:
    """Give the seconds of one pause after the other, without end where there is no count."""
    number = 0
    while count is None or number < count:
        yield _PAUSES[number] if number < len(_PAUSES) else _LAST_PAUSE
        number += 1
