"""Rows of an environment that remember which of them this process wrote: what was read before is out of date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..dataverse.rows import (
    ANY_VERSION,
    Condition,
    Operation,
    Organization,
    Outcome,
    Read,
    Row,
    Rows,
    Select,
)


@dataclass(frozen=True)
class Watched:
    """The rows of one environment, each noted before it is written; all methods are those of `Rows`.

    Args:
        rows: the wire.
        written: gets the id of each row that is written; before it is, for the outcome may never be known.
    """

    rows: Rows
    written: set[str]

    def organization(self) -> Organization:
        """Return who answers there."""
        return self.rows.organization()

    def create(self, entity_set: str, row_id: str, row: Row) -> None:
        """Make the row with that id."""
        self.written.add(row_id)
        self.rows.create(entity_set, row_id, row)

    def read(self, entity_set: str, row_id: str, select: Select) -> Row:
        """Return the row as it is now."""
        return self.rows.read(entity_set, row_id, select)

    def find(self, entity_set: str, where: Condition, select: Select, *, key: str) -> list[Row]:
        """Return all rows that meet the condition."""
        return self.rows.find(entity_set, where, select, key=key)

    def update(self, entity_set: str, row_id: str, row: Row, *, etag: str = ANY_VERSION) -> None:
        """Write some columns."""
        self.written.add(row_id)
        self.rows.update(entity_set, row_id, row, etag=etag)

    def delete(self, entity_set: str, row_id: str, *, etag: str = ANY_VERSION) -> None:
        """Delete the row."""
        self.written.add(row_id)
        self.rows.delete(entity_set, row_id, etag=etag)

    def count(self, entity_set: str, where: Condition | None = None, *, key: str) -> int:
        """Return how many rows meet the condition."""
        return self.rows.count(entity_set, where, key=key)

    def batch(self, operations: Sequence[Operation], *, atomic: bool = False) -> list[Outcome]:
        """Carry out many operations."""
        self.written.update(it.row_id for it in operations if not isinstance(it, Read))
        return self.rows.batch(operations, atomic=atomic)

    def list(
        self,
        entity_set: str,
        select: Select,
        *,
        key: str,
        where: Condition | None = None,
        page_size: int | None = None,
    ) -> Iterator[Row]:
        """Go through the rows that meet the condition."""
        return self.rows.list(entity_set, select, key=key, where=where, page_size=page_size)
