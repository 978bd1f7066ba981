"""Settles writes whose answer was lost: by reading, never by hoping.

A write that is sent again may meet its own work: then the service refuses it, and only the row tells whether the
first try was carried out, or somebody else was there.
"""

from collections.abc import Callable
from datetime import datetime

from ..errors import DataverseEmailError, DataverseError, RowNotFound, UnknownOutcome
from .rows import Create, Delete, Link, Operation, Read, Row, Secret, Select, Unlink, Update, Value

PRESENT = Select(("modifiedon",))
"""What to read of a row that should be gone: a column that every table has."""


def is_open(refusal: DataverseError) -> bool:
    """Say whether what was refused may have been done all the same, by an earlier try, and the row can tell."""
    return refusal.uncertain and not isinstance(refusal, UnknownOutcome)


def is_done(operation: Operation, read: Callable[[Read], Row]) -> bool:
    """Say whether a write that may have been carried out was: whether the row holds what was to be written.

    A secret cannot be read. A create writes all its columns or none, so the others answer for it; the columns of an
    update may have held the same before, so they only tell that it was not done, where they differ.

    Args:
        operation: what was tried.
        read: reads a row.

    Raises:
        UnknownOutcome: the row cannot be read, or does not tell.
    """
    match operation:
        case Read():
            return False
        case Delete():
            return _there(operation, PRESENT, read) is None
        case Create(row=row) | Update(row=row):
            readable: Row = {name: value for name, value in row.items() if not isinstance(value, Secret)}
            if not (_holds(operation, readable, read) if readable else isinstance(operation, Update)):
                return False
            if len(readable) < len(row) and isinstance(operation, Update):
                reason = "the answer to an earlier try was lost, and no reading tells whether its secrets are stored"
                raise UnknownOutcome(operation.tried, reason, "Run again: secrets are then sent again.")
            return True


def _holds(operation: Create | Update, columns: Row, read: Callable[[Read], Row]) -> bool:
    lookups = tuple(name for name, value in columns.items() if isinstance(value, Link | Unlink))
    there = _there(operation, Select(tuple(name for name in columns if name not in lookups), lookups), read)
    return there is not None and all(_same(value, there[name]) for name, value in columns.items())


def _there(operation: Operation, select: Select, read: Callable[[Read], Row]) -> Row | None:
    """Return the row, `None` where it is gone."""
    try:
        return read(Read(operation.entity_set, operation.row_id, select))
    except RowNotFound:
        return None
    except DataverseEmailError as error:
        reason = str(error).splitlines()[0]
        raise UnknownOutcome(
            operation.tried,
            f"an earlier try may have been carried out, and looking for it failed: {reason}",
            "Run again: what is there already is recognized.",
            request_id=getattr(error, "request_id", ""),
        ) from error


def _same(written: Value, there: Value) -> bool:
    """Say whether a column holds what was written, in the service's spelling."""
    match written, there:
        case Link(row_id=row_id), Link():
            return there.row_id == row_id.lower()
        case Unlink(), _:
            return there is None
        case str(), str():
            return written == there or (_moment(written) is not None and _moment(written) == _moment(there))
        case "", None:  # an empty text is stored as no text
            return True
    return written == there and isinstance(written, bool) is isinstance(there, bool)


def _moment(text: str) -> datetime | None:
    """Return the point in time that a text names; a text without a time zone names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
