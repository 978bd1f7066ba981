"""The service at work: the jobs whose time has come, a cycle over the live mailboxes, a profile that is refused."""

from typing import TYPE_CHECKING

from . import alerts, built_in, jobs, test_and_enable
from .access import DIRECTIONS, Direction
from .clock import text_of
from .exchange_links import ExchangeLinks
from .mailbox_rules import INACTIVE
from .rows import Rows
from .schema import TABLES, Row
from .store import Store, Transaction

if TYPE_CHECKING:
    from .alerts import Alert

APPEAR = "appear"
"""The kind of job that makes a row: its subject is the table's name, its details are the row."""

MAILBOX = TABLES["mailbox"]


def catch_up(store: Store, links: ExchangeLinks) -> None:
    """Do what is due by the clock, each job at its own time."""
    now = store.clock.seconds()
    with store.read() as transaction:
        if not jobs.any_due(transaction, now):
            return
    with store.write() as transaction:
        while job := jobs.take(transaction, now):
            rows = Rows(transaction, text_of(job.due))
            if job.kind == test_and_enable.KIND:
                test_and_enable.run(rows, job, links)
            else:
                rows.create(TABLES[job.subject], job.details)


def cycle(transaction: Transaction, links: ExchangeLinks) -> dict[str, int]:
    """Synchronize each live mailbox once, and switch off what fails for good; return how many of each.

    A mailbox is live in a direction that it asks for and whose test succeeded.
    """
    rows = Rows(transaction, transaction.now)
    counts = {"synchronized": 0, "switched_off": 0}
    profiles = {row["emailserverprofileid"]: row for row in transaction.find("emailserverprofile")}
    for mailbox in transaction.find("mailbox"):
        profile = profiles.get(mailbox["_emailserverprofile_value"])
        live = [direction for direction in DIRECTIONS if _live(mailbox, direction)]
        if not live or profile is None or INACTIVE in (mailbox["statecode"], profile["statecode"]):
            continue
        failed, transient = _obstacles(rows, profile, mailbox, live, links)
        if failed:
            test_and_enable.switch_off(rows, mailbox, profile, failed)
            counts["switched_off"] += 1
        if len(failed) < len(live):
            rows.write(MAILBOX, mailbox["mailboxid"], _after(rows, mailbox, live, transient=transient))
            counts["synchronized"] += not transient
    return counts


def refuse_profile(transaction: Transaction, profile: Row) -> int:
    """Let the mail server answer 401 to a profile: all its mailboxes are switched off at once; return how many."""
    rows = Rows(transaction, transaction.now)
    failure: Row = {"lastauthorizationstatus": 0, "lasttestexecutionstatus": 0}
    rows.write(TABLES["emailserverprofile"], profile["emailserverprofileid"], failure)
    alerts.write(rows, alerts.UNAUTHORIZED, TABLES["emailserverprofile"], profile, profile)
    count = 0
    for mailbox in built_in.mailboxes_of(transaction, profile):
        failed = {direction: alerts.WRONG_CREDENTIALS for direction in DIRECTIONS if direction.wanted(mailbox)}
        if failed and mailbox["statecode"] != INACTIVE:
            test_and_enable.switch_off(rows, mailbox, profile, failed)
            count += 1
    return count


def _live(mailbox: Row, direction: Direction) -> bool:
    tested = mailbox[direction.status] == test_and_enable.SUCCESS
    return direction.wanted(mailbox) and tested and bool(mailbox[direction.enabled])


def _obstacles(
    rows: Rows, profile: Row, mailbox: Row, live: list[Direction], links: ExchangeLinks
) -> tuple[dict[Direction, "Alert"], bool]:
    """Return what fails for good, and whether something fails for now; ten times for now is for good."""
    found = {direction: test_and_enable.obstacle(rows, profile, mailbox, direction, links) for direction in live}
    worn_out = int(mailbox["transientfailurecount"] or 0) >= test_and_enable.MAX_RETRIES
    failed = {direction: alert for direction, alert in found.items() if alert and (worn_out or not alert.transient)}
    return failed, any(alert and direction not in failed for direction, alert in found.items())


def _after(rows: Rows, mailbox: Row, live: list[Direction], *, transient: bool) -> Row:
    """Return what a cycle leaves in the row."""
    if transient:
        count = int(mailbox["transientfailurecount"] or 0) + 1
        return {"transientfailurecount": count, "processinglastattemptedon": rows.now}
    changes: Row = {
        "transientfailurecount": 0,
        "lastsyncstartedon": rows.now,
        "lastsuccessfulsynccompletedon": rows.now,
        "processinglastattemptedon": rows.now,
        "itemsprocessedforlastsync": 0,
        "itemsfailedforlastsync": 0,
    }
    if any(direction.name == "incoming" for direction in live):
        # Documented: the service writes the last processed date into the mailbox, and the later of two always counts.
        after = max(str(mailbox["processemailreceivedafter"] or ""), rows.now)
        changes |= {"lastincomingemailsrequestedfromemailserveron": rows.now, "processemailreceivedafter": after}
    return changes
