"""Rows that are born with their owner: found by the owner's key, from many at once where a run declares many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from uuid import UUID

from ..dataverse.rows import AnyOf, Condition, Guid, Link, OneOf, Row, Rows, Select
from ..declare import OwnerKey, TableKind
from ..errors import DataverseError, KeyNotFound, RowConflict
from .row import select

Props = Mapping[str, object]

SINGLES = 50
"""Look-ups of one run that are made one by one: a few mailboxes need no more, and bring only what they state."""

MOST = 55_000
"""Users, or queues, that are listed: eleven requests and 200 megabytes at most. Of more, each goes alone."""


def guid(text: str) -> str:
    """Return a key that is a GUID as Dataverse spells it; empty where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def owner(kind: TableKind, inputs: Props) -> tuple[str, str]:
    """Return the argument that names the row's owner, and the key that it gives."""
    return next((name, str(inputs[name])) for name in kind.owner_keys if name in inputs)


def waiting_id(kind: TableKind, inputs: Props) -> str:
    """Return the id of a resource whose row is not there yet: it says how to find it, such as `user:anna@contoso.com`.

    Whoever is given such an id finds the row with `owner_of`.
    """
    name, text = owner(kind, inputs)
    return f"{name}:{text}"


def owner_of(kind: TableKind, resource_id: str) -> Props:
    """Return the inputs that a resource's id speaks of; none where it is the id of a row."""
    name, colon, text = resource_id.partition(":")
    return {name: text} if colon and name in kind.owner_keys else {}


@dataclass(frozen=True)
class Born:
    """A row and its owner.

    Args:
        owner_id: the owner's id.
        row_id: the row's id; empty where a hindrance explains why there is none.
        row: what was read of the row.
        hindrance: why it is not to be taken over, and what to do; empty where it may be.
    """

    owner_id: str
    row_id: str
    row: Row
    hindrance: str


@dataclass
class Ahead:
    """Owners that a list brought before their resources asked for them; shared by the host's threads.

    The engine checks a handful of resources ahead of those that it makes: whom else a run will ask for, nobody knows.
    """

    written: set[str]
    _listed: dict[tuple[str, str], dict[str, list[Row]]] = field(default_factory=dict)
    _singles: int = 0
    _lock: Lock = field(default_factory=Lock)

    def owners(self, kind: TableKind, rows: Rows, inputs: Props, what: Select) -> list[Row]:
        """Return the owners that have the key which the inputs give, each with its row."""
        name, text = owner(kind, inputs)
        with self._lock:
            alone = self._singles < SINGLES
            self._singles += 1
            found = [] if alone else self._list(kind, rows, name).get((guid(text) or text).casefold(), [])
        if found and not any(_row_id(kind, name, it) in self.written for it in found):
            return found
        # The service takes more spellings for equal than we do: whom the list lacks is asked for alone, like the owner
        # of a row that was written since.
        return list(_ask(kind, rows, name, what, called(kind.owner_keys[name], [text])))

    def _list(self, kind: TableKind, rows: Rows, name: str) -> Mapping[str, list[Row]]:
        """Return all owners by each of their keys, listed once; none where not all can be: two may share a key."""
        key = kind.owner_keys[name]
        listed = self._listed.get((kind.name, name))
        if listed is None:
            listed = self._listed[kind.name, name] = {}
            try:
                # What each resource states is not known: all is read that any may need.
                found = list(islice(_ask(kind, rows, name, select(kind, kind.columns)), MOST + 1))
            except DataverseError:
                found = []  # whether they can be found nevertheless, each alone will tell
            for row in found if len(found) <= MOST else []:
                for text in texts_of(key, row):
                    listed.setdefault(text, []).append(row)
        return listed


def born(kind: TableKind, ahead: Ahead, rows: Rows, inputs: Props, what: Select) -> Born:
    """Find the row that was born with the owner that the inputs name, in one request at most.

    Raises:
        KeyNotFound: there is no such owner, or it has no row.
        RowConflict: several owners have that key.
    """
    name, text = owner(kind, inputs)
    return judged(kind, name, text, ahead.owners(kind, rows, inputs, what))


def judged(kind: TableKind, name: str, text: str, found: Sequence[Row]) -> Born:
    """Say what the owners that have a key mean for the row that was born with one of them.

    Raises:
        KeyNotFound: there is no such owner, or it has no row.
        RowConflict: several owners have that key.
    """
    key = kind.owner_keys[name]
    tried = f"find the {kind.table.label} of {name} '{text}'"
    if not found:
        columns = key.ids if guid(text) else key.natural_keys
        raise KeyNotFound(
            f"{tried}: no {name} has {' or '.join(columns)} '{text}'.\n"
            f"Check the spelling; the {name} must have that key before the program gives it."
        )
    if len(found) > 1:
        shared = ", ".join(f"'{it.get(key.owner.name)}' ({it[key.owner.primary_id]})" for it in found)
        raise RowConflict(f"{tried}: {len(found)} rows share that key: {shared}.\nGive one of these ids instead.")
    (one,) = found
    hindrance = next((f"{it.says}.\n{it.advice}" for it in key.hindrances if one.get(it.wire) not in it.usual), "")
    row = one.get(key.mailbox)
    if isinstance(row, Link):  # what is known is where the row lies, not what it holds
        return Born(str(one[key.owner.primary_id]), row.row_id, {}, hindrance)
    if not isinstance(row, dict):
        if not hindrance:
            raise KeyNotFound(
                f"{tried}: the {name} has no {kind.table.label}.\n"
                f"Open the {name} in the admin center: each one that is enabled has a {kind.table.label}."
            )
        row = {}
    return Born(str(one[key.owner.primary_id]), str(row.get(kind.table.primary_id) or ""), row, hindrance)


def told(key: OwnerKey) -> tuple[str, ...]:
    """Return the columns of an owner that tell whom it is, and what keeps its row from being taken over."""
    return tuple(dict.fromkeys((key.owner.name, *key.natural_keys, *key.ids, *(it.wire for it in key.hindrances))))


def called(key: OwnerKey, texts: Sequence[str]) -> AnyOf:
    """Return the condition that finds the owners who have one of those keys."""
    ids = [Guid(it) for text in texts if (it := guid(text))]
    others = [text for text in texts if not guid(text)]
    return AnyOf(
        [*(OneOf(it, ids) for it in key.ids if ids), *(OneOf(it, others) for it in key.natural_keys if others)]
    )


def _ask(kind: TableKind, rows: Rows, name: str, what: Select, where: Condition | None = None) -> Iterator[Row]:
    key = kind.owner_keys[name]
    inner = Select((kind.table.primary_id, *what.columns), what.lookups)
    outer = Select(told(key), expand={key.mailbox: inner})
    return rows.list(key.owner.entity_set, outer, key=key.owner.primary_id, where=where)


def texts_of(key: OwnerKey, row: Row) -> set[str]:
    """Return the keys, without their case, by which programs may call an owner."""
    return {it.casefold() for wire in (*key.natural_keys, *key.ids) if isinstance(it := row.get(wire), str)}


def _row_id(kind: TableKind, name: str, one: Row) -> str:
    """Return the id of the row that was born with an owner; empty where it has none."""
    row = one.get(kind.owner_keys[name].mailbox)
    return str(row[kind.table.primary_id]) if isinstance(row, dict) else ""
