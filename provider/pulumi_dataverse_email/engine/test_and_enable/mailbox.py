"""A mailbox as far as testing goes: what is read of it, and what that means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ...dataverse.rows import Row, Select

ENTITY_SET, KEY = "mailboxes", "mailboxid"
SCHEDULED = "testemailconfigurationscheduled"
COMPLETED = "testmailboxaccesscompletedon"
RETRIES = "testemailconfigurationretrycount"
APPROVAL, APPROVED_BY_ADMIN = "emailrouteraccessapproval", "isemailaddressapprovedbyo365admin"
PRIMARY = "orgmarkedasprimaryforexchangesync"

APPROVED, ACTIVE = 1, 0
SUCCESS = 1
STATUSES = {0: "not run", 1: "success", 2: "failure"}
"""The words for the codes of a status; a row that was never tested may hold none."""

ENABLED = STATUSES[SUCCESS]
NOTHING_WANTED = "nothing to synchronize"
JOINED, LEFT, GONE = "joined", "left", "gone"
"""Statuses of mailboxes that are new in a group, are in it no longer, and are there no longer."""

UNTESTED = "not tested"
"""Status of a mailbox whose success is older than its settings, since it could not be tested when they changed."""

EXCHANGE_ONLINE = "Exchange Online"
"""What the service calls the type of the profile that it made for the tenant's own Exchange Online."""

HYBRID = 3
ONLINE_RETRIEVALS = {2, 7, 8}
"""Server to server, OAuth with Entra ID, managed identity: only Exchange Online has them."""


@dataclass(frozen=True)
class Direction:
    """Incoming mail, outgoing mail, or appointments, contacts and tasks.

    Args:
        name: as messages call it.
        method: wire name of the delivery method.
        server_side: that method's code of server-side synchronization.
        status: wire name of how the last test ended.
    """

    name: str
    method: str
    server_side: int
    status: str


DIRECTIONS = (
    Direction("incoming", "incomingemaildeliverymethod", 2, "incomingemailstatus"),
    Direction("outgoing", "outgoingemaildeliverymethod", 2, "outgoingemailstatus"),
    Direction("act", "actdeliverymethod", 1, "actstatus"),
)

PROGRESS = Select((SCHEDULED, COMPLETED, RETRIES, *(it.status for it in DIRECTIONS)))
"""What a test changes."""

PROFILE = Select(
    (
        "emailserverprofileid",
        "name",
        "statecode",
        "servertype",
        "emailservertypename",
        "incomingcredentialretrieval",
        "processemailsreceivedafter",
    )
)

WHOLE = Select(
    (
        "name",
        "emailaddress",
        "statecode",
        APPROVAL,
        APPROVED_BY_ADMIN,
        PRIMARY,
        "processemailreceivedafter",
        *(it.method for it in DIRECTIONS),
        *PROGRESS.columns,
    ),
    expand={
        "emailserverprofile": PROFILE,
        "regardingobjectid": Select(("isdisabled",)),
        "regardingobjectid_queue": Select(("queueid",)),
    },
)
"""All that decides about a mailbox."""


@dataclass(frozen=True)
class Mailbox:
    """One mailbox of a group.

    Args:
        name: as the program calls it.
        row_id: its id.
        row: its columns, those of `WHOLE`.
    """

    name: str
    row_id: str
    row: Row

    def after(self, progress: Row) -> "Mailbox":
        """Return the mailbox with the columns that were read since."""
        return Mailbox(self.name, self.row_id, {**self.row, **progress})

    @property
    def label(self) -> str:
        """What the admin center calls it."""
        return str(self.row.get("name") or self.row_id)

    @property
    def profile(self) -> Mapping[str, object]:
        """Its email server profile; empty where it has none."""
        return _inner(self.row, "emailserverprofile")

    @property
    def profile_id(self) -> str:
        """The id of its profile; empty where it has none."""
        return str(self.profile.get("emailserverprofileid") or "")

    @property
    def wanted(self) -> list[Direction]:
        """The directions whose method is server-side synchronization."""
        return [it for it in DIRECTIONS if self.row.get(it.method) == it.server_side]

    @property
    def missing(self) -> list[Direction]:
        """The wanted directions whose last test did not succeed."""
        return [it for it in self.wanted if self.row.get(it.status) != SUCCESS]

    @property
    def status(self) -> str:
        """How the last test ended: `success`, or what is missing, such as `incoming failure, act not run`."""
        if not self.wanted:
            return NOTHING_WANTED
        return ", ".join(f"{it.name} {self._word(it)}" for it in self.missing) or ENABLED

    @property
    def is_scheduled(self) -> bool:
        """Whether a test is under way."""
        return self.row.get(SCHEDULED) is True

    @property
    def completed(self) -> str:
        """When the last test ended, as the service writes it; empty where there was none."""
        return str(self.row.get(COMPLETED) or "")

    @property
    def is_postponed(self) -> bool:
        """Whether the test met a passing trouble, and the service tries again by itself, minutes later."""
        retries = self.row.get(RETRIES)
        return self.is_scheduled and isinstance(retries, int) and retries > 0

    @property
    def is_online(self) -> bool:
        """Whether its profile leads to Exchange Online, where an administrator of the tenant must approve."""
        return (
            self.profile.get("emailservertypename") == EXCHANGE_ONLINE
            or self.profile.get("servertype") == HYBRID
            or self.profile.get("incomingcredentialretrieval") in ONLINE_RETRIEVALS
        )

    @property
    def is_approved(self) -> bool:
        """Whether its address is approved as its profile asks for."""
        by_admin = self.row.get(APPROVED_BY_ADMIN) is True
        return self.row.get(APPROVAL) == APPROVED and (by_admin or not self.is_online)

    @property
    def is_of_queue(self) -> bool:
        """Whether it belongs to a queue."""
        return bool(_inner(self.row, "regardingobjectid_queue"))

    @property
    def has_disabled_user(self) -> bool:
        """Whether its user is disabled."""
        return _inner(self.row, "regardingobjectid").get("isdisabled") is True

    @property
    def reads_mail_since(self) -> datetime | None:
        """The date before which mail is not read, the later of its own and its profile's; `None` where neither is."""
        dates = (self.row.get("processemailreceivedafter"), self.profile.get("processemailsreceivedafter"))
        return max((moment(it) for it in dates if isinstance(it, str)), default=None)

    def _word(self, direction: Direction) -> str:
        code = self.row.get(direction.status)
        return STATUSES.get(code if isinstance(code, int) else 0, str(code))


def moment(text: str) -> datetime:
    """Return the moment that the service's text names."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _inner(row: Row, navigation: str) -> Mapping[str, object]:
    inner = row.get(navigation)
    return inner if isinstance(inner, dict) else {}
