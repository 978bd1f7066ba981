"""Many operations in few requests: split and joined here, each with an outcome of its own."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from uuid import uuid4

from ..errors import (
    DataverseEmailError,
    DataverseError,
    NotDataverse,
    Refused,
    UnknownOutcome,
)
from .answers import judged
from .batch import CONTENT_ID, content_type, decode, encode, is_multipart
from .deadline import current
from .gate import wait_asked
from .operations import Operations
from .retry import Tries, Trouble, trouble
from .rows import Operation, Outcome, Read
from .settling import is_done, is_open
from .transport import Answer, Request, Transport
from .writing import request

GOES_ON = "odata.continue-on-error"
"""Lets the service carry out all parts: without it, the first failure leaves the rest undone."""


class Batches:
    """Carries out many operations.

    Args:
        transport: sends the requests.
        operations: settles single operations.
        size: how many operations go into one request.
    """

    def __init__(self, transport: Transport, operations: Operations, size: int) -> None:
        self._transport = transport
        self._operations = operations
        self._size = size

    def apart(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Carry out separate operations.

        A part that met trouble is sent again, without those that did not, by the same table as whole requests. After a
        request that failed as a whole no further one is sent: it would only meet the same.

        Raises:
            LoginError: no token, and nothing was sent.
        """
        asked = [request(operation) for operation in operations]
        parts: dict[int, Answer | None] = {}
        failures: dict[int, DataverseError] = {}
        tries = [self._tries() for _ in asked]
        sent, waiting = list[int](), list(range(len(asked)))
        try:
            while waiting:
                sent, waiting = waiting[: self._size], waiting[self._size :]
                answers = self._send([asked[number] for number in sent])
                parts |= {it: _since(tries[it], part) for it, part in zip(sent, answers, strict=True)}
                pauses = {it: self._pause(tries[it], asked[it], parts[it]) for it in sent}
                again = [it for it, pause in pauses.items() if pause is not None]
                self._rest(max((pause or 0 for pause in pauses.values()), default=0))
                sent, waiting = [], again + waiting
        except DataverseEmailError as error:
            if not parts and not isinstance(error, DataverseError):
                raise
            failures |= {number: _unsent(operations[number], error) for number in waiting if number not in parts}
            failures |= {number: _about(operations[number], error) for number in sent}
            for number in sent:
                failures[number].uncertain = failures[number].uncertain or tries[number].uncertain
        return [
            self._failed(operation, failures[number])
            if number in failures
            else self._outcome(operation, asked[number], parts[number])
            for number, operation in enumerate(operations)
        ]

    def together(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Carry out all operations or none, in one request.

        Raises:
            LoginError: no token, and nothing was sent.
            Refused: they cannot be carried out together; nothing was sent.
        """
        self._refuse(operations)
        asked = [request(operation) for operation in operations]
        blamed, error = self._failure(asked) if asked else (None, None)
        if error is None or self._all_done(operations, error):
            return [Outcome(operation) for operation in operations]
        return [
            Outcome(operation, error=error if number == blamed else _undone(operation, error, blamed))
            for number, operation in enumerate(operations)
        ]

    def _failure(self, asked: Sequence[Request]) -> tuple[int | None, DataverseError | None]:
        """Send a change set; return what it failed for, and which of its requests is to blame, where that is known."""
        blamed, tries = None, self._tries()
        try:
            while True:
                parts = [_since(tries, part) for part in self._send(asked, change_set=True)]
                refusal = next((part for part in parts if part and part.status >= HTTPStatus.MULTIPLE_CHOICES), None)
                pause = self._pause(tries, asked[0], refusal)
                if pause is None:
                    break
                self._rest(pause)
            if refusal or None in parts:
                blamed = _blamed(refusal, len(asked))
                self._operations.content(asked[blamed or 0], _known(asked[0], refusal))
        except DataverseError as error:
            return blamed, error
        return None, None

    def _all_done(self, operations: Sequence[Operation], error: DataverseError) -> bool:
        """Say whether a refused change set met its own work: an earlier try of it was carried out, all of it."""
        return is_open(error) and all(is_done(operation, self._operations.read) for operation in operations)

    def _refuse(self, operations: Sequence[Operation]) -> None:
        tried = f"carry out {len(operations)} operations together"
        if len(operations) > self._size:
            answer = f"one change set holds at most {self._size}, and is never split. Nothing was sent"
            raise Refused(tried, answer, "Carry out fewer at once, or each for itself.")
        for operation in operations:
            if isinstance(operation, Read):
                answer = f"'{operation.tried}' writes nothing, and a change set holds writes alone. Nothing was sent"
                raise Refused(tried, answer, "Read before or after.")

    def _send(self, asked: Sequence[Request], *, change_set: bool = False) -> list[Answer | None]:
        """Send one request and return the answers of its parts: one for each, `None` where there is none.

        It may be sent again when its outcome is unknown: each of its operations can be repeated, so all of them can.
        """
        boundary, inner = f"batch_{uuid4()}", f"changeset_{uuid4()}" if change_set else ""
        whole = Request(
            f"carry out {len(asked)} operations {'together' if change_set else 'in a batch'}",
            "POST",
            "$batch",
            {"Content-Type": content_type(boundary), "Prefer": GOES_ON},
            encode(asked, boundary, change_set=inner),
            tuple(secret for one in asked for secret in one.secrets),
        )
        answer = self._transport.send(whole)
        if not is_multipart(answer):
            raise judged(whole, self._transport.host, answer)
        parts = decode(answer)
        if not parts or len(parts) > len(asked):
            raise NotDataverse(
                whole.tried,
                f"the answer has {len(parts)} readable parts, which fits no batch of {len(asked)}",
                "Run again; if it stays so, something between this machine and Dataverse changes its answers.",
            )
        return parts + [None] * (len(asked) - len(parts))

    def _tries(self) -> Tries:
        return Tries(repeatable=True, clock=self._transport.clock)

    def _pause(self, tries: Tries, asked: Request, part: Answer | None) -> float | None:
        """Return the seconds to pause before a part is sent again, `None` where it is not; of a 429, all are told."""
        if part is None:
            return None
        met = trouble(part)
        if met is Trouble.THROTTLED:
            self._transport.throttled(asked, part)
        return tries.again(met, wait_asked(part.headers))

    def _rest(self, seconds: float) -> None:
        """Let time pass, no more than the operation has left."""
        clock = self._transport.clock
        left = current(self._transport.limits.operation_timeout, clock).left()
        if seconds:
            clock.pause(min(seconds, max(left, 0)))

    def _failed(self, operation: Operation, error: DataverseError) -> Outcome:
        """Return the outcome of an operation whose request failed, though an earlier one may have carried it out."""
        try:
            done = is_open(error) and is_done(operation, self._operations.read)
        except DataverseError as unknown:
            return Outcome(operation, error=unknown)
        return Outcome(operation, error=None if done else error)

    def _outcome(self, operation: Operation, asked: Request, part: Answer | None) -> Outcome:
        try:
            return Outcome(operation, self._operations.settle(operation, asked, lambda: _known(asked, part)))
        except DataverseError as error:
            return Outcome(operation, error=error)


def _blamed(refusal: Answer | None, size: int) -> int | None:
    """Return which request of a change set a refusal is about; it may not say so."""
    text = refusal.headers.get(CONTENT_ID, "") if refusal else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(size)) else 0
    return number - 1 if 1 <= number <= size else None


def _since(tries: Tries, part: Answer | None) -> Answer | None:
    """Return a part's answer with what its earlier tries left open, those of whole requests among them."""
    if part is None:
        return None
    tries.uncertain = tries.uncertain or part.uncertain
    return replace(part, uncertain=tries.uncertain)


def _known(asked: Request, part: Answer | None) -> Answer:
    if part is None:
        raise UnknownOutcome(asked.tried, "the batch's answer holds none for this operation", "Run again.")
    return part


def _about(operation: Operation, error: DataverseEmailError) -> DataverseError:
    """Return the failure of a whole request as that of one of its operations."""
    if not isinstance(error, DataverseError):
        return _unsent(operation, error)
    about = type(error)(operation.tried, error.answer, error.advice, request_id=error.request_id)
    vars(about).update(vars(error), tried=operation.tried)  # what a kind of error knows beyond that, too
    about.__cause__ = error
    return about


def _unsent(operation: Operation, error: DataverseEmailError) -> DataverseError:
    """Return what an operation is told that was not sent because of another one."""
    unsent = Refused(
        operation.tried, f"was not sent, because of an earlier failure: {_first_line(error)}", "Run again."
    )
    unsent.__cause__ = error
    return unsent


def _undone(operation: Operation, error: DataverseError, blamed: int | None) -> DataverseError:
    """Return what an operation of a change set is told whose failure is another one's, or the whole set's."""
    if is_open(error):
        undone: DataverseError = UnknownOutcome(
            operation.tried, f"an earlier try may have been carried out: {_first_line(error)}", "Look at the rows."
        )
    elif blamed is None or isinstance(error, UnknownOutcome):
        return _about(operation, error)
    else:
        reason = f"was not carried out, because all are or none: {_first_line(error)}"
        undone = Refused(operation.tried, reason, error.advice)
    undone.__cause__ = error
    return undone


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
