"""Whether a profile opens a mailbox: what the servers around the organization say to its credentials."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from . import mail_servers
from .alerts import NO_LOCATION, NO_SECURE_CONNECTION, UNREACHABLE, WRONG_CREDENTIALS, Alert
from .built_in import is_online
from .schema import Row, Value
from .store import APPLICATIONS, Transaction

BY_USER_OR_QUEUE, BY_PROFILE, SERVER_TO_SERVER, GMAIL, HYBRID_MODERN, ENTRA, MANAGED_IDENTITY = 0, 1, 2, 5, 6, 7, 8


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


def refusal(transaction: Transaction, profile: Row, mailbox: Row, direction: Direction) -> Alert | None:
    """Return what keeps the profile from opening the mailbox; None when nothing does."""
    settings = _settings(profile, direction)
    if is_online(transaction, profile):
        return _online(transaction, profile, mailbox, settings)
    server = mail_servers.behind(transaction, profile, settings.location)
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


def _online(transaction: Transaction, profile: Row, mailbox: Row, settings: _Settings) -> Alert | None:
    """Let the first-party application in everywhere, an own one with its secret, and no password at all."""
    if not mailbox["emailaddress"]:
        return NO_LOCATION
    if settings.retrieval in (SERVER_TO_SERVER, MANAGED_IDENTITY):
        return None
    return None if settings.retrieval == ENTRA and _own_application(transaction, profile) else WRONG_CREDENTIALS


def _own_application(transaction: Transaction, profile: Row) -> bool:
    """Whether the profile's application gets a token in the tenant that it names."""
    tenant = transaction.setting("organization")["tenantid"]
    only_own = transaction.switches.oauth_needs_own_tenant
    ignored = only_own and profile["usedefaulttenantid"] is not False
    named = None if ignored else profile["exchangeonlinetenantid"]
    client_id = str(profile["oauthclientid"] or "").lower()
    query = sa.select(APPLICATIONS.c.secret).where(APPLICATIONS.c.client_id == client_id)
    secret = transaction.sql.execute(query).scalar_one_or_none()
    return str(named or tenant).lower() == tenant and secret is not None and secret == profile["oauthclientsecret"]
