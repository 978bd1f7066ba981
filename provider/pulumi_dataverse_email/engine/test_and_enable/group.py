"""The mailboxes of a group: those that the inputs name, or all that use a profile."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...dataverse.rows import AnyOf, Condition, Equal, Guid, OneOf, Row, Rows
from ...declare import Kind, SetKind
from ..find import look_up
from ..mailbox_set.selection import FEW
from ..named import Named
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

    def group(self) -> Group:
        """Return the group as it is now.

        Raises:
            KeyNotFound: no profile has that name.
            DataverseError: nobody answers, or with a refusal.
        """
        wanted = self.wanted
        named_by = Named(self.sets, self.run, self.rows, wanted.mailboxes, wanted.members, wanted.selections)
        named = named_by.ids()
        profile = look_up(self.kind, self.run, self.rows, wanted.inputs)
        conditions: list[Condition] = [Equal("_emailserverprofile_value", Guid(str(it))) for it in profile.values()]
        if named:
            conditions.append(OneOf(KEY, [Guid(it) for it in named]))
        if not conditions:
            return Group([], named_by.absent)
        # Of so many, a list of all takes fewer requests than asking for each by its id.
        where = AnyOf(conditions) if profile or len(named) <= FEW else None
        found = self.rows.list(ENTITY_SET, WHOLE, key=KEY, where=where, page_size=5000)
        rows = {row_id: row for row in found if (row_id := str(row[KEY]).lower()) in named or profile}
        names = named if not profile else dict(_addresses(rows))
        for row_id, name in named.items():
            if row_id not in rows:
                named_by.absent[name] = f"there is no mailbox {row_id}: `pulumi up --refresh` sees what became of it"
        mailboxes = [Mailbox(names[row_id], row_id, row) for row_id, row in rows.items()]
        return Group(sorted(mailboxes, key=lambda it: it.name), named_by.absent, named_by.of_sets)


def _addresses(rows: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """Yield id and name of mailboxes that no program names: the address, with the id where two share it."""
    called = {row_id: str(row["emailaddress"] or row["name"] or row_id).lower() for row_id, row in rows.items()}
    shared = Counter(called.values())
    for row_id, name in called.items():
        yield row_id, name if shared[name] == 1 else f"{name} ({row_id})"
