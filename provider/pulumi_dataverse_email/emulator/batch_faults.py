"""Faults for the parts of a `$batch`: one part is throttled, say, while the others are carried out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

from .batch import Service
from .faults import Faults
from .messages import JSON_TYPE, Call, InOtherWords, Reply


class ServiceInTrouble:
    """What carries out the parts of a batch, where no fault awaits them."""

    def __init__(self, service: Service, faults: Faults) -> None:
        self._service = service
        self._faults = faults

    def answer(self, call: Call) -> Reply:
        """Carry out one request in one transaction."""
        return self._met(call, self._service.answer)

    @contextmanager
    def together(self) -> Iterator[Callable[[Call], Reply]]:
        """Carry out requests in one transaction; a fault after one of them undoes them all, as a refusal does."""
        with self._service.together() as carry_out:
            yield lambda call: self._met(call, carry_out)

    def _met(self, call: Call, carry_out: Callable[[Call], Reply]) -> Reply:
        found = self._faults.take_answer(call.method, f"{urlsplit(call.root).path}{call.path}")
        if found is None:
            return carry_out(call)
        fault, answer = found
        if fault.when == "after":
            carry_out(call)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        media_type = headers.pop("content-type", JSON_TYPE if answer.body.startswith("{") else "text/plain")
        reply = Reply(answer.status, answer.body or None, list(headers.items()), media_type)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise InOtherWords(reply)
        return reply
