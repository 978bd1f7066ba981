"""Whether the provider can work in an environment: who it is there, what it may do, and what is about to break."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ..dataverse.caller import Caller
from ..dataverse.client import Client
from ..dataverse.rows import Organization, Row
from ..declare import CLEAR
from ..engine.impersonation_scope.coverage import EWS_END
from ..engine.row import select, value
from ..errors import DataverseEmailError
from ..exchange.interface import Exchange
from ..inventory.found import PROFILE
from ..resources import TABLE_KINDS
from .declared import Declared

ORGANIZATION = TABLE_KINDS["OrganizationEmailSettings"]

MAILBOXES = ("prvReadMailbox", "prvWriteMailbox", "prvAppendMailbox", "prvReadUser", "prvReadQueue")
PROFILES = ("prvReadEmailServerProfile", "prvAppendToEmailServerProfile")

NEEDED = {
    "EmailServerProfile": (
        *(f"prv{verb}EmailServerProfile" for verb in ("Create", "Read", "Write", "Delete", "Append", "AppendTo")),
        "prvReadOrganization",
    ),
    "Mailbox": (*MAILBOXES, *PROFILES),
    "MailboxSet": (*MAILBOXES, *PROFILES),
    "MailboxTestAndEnable": ("prvReadMailbox", "prvWriteMailbox", "prvReadEmailServerProfile", "prvReadTraceLog"),
    "ImpersonationScope": ("prvReadMailbox", "prvReadEmailServerProfile"),
    "OrganizationEmailSettings": ("prvReadOrganization", "prvWriteOrganization"),
}
"""What a security role must grant for a kind."""

APPROVES = "prvApproveRejectEmailAddress"
"""What `approval="approve"` takes besides."""

SOON = timedelta(days=30)
"""So long before they expire, passwords are warned about."""

OWN_APPLICATION = 7
"""Code of `incomingcredentialretrieval`: OAuth with an application of the tenant's own."""


class Level(StrEnum):
    """How bad a finding is; the worst last."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Args:
        about: what was looked at, such as `privileges`.
        level: how bad it is.
        says: what was found, one sentence.
        advice: what to do, one sentence; empty where there is nothing.
    """

    about: str
    level: Level
    says: str
    advice: str = ""


def examine(rows: Client, exchange: Callable[[], Exchange | None], declared: Declared, today: date) -> list[Finding]:
    """Look at everything that can be looked at; what cannot be read is a finding too, and the rest goes on.

    Args:
        rows: the wire to Dataverse.
        exchange: opens the wire to Exchange; `None` where nothing is to be sent to it.
        declared: what the stack declares, if it was given.
        today: the present day.

    Raises:
        LoginError, SettingsError: nobody is known there, so nothing can be read.
        DataverseError: nobody answers.
    """
    organization = rows.organization()
    found = [_organization(organization)]
    profiles: list[Row] = []
    parts: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("login", lambda: _caller(rows.caller())),
        ("organization's defaults", lambda: _defaults(rows)),
        ("profiles", lambda: _profiles(rows, profiles)),
        ("expiry", lambda: _expiries(declared, today)),
        ("Exchange", lambda: _exchange(exchange, profiles)),
    ]
    for about, part in parts:
        try:
            found += part()
        except DataverseEmailError as error:
            sentence, *rest = str(error).splitlines()
            found.append(Finding(about, Level.UNKNOWN, f"could not be read: {sentence}", " ".join(rest)))
    return found


def _organization(organization: Organization) -> Finding:
    says = f"'{organization.name}' ({organization.organization_id}), of the type {organization.type or 'not told'}"
    if organization.is_production:
        return Finding("environment", Level.OK, f"{says}.")
    advice = "In a copy, set dataverse-email:synchronization to off; tests would take mailboxes from production."
    return Finding("environment", Level.WARNING, f"{says}: not a production one.", advice)


def _caller(caller: Caller) -> Iterator[Finding]:
    kind = f"application user, application {caller.application_id}" if caller.application_id else "user"
    state = "disabled " if caller.is_disabled else ""
    yield Finding(
        "login",
        Level.PROBLEM if caller.is_disabled else Level.OK,
        f"'{caller.name}', a {state}{kind}; the environment has version {caller.version or 'not told'}.",
        "Enable it in the Power Platform admin center." if caller.is_disabled else "",
    )
    roles = ", ".join(caller.roles)
    yield Finding(
        "roles",
        Level.OK if caller.roles else Level.PROBLEM,
        f"{roles}." if roles else "none.",
        "" if roles else "Give the user a security role in the Power Platform admin center.",
    )
    for kind_name, needed in NEEDED.items():
        missing = [it for it in needed if it not in caller.privileges]
        yield Finding(
            f"rights for {kind_name}",
            Level.WARNING if missing else Level.OK,
            f"missing {', '.join(missing)}." if missing else "all there.",
            "Let a security role grant them, where the program declares that kind." if missing else "",
        )
    approves = APPROVES in caller.privileges
    yield Finding(
        "approval of addresses",
        Level.OK if approves else Level.WARNING,
        "the privilege is there; for Exchange Online a role of the tenant is needed besides, which nobody can read."
        if approves
        else f"missing {APPROVES}.",
        "" if approves else 'It takes that for approval="approve"; without it, let an administrator approve.',
    )
    if caller.requests_left:
        left = f"{caller.requests_left} requests and {caller.seconds_left or '?'} seconds of execution"
        yield Finding("service limits", Level.OK, f"{left} are left for the next five minutes.")
    else:
        yield Finding("service limits", Level.UNKNOWN, "the service does not say what is left.")


def _defaults(rows: Client) -> Iterator[Finding]:
    table, name = ORGANIZATION.table, "default_email_server_profile"
    found = list(rows.list(table.entity_set, select(ORGANIZATION, [name]), key=table.primary_id))
    link = found[0].get(ORGANIZATION.columns[name].wire) if found else None
    profile = getattr(link, "name", "")
    yield Finding(
        "default profile",
        Level.OK if profile else Level.WARNING,
        f"new mailboxes get '{profile}'." if profile else "new mailboxes get no profile.",
        "" if profile else "Set one with OrganizationEmailSettings, or give each mailbox its profile.",
    )


def _profiles(rows: Client, profiles: list[Row]) -> Iterator[Finding]:
    names = [name for name, column in PROFILE.columns.items() if column.restorable and not column.secret]
    what = select(PROFILE, names)
    profiles += rows.list(PROFILE.table.entity_set, what, key=PROFILE.table.primary_id)
    for row in sorted(profiles, key=lambda it: str(it["name"])):
        about = f"profile '{row['name']}'"
        if row.get("emailservertypename") == "Exchange Online":
            yield Finding(about, Level.OK, "is the built-in one.")
            continue
        there = {name: value(PROFILE, name, row) for name in names}
        # What stands there already is judged like a profile that a program adopts.
        values = {"adopt": True, **{name: it for name, it in there.items() if it != CLEAR}}
        broken = [
            (severity, rule) for severity in ("error", "warning") for rule in PROFILE.broken_rules(values, severity)
        ]
        for severity, rule in broken:
            level = Level.PROBLEM if severity == "error" else Level.WARNING
            yield Finding(about, level, f"{rule.blames}: {rule.told(values)}.", f"See {rule.source}.")
        if not broken:
            yield Finding(about, Level.OK, "breaks no rule.")


def _expiries(declared: Declared, today: date) -> Iterator[Finding]:
    if not declared.expiries:
        says = "Dataverse does not say when passwords, secrets and certificates expire, and no state was given."
        yield Finding("expiry", Level.UNKNOWN, says, "State incoming_password_expires_on and the like; give --state.")
    for what, text in sorted(declared.expiries.items()):
        day = date.fromisoformat(text[:10])
        left = (day - today).days
        if left < 0:
            yield Finding("expiry", Level.PROBLEM, f"{what}: expired on {day}.", "Renew it and set it anew.")
        elif day - today <= SOON:
            yield Finding("expiry", Level.WARNING, f"{what}: expires on {day}, in {left} days.", "Renew it in time.")
        else:
            yield Finding("expiry", Level.OK, f"{what}: expires on {day}.")


def _exchange(exchange: Callable[[], Exchange | None], profiles: list[Row]) -> Iterator[Finding]:
    own = [it for it in profiles if it.get("incomingcredentialretrieval") == OWN_APPLICATION]
    named = ", ".join(f"'{it['name']}'" for it in own)
    if not own:
        yield Finding("EWS", Level.OK, "no profile logs in to Exchange Online with an application of the tenant's own.")
        return
    yield Finding("EWS", Level.WARNING, f"{named} log in with own applications: {EWS_END}.")
    there = exchange()
    if there is None:
        yield Finding("Exchange", Level.UNKNOWN, "the settings say that nothing is sent to it.")
        return
    organization = there.organization()
    allowed = set(organization.ews_allowed_app_ids)
    shut = [it for it in own if str(it.get("oauthclientid") or "").lower() not in allowed]
    if organization.ews_enabled and not shut:
        yield Finding("Exchange", Level.OK, f"'{organization.name}' answers, and EWS lets these applications in.")
    else:
        why = "EWS is off" if not organization.ews_enabled else "EWS does not let all of these applications in"
        yield Finding("Exchange", Level.PROBLEM, f"'{organization.name}' answers: {why}.", "See the line about EWS.")
