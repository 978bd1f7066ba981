"""The interface of this room: rows, links between rows, and the five verbs towards them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True)
class Link:
    """A lookup's value.

    Args:
        entity_set: the set of the row it points at; empty in rows that were read.
        row_id: the id of that row.
        name: its name, in rows that were read.
    """

    entity_set: str
    row_id: str
    name: str = ""


@dataclass(frozen=True)
class Unlink:
    """Empties a lookup."""


@dataclass(frozen=True, repr=False)
class Secret:
    """A text that is written and never shown: only the client unwraps it, into the body of a request."""

    text: str

    def __repr__(self) -> str:
        """Hide the text."""
        return "Secret(...)"


@dataclass(frozen=True)
class Guid:
    """A value of a condition that is compared as a GUID, not as text."""

    text: str


Row: TypeAlias = dict[str, object]
"""Wire name -> value. A lookup is a `Link` under its navigation property's name, `None` where it is empty."""

Conditions: TypeAlias = Sequence[tuple[str, str | Guid]]
"""Wire name and value: a row is found when one of them is equal."""


@dataclass(frozen=True)
class Organization:
    """The organization that answers at an address."""

    organization_id: str
    name: str


@dataclass(frozen=True)
class Select:
    """What to read of a row.

    Args:
        columns: wire names of plain columns.
        lookups: navigation properties to read as `Link`.
        expand: navigation property -> what to read of the row it points at; the row then holds a `Row` there.
    """

    columns: tuple[str, ...]
    lookups: tuple[str, ...] = ()
    expand: Mapping[str, "Select"] | None = None


class Rows(Protocol):
    """The rows of one environment. Every method raises `DataverseError` or `LoginError`."""

    def organization(self) -> Organization:
        """Return who answers there."""
        ...

    def create(self, entity_set: str, row_id: str, row: Row) -> None:
        """Make the row with that id; `RowExists` where there is one already."""
        ...

    def read(self, entity_set: str, row_id: str, select: Select) -> Row:
        """Return the row; `RowNotFound` where it is gone."""
        ...

    def find(self, entity_set: str, any_of: Conditions, select: Select) -> list[Row]:
        """Return all rows that meet one of the conditions."""
        ...

    def update(self, entity_set: str, row_id: str, row: Row) -> None:
        """Write some columns of a row that must be there; `RowNotFound` where it is gone."""
        ...

    def delete(self, entity_set: str, row_id: str) -> None:
        """Delete the row; one that is gone already is no error."""
        ...
