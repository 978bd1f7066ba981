"""The mailboxes of a group: those that the inputs name, or all that use a profile."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...dataverse.rows import AnyOf, Condition, Equal, Guid, OneOf, Row, Rows
from ...declare import Kind, TableKind
from ...errors import KeyNotFound, RowConflict
from ..find import look_up
from ..owners import born, guid, owner_of
from ..row import select
from ..run import Run
from .inputs import Wanted
from .mailbox import ENTITY_SET, KEY, WHOLE, Mailbox


@dataclass(frozen=True)
class Group:
    """Who is there.

    Args:
        mailboxes: each once, in the order of their names.
        absent: name -> why there is no such mailbox.
    """

    mailboxes: list[Mailbox]
    absent: Mapping[str, str]


@dataclass(frozen=True)
class Search:
    """Finds the mailboxes of a group, all in one list.

    Args:
        kind: the kind of the test-and-enable.
        mailbox: the kind of a mailbox, whose resources may still wait for their row.
        run: this process's memory.
        rows: the wire.
        wanted: what the program wants.
    """

    kind: Kind
    mailbox: TableKind
    run: Run
    rows: Rows
    wanted: Wanted
    _absent: dict[str, str] = field(default_factory=dict)

    def group(self) -> Group:
        """Return the group as it is now.

        Raises:
            KeyNotFound: no profile has that name.
            DataverseError: nobody answers, or with a refusal.
        """
        named = dict(self._named())
        profile = look_up(self.kind, self.run, self.rows, self.wanted.inputs)
        conditions: list[Condition] = [Equal("_emailserverprofile_value", Guid(str(it))) for it in profile.values()]
        if named:
            conditions.append(OneOf(KEY, [Guid(it) for it in named]))
        if not conditions:
            return Group([], self._absent)
        found = self.rows.list(ENTITY_SET, WHOLE, key=KEY, where=AnyOf(conditions), page_size=5000)
        rows = {str(row[KEY]).lower(): row for row in found}
        names = named if not profile else dict(_addresses(rows))
        for row_id, name in named.items():
            if row_id not in rows:
                self._absent[name] = f"there is no mailbox {row_id}: `pulumi up --refresh` sees what became of it"
        mailboxes = [Mailbox(names[row_id], row_id, row) for row_id, row in rows.items()]
        return Group(sorted(mailboxes, key=lambda it: it.name), self._absent)

    def _named(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of the mailboxes that are named, as far as there are any."""
        for name, given in self.wanted.mailboxes.items():
            if (row_id := guid(given)) or (row_id := self._of_owner(name, given)):
                yield row_id, name

    def _of_owner(self, name: str, waiting_id: str) -> str:
        """Return the id of a mailbox whose resource was declared before there was a row; empty where there is none."""
        inputs = owner_of(self.mailbox, waiting_id)
        if not inputs:
            self._absent[name] = f"'{waiting_id}' is no id of a mailbox: give its resource or its GUID"
            return ""
        try:
            found = born(self.mailbox, self.run.ahead, self.rows, inputs, select(self.mailbox, ()))
        except (KeyNotFound, RowConflict) as error:
            self._absent[name] = str(error).splitlines()[0]
            return ""
        if found.hindrance:
            self._absent[name] = found.hindrance.splitlines()[0]
            return ""
        return found.row_id.lower()


def _addresses(rows: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """Yield id and name of mailboxes that no program names: the address, with the id where two share it."""
    called = {row_id: str(row["emailaddress"] or row["name"] or row_id).lower() for row_id, row in rows.items()}
    shared = Counter(called.values())
    for row_id, name in called.items():
        yield row_id, name if shared[name] == 1 else f"{name} ({row_id})"
