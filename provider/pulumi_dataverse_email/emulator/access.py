"""Whether a profile opens a mailbox: what the servers around the organization say to its credentials."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import mail_servers
from .alerts import NO_LOCATION, NO_SECURE_CONNECTION, UNREACHABLE, WRONG_CREDENTIALS, Alert
from .built_in import is_online
from .clock import seconds_of
from .entra import directory
from .exchange.access import may_impersonate, may_open
from .exchange.recipients import MAILBOXES
from .exchange.session import Caller, Session
from .schema import Row, Value

if TYPE_CHECKING:
    from .rows import Rows

BY_USER_OR_QUEUE, BY_PROFILE, SERVER_TO_SERVER, GMAIL, HYBRID_MODERN, ENTRA, MANAGED_IDENTITY = 0, 1, 2, 5, 6, 7, 8

CONSENT = "full_access_as_app"
"""The application permission on Office 365 Exchange Online that the page on OAuth profiles asks for."""

PERMISSION = "EWS.AccessAsApp"
"""What a role assignment in Exchange grants instead."""


@dataclass(frozen=True)
class Direction:
    """Incoming mail, outgoing mail, or appointments, contacts and tasks."""

    name: Literal["incoming", "outgoing", "act"]
    method: str
    server_side: int
    """The method's code of server-side synchronization: 2 for mail, 1 for the others."""
    status: str
    enabled: str

    def wanted(self, mailbox: Row) -> bool:
        """Whether the mailbox asks for it."""
        return mailbox[self.method] == self.server_side


DIRECTIONS = (
    Direction("incoming", "incomingemaildeliverymethod", 2, "incomingemailstatus", "enabledforincomingemail"),
    Direction("outgoing", "outgoingemaildeliverymethod", 2, "outgoingemailstatus", "enabledforoutgoingemail"),
    Direction("act", "actdeliverymethod", 1, "actstatus", "enabledforact"),
)


@dataclass(frozen=True)
class _Settings:
    """What counts for one direction: with the same settings for both, the incoming ones."""

    retrieval: Value
    user_name: Value
    password: Value
    impersonating: bool
    location: Value


def refusal(rows: "Rows", profile: Row, mailbox: Row, direction: Direction) -> Alert | None:
    """Return what keeps the profile from opening the mailbox; None when nothing does."""
    settings = _settings(profile, direction)
    if is_online(rows.transaction, profile):
        return _online(rows, profile, mailbox, settings)
    server = mail_servers.behind(rows.transaction, profile, settings.location)
    if server is None:
        return NO_LOCATION
    if not server.reachable:
        return UNREACHABLE
    if not server.trusted_certificate:
        return NO_SECURE_CONNECTION
    address = str(mailbox["emailaddress"] or "").casefold()
    if settings.retrieval == BY_USER_OR_QUEUE:
        allowed = bool(mailbox["allowemailconnectortousecredentials"])
        account = server.account(mailbox["username"], mailbox["password"]) if allowed else None
        opens = account is not None and account.opens(address, impersonating=False)
    elif settings.retrieval == BY_PROFILE:
        account = server.account(settings.user_name, settings.password)
        opens = account is not None and account.opens(address, impersonating=settings.impersonating)
        if account is not None and account.impersonates == "by_role" and settings.impersonating:
            exchange = _exchange(rows, profile)
            opens = exchange is not None and may_impersonate(exchange, str(account.address), address)
        if direction.name == "act" and not settings.impersonating:  # documented: delegation does not do for these
            opens = False
    elif settings.retrieval == GMAIL:
        opens = bool(mailbox["isoauthrefreshtokenset"])
    else:
        opens = settings.retrieval == HYBRID_MODERN and profile["oauthclientid"] is not None
    return None if opens else WRONG_CREDENTIALS


def _settings(profile: Row, direction: Direction) -> _Settings:
    same = profile["usesamesettingsforoutgoingconnections"] is not False
    used = "outgoing" if direction.name == "outgoing" and not same else "incoming"
    location = "outgoing" if direction.name == "outgoing" and profile["outgoingserverlocation"] else "incoming"
    return _Settings(
        profile[f"{used}credentialretrieval"],
        profile[f"{used}username"],
        profile[f"{used}password"],
        bool(profile[f"{used}useimpersonation"]),
        profile[f"{location}serverlocation"],
    )


def _online(rows: "Rows", profile: Row, mailbox: Row, settings: _Settings) -> Alert | None:
    """Let the first-party application in everywhere, an own one where Exchange lets it, and no password at all."""
    exchange = _exchange(rows, profile)
    if exchange is None:
        return WRONG_CREDENTIALS
    address = str(mailbox["emailaddress"] or "")
    if not exchange.recipients.named(address, MAILBOXES):
        return NO_LOCATION
    if settings.retrieval in (SERVER_TO_SERVER, MANAGED_IDENTITY):
        return None
    opens = settings.retrieval == ENTRA and _own_application_opens(exchange, profile, address)
    return None if opens else WRONG_CREDENTIALS


def _exchange(rows: "Rows", profile: Row) -> Session | None:
    """Return the Exchange Online of the tenant that a profile leads to; None when there is no such tenant."""
    transaction = rows.transaction
    only_own = transaction.switches.oauth_needs_own_tenant
    ignored = only_own and profile["usedefaulttenantid"] is not False
    named = None if ignored else profile["exchangeonlinetenantid"]
    home = str(transaction.setting("organization")["tenantid"])
    tenant = directory.tenant_named(transaction, str(named or home).lower())
    nobody = Caller("", frozenset())
    if tenant is None:
        return None
    return Session(transaction, tenant, nobody, anchored_by_guid=False, now=seconds_of(rows.now))


def _own_application_opens(exchange: Session, profile: Row, address: str) -> bool:
    """Whether the profile's application gets a token in the tenant, and Exchange lets it open the mailbox.

    A consent in Entra opens every mailbox, whatever scopes Exchange has for the application.
    """
    transaction, client_id = exchange.transaction, str(profile["oauthclientid"] or "").lower()
    registration = directory.find(transaction, client_id)
    home = str(transaction.setting("organization")["tenantid"])
    if registration is None or not registration.is_in(exchange.tenant, home):
        return False
    good = [secret.value for secret in registration.all_secrets if not directory.is_expired(secret, exchange.now)]
    if profile["oauthclientsecret"] not in good:
        return False
    return CONSENT in registration.permissions or may_open(exchange, client_id, address, PERMISSION)
