"""The mailboxes of a group: those that the inputs name, or all that use a profile."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...dataverse.rows import AnyOf, Condition, Equal, Guid, OneOf, Row, Rows
from ...declare import Kind, SetKind
from ...errors import KeyNotFound, RowConflict
from ..find import look_up
from ..mailbox_set.resolve import members_of
from ..mailbox_set.selection import FEW
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
        of_sets: member of a set -> the set's name.
    """

    mailboxes: list[Mailbox]
    absent: Mapping[str, str]
    of_sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Search:
    """Finds the mailboxes of a group, all in one list.

    Args:
        kind: the kind of the test-and-enable.
        sets: the kind of a set of mailboxes, and with it that of a mailbox, whose row may still be waited for.
        run: this process's memory.
        rows: the wire.
        wanted: what the program wants.
    """

    kind: Kind
    sets: SetKind
    run: Run
    rows: Rows
    wanted: Wanted
    _of_sets: dict[str, str] = field(default_factory=dict)
    _absent: dict[str, str] = field(default_factory=dict)

    def group(self) -> Group:
        """Return the group as it is now.

        Raises:
            KeyNotFound: no profile has that name.
            DataverseError: nobody answers, or with a refusal.
        """
        named: dict[str, str] = {}
        for row_id, name in self._named():
            # Given by its resource and by its id, it is called as its resource is: only that one tells of changes.
            if row_id not in named or guid(named[row_id]):
                named[row_id] = name
        profile = look_up(self.kind, self.run, self.rows, self.wanted.inputs)
        conditions: list[Condition] = [Equal("_emailserverprofile_value", Guid(str(it))) for it in profile.values()]
        if named:
            conditions.append(OneOf(KEY, [Guid(it) for it in named]))
        if not conditions:
            return Group([], self._absent)
        # Of so many, a list of all takes fewer requests than asking for each by its id.
        where = AnyOf(conditions) if profile or len(named) <= FEW else None
        found = self.rows.list(ENTITY_SET, WHOLE, key=KEY, where=where, page_size=5000)
        rows = {row_id: row for row in found if (row_id := str(row[KEY]).lower()) in named or profile}
        names = named if not profile else dict(_addresses(rows))
        for row_id, name in named.items():
            if row_id not in rows:
                self._absent[name] = f"there is no mailbox {row_id}: `pulumi up --refresh` sees what became of it"
        mailboxes = [Mailbox(names[row_id], row_id, row) for row_id, row in rows.items()]
        return Group(sorted(mailboxes, key=lambda it: it.name), self._absent, self._of_sets)

    def _named(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of the mailboxes that are named, as far as there are any."""
        for name, given in self.wanted.mailboxes.items():
            if name in self.wanted.members:
                yield from self._members(name)
            elif (row_id := guid(given)) or (row_id := self._of_owner(name, given)):
                yield row_id, name

    def _members(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield id and key of the members of a set."""
        keys, selection = self.wanted.members[name], self.wanted.selections.get(name, {})
        found, absent = members_of(self.sets, self.run, name, keys, selection)
        self._absent.update({key: text.splitlines()[0] for key, text in absent.items()})
        for key, row_id in found.items():
            self._of_sets[key] = name
            yield row_id.lower(), key

    def _of_owner(self, name: str, waiting_id: str) -> str:
        """Return the id of a mailbox whose resource was declared before there was a row; empty where there is none."""
        inputs = owner_of(self.sets.of, waiting_id)
        if not inputs:
            self._absent[name] = f"'{waiting_id}' is no id of a mailbox: give its resource or its GUID"
            return ""
        try:
            found = born(self.sets.of, self.run.ahead, self.rows, inputs, select(self.sets.of, ()))
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
