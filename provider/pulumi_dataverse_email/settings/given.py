"""What is given, unchecked, and where each value stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from .declared import NAMESPACE, declared

EXPLICIT = "explicitProvider"
"""Set by `Provider`: its environment's address then comes from nowhere else, were it empty."""


class Place(IntEnum):
    """Where a value stands; the first place counts."""

    CONFIGURATION = 0
    ARM = 1
    """Variables that Terraform and Pulumi users have, and our own."""
    AZURE = 2
    """Variables that Microsoft's own libraries read."""
    MACHINE = 3
    """Variables that a pipeline sets by itself."""


@dataclass(frozen=True)
class Stated:
    """One value at one place."""

    key: str
    text: str = field(repr=False)
    variable: str
    """The environment variable; empty for the configuration."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        if not self.variable:
            return Place.CONFIGURATION
        return {"ARM": Place.ARM, "DATAVERSE": Place.ARM, "AZURE": Place.AZURE}.get(
            self.variable.split("_")[0], Place.MACHINE
        )

    def __str__(self) -> str:
        return f"{self.key} ({self.variable})" if self.variable else self.key


@dataclass(frozen=True)
class Given:
    """All that is given, first what counts first."""

    stated: tuple[Stated, ...]

    def of(self, key: str) -> tuple[Stated, ...]:
        """Return every value of a setting; the first one counts."""
        return tuple(it for it in self.stated if it.key == key)

    def first(self, key: str) -> Stated | None:
        """Return the value that counts, if there is any."""
        return next(iter(self.of(key)), None)

    def text(self, key: str) -> str:
        """Return the text that counts; empty where there is none."""
        found = self.first(key)
        return found.text if found else ""

    @property
    def texts(self) -> dict[str, str]:
        """The texts that count, by key."""
        return {it.key: it.text for it in reversed(self.stated)}


def given(config: Mapping[str, object], environ: Mapping[str, str]) -> Given:
    """Return what is given; configuration counts before the environment, and what is empty is not given."""
    found: list[Stated] = []
    explicit = bool(config.get(f"{NAMESPACE}:{EXPLICIT}"))
    for key, setting in declared().items():
        variables = () if explicit and key == "environmentUrl" else setting.variables
        candidates = [("", config.get(f"{NAMESPACE}:{key}")), *((it, environ.get(it)) for it in variables)]
        found += [Stated(key, text, it) for it, value in candidates if (text := str(value or "").strip())]
    return Given(tuple(found))
