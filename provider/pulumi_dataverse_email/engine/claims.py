"""Which resource of the program has a row, and who gives one back meanwhile; shared by the host's threads."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from ..errors import RowConflict

Key = tuple[str, str]
"""Argument and value that lead a resource to a row."""


@dataclass
class Claims:
    """Rows that resources of the program declare.

    A set gives rows back while other resources are still to be compared or made: one of them may declare a row that
    left the set. Whoever claims it first has it left alone; whoever claims it later writes it again.
    """

    given_back: set[str] = field(default_factory=set)
    """Ids of rows that this process disabled or restored, or is about to, while the program runs."""

    _holders: dict[str, Key] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _giving_back: Lock = field(default_factory=Lock)

    def claim(self, row_id: str, key: Key, former: Key | None = None) -> None:
        """Note that the program gives the row under this key.

        Args:
            row_id: the row.
            key: argument and value that lead to it.
            former: the same resource's key in state, which a refresh of this run may have noted.

        Raises:
            RowConflict: another resource of the program gives the same row under another key.
        """
        with self._lock:
            holder = self._holders.get(row_id, former)
            if holder in {None, former}:
                holder = self._holders[row_id] = key
        if holder != key:
            raise RowConflict(
                f"two resources declare one mailbox ({row_id}): {holder[0]} '{holder[1]}' and {key[0]} '{key[1]}'.\n"
                "Keep one of them."
            )

    def of_others(self, row_ids: Collection[str], key: Key) -> set[str]:
        """Return those of the rows that the program gives under another key."""
        with self._lock:
            return {it for it in row_ids if self._holders.get(it, key) != key}

    @contextmanager
    def giving_back(self, row_ids: Collection[str], key: Key) -> Iterator[None]:
        """Note that the rows which nobody else has claimed are given back until the block ends."""
        with self._giving_back:
            with self._lock:
                self.given_back.update(it for it in row_ids if self._holders.get(it, key) == key)
            yield

    def gave_back(self, row_id: str) -> bool:
        """Say whether what was known of a row no longer counts because it was given back; wait until it is."""
        if row_id not in self.given_back:
            return False
        with self._giving_back:
            return True
