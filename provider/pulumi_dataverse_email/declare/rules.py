"""What a rule and a fault are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Values = Mapping[str, object]

TODAY = "today"
"""Where `holds` finds the present date in UTC, beside the arguments."""


@dataclass(frozen=True)
class Rule:
    """Relates arguments: what it reads, whom it blames, what it says, where it stands.

    It is skipped while a value that it reads is unknown.

    Args:
        reads: the arguments that it reads.
        blames: the argument to blame.
        says: what is wrong and what to do; an argument in braces stands for its value, so none that is secret.
        source: Microsoft's page.
        holds: whether the values go together.
        severity: whether the preview stops.
    """

    reads: tuple[str, ...]
    blames: str
    says: str
    source: str
    holds: Callable[[Values], bool]
    severity: Literal["error", "warning"] = "error"

    def told(self, values: Values) -> str:
        """Return what it says of those values."""
        return self.says.format_map(values)


@dataclass(frozen=True)
class CrossRule:
    """Relates a resource to the one that it names and to those that named that one before it, in one program.

    It is skipped while a value that it reads, of the resource or of the named one, is unknown; an earlier resource with
    such a value is left out.

    Args:
        through: the argument that names the other resource.
        reads: what it reads of the resource and of the earlier ones.
        reads_there: what it reads of the resource that is named.
        blames: the argument of the resource to blame.
        says: what is wrong and what to do.
        source: Microsoft's page.
        holds: whether the values of the resource, of the named one and of the earlier ones go together.
        severity: whether the preview stops.
    """

    through: str
    reads: tuple[str, ...]
    reads_there: tuple[str, ...]
    blames: str
    says: str
    source: str
    holds: Callable[[Values, Values, Sequence[Values]], bool]
    severity: Literal["error", "warning"] = "warning"


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
