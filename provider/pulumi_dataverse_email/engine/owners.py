"""Rows that are born with their owner: found by the owner's key, from many at once where a run declares many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from ..dataverse.rows import AnyOf, Guid, Link, OneOf, Row, Rows, Select
from ..declare import OwnerKey, TableKind
from ..errors import KeyNotFound, RowConflict
from .row import select

Props = Mapping[str, object]

Key = tuple[str, str, str]
"""Kind, argument and value without its case."""

SINGLES = 50
"""Look-ups of one run that are made one by one: a few mailboxes need no more, and bring only what they state."""

MOST = 1000
"""Owners that are looked up ahead at once: some megabytes of memory, and two to four requests."""


def guid(text: str) -> str:
    """Return a key that is a GUID as Dataverse spells it; empty where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def owner(kind: TableKind, inputs: Props) -> tuple[str, str]:
    """Return the argument that names the row's owner, and the key that it gives."""
    return next((name, str(inputs[name])) for name in kind.owner_keys if name in inputs)


def keys(kind: TableKind, inputs: Props) -> list[Key]:
    """Return the key of the owner that the inputs name; none where it is not known yet."""
    return [(kind.name, name, it.casefold()) for name in kind.owner_keys if isinstance(it := inputs.get(name), str)]


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
    """Owners that were looked up before their resources ask for them, each kept until its resource does."""

    _expected: dict[Key, str] = field(default_factory=dict)
    _found: dict[Key, list[Row]] = field(default_factory=dict)
    _singles: int = 0
    _lock: Lock = field(default_factory=Lock)
    _searching: Lock = field(default_factory=Lock)

    def expect(self, kind: TableKind, inputs: Props) -> None:
        """Note that a resource will ask for the owner that its inputs name."""
        with self._lock:
            self._expected.update((key, str(inputs[key[1]])) for key in keys(kind, inputs))

    def owners(self, kind: TableKind, rows: Rows, inputs: Props, what: Select) -> list[Row]:
        """Return the owners that have the key which the inputs give, each with its row."""
        (key,), (name, text) = keys(kind, inputs), owner(kind, inputs)
        with self._lock:
            self._expected.pop(key, None)
            alone = self._singles < SINGLES
            self._singles += 1
        if not alone:
            # Who comes while others search finds its own among what they bring.
            with self._searching:
                if key not in self._found:
                    self._search(kind, rows, name, {key: text})
                found = self._found.pop(key, [])
            if found:
                return found
        # The service takes more spellings for equal than we do: what a search did not bring is asked for alone.
        return _ask(kind, rows, kind.owner_keys[name], [text], what)

    def forget(self, kind: TableKind, row_id: str) -> None:
        """Drop what is kept of a row that is written."""
        with self._searching:
            for key in [key for key, found in self._found.items() if _has_row(kind, key, found, row_id)]:
                del self._found[key]

    def _search(self, kind: TableKind, rows: Rows, name: str, asked: dict[Key, str]) -> None:
        with self._lock:
            more = [key for key in self._expected if key[:2] == (kind.name, name)][: MOST - len(self._found)]
            texts = asked | {key: self._expected.pop(key) for key in more}
        if not more:
            return
        key = kind.owner_keys[name]
        # What each of them states is not known: all is read that any may need.
        for row in _ask(kind, rows, key, texts.values(), select(kind, kind.columns)):
            for text in texts_of(key, row):
                if (it := (kind.name, name, text)) in texts:
                    self._found.setdefault(it, []).append(row)


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
            f"Check the spelling; a {name} must exist before its {kind.table.label} is declared, "
            "or set when_missing='wait'."
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


def texts_of(key: OwnerKey, row: Row) -> set[str]:
    """Return the keys, without their case, by which programs may call an owner."""
    return {it.casefold() for wire in (*key.natural_keys, *key.ids) if isinstance(it := row.get(wire), str)}


def _ask(kind: TableKind, rows: Rows, key: OwnerKey, texts: Iterable[str], what: Select) -> list[Row]:
    inner = Select((kind.table.primary_id, *what.columns), what.lookups)
    outer = Select(told(key), expand={key.mailbox: inner})
    return rows.find(key.owner.entity_set, called(key, list(texts)), outer, key=key.owner.primary_id)


def _has_row(kind: TableKind, key: Key, found: Iterable[Row], row_id: str) -> bool:
    mailboxes = [owner.get(kind.owner_keys[key[1]].mailbox) for owner in found] if key[0] == kind.name else []
    return any(isinstance(it, dict) and it.get(kind.table.primary_id) == row_id for it in mailboxes)
