"""Trouble on demand: what the next matching requests meet instead of, or after, their answer."""

import threading
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

BODILESS = (204, 205, 304)
"""Statuses whose answers end with their headers."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Token = Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
Line = Annotated[str, StringConstraints(pattern=r"^([!-~]([ -~]*[!-~])?)?$")]
"""What HTTP allows as a header's name and, of ASCII, as its value."""


class Answer(_Part):
    """An answer in place of the real one: 429 with Retry-After, 5xx, a page of HTML from a gateway."""

    status: Annotated[int, Field(ge=200, le=599)]
    headers: dict[Token, Line] = Field(default_factory=dict)
    body: str = ""

    @model_validator(mode="after")
    def _can_be_sent(self) -> "Answer":
        if self.body and self.status in BODILESS:
            raise ValueError(f"an answer of {self.status} has no body")
        framing = sorted(name for name in self.headers if name.lower() in ("content-length", "transfer-encoding"))
        if framing:
            raise ValueError(f"{', '.join(framing)}: the emulator frames the body itself")
        return self


class Reset(_Part):
    """The connection is closed without an answer."""

    reset: Literal[True]


class Hang(_Part):
    """No answer and no end, until the client goes or the emulator stops."""

    hang: Literal[True]


class Delay(_Part):
    """The real answer, late."""

    delay: Annotated[float, Field(ge=0, le=86_400)]
    """Seconds."""


class Fault(_Part):
    """What the next `times` requests meet whose method is `method` and whose path contains `path`.

    Parts of a `$batch` are requests too, for faults that give an answer; the other faults break connections.
    """

    method: str | None = None
    """Any method when absent."""
    path: str = ""
    times: Annotated[int, Field(ge=1)] = 1
    when: Literal["before", "after"] = "before"
    """Before or after the request was carried out."""
    answer: Answer | Reset | Hang | Delay


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let the next matching requests fail."""
        with self._lock:
            self._pending.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """Use up one of the oldest fault that matches."""
        with self._lock:
            return next((self._used(fault) for fault in self._pending if _matches(fault, method, path)), None)

    def take_answer(self, method: str, path: str) -> tuple[Fault, Answer] | None:
        """Use up one of the oldest fault that matches and has an answer, for what has no connection of its own."""
        with self._lock:
            for fault in self._pending:
                if isinstance(fault.answer, Answer) and _matches(fault, method, path):
                    return self._used(fault), fault.answer
        return None

    def _used(self, fault: Fault) -> Fault:
        fault.times -= 1
        if not fault.times:
            self._pending.remove(fault)
        return fault

    def pending(self) -> list[dict[str, object]]:
        """Return the faults to come, as they were given, `times` counted down."""
        with self._lock:
            return [fault.model_dump(exclude_none=True) for fault in self._pending]

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._pending.clear()


def _matches(fault: Fault, method: str, path: str) -> bool:
    return (fault.method is None or fault.method.upper() == method) and fault.path in path
