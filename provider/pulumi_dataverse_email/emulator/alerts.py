"""Alerts: what the service writes into tracelogs about a mailbox or a profile.

Microsoft Learn, "Troubleshooting and monitoring server-side synchronization". The sentences follow its headings; their
numbers in `tracecode` are published nowhere, and made up here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from .schema import TABLES, Row, Table
from .store import SQL_TABLES

if TYPE_CHECKING:
    from .rows import Rows

INFORMATION: Final = 1
ERROR: Final = 3


@dataclass(frozen=True)
class Alert:
    """One kind of alert."""

    code: int
    text: str
    """With {mailbox} and {profile} for their names."""
    level: int = ERROR
    transient: bool = False
    """The service tries again by itself."""


NEEDS_TENANT_APPROVAL = Alert(
    1001, "The email address of the mailbox {mailbox} requires approval by a Microsoft 365 administrator."
)
NEEDS_APPROVAL = Alert(1002, "The email address of the mailbox {mailbox} has not been approved.")
NO_SECURE_CONNECTION = Alert(
    1003, "A secure connection to the email server of the profile {profile} could not be made for {mailbox}."
)
NO_LOCATION = Alert(1004, "The location of the mailbox {mailbox} could not be determined with the profile {profile}.")
WRONG_CREDENTIALS = Alert(
    1005,
    "The credentials of the profile {profile} or of the mailbox {mailbox} are incorrect or have insufficient "
    "permissions for it.",
)
OTHER_ORGANIZATION = Alert(
    1006, "The email address of the mailbox {mailbox} is configured with another Microsoft Dynamics 365 organization."
)
UNREACHABLE = Alert(
    1007, "The email server of the profile {profile} could not be reached for {mailbox}.", transient=True
)
OWNER_DISABLED = Alert(1008, "The user of the mailbox {mailbox} is disabled.")
NOT_CONFIGURED = Alert(1009, "The mailbox {mailbox} is inactive, or has no active email server profile.")
UNAUTHORIZED = Alert(1010, "The email server refused the credentials of the profile {profile} (401).")
TESTED = Alert(1100, "The mailbox {mailbox} was tested and enabled.", level=INFORMATION)


def write(rows: "Rows", alert: Alert, table: Table, row: Row, profile: Row | None) -> None:
    """Write an alert about a mailbox or a profile."""
    switches = rows.transaction.switches
    names = {"mailbox": row["name"], "profile": (profile or {}).get("name") or "(none)"}
    sentence = alert.text.format(**names)
    wording: Row = {switches.alert_wording_in: sentence}
    if switches.alert_wording_in == "traceparameterxml":
        wording = {"traceparameterxml": f"<parameters><parameter value={quoteattr(sentence)}/></parameters>"}
    about: Row = {"_regardingobjectid_value": row[table.primary_id], "regardingobjecttypecode": table.logical_name}
    tracelog = TABLES["tracelog"]
    if alert.level == ERROR and switches.repeated_alert == "touch":
        columns = SQL_TABLES["tracelog"].c
        same = (columns["_regardingobjectid_value"] == row[table.primary_id]) & (columns["tracecode"] == alert.code)
        if found := rows.transaction.find("tracelog", same, limit=1):
            rows.write(tracelog, found[0]["tracelogid"], wording)
            return
    kind: Row = {"level": alert.level, "tracestatus": alert.level == INFORMATION, "tracecode": alert.code}
    rows.create(tracelog, kind | about | wording)
