"""How mailboxes are: enabled or not, when they last synchronized, who declares them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..dataverse.rows import Equal, Row, Rows, Select
from ..engine.test_and_enable.mailbox import ENABLED, ENTITY_SET, KEY, WHOLE, Mailbox
from ..engine.test_and_enable.who import obstacle
from ..errors import DataverseEmailError
from .declared import Declared

LAST = "lastsuccessfulsynccompletedon"
EVERY = 5_000


@dataclass(frozen=True)
class MailboxStatus:
    """One mailbox.

    Args:
        row_id: its id.
        name: as the admin center calls it.
        address: its address.
        profile: the name of its profile.
        status: `success`, or the directions that are missing.
        approved: whether its address is approved as its profile asks for.
        last: when it last synchronized, as the service says; empty where it never did.
        why_not: why it cannot be tested as it is; empty where it can.
        declared: whether the stack declares it; `None` where no state was given.
        alerts: how many alerts there are about it; `None` where they could not be read.
    """

    row_id: str
    name: str
    address: str
    profile: str
    status: str
    approved: bool
    last: str
    why_not: str
    declared: bool | None
    alerts: int | None

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to look at."""
        return self.status == ENABLED and self.approved and not self.why_not and self.declared is not False


@dataclass(frozen=True)
class ProfileStatus:
    """The mailboxes of one profile, counted."""

    name: str
    mailboxes: int
    enabled: int
    failing: int
    not_approved: int
    undeclared: int | None


@dataclass(frozen=True)
class Status:
    """All that was looked at.

    Args:
        profiles: one for each profile that has mailboxes.
        mailboxes: those that are to synchronize something.
        idle: how many are to synchronize nothing.
        outside: name of a scope -> addresses that it does not let in.
        unread: what could not be read, as sentences.
    """

    profiles: tuple[ProfileStatus, ...]
    mailboxes: tuple[MailboxStatus, ...]
    idle: int
    outside: Mapping[str, tuple[str, ...]]
    unread: tuple[str, ...]


def look(rows: Rows, declared: Declared | None, tell: Callable[[int], None] = lambda _: None) -> Status:
    """Read all mailboxes in lists; writes nothing.

    Args:
        rows: the wire.
        declared: what the stack declares, if it was given.
        tell: is told how many mailboxes were read so far.

    Raises:
        DataverseError, LoginError, SettingsError: nobody answers, or with a refusal.
    """
    what = replace(WHOLE, columns=(*WHOLE.columns, LAST))
    found, idle = [], 0
    for number, row in enumerate(rows.list(ENTITY_SET, what, key=KEY, page_size=EVERY), 1):
        mailbox = Mailbox("", str(row[KEY]).lower(), row)
        if mailbox.wanted:
            found.append(mailbox)
        else:
            idle += 1
        if number % EVERY == 0:
            tell(number)
    alerts, unread = _alerts(rows)
    mailboxes = sorted((_status(it, declared, alerts) for it in found), key=lambda it: (it.profile, it.name, it.row_id))
    on_ours = {it.profile_id.lower() for it in found} & (declared.profiles if declared else frozenset())
    ours = {it.row_id for it in found if it.profile_id.lower() in on_ours}
    judged = tuple(replace(it, declared=None) if it.row_id not in ours and not it.declared else it for it in mailboxes)
    return Status(_profiles(judged), judged, idle, declared.outside if declared else {}, unread)


def _status(mailbox: Mailbox, declared: Declared | None, alerts: Mapping[str, int] | None) -> MailboxStatus:
    return MailboxStatus(
        row_id=mailbox.row_id,
        name=mailbox.label,
        address=str(mailbox.row.get("emailaddress") or ""),
        profile=str(mailbox.profile.get("name") or ""),
        status=mailbox.status,
        approved=mailbox.is_approved,
        last=str(mailbox.row.get(LAST) or ""),
        why_not=obstacle(mailbox),
        declared=mailbox.row_id in declared.mailboxes if declared else None,
        alerts=None if alerts is None else alerts.get(mailbox.row_id, 0),
    )


def _alerts(rows: Rows) -> tuple[dict[str, int] | None, tuple[str, ...]]:
    """Count the alerts about errors, by mailbox."""
    counted: dict[str, int] = {}
    what = Select(("level",), ("regardingobjectid",))
    try:
        for row in rows.list("tracelogs", what, key="tracelogid", where=Equal("level", ERROR), page_size=EVERY):
            about = _about(row)
            counted[about] = counted.get(about, 0) + 1
    except DataverseEmailError as error:
        return None, (f"Alerts could not be read: {str(error).splitlines()[0]}",)
    return counted, ()


ERROR = 3
"""Level of an alert about a failure."""


def _about(row: Row) -> str:
    return str(getattr(row.get("regardingobjectid"), "row_id", "")).lower()


def _profiles(mailboxes: tuple[MailboxStatus, ...]) -> tuple[ProfileStatus, ...]:
    by_name: dict[str, list[MailboxStatus]] = {}
    for it in mailboxes:
        by_name.setdefault(it.profile, []).append(it)
    return tuple(
        ProfileStatus(
            name,
            len(them),
            sum(it.status == ENABLED for it in them),
            sum("failure" in it.status for it in them),
            sum(not it.approved for it in them),
            sum(it.declared is False for it in them) if any(it.declared is not None for it in them) else None,
        )
        for name, them in by_name.items()
    )
