"""Reads of one run: the first ones each alone, all others from a list that is read page by page as far as needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock

from ..dataverse.rows import Row, Rows, Select
from ..declare import TableKind
from ..errors import DataverseError
from .row import select

SINGLES = 20
"""Rows of a kind that are read one by one: whoever refreshes a few does not pay for thousands."""

MOST = 50_000
"""Rows of a kind that are kept at once: some 80 megabytes. What goes beyond is read one by one."""


@dataclass
class _Listing:
    """One kind's rows, each kept until its resource asks for it."""

    key: str
    ask: Callable[[], Iterator[Row]]
    _lock: Lock = field(default_factory=Lock)
    _singles: int = 0
    _kept: dict[str, Row] = field(default_factory=dict)
    _rest: Iterator[Row] | None = None

    def take(self, row_id: str) -> Row | None:
        """Return a row of the list, once; `None` where it is to be read alone."""
        with self._lock:
            if self._singles < SINGLES:
                self._singles += 1
                return None
            self._rest = self._rest or self.ask()
            try:
                while row_id not in self._kept and len(self._kept) < MOST and (row := next(self._rest, None)):
                    self._kept[str(row[self.key])] = row
            except DataverseError:
                # The list ends here. Whether the rows can be read nevertheless, each alone will tell.
                self._rest = iter(())
            return self._kept.pop(row_id, None)


@dataclass
class ReadAhead:
    """Rows that a list brought before their resources asked for them; shared by the host's threads."""

    written: set[str]
    _listings: dict[str, _Listing] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def read(self, kind: TableKind, rows: Rows, row_id: str, what: Select) -> Row:
        """Return the row, with more columns than `what` asks for where a list brought it.

        A row that this process wrote, or that the list lacks, is read alone: only that tells that it is gone.

        Raises:
            RowNotFound: the row is gone.
            DataverseError: nobody answers, or with a refusal.
        """
        row = None if row_id in self.written else self._listing(kind, rows).take(row_id)
        return row or rows.read(kind.table.entity_set, row_id, what)

    def _listing(self, kind: TableKind, rows: Rows) -> _Listing:
        table = kind.table

        def ask() -> Iterator[Row]:
            # What each resource states is not known: all is read that any may need.
            return rows.list(table.entity_set, select(kind, kind.columns), key=table.primary_id)

        with self._lock:
            return self._listings.setdefault(kind.name, _Listing(table.primary_id, ask))
