"""The cmdlets that are used, with their parameters: the one place that says which, for every transport.

Source: https://learn.microsoft.com/powershell/module/exchange (the page of each cmdlet).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from .objects import Assignee, NewAssignment, NewScope, Reach, ServicePrincipal

Parameter: TypeAlias = str | bool | tuple[str, ...]
Properties: TypeAlias = Mapping[str, object]
"""An object that a cmdlet returned, by property in lower case."""

_UNASKED: Final[Mapping[str, Parameter]] = {"Confirm": False}
"""Nobody can answer a prompt."""

_ALL: Final[Mapping[str, Parameter]] = {"ResultSize": "Unlimited"}
"""Without it, a list ends after a thousand objects."""

_APP_REACHES: Final = {
    "scope": "CustomResourceScope",
    "group": "RecipientGroupScope",
    "unit": "RecipientAdministrativeUnitScope",
}
_ACCOUNT_REACHES: Final = {"scope": "CustomRecipientWriteScope", "exclusive_scope": "ExclusiveRecipientWriteScope"}


@dataclass(frozen=True)
class Command:
    """A cmdlet and its parameters.

    Raises:
        ValueError: a parameter is empty. For a scope that would mean the whole organization, for an identity anything.
    """

    cmdlet: str
    parameters: Mapping[str, Parameter]

    def __post_init__(self) -> None:
        empty = [
            name
            for name, value in self.parameters.items()
            if value == () or (isinstance(value, str) and not value.strip())
        ]
        if empty:
            raise ValueError(f"{self.cmdlet} with an empty {', '.join(empty)} would reach more than is meant")

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return not self.cmdlet.startswith(("Get-", "Test-"))

    def __str__(self) -> str:
        subject = self.parameters.get("Identity") or self.parameters.get("Name") or self.parameters.get("AppId")
        return f"{self.cmdlet} '{subject}'" if subject else self.cmdlet


def lowered(properties: Mapping[Any, object]) -> Properties:
    """Return the properties of an object by names in lower case: servers spell them variously."""
    return {str(name).lower(): value for name, value in properties.items()}


class Cmdlets(Protocol):
    """Carries out cmdlets: what a transport is."""

    def run(self, command: Command) -> list[Properties]:
        """Send a command once and return its objects, all pages of them.

        Raises:
            ExchangeError: of the kind that the answer calls for; never a stranger's exception.
            LoginError: no token.
        """
        ...


def get_scope(identity: str) -> Command:
    """Read a scope by name or GUID."""
    return Command("Get-ManagementScope", {"Identity": identity})


def get_scopes() -> Command:
    """List the scopes."""
    return Command("Get-ManagementScope", {})


def new_scope(scope: NewScope) -> Command:
    """Make a scope."""
    parameters: dict[str, Parameter] = {"Name": scope.name, "RecipientRestrictionFilter": scope.recipient_filter}
    if scope.recipient_root:
        parameters["RecipientRoot"] = scope.recipient_root
    if scope.exclusive:
        parameters |= {"Exclusive": True, "Force": True}
    return Command("New-ManagementScope", {**parameters, **_UNASKED})


def set_scope(identity: str, changes: Mapping[str, Parameter]) -> Command:
    """Change a scope: its Name, RecipientRestrictionFilter or RecipientRoot."""
    return Command("Set-ManagementScope", {"Identity": identity, **changes, **_UNASKED})


def remove_scope(identity: str) -> Command:
    """Remove a scope."""
    return Command("Remove-ManagementScope", {"Identity": identity, **_UNASKED})


def get_assignment(identity: str) -> Command:
    """Read an assignment by name or GUID."""
    return Command("Get-ManagementRoleAssignment", {"Identity": identity})


def get_assignments(assignee: str = "", role: str = "", recipient: str = "") -> Command:
    """List the assignments: of an assignee, of a role, those that reach a recipient."""
    wanted = {"RoleAssignee": assignee, "Role": role, "WritableRecipient": recipient}
    return Command("Get-ManagementRoleAssignment", {name: value for name, value in wanted.items() if value})


def new_assignment(assignment: NewAssignment) -> Command:
    """Assign a role."""
    parameters: dict[str, Parameter] = {
        "Name": assignment.name,
        "Role": assignment.role,
        assignment.assignee.kind: assignment.assignee.identity,
        **_reach(assignment.assignee, assignment.reach),
    }
    return Command("New-ManagementRoleAssignment", {**parameters, **_UNASKED})


def set_assignment(identity: str, assignee: Assignee, reach: Reach) -> Command:
    """Change what an assignment reaches."""
    return Command("Set-ManagementRoleAssignment", {"Identity": identity, **_reach(assignee, reach), **_UNASKED})


def remove_assignment(identity: str) -> Command:
    """Remove an assignment."""
    return Command("Remove-ManagementRoleAssignment", {"Identity": identity, **_UNASKED})


def get_principal(identity: str) -> Command:
    """Read the pointer to an application."""
    return Command("Get-ServicePrincipal", {"Identity": identity})


def new_principal(principal: ServicePrincipal) -> Command:
    """Make a pointer to an application."""
    parameters: dict[str, Parameter] = {"AppId": principal.app_id, "ObjectId": principal.object_id}
    if principal.display_name:
        parameters["DisplayName"] = principal.display_name
    return Command("New-ServicePrincipal", {**parameters, **_UNASKED})


def remove_principal(identity: str) -> Command:
    """Remove a pointer to an application, and all of its assignments with it."""
    return Command("Remove-ServicePrincipal", {"Identity": identity, **_UNASKED})


def get_roles() -> Command:
    """List the roles that can be assigned."""
    return Command("Get-ManagementRole", {})


def get_recipient(identity: str) -> Command:
    """Find a recipient by anything that names it."""
    return Command("Get-Recipient", {"Identity": identity, **_ALL})


def get_recipients(recipient_filter: str, root: str = "") -> Command:
    """List the recipients that a filter selects, below a root."""
    below: Mapping[str, Parameter] = {"OrganizationalUnit": root} if root else {}
    return Command("Get-Recipient", {"Filter": recipient_filter, **below, **_ALL})


def get_group(identity: str) -> Command:
    """Find a group, be it without a mail address."""
    return Command("Get-Group", {"Identity": identity, **_ALL})


def test_principal(identity: str, mailbox: str) -> Command:
    """Ask which roles of an application reach a mailbox."""
    return Command("Test-ServicePrincipalAuthorization", {"Identity": identity, "Resource": mailbox})


def get_organization() -> Command:
    """Read the organization's settings."""
    return Command("Get-OrganizationConfig", {})


def enable_customization() -> Command:
    """Open the organization for scopes and assignments."""
    return Command("Enable-OrganizationCustomization", _UNASKED)


def _reach(assignee: Assignee, reach: Reach) -> dict[str, Parameter]:
    """Return how a reach is said: for accounts a scope is the only way.

    Raises:
        ValueError: an account cannot be limited to a group or unit.
    """
    if assignee.kind == "App" and reach.kind in _APP_REACHES:
        return {_APP_REACHES[reach.kind]: reach.identity}
    if reach.kind not in _ACCOUNT_REACHES:
        raise ValueError(f"a role of an account is limited by a scope, not by a {reach.kind}")
    return {_ACCOUNT_REACHES[reach.kind]: reach.identity}
