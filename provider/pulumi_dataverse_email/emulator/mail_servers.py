"""The mail servers around an organization, Exchange Online aside: what a profile with locations and passwords meets."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .errors import ODataError
from .profile_rules import EXCHANGE_TYPES, MAIL_ONLY_TYPES
from .schema import Row
from .store import Transaction

SETTING = "mail_servers"

Text = Annotated[str, StringConstraints(min_length=1)]
Mailboxes = Literal["all"] | tuple[Text, ...]
"""Addresses, or all of the server's."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Account(_Part):
    """An account of a mail server."""

    user_name: Text
    password: Text
    address: Text | None = None
    """Of its own mailbox."""
    impersonates: Mailboxes | Literal["by_role"] = ()
    """The mailboxes inside the scope of its impersonation right; `by_role`: as far as the role ApplicationImpersonation
    reaches that the emulated Exchange has assigned to the account, whose recipient is `address`."""
    delegate_of: Mailboxes = ()
    """The mailboxes that it may open without impersonation."""

    def opens(self, address: str, *, impersonating: bool) -> bool:
        """Whether the account may open a mailbox in that way."""
        others = self.impersonates if impersonating else self.delegate_of
        own = self.address is not None and self.address.casefold() == address
        return own or others == "all" or address in {other.casefold() for other in others}


class MailServer(_Part):
    """A mail server."""

    kind: Literal["exchange", "pop3_imap_smtp"] = "exchange"
    locations: tuple[Text, ...] = ()
    """The server locations that lead to it, as profiles write them."""
    auto_discover: bool = False
    """Whether auto discover leads to it."""
    reachable: bool = True
    """Else each try fails for now, and is repeated."""
    trusted_certificate: bool = True
    """Else no secure connection comes about."""
    accounts: tuple[Account, ...] = ()

    def account(self, user_name: object, password: object) -> Account | None:
        """Return the account with that name, in any case, and that password."""
        name = str(user_name or "").casefold()
        found = [account for account in self.accounts if account.user_name.casefold() == name]
        return found[0] if found and found[0].password == password else None


class MailServers(_Part):
    """All of them."""

    servers: tuple[MailServer, ...] = Field(default=())


class AccountChange(_Part):
    """What may be changed of an account, on every server that has it."""

    user_name: Text
    password: Text | None = None
    impersonates: Mailboxes | Literal["by_role"] | None = None
    delegate_of: Mailboxes | None = None


def read(transaction: Transaction) -> tuple[MailServer, ...]:
    """Return the mail servers."""
    return MailServers.model_validate(transaction.setting(SETTING)).servers


def keep(transaction: Transaction, servers: tuple[MailServer, ...]) -> None:
    """Put these mail servers in place of all others."""
    transaction.keep_setting(SETTING, MailServers(servers=servers).model_dump(mode="json"))


def shown(transaction: Transaction) -> dict[str, Any]:
    """Return the mail servers without their passwords."""
    hidden: Any = {"servers": {"__all__": {"accounts": {"__all__": {"password"}}}}}
    return MailServers(servers=read(transaction)).model_dump(mode="json", exclude=hidden)


def change_account(transaction: Transaction, change: AccountChange) -> None:
    """Change an account.

    Raises:
        ODataError: 404, no server has it.
    """
    changes = change.model_dump(exclude_none=True, exclude={"user_name"})
    name, found, servers = change.user_name.casefold(), False, []
    for server in read(transaction):
        accounts = []
        for account in server.accounts:
            same = account.user_name.casefold() == name
            found = found or same
            accounts.append(account.model_copy(update=changes) if same else account)
        servers.append(server.model_copy(update={"accounts": tuple(accounts)}))
    if not found:
        raise ODataError(404, "", f"No mail server has an account '{change.user_name}'.")
    keep(transaction, tuple(servers))


def behind(transaction: Transaction, profile: Row, location: object) -> MailServer | None:
    """Return the server that a profile leads to, by auto discover or by a location."""
    kinds = {"exchange": EXCHANGE_TYPES, "pop3_imap_smtp": MAIL_ONLY_TYPES}
    for server in read(transaction):
        if profile["servertype"] in kinds[server.kind]:
            by_location = _folded(location) in {_folded(known) for known in server.locations}
            if server.auto_discover if profile["useautodiscover"] else by_location:
                return server
    return None


def _folded(location: object) -> str:
    return str(location or "").casefold().rstrip("/")
