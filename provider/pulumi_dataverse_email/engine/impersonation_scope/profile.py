"""The profile that a scope protects, as Dataverse has it: who opens its mailboxes, and which these are."""

from dataclasses import dataclass
from typing import Final

from ...dataverse.rows import AllOf, AnyOf, Equal, Guid, Row, Rows, Select
from ...errors import KeyNotFound, RowConflict, RowNotFound
from ..owners import guid
from ..run import Run
from .wanted import Props, online

PROFILES, PROFILE_ID = "emailserverprofiles", "emailserverprofileid"
MAILBOXES, MAILBOX_ID = "mailboxes", "mailboxid"

CREDENTIALS, SERVER_TO_SERVER, OAUTH = 1, 2, 7
"""Codes of the column `incomingcredentialretrieval`.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile
"""

SERVER_TO_SERVER_SAYS: Final = (
    "logs in by server-to-server authentication, by Microsoft's own application, which no scope can limit: approve "
    "mailboxes one by one, and take the privilege prvRequirePrivilegeToSelfApproveEmailAddress from those who may not "
    "approve their own; or use a profile with an application of your own"
)

DELEGATION_SAYS: Final = (
    "does not impersonate, but works by delegation, which no scope limits: set incoming_use_impersonation=True there"
)

_COLUMNS: Final = (
    "name",
    "incomingcredentialretrieval",
    "outgoingcredentialretrieval",
    "incominguseimpersonation",
    "incomingusername",
    "oauthclientid",
)

_SYNCHRONIZED: Final = (
    Equal("incomingemaildeliverymethod", 2),
    Equal("outgoingemaildeliverymethod", 2),
    Equal("actdeliverymethod", 1),
)
"""Server-side synchronization, in the codes of the three delivery methods."""


@dataclass(frozen=True)
class Profile:
    """A profile, and the addresses of its mailboxes that are synchronized."""

    row: Row
    addresses: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.row["name"])

    def faults(self, inputs: Props) -> list[str]:
        """Return why a scope would not limit the profile, as sentences."""
        retrieval = self.row.get("incomingcredentialretrieval")
        if SERVER_TO_SERVER in (retrieval, self.row.get("outgoingcredentialretrieval")):
            return [f"the profile {self.name!r} {SERVER_TO_SERVER_SAYS}"]
        if online(inputs):
            client, own = str(self.row.get("oauthclientid") or ""), str(inputs["application_id"])
            if retrieval == OAUTH and client and client.lower() != own.lower():
                return [f"the profile {self.name!r} logs in as the application {client}, not as application_id"]
            return []
        if retrieval == CREDENTIALS and not self.row.get("incominguseimpersonation"):
            return [f"the profile {self.name!r} {DELEGATION_SAYS}"]
        return []

    def uses_account(self, account: str) -> bool:
        """Say whether the profile logs in by an account, in whichever way its name is written."""
        used = str(self.row.get("incomingusername") or "")
        return not used or _plain(used) == _plain(account)


def read_profile(run: Run, rows: Rows, key: str) -> Profile:
    """Read a profile and its mailboxes, by its id or name.

    Raises:
        KeyNotFound: there is none.
        RowConflict: several have that name.
        DataverseError: nobody answers, or with a refusal.
    """
    row_id = guid(key) or run.once(PROFILES, key, lambda: _named(rows, key))
    try:
        row = rows.read(PROFILES, row_id, Select(_COLUMNS))
    except RowNotFound as error:
        raise KeyNotFound(f"compare with the profile {key}: there is none.\nGive one that is there.") from error
    where = AllOf((Equal("_emailserverprofile_value", Guid(row_id)), Equal("statecode", 0), AnyOf(_SYNCHRONIZED)))
    found = rows.find(MAILBOXES, where, Select(("name", "emailaddress")), key=MAILBOX_ID)
    return Profile(row, tuple(sorted({str(it["emailaddress"]).lower() for it in found if it.get("emailaddress")})))


def _named(rows: Rows, name: str) -> str:
    found = rows.find(PROFILES, Equal("name", name), Select(()), key=PROFILE_ID)
    if not found:
        raise KeyNotFound(f"find the profile {name!r}: none has that name.\nCheck the spelling, or pass the resource.")
    if len(found) > 1:
        ids = ", ".join(str(it[PROFILE_ID]) for it in found)
        raise RowConflict(f"find the profile {name!r}: {len(found)} have that name ({ids}).\nGive one of these ids.")
    return str(found[0][PROFILE_ID])


def _plain(account: str) -> str:
    return account.rpartition("\\")[2].partition("@")[0].lower()
