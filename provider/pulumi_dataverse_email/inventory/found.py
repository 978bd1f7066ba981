"""What there is: all profiles and mailboxes of an organization, in one list each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..dataverse.rows import Link, Organization, Row, Rows, Select
from ..declare import Choice, OwnerKey, TableKind
from ..engine.row import restorable, select
from ..resources import TABLE_KINDS

PROFILE, MAILBOX = TABLE_KINDS["EmailServerProfile"], TABLE_KINDS["Mailbox"]

OWNERS = {"user": "regardingobjectid", "queue": "regardingobjectid_queue"}
"""The argument that says whose mailbox it is -> the navigation property from the mailbox to its owner."""

EVERY = 5_000
"""Mailboxes between two calls of `tell`: as many as one request brings."""

STATE = "statecode"


@dataclass(frozen=True)
class Mailbox:
    """A mailbox and whose it is.

    Args:
        row: all that can be declared of it, and its results.
        owned_by: the argument that says whose it is, `user` or `queue`; empty where it is a forward mailbox.
        owner: what tells of the owner; empty likewise.
    """

    row: Row
    owned_by: str
    owner: Row

    @property
    def row_id(self) -> str:
        """The id of its row."""
        return str(self.row[MAILBOX.table.primary_id])

    @property
    def address(self) -> str:
        """Its address; empty where it has none."""
        return str(self.row.get("emailaddress") or "")

    @property
    def profile(self) -> Link | None:
        """The profile that it uses."""
        link = self.row.get("emailserverprofile")
        return link if isinstance(link, Link) else None


@dataclass(frozen=True)
class Found:
    """An organization.

    Args:
        organization: which one.
        profiles: the rows of all profiles.
        mailboxes: all mailboxes.
        learnt: word of a choice whose code is published nowhere -> its code here.
    """

    organization: Organization
    profiles: tuple[Row, ...]
    mailboxes: tuple[Mailbox, ...]
    learnt: Mapping[Choice, int]


def find(rows: Rows, tell: Callable[[int], None] = lambda _: None) -> Found:
    """Read an organization; costs one request for each 5,000 rows of a table, and writes nothing.

    Args:
        rows: the wire.
        tell: is told how many mailboxes were read so far.

    Raises:
        DataverseError, LoginError, SettingsError: nobody answers, or with a refusal.
    """
    organization = rows.organization()
    profiles = tuple(rows.list(PROFILE.table.entity_set, _profile(), key=PROFILE.table.primary_id))
    mailboxes: list[Mailbox] = []
    for row in rows.list(MAILBOX.table.entity_set, _mailbox(), key=MAILBOX.table.primary_id, page_size=EVERY):
        mailboxes.append(_owned(row))
        if len(mailboxes) % EVERY == 0:
            tell(len(mailboxes))
    tell(len(mailboxes))
    return Found(organization, profiles, tuple(mailboxes), _learnt(profiles))


def owner_key(name: str) -> OwnerKey:
    """Return how an owner is found by programs."""
    return MAILBOX.owner_keys[name]


def _readable(kind: TableKind) -> list[str]:
    """Return the arguments to read: what can be restored, and of secrets whether they are stored."""
    return [*restorable(kind), *(name for name, column in kind.columns.items() if column.secret)]


def _profile() -> Select:
    what = select(PROFILE, _readable(PROFILE))
    return Select((*what.columns, STATE), what.lookups)


def _mailbox() -> Select:
    what = select(MAILBOX, _readable(MAILBOX))
    owners = {name: owner_key(name) for name in OWNERS}
    expand = {
        OWNERS[name]: Select(
            tuple(dict.fromkeys((key.owner.primary_id, key.owner.name, *key.natural_keys, *_hindering(name))))
        )
        for name, key in owners.items()
    }
    return Select(tuple(dict.fromkeys((*what.columns, "emailaddress", STATE))), what.lookups, expand)


def _hindering(name: str) -> tuple[str, ...]:
    own = ("queueviewtype",) if name == "queue" else ()
    return (*(it.wire for it in owner_key(name).hindrances), *own)


def _owned(row: Row) -> Mailbox:
    for name, navigation in OWNERS.items():
        if isinstance(owner := row.get(navigation), dict):
            return Mailbox(row, name, owner)
    return Mailbox(row, "", {})


def _learnt(profiles: tuple[Row, ...]) -> dict[Choice, int]:
    found: dict[Choice, int] = {}
    for argument in PROFILE.arguments.values():
        for word in argument.choice or ():
            if word.learnt is not None:
                codes = [it[word.learnt.column] for it in profiles if it[PROFILE.table.name] == word.learnt.name]
                if codes and isinstance(codes[0], int):
                    found[word] = codes[0]
    return found
