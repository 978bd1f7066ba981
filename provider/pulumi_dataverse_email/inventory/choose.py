"""Which mailboxes are declared, and why the others are not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from ..engine.row import value
from .found import MAILBOX, STATE, Found, Mailbox, owner_key

PRIVATE = 1
"""Code of `queueviewtype`: the queue is its members' alone."""


@dataclass(frozen=True)
class Filters:
    """What a mailbox must meet: each that is given, by one of its values.

    Args:
        profiles: names of profiles.
        owners: principal names, addresses or names of users and queues.
        queues: names or addresses of queues.
        addresses: patterns of addresses, such as `*@contoso.com`.
        all: whether those are declared, too, that are skipped otherwise.
    """

    profiles: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    all: bool = False


@dataclass(frozen=True)
class Choice:
    """The outcome.

    Args:
        mailboxes: those to declare.
        skipped: why others are not -> how many.
        unmet: filters that no mailbox meets.
    """

    mailboxes: tuple[Mailbox, ...]
    skipped: Counter[str]
    unmet: tuple[str, ...]


def choose(found: Found, filters: Filters) -> Choice:
    """Return which mailboxes are declared."""
    wanted = [it for it in found.mailboxes if _meets(it, filters)]
    skipped: Counter[str] = Counter()
    chosen = []
    for mailbox in wanted:
        reason = _impossible(mailbox) or ("" if filters.all else _pointless(mailbox))
        if reason:
            skipped[reason] += 1
        else:
            chosen.append(mailbox)
    return Choice(tuple(chosen), skipped, tuple(_unmet(found, filters)))


def called(mailbox: Mailbox) -> list[str]:
    """Return the keys by which a program may call the owner of a mailbox, in lower case."""
    keys = owner_key(mailbox.owned_by).natural_keys if mailbox.owned_by else ()
    return [str(it).casefold() for key in keys if (it := mailbox.owner.get(key))]


def _meets(mailbox: Mailbox, filters: Filters) -> bool:
    profile = mailbox.profile.name if mailbox.profile else ""
    owners, queues = called(mailbox), called(mailbox) if mailbox.owned_by == "queue" else []
    return (
        (not filters.profiles or profile.casefold() in _folded(filters.profiles))
        and (not filters.owners or not _folded(filters.owners).isdisjoint(owners))
        and (not filters.queues or not _folded(filters.queues).isdisjoint(queues))
        and (not filters.addresses or any(_fits(mailbox, it) for it in filters.addresses))
    )


def _unmet(found: Found, filters: Filters) -> Iterator[str]:
    profiles = {str(row["name"]).casefold() for row in found.profiles}
    yield from (f"no profile is called '{it}'" for it in filters.profiles if it.casefold() not in profiles)
    owners = {key for it in found.mailboxes for key in called(it)}
    yield from (f"no mailbox belongs to '{it}'" for it in filters.owners if it.casefold() not in owners)
    queues = {key for it in found.mailboxes if it.owned_by == "queue" for key in called(it)}
    yield from (f"no mailbox belongs to a queue '{it}'" for it in filters.queues if it.casefold() not in queues)
    for pattern in filters.addresses:
        if not any(_fits(it, pattern) for it in found.mailboxes):
            yield f"no mailbox has an address like '{pattern}'"


def _folded(texts: tuple[str, ...]) -> set[str]:
    return {it.casefold() for it in texts}


def _fits(mailbox: Mailbox, pattern: str) -> bool:
    return fnmatch(mailbox.address.casefold(), pattern.casefold())


def _impossible(mailbox: Mailbox) -> str:
    """Return why a mailbox cannot be declared; empty where it can."""
    if not mailbox.owned_by:
        return "belongs to no user or queue (forward mailboxes)"
    hindrances = owner_key(mailbox.owned_by).hindrances
    if any(it.wire == "applicationid" and mailbox.owner.get(it.wire) not in it.usual for it in hindrances):
        return "belongs to an application user"
    return ""


def _pointless(mailbox: Mailbox) -> str:
    """Return why nobody would declare a mailbox; empty where somebody would."""
    for it in owner_key(mailbox.owned_by).hindrances:
        if mailbox.owner.get(it.wire) not in it.usual:
            return it.says
    if mailbox.row.get(STATE) != 0:
        return "is inactive"
    if mailbox.owner.get("queueviewtype") == PRIVATE:
        return "belongs to a private queue"
    if not mailbox.address:
        return "has no address"
    if all(value(MAILBOX, name, mailbox.row) == word for name, word in MAILBOX.disabled.items()):
        return "synchronizes nothing"
    return ""
