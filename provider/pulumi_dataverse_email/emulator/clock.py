"""The emulator's idea of now."""

from datetime import UTC, datetime

from .values import write_moment


def now() -> str:
    """Return this moment as the Web API writes it."""
    return write_moment(datetime.now(UTC))
