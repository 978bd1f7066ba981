"""The mailboxes that a resource names: by their resources, by sets of them, and by ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..dataverse.rows import Rows
from ..declare import SetKind
from ..errors import KeyNotFound, RowConflict
from .mailbox_set.resolve import members_of
from .owners import born, guid, owner_of
from .row import select
from .run import Run

MEMBERS = "members"
"""Input of the program's side: name of a set -> its stated members, each an entry of its own."""

SELECTIONS = "selections"
"""Input of the program's side: name of a set -> its selection, where it has one."""


@dataclass(frozen=True)
class Named:
    """Finds the mailboxes that are named.

    Args:
        sets: the kind of a set of mailboxes, and with it that of a mailbox, whose row may still be waited for.
        run: this process's memory.
        rows: the wire.
        mailboxes: name -> id of a mailbox, or what its resource waits for; or that of a set.
        members: see `MEMBERS`.
        selections: see `SELECTIONS`.
        absent: once they were asked for: name -> why there is no such mailbox.
        of_sets: likewise, member of a set -> the set's name.
    """

    sets: SetKind
    run: Run
    rows: Rows
    mailboxes: Mapping[str, str]
    members: Mapping[str, Mapping[str, object]]
    selections: Mapping[str, Mapping[str, object]]
    absent: dict[str, str] = field(default_factory=dict)
    of_sets: dict[str, str] = field(default_factory=dict)

    def ids(self) -> dict[str, str]:
        """Return id -> name of the mailboxes that are named, as far as there are any.

        Raises:
            DataverseError: nobody answers, or with a refusal.
        """
        found: dict[str, str] = {}
        for row_id, name in self._all():
            # Given by its resource and by its id, it is called as its resource is: only that one tells of changes.
            if row_id not in found or guid(found[row_id]):
                found[row_id] = name
        return found

    def _all(self) -> Iterator[tuple[str, str]]:
        for name, given in self.mailboxes.items():
            if name in self.members:
                yield from self._members(name)
            elif (row_id := guid(given)) or (row_id := self._of_owner(name, given)):
                yield row_id, name

    def _members(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield id and key of the members of a set."""
        found, absent = members_of(self.sets, self.run, name, self.members[name], self.selections.get(name, {}))
        self.absent.update({key: text.splitlines()[0] for key, text in absent.items()})
        for key, row_id in found.items():
            self.of_sets[key] = name
            yield row_id.lower(), key

    def _of_owner(self, name: str, waiting_id: str) -> str:
        """Return the id of a mailbox whose resource was declared before there was a row; empty where there is none."""
        inputs = owner_of(self.sets.of, waiting_id)
        if not inputs:
            self.absent[name] = f"'{waiting_id}' is no id of a mailbox: give its resource or its GUID"
            return ""
        try:
            found = born(self.sets.of, self.run.ahead, self.rows, inputs, select(self.sets.of, ()))
        except (KeyNotFound, RowConflict) as error:
            self.absent[name] = str(error).splitlines()[0]
            return ""
        if found.hindrance:
            self.absent[name] = found.hindrance.splitlines()[0]
            return ""
        return found.row_id.lower()
