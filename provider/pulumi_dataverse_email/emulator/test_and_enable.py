"""Test & Enable: asked for by a flag on the mailbox, done later by the service, its results in columns and alerts.

Microsoft Learn, "Connect to Exchange Online" and "Troubleshooting and monitoring server-side synchronization".
"""

from typing import TYPE_CHECKING, Final

from . import alerts, approval, jobs
from .access import DIRECTIONS, Direction, refusal
from .alerts import Alert
from .built_in import is_online
from .clock import seconds_of, text_of
from .errors import ODataError
from .exchange_links import ExchangeLinks
from .mailbox_rules import INACTIVE, SCHEDULED
from .schema import TABLES, Row, Table
from .store import SQL_TABLES

if TYPE_CHECKING:
    from .rows import Rows

KIND = "test_and_enable"

NOT_RUN, SUCCESS, FAILURE = range(3)

MAX_RETRIES: Final = 10
RETRY_SECONDS: Final = 300
"""Documented for transient errors: tried again up to ten times, five minutes apart."""

STATUSES: Row = {**dict.fromkeys((direction.status for direction in DIRECTIONS), NOT_RUN), "mailboxstatus": NOT_RUN}

OF_MAILBOX = frozenset({
    "_emailserverprofile_value", "emailaddress", "allowemailconnectortousecredentials", "username", "password",
    *(direction.method for direction in DIRECTIONS),
})  # fmt: skip
OF_PROFILE = frozenset({
    "servertype", "useautodiscover", "oauthclientid", "oauthclientsecret", "exchangeonlinetenantid",
    *(f"{way}{name}" for way in ("incoming", "outgoing")
      for name in ("credentialretrieval", "username", "password", "serverlocation", "useimpersonation")),
})  # fmt: skip
"""Changes after which a test that succeeded proves nothing any more."""


def asked(rows: "Rows", table: Table, before: Row, changes: Row) -> Row:
    """Schedule or call off a test as a changed mailbox asks; return what that writes into the row.

    Raises:
        ODataError: a test is under way (0x8005E248), or the organization is in administration mode (0x8005E257).
    """
    if table.logical_name != "mailbox" or SCHEDULED not in changes:
        return {}
    transaction, mailbox_id = rows.transaction, str(before["mailboxid"])
    waiting = jobs.waits(transaction, KIND, mailbox_id)
    if not changes[SCHEDULED]:
        jobs.cancel(transaction, KIND, mailbox_id)
        return {}
    if rows.caller is not None:
        _refuse(rows, waiting=waiting)
    if not waiting:
        due = seconds_of(rows.now) + transaction.switches.test_seconds
        jobs.schedule(transaction, jobs.Job(due, KIND, mailbox_id, {}))
    return {
        "_testandenablelastattemptedby_value": rows.user_id,
        "testandenablelastattemptedon": rows.now,
        "testemailconfigurationretrycount": 0,
    }


def forget(rows: "Rows", table: Table, before: Row, changes: Row) -> None:
    """Set statuses to Not Run after a change that calls for a new test, if the switch says that the service does so."""
    if not before or not rows.transaction.switches.change_resets_statuses:
        return
    changed = {name for name, value in changes.items() if value != before.get(name)}
    if table.logical_name == "mailbox" and changed & OF_MAILBOX:
        rows.write(table, before["mailboxid"], STATUSES)
    if table.logical_name == "emailserverprofile" and changed & OF_PROFILE:
        uses = SQL_TABLES["mailbox"].c["_emailserverprofile_value"] == before["emailserverprofileid"]
        for mailbox in rows.transaction.find("mailbox", uses):
            rows.write(TABLES["mailbox"], mailbox["mailboxid"], STATUSES)


def run(rows: "Rows", job: jobs.Job, links: ExchangeLinks) -> None:
    """Test a mailbox whose time has come; `rows` writes at that time."""
    mailbox = rows.transaction.get("mailbox", job.subject)
    if mailbox is None:
        return
    profile = rows.transaction.get("emailserverprofile", mailbox["_emailserverprofile_value"])
    wanted = [direction for direction in DIRECTIONS if direction.wanted(mailbox)]
    found = {direction: obstacle(rows, profile, mailbox, direction, links) for direction in wanted}
    retries = int(mailbox["testemailconfigurationretrycount"] or 0)
    if any(alert and alert.transient for alert in found.values()) and retries < MAX_RETRIES:
        again = job.due + RETRY_SECONDS
        jobs.schedule(rows.transaction, jobs.Job(again, KIND, job.subject, {}))
        postponed: Row = {
            "testemailconfigurationretrycount": retries + 1,
            "postponetestemailconfigurationuntil": text_of(again),
        }
        rows.write(TABLES["mailbox"], job.subject, postponed)
        return
    if any(direction.name == "act" and alert is None for direction, alert in found.items()):
        links.take(mailbox["emailaddress"], mailbox["_organizationid_value"])
    changes: Row = {direction.status: NOT_RUN for direction in DIRECTIONS}
    changes |= {SCHEDULED: False, "testmailboxaccesscompletedon": rows.now, "lastautodiscoveredon": rows.now}
    for direction, alert in found.items():
        changes |= {direction.status: FAILURE if alert else SUCCESS, direction.enabled: alert is None}
    failures = list(dict.fromkeys(alert for alert in found.values() if alert))
    changes["mailboxstatus"] = (FAILURE if failures else SUCCESS) if found else NOT_RUN
    rows.write(TABLES["mailbox"], job.subject, changes | _last_error(rows, mailbox, failures))
    for alert in failures or ([alerts.TESTED] if found else []):
        alerts.write(rows, alert, TABLES["mailbox"], mailbox, profile)


def switch_off(rows: "Rows", mailbox: Row, profile: Row | None, failed: dict[Direction, Alert]) -> None:
    """Stop synchronizing a mailbox in some directions, as the service does after an error that is not transient."""
    changes: Row = {"mailboxstatus": FAILURE}
    for direction in failed:
        changes |= {direction.status: FAILURE, direction.enabled: False}
    failures = list(dict.fromkeys(failed.values()))
    rows.write(TABLES["mailbox"], mailbox["mailboxid"], changes | _last_error(rows, mailbox, failures))
    for alert in failures:
        alerts.write(rows, alert, TABLES["mailbox"], mailbox, profile)


def obstacle(
    rows: "Rows", profile: Row | None, mailbox: Row, direction: Direction, links: ExchangeLinks
) -> Alert | None:
    """Return what keeps a mailbox from being synchronized in a direction; None when nothing does."""
    if mailbox["statecode"] == INACTIVE or profile is None or profile["statecode"] == INACTIVE:
        return alerts.NOT_CONFIGURED
    if mailbox["regardingobjecttypecode"] == "systemuser":
        user = rows.transaction.get("systemuser", mailbox["_regardingobjectid_value"])
        if user is None or user["isdisabled"]:
            return alerts.OWNER_DISABLED
    if not approval.suffices(rows, mailbox):
        online = is_online(rows.transaction, profile)
        return alerts.NEEDS_TENANT_APPROVAL if online else alerts.NEEDS_APPROVAL
    found = refusal(rows, profile, mailbox, direction)
    if found is None and direction.name == "act" and _held_elsewhere(rows, mailbox, links):
        return alerts.OTHER_ORGANIZATION
    return found


def _held_elsewhere(rows: "Rows", mailbox: Row, links: ExchangeLinks) -> bool:
    """Whether another organization holds a mailbox that this test may not take over."""
    holder = links.holder(mailbox["emailaddress"])
    if holder in (None, mailbox["_organizationid_value"]):
        return False
    takes_over = mailbox["orgmarkedasprimaryforexchangesync"] or not rows.transaction.switches.link_needs_override
    return not (takes_over and mailbox[SCHEDULED])


def _refuse(rows: "Rows", *, waiting: bool) -> None:
    status = rows.transaction.switches.fault_status
    if rows.transaction.setting("organization").get("administrationmode"):
        text = "A test is not allowed while the organization is in administration mode."
        raise ODataError(status, "0x8005E257", text)
    if waiting:
        text = "A test of this mailbox is already scheduled or running."
        raise ODataError(status, "0x8005E248", text)


def _last_error(rows: "Rows", mailbox: Row, failures: list[Alert]) -> Row:
    if not failures:
        return {"lastsyncerror": None, "lastsyncerrorcode": None, "lastsyncerrorcount": 0}
    return {
        "lastsyncerror": failures[0].text.format(mailbox=mailbox["name"], profile="of the mailbox"),
        "lastsyncerrorcode": failures[0].code,
        "lastsyncerrorcount": int(mailbox["lastsyncerrorcount"] or 0) + 1,
        "lastsyncerroroccurredon": rows.now,
    }
