"""The interface of this room: rows, links between rows, conditions, and the verbs towards rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, TypeAlias, Union

from ..errors import DataverseError


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


Value: TypeAlias = Union[str, int, float, bool, Link, Unlink, Secret, "Row", None]
"""What a column holds. A date is text, as the wire has it; a row stands where a lookup was expanded."""

Row: TypeAlias = dict[str, Value]
"""Wire name -> value. A lookup is a `Link` under its navigation property's name, `None` where it is empty."""

ETAG = "@odata.etag"
"""The name under which a row that was read keeps its version, where the `Select` asks for it: text for `If-Match`."""

ANY_VERSION = "*"
"""The etag that every row has, whatever its version: the row must be there, no more."""

Scalar: TypeAlias = str | int | float | bool | Guid | None
"""What a condition compares with; `None` is an empty column."""


@dataclass(frozen=True)
class Equal:
    """The column means that value. Texts are equal whatever their case; a lookup's column is `_name_value`."""

    column: str
    value: Scalar


@dataclass(frozen=True)
class AtLeast:
    """The column holds that moment, or a later one. The moment knows its time zone."""

    column: str
    moment: datetime


@dataclass(frozen=True)
class StartsWith:
    """The column's text begins so, whatever its case; the service takes `%` and `_` in it for anything."""

    column: str
    text: str


@dataclass(frozen=True)
class EndsWith:
    """The column's text ends so, whatever its case; the service takes `%` and `_` in it for anything."""

    column: str
    text: str


@dataclass(frozen=True)
class OneOf:
    """The column means one of these values, as many as there may be: the client asks in several requests if it must."""

    column: str
    values: Sequence[Scalar]


@dataclass(frozen=True)
class AnyOf:
    """One of the conditions holds; none does where there is none."""

    conditions: Sequence["Condition"]


@dataclass(frozen=True)
class AllOf:
    """All of the conditions hold."""

    conditions: Sequence["Condition"]


Condition: TypeAlias = Equal | AtLeast | StartsWith | EndsWith | OneOf | AnyOf | AllOf


PRODUCTION = {"Customer", "Secondary", "Default", "0", "4", "12"}
"""What the service calls the types of production organizations: by name, or by number.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/organizationtype
"""


@dataclass(frozen=True)
class Organization:
    """The organization that answers at an address.

    Args:
        organization_id: its id.
        name: as people know it.
        type: what the service says it is for; empty where it says nothing.
    """

    organization_id: str
    name: str
    type: str

    @property
    def is_production(self) -> bool:
        """Whether people work in it; a sandbox, a trial and the like are made from it, or for a try."""
        return self.type in PRODUCTION


@dataclass(frozen=True)
class Select:
    """What to read of a row.

    Args:
        columns: wire names of plain columns.
        lookups: navigation properties to read as `Link`.
        expand: navigation property -> what to read of the row it points at; the row then holds a `Row` there.
        etag: whether the row keeps its version, under `ETAG`.
    """

    columns: tuple[str, ...]
    lookups: tuple[str, ...] = ()
    expand: Mapping[str, "Select"] | None = None
    etag: bool = False


@dataclass(frozen=True)
class _OnRow:
    """An operation on one row, alone or in a batch.

    Args:
        entity_set: the set that the row belongs to.
        row_id: the row's id.
    """

    verb: ClassVar[str]
    entity_set: str
    row_id: str

    @property
    def path(self) -> str:
        """Where the row lies, below the Web API's root."""
        return f"{self.entity_set}({self.row_id})"

    @property
    def tried(self) -> str:
        """What this is, for errors."""
        return f"{self.verb} {self.path}"


@dataclass(frozen=True)
class Create(_OnRow):
    """Make the row with that id, which the caller chose."""

    verb = "create"
    row: Row


@dataclass(frozen=True)
class Read(_OnRow):
    """Read the row."""

    verb = "read"
    select: Select


@dataclass(frozen=True)
class Update(_OnRow):
    """Write some columns of a row that must be there, in that version."""

    verb = "update"
    row: Row
    etag: str = ANY_VERSION


@dataclass(frozen=True)
class Delete(_OnRow):
    """Delete the row, if it has that version; one that is gone already is no error."""

    verb = "delete"
    etag: str = ANY_VERSION


Operation: TypeAlias = Create | Read | Update | Delete


@dataclass(frozen=True)
class Outcome:
    """How one operation of a batch ended.

    Args:
        operation: which one.
        row: what a `Read` found; `None` for all others.
        error: why it failed; `None` where it did not.
    """

    operation: Operation
    row: Row | None = None
    error: DataverseError | None = None


class Rows(Protocol):
    """The rows of one environment.

    Every method raises `DataverseError` or `LoginError`. A write whose answer was lost is settled before its method
    returns or raises: it was carried out, or the error says that nobody knows (`UnknownOutcome`).
    """

    def organization(self) -> Organization:
        """Return who answers there."""
        ...

    def create(self, entity_set: str, row_id: str, row: Row) -> None:
        """Make the row with that id; `RowExists` where there is another one already."""
        ...

    def read(self, entity_set: str, row_id: str, select: Select) -> Row:
        """Return the row; `RowNotFound` where it is gone."""
        ...

    def find(self, entity_set: str, where: Condition, select: Select, *, key: str) -> list[Row]:
        """Return all rows that meet the condition; `key` is the wire name of their id, which they hold too."""
        ...

    def update(self, entity_set: str, row_id: str, row: Row, *, etag: str = ANY_VERSION) -> None:
        """Write some columns; `RowNotFound` where the row is gone, `RowChanged` where it has another version."""
        ...

    def delete(self, entity_set: str, row_id: str, *, etag: str = ANY_VERSION) -> None:
        """Delete the row; one that is gone already is no error, one of another version is `RowChanged`."""
        ...

    def count(self, entity_set: str, where: Condition | None = None, *, key: str) -> int:
        """Return how many rows meet the condition, exactly, however many there are."""
        ...

    def batch(self, operations: Sequence[Operation], *, atomic: bool = False) -> list[Outcome]:
        """Carry out many operations and return how each ended, in their order.

        Args:
            operations: those of a batch that is not atomic are separate: none may build upon another.
            atomic: all of them, or none; a row to be deleted that is gone already fails them all.
        """
        ...

    def list(
        self,
        entity_set: str,
        select: Select,
        *,
        key: str,
        where: Condition | None = None,
        page_size: int | None = None,
    ) -> Iterator[Row]:
        """Go through the rows that meet the condition, each once, ordered by their id.

        Args:
            entity_set: the set.
            select: what to read of each; the rows hold their id beside it.
            key: the wire name of that id.
            where: which rows; all of them where it is not given.
            page_size: how many rows a request brings, 1 to 5,000; as many as the service likes where it is not given.
        """
        ...
