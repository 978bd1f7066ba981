"""How it is declared: profiles, single mailboxes, sets where there are many; what is stated, and what goes without."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..dataverse.rows import Row
from ..declare import CLEAR, Choice, TableKind
from ..engine.owners import guid
from ..engine.row import restorable, value
from .choose import called
from .found import MAILBOX, PROFILE, Found, Mailbox, owner_key

LOOKUP = "email_server_profile"
OWN = ("name", "owning_user", "owning_team")
"""Columns that each mailbox has for itself: nobody declares them of many."""

Keys = Counter[tuple[str, str]]
"""How many users, or queues, a key leads to."""

MANY = 20
"""Mailboxes of one profile from which on they are declared as a set."""


@dataclass(frozen=True)
class Profile:
    """A profile that is declared.

    Args:
        name: the logical name of its resource.
        row: the row.
        settings: what is stated.
        stored: its secrets that Dataverse holds, and nobody can read.
    """

    name: str
    row: Row
    settings: Mapping[str, object]
    stored: Sequence[str]

    @property
    def row_id(self) -> str:
        """The id of its row."""
        return str(self.row[PROFILE.table.primary_id])


@dataclass(frozen=True)
class Single:
    """A mailbox that is declared by itself."""

    name: str
    mailbox: Mailbox
    settings: Mapping[str, object]


@dataclass(frozen=True)
class Group:
    """Mailboxes that are declared as one set.

    Args:
        name: the logical name of the set.
        settings: what all of them have.
        members: member's key -> the mailbox, and what it has of its own.
    """

    name: str
    settings: Mapping[str, object]
    members: Mapping[str, tuple[Mailbox, Mapping[str, object]]]


@dataclass(frozen=True)
class Arrangement:
    """All that is declared.

    Args:
        found: the organization.
        profiles: those that are declared, by their ids.
        singles: mailboxes by themselves.
        groups: sets of mailboxes.
    """

    found: Found
    profiles: Mapping[str, Profile]
    singles: Sequence[Single]
    groups: Sequence[Group]


@dataclass
class _Names:
    """Logical names, each once."""

    _taken: set[str] = field(default_factory=set)

    def take(self, text: str) -> str:
        """Return a name like the text that no other resource has."""
        plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "mailbox"
        name, number = plain, 2
        while name in self._taken:
            name, number = f"{plain}-{number}", number + 1
        self._taken.add(name)
        return name


def arrange(found: Found, mailboxes: Iterable[Mailbox], many: int = MANY) -> Arrangement:
    """Say how mailboxes and the profiles that they use are declared.

    Args:
        found: the organization.
        mailboxes: those to declare.
        many: from how many mailboxes of one profile and kind of owner on they become a set.
    """
    chosen = sorted(mailboxes, key=lambda it: (it.owned_by, called(it), it.row_id))
    names = _Names()
    used = {it.profile.row_id for it in chosen if it.profile}
    ordered = sorted(found.profiles, key=lambda row: str(row["name"]))
    shared = Counter(str(row["name"]).casefold() for row in found.profiles)
    declarable = [
        row
        for row in ordered
        if str(row[PROFILE.table.primary_id]) in used
        and not _is_built_in(found, row)
        and shared[str(row["name"]).casefold()] == 1  # an adopted profile is found by its name
    ]
    profiles = {profile.row_id: profile for row in declarable if (profile := _profile(found, names, row))}
    usual = {owner: _usual([it for it in chosen if it.owned_by == owner]) for owner in ("user", "queue")}
    keys = Counter((it.owned_by, key) for it in found.mailboxes for key in set(called(it)))
    singles: list[Single] = []
    groups: list[Group] = []
    for members in _alike(chosen):
        first = members[0]
        if len(members) >= many:
            group, left = _group(found, names, profiles, members, keys)
            groups.append(group)
        else:
            left = members
        for it in left:
            settings = {**_whose(it, keys), **_settings(found, profiles, it, usual[first.owned_by])}
            singles.append(Single(names.take(next(iter(called(it)), it.row_id).partition("@")[0]), it, settings))
    return Arrangement(found, profiles, singles, groups)


def _profile(found: Found, names: _Names, row: Row) -> Profile:
    settings: dict[str, object] = {"name": row["name"], "adopt": True}
    for name in restorable(PROFILE):
        column, there = PROFILE.columns[name], _value(found, PROFILE, name, row)
        if name not in settings and (column.immutable or there not in (CLEAR, column.default)) and there != CLEAR:
            settings[name] = there
    for name in OWN[1:]:
        settings.pop(name, None)
    if settings.get("state") == "active":
        del settings["state"]
    stored = [name for name, column in PROFILE.columns.items() if column.secret and row.get(column.set_flag)]
    ordered = {name: settings[name] for name in PROFILE.arguments if name in settings}
    return Profile(names.take(str(row["name"])), row, ordered, stored)


def _alike(mailboxes: Iterable[Mailbox]) -> list[list[Mailbox]]:
    """Return the mailboxes of each profile, those of users apart from those of queues."""
    found: dict[tuple[str, str], list[Mailbox]] = {}
    for it in mailboxes:
        found.setdefault((it.profile.row_id if it.profile else "", it.owned_by), []).append(it)
    return list(found.values())


def _group(
    found: Found, names: _Names, profiles: Mapping[str, Profile], members: Sequence[Mailbox], keys: Keys
) -> tuple[Group, list[Mailbox]]:
    """Return a set, and those who cannot be in it: a file says nothing of what is empty."""
    first, usual = members[0], _usual(members)
    settings = {LOOKUP: _points_at(profiles, first)} if first.profile else {}
    settings |= {name: it for name, it in usual.items() if name in MAILBOX.disabled}
    settings |= {name: it for name, it in usual.items() if name not in settings and it not in (CLEAR, _default(name))}
    taken: dict[str, tuple[Mailbox, Mapping[str, object]]] = {}
    left = []
    for it in members:
        there = {name: _value(found, MAILBOX, name, it.row) for name in usual}
        own = {name: stands for name, stands in there.items() if not _same(name, stands, usual[name])}
        if CLEAR in own.values():
            left.append(it)
        else:
            ((owner, key),) = _whose(it, keys).items()
            taken[f"{owner}:{key}"] = (it, own)
    label = first.profile.name if first.profile else "no profile"
    name = names.take(f"{label} {'users' if first.owned_by == 'user' else 'queues'}")
    return Group(name, settings, taken), left


def _settings(
    found: Found, profiles: Mapping[str, Profile], mailbox: Mailbox, usual: Mapping[str, object]
) -> dict[str, object]:
    """Return what a single mailbox states: profile, methods, and what differs from the others."""
    stated = {LOOKUP: _points_at(profiles, mailbox)} if mailbox.profile else {}
    for name, most in usual.items():
        there = _value(found, MAILBOX, name, mailbox.row)
        if name in MAILBOX.disabled or not _same(name, there, most):
            stated[name] = there
    return {name: stated[name] for name in MAILBOX.arguments if name in stated}


def _points_at(profiles: Mapping[str, Profile], mailbox: Mailbox) -> object:
    """Return what stands for a mailbox's profile: the id of the one that is declared, else the built-in one's name."""
    link = mailbox.profile
    if link is None:
        return CLEAR
    built_in = {
        word.learnt.name for argument in PROFILE.arguments.values() for word in argument.choice or () if word.learnt
    }
    return link.name if link.name in built_in and link.row_id not in profiles else link.row_id


def _whose(mailbox: Mailbox, keys: Keys) -> dict[str, object]:
    """Return the argument that says whose a mailbox is: by a name that nobody else has, else by an id."""
    key = owner_key(mailbox.owned_by)
    for wire in key.natural_keys:
        text = mailbox.owner.get(wire)
        if (
            isinstance(text, str)
            and text
            and not guid(text)
            and keys[mailbox.owned_by, text.casefold()] <= 1
            and ":" not in text
        ):
            return {mailbox.owned_by: text}
    return {mailbox.owned_by: str(mailbox.owner[key.owner.primary_id])}


def _usual(mailboxes: Sequence[Mailbox]) -> dict[str, object]:
    """Return what most mailboxes hold, column by column."""
    usual: dict[str, object] = {}
    for name in restorable(MAILBOX):
        if name == LOOKUP or name in OWN or MAILBOX.columns[name].makes or not mailboxes:
            continue
        values = [value(MAILBOX, name, it.row) for it in mailboxes]
        (most, _), *_ = Counter(map(repr, values)).most_common(1)
        usual[name] = next(it for it in values if repr(it) == most)
    return usual


def _same(name: str, one: object, other: object) -> bool:
    return MAILBOX.arguments[name].equal(one, other)


def _default(name: str) -> object:
    return MAILBOX.columns[name].default if name != "state" else "active"


def _is_built_in(found: Found, row: Row) -> bool:
    """Say whether it is the profile that every environment has: mailboxes name it, and nobody declares it."""
    return any(word.learnt and row["name"] == word.learnt.name for word in found.learnt)


def _value(found: Found, kind: TableKind, name: str, row: Row) -> object:
    """Return what programs say for a column: also of a code that is published nowhere."""
    there = value(kind, name, row)
    words = kind.arguments[name].choice
    learnt = {code: word for word, code in found.learnt.items() if words and isinstance(word, words)}
    if isinstance(there, int) and not isinstance(there, bool) and there in learnt:
        return learnt[there].value
    return str(there) if isinstance(there, Choice) else there
