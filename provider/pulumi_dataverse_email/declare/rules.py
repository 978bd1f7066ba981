"""What a rule and a fault are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Values = Mapping[str, object]


@dataclass(frozen=True)
class Rule:
    """Relates arguments: what it reads, whom it blames, what it says, where it stands.

    It is skipped while a value that it reads is unknown.
    """

    reads: tuple[str, ...]
    blames: str
    says: str
    source: str
    holds: Callable[[Values], bool]
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a resource's arguments.

    Args:
        argument: the argument to blame; empty where no single one is.
        reason: what is wrong and what to do; never a value, which could be a secret.
    """

    argument: str
    reason: str

    def __str__(self) -> str:
        return f"{self.argument}: {self.reason}" if self.argument else self.reason
