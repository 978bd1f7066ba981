"""The emulator's idea of now, which tests can move."""

import time
from datetime import UTC, datetime

from .values import write_moment


class Clock:
    """The clock of one environment: the machine's, moved by some seconds."""

    def __init__(self) -> None:
        self.moved_by = 0.0
        """Seconds by which it is ahead of the machine's, negative when it is behind."""

    def now(self) -> str:
        """Return this moment as the Web API writes it, in whole seconds."""
        return text_of(self.seconds())

    def seconds(self) -> float:
        """Return this moment in seconds since 1970."""
        return time.time() + self.moved_by


def text_of(seconds: float) -> str:
    """Return a moment, given in seconds since 1970, as the Web API writes it."""
    return write_moment(datetime.fromtimestamp(seconds, UTC))


def seconds_of(text: str) -> float:
    """Return a moment, given as the Web API writes it, in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()
