"""One call of a cmdlet: who calls, in which organization, and what it works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from ..clock import text_of
from ..entra import directory
from ..store import Transaction
from . import switches
from .cmdlets import APPLICATION_ROLES, Arguments
from .errors import ExchangeError, not_found
from .objects import Kind, Object, Objects
from .recipients import Recipients, escaped

MANAGEMENT_ROLES: Mapping[str, frozenset[str]] = {
    "Role Management": frozenset({
        "Get-ManagementRole", "Get-ManagementRoleAssignment", "Get-ManagementScope", "Get-ServicePrincipal",
        "New-ManagementRoleAssignment", "New-ManagementScope", "New-ServicePrincipal",
        "Remove-ManagementRoleAssignment",
        "Remove-ManagementScope", "Remove-ServicePrincipal", "Set-ManagementRoleAssignment", "Set-ManagementScope",
        "Set-ServicePrincipal", "Test-ServicePrincipalAuthorization",
    }),
    "View-Only Configuration": frozenset({
        "Get-ApplicationAccessPolicy", "Get-ManagementRole", "Get-ManagementRoleAssignment", "Get-ManagementScope",
        "Get-OrganizationConfig", "Get-ServicePrincipal", "Test-ServicePrincipalAuthorization",
    }),
    "View-Only Recipients": frozenset({
        "Get-DistributionGroupMember", "Get-Group", "Get-Mailbox", "Get-Recipient",
    }),
}  # fmt: skip
"""Management roles that may be assigned to an application, and the emulated cmdlets of each."""

IMPERSONATION = "ApplicationImpersonation"
"""Lets an account open mailboxes in their owners' names."""

ADMINISTRATORS = frozenset({"Exchange Administrator", "Global Administrator"})
READERS = frozenset({"Global Reader"})

_WILDCARD = "*"


@dataclass(frozen=True)
class Caller:
    """An application, by its token: rights given later need a new token."""

    client_id: str
    roles: frozenset[str]
    """Roles of the tenant."""

    @property
    def administers(self) -> bool:
        """Whether it may do everything, and hand every role on."""
        return bool(self.roles & ADMINISTRATORS)


@dataclass
class Session:
    """Everything that a cmdlet needs."""

    transaction: Transaction
    tenant: str
    caller: Caller
    anchored_by_guid: bool
    """Whether the call was routed by the organization's GUID."""
    now: float
    """Seconds since 1970."""
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.switches = switches.read(self.transaction)
        known = directory.domains(self.transaction, self.tenant)
        self.domain = known[0] if known else f"{self.tenant}.onmicrosoft.com"
        self.objects = Objects(self.transaction, self.tenant, self.now)
        self.recipients = Recipients(self.transaction, self.tenant, self.domain)

    @property
    def moment(self) -> str:
        """Now, as Exchange writes it."""
        return text_of(self.now)

    def seen(self, kind: Kind) -> list[Object]:
        """Return the objects of a kind as reading cmdlets see them."""
        return self.objects.all(kind, self.switches.replication_delay)

    def one(self, kind: Kind, identity: str, *names: str) -> Object:
        """Return the object that an identity names, for a writing cmdlet; `names` are properties beside Name and Guid.

        Raises:
            ExchangeError: there is none.
        """
        found = [known for known in self.objects.all(kind) if identity.casefold() in _identities(known, names)]
        if not found:
            raise self.absent(identity)
        return found[0]

    def chosen(self, kind: Kind, arguments: Arguments, *names: str) -> list[Object]:
        """Return what a Get cmdlet lists for its Identity: everything when none is given.

        Raises:
            ExchangeError: there is no such object.
        """
        known, identity = self.seen(kind), arguments.text("Identity")
        if identity is None:
            return known
        if identity.endswith(_WILDCARD):
            start = identity.rstrip(_WILDCARD).casefold()
            return [one for one in known if str(one["Name"]).casefold().startswith(start)]
        found = [one for one in known if identity.casefold() in _identities(one, names)]
        if not found and self.switches.unknown_identity == "not_found":
            raise self.absent(identity)
        return found or known

    def absent(self, identity: str) -> ExchangeError:
        """Say that there is no such object."""
        return not_found(identity, self.domain, self.switches.absent_status)

    def distinguished_name(self, name: str, container: str) -> str:
        """Return the distinguished name of an object of the configuration."""
        return f"CN={escaped(name)},CN={container},CN=RBAC,CN=Configuration,{self.recipients.organization}"

    @property
    def roles(self) -> tuple[str, ...]:
        """The management roles that may be assigned."""
        old = (IMPERSONATION,) if self.switches.application_impersonation == "present" else ()
        return (*APPLICATION_ROLES, *MANAGEMENT_ROLES, *old)

    def role_named(self, identity: str) -> str | None:
        """Return the management role that a name or GUID names."""
        return next((it for it in self.roles if identity.casefold() in (it.casefold(), role_id(it))), None)

    def unmodified(self, identity: str) -> None:
        """Warn that a Set cmdlet had nothing to do."""
        text = f"The command completed successfully but no settings of '{identity}' have been modified."
        self.warnings.append(text)


def role_id(name: str) -> str:
    """Return the GUID of a role."""
    return str(uuid5(NAMESPACE_OID, f"role/{name}"))


def _identities(known: Mapping[str, Any], names: tuple[str, ...]) -> set[str]:
    return {str(known[name]).casefold() for name in ("Name", "Guid", "DistinguishedName", *names) if known.get(name)}
