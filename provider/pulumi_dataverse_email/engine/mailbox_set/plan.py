"""What a set does to each member: whom it takes over, whose settings change, whom it gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...dataverse.rows import Row, Update
from ...declare import TableKind
from ..adopt import differences
from ..check import equal
from ..props import WRITTEN_ON, lookup_id
from ..row import Props, restorable, sent_with, value, write
from .members import members, wanted

MAILBOXES = "mailboxes"
"""Output: member's key -> the row's id, and what the row held before."""

ROW, PREVIOUS, HOLDS = "id", "previous", "holds"
"""What `mailboxes` says of each; `holds` only where its last write failed, so that it holds something else."""

FAILED = "failed"
"""Output: member's key -> why what is declared was not achieved; the next update tries again."""

WAITING = "waiting"
"""Output: member's key -> what it waits for; the next update tries again."""

LOOKED_UP = "looked_up"
"""Output: argument -> what programs say -> the id that it led to."""


@dataclass(frozen=True)
class Taken:
    """A member in state.

    Args:
        row_id: its row.
        previous: what the row held before.
        declared: what it is to hold, with the ids that lookups led to.
        holds: what we wrote last.
        written_on: when we last wrote what calls for a new test-and-enable; empty where we never did.
    """

    row_id: str
    previous: Mapping[str, object]
    declared: Props
    holds: Props
    written_on: str = ""

    def record(self) -> dict[str, object]:
        """Return what state keeps of it once it holds what is declared."""
        written_on = {WRITTEN_ON: self.written_on} if self.written_on else {}
        return {ROW: self.row_id, PREVIOUS: dict(self.previous), **written_on}

    def behind(self, kind: TableKind) -> dict[str, object]:
        """Return what state keeps of it while a write to it has failed."""
        secrets = {name for name, column in kind.columns.items() if column.secret}
        return {**self.record(), HOLDS: {name: it for name, it in self.holds.items() if name not in secrets}}


def taken(kind: TableKind, olds: Props) -> dict[str, Taken]:
    """Return the members in state whose rows were taken over, by their keys."""
    own, records = members(olds), mapping(olds, MAILBOXES)
    found = {}
    for key, record in records.items():
        if isinstance(record, Mapping):
            declared = with_ids(kind, wanted(kind, olds, own.get(key, {})), mapping(olds, LOOKED_UP))
            holds = mapping(record, HOLDS) if HOLDS in record else declared
            written_on = str(record.get(WRITTEN_ON) or "")
            found[key] = Taken(str(record[ROW]), mapping(record, PREVIOUS), declared, holds, written_on)
    return found


def mapping(props: Props, name: str) -> Mapping[str, object]:
    """Return a property that is a map; an empty one where it is not there."""
    found = props.get(name)
    return found if isinstance(found, Mapping) else {}


def with_ids(kind: TableKind, holds: Props, looked_up: Props) -> dict[str, object]:
    """Return settings with the ids that their lookups led to, as the outputs of a single row have them."""
    ids = {
        lookup_id(name): led_to
        for name in kind.lookups
        if isinstance(text := holds.get(name), str) and (led_to := mapping(looked_up, name).get(text.casefold()))
    }
    return {**holds, **ids}


@dataclass(frozen=True)
class Wanted:
    """What a member is to hold.

    Args:
        kind: what the members are.
        key: the member's.
        settings: the template's and its own.
        found: what had to be looked up for them.
    """

    kind: TableKind
    key: str
    settings: Props
    found: Props


@dataclass(frozen=True)
class Change:
    """What is written to a member's row.

    Args:
        member: which one.
        row_id: the row's.
        values: argument -> value; nothing where the row holds it all.
        record: what state is to keep of the member.
    """

    member: Wanted
    row_id: str
    values: dict[str, object]
    record: dict[str, object]

    @property
    def update(self) -> Update:
        """What is sent."""
        kind = self.member.kind
        return Update(kind.table.entity_set, self.row_id, write(kind, self.values, self.member.found))


@dataclass
class Plan:
    """What an update of a set does.

    Args:
        changes: the members that stay or join, each with what is written.
        later: the members whose date the service has moved on: it is left, argument by argument.
    """

    changes: list[Change] = field(default_factory=list)
    later: dict[str, list[str]] = field(default_factory=dict)

    def take(self, wanted: Wanted, row: Row, earlier: Mapping[str, object] | None) -> None:
        """Plan to write what a row does not hold yet: of a member that joins, or whose last write failed.

        Args:
            wanted: what the member is to hold.
            row: what the row holds.
            earlier: what it held before it was ours, where that is known.
        """
        kind = wanted.kind
        values, kept = differences(kind, row, wanted.settings, wanted.found)
        for name in kept:
            self.later.setdefault(name, []).append(str(row[kind.table.name]))
        there = {name: value(kind, name, row) for name in restorable(kind)}
        member = Taken(str(row[kind.table.primary_id]), earlier or there, {}, {})
        self.changes.append(Change(wanted, member.row_id, values, member.record()))

    def keep(self, wanted: Wanted, member: Taken) -> None:
        """Plan to write what is declared otherwise than in state; nothing was read, and nothing else is sent."""
        kind, inputs, holds = wanted.kind, wanted.settings, member.holds
        values = {
            name: it
            for name, it in inputs.items()
            if any(not equal(kind, one, holds.get(one), inputs.get(one)) for one in sent_with(kind, name))
        }
        self.changes.append(Change(wanted, member.row_id, values, member.record()))


def leaving(old: Mapping[str, Taken], row_ids: Iterable[str]) -> dict[str, Taken]:
    """Return the members whose rows are no longer among those of the set, whatever they are called now."""
    stay = set(row_ids)
    return {key: member for key, member in old.items() if member.row_id not in stay}
