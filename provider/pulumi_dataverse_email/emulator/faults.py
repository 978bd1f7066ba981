"""Trouble on demand: what the next matching requests meet instead of, or after, their answer."""

import threading
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(_Part):
    """An answer in place of the real one."""

    status: Annotated[int, Field(ge=200, le=599)]
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""


class Reset(_Part):
    """The connection is closed without an answer."""

    reset: Literal[True]


class Delay(_Part):
    """The real answer, late."""

    delay: Annotated[float, Field(ge=0)]
    """Seconds."""


class Fault(_Part):
    """What the next `times` requests meet whose method is `method` and whose path contains `path`."""

    method: str | None = None
    """Any method when absent."""
    path: str = ""
    times: Annotated[int, Field(ge=1)] = 1
    when: Literal["before", "after"] = "before"
    """Before or after the request was carried out."""
    answer: Answer | Reset | Delay


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
            for fault in self._pending:
                if (fault.method is None or fault.method.upper() == method) and fault.path in path:
                    fault.times -= 1
                    if not fault.times:
                        self._pending.remove(fault)
                    return fault
        return None

    def pending(self) -> list[dict[str, object]]:
        """Return the faults to come, as they were given, `times` counted down."""
        with self._lock:
            return [fault.model_dump(exclude_none=True) for fault in self._pending]

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._pending.clear()
