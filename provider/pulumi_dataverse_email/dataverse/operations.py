"""Operations on one row: sent, answered, and settled where an answer was lost."""

from collections.abc import Callable

from ..errors import DataverseError, RowNotFound
from . import reading
from .answers import content
from .rows import Delete, Operation, Read, Row
from .settling import is_done, is_open
from .transport import Answer, Request, Transport
from .writing import request


class Operations:
    """Carries out single operations.

    Args:
        transport: sends the requests.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ask(self, asked: Request) -> dict[str, object]:
        """Send a request and return what the answer holds."""
        return self.content(asked, self._transport.send(asked))

    def carry_out(self, operation: Operation) -> None:
        """Carry out a write."""
        asked = request(operation)
        self.settle(operation, asked, lambda: self._transport.send(asked))

    def read(self, operation: Read) -> Row:
        """Read a row."""
        return reading.row(operation.tried, self.ask(request(operation)), operation.select)

    def settle(self, operation: Operation, asked: Request, answer: Callable[[], Answer]) -> Row | None:
        """Return what an operation found, `None` for a write, once it is certain how it ended.

        Args:
            operation: what was tried.
            asked: the request, alone or as a part of a batch.
            answer: gives what came back, or raises what it means.

        Raises:
            DataverseError: it was not carried out; or it may have been, and nothing can tell (`UnknownOutcome`).
        """
        try:
            found = self.content(asked, answer())
        except DataverseError as refusal:
            if isinstance(operation, Delete) and isinstance(refusal, RowNotFound):
                return None
            if is_open(refusal) and is_done(operation, self.read):
                return None
            raise
        return reading.row(operation.tried, found, operation.select) if isinstance(operation, Read) else None

    def content(self, asked: Request, answer: Answer) -> dict[str, object]:
        """Return what an answer holds, or raise what it means, which an earlier try may have carried out."""
        try:
            return content(asked, self._transport.host, answer)
        except DataverseError as error:
            error.uncertain = answer.uncertain
            raise
