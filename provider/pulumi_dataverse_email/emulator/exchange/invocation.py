"""A cmdlet by its name: whether the caller may, what it is given, what it does."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from . import assignments, listing, policies, principals, scopes
from .access import test_principal
from .cmdlets import CMDLETS, Arguments, bind
from .errors import TASKS, ExchangeError, Forbidden, not_emulated
from .session import MANAGEMENT_ROLES, READERS, Session

Handler: TypeAlias = Callable[[Session, Arguments], list[dict[str, Any]]]

HANDLERS: Mapping[str, Handler] = {
    "New-ManagementScope": scopes.new,
    "Set-ManagementScope": scopes.change,
    "Get-ManagementScope": scopes.get,
    "Remove-ManagementScope": scopes.remove,
    "New-ManagementRoleAssignment": assignments.new,
    "Set-ManagementRoleAssignment": assignments.change,
    "Get-ManagementRoleAssignment": assignments.get,
    "Remove-ManagementRoleAssignment": assignments.remove,
    "New-ServicePrincipal": principals.new,
    "Set-ServicePrincipal": principals.change,
    "Get-ServicePrincipal": principals.get,
    "Remove-ServicePrincipal": principals.remove,
    "Test-ServicePrincipalAuthorization": test_principal,
    "New-ApplicationAccessPolicy": policies.new,
    "Set-ApplicationAccessPolicy": policies.change,
    "Get-ApplicationAccessPolicy": policies.get,
    "Remove-ApplicationAccessPolicy": policies.remove,
    "Test-ApplicationAccessPolicy": policies.test,
    "Get-ManagementRole": listing.get_roles,
    "Get-Recipient": listing.get_recipients,
    "Get-Mailbox": listing.get_mailboxes,
    "Get-Group": listing.get_groups,
    "Get-DistributionGroupMember": listing.get_members,
    "Get-OrganizationConfig": listing.get_organization,
    "Enable-OrganizationCustomization": listing.enable_customization,
}

REAL_BUT_NOT_EMULATED = frozenset({
    "Add-DistributionGroupMember", "Get-AdministrativeUnit", "Get-CASMailbox", "Get-DistributionGroup",
    "Get-EXOMailbox",
    "Get-MailboxPermission", "Get-RoleGroup", "Get-RoleGroupMember", "Get-UnifiedGroup", "Get-UnifiedGroupLinks",
    "Get-User", "New-DistributionGroup", "New-ManagementRole", "New-RoleGroup", "Set-CASMailbox", "Set-Mailbox",
    "Set-OrganizationConfig", "Set-User",
})  # fmt: skip
"""Cmdlets that a client may well send and that the real Exchange knows; any other name is unknown there too."""

_NAMES = {name.casefold(): name for name in HANDLERS}
_NOT_EMULATED = {name.casefold() for name in REAL_BUT_NOT_EMULATED}


def writes(cmdlet: str) -> bool:
    """Whether a cmdlet changes anything."""
    return not cmdlet.casefold().startswith(("get-", "test-"))


def invoke(session: Session, cmdlet: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
    """Carry out a cmdlet and return its objects.

    Raises:
        ExchangeError: it is refused.
        Forbidden: it is unknown, or not granted.
    """
    name = _NAMES.get(cmdlet.casefold())
    if name is None:
        if cmdlet.casefold() in _NOT_EMULATED:
            raise not_emulated(cmdlet)
        raise Forbidden(cmdlet)
    if not _granted(session, name):
        raise Forbidden(cmdlet)
    arguments = bind(name, parameters)
    if session.anchored_by_guid and session.switches.guid_organization == "refuse_writes" and writes(name):
        text = "The current user doesn't have write permission to target DC."
        raise ExchangeError(400, "BadRequest", f"{TASKS}.InsufficientPermissionsException", text)
    if arguments.flag("WhatIf"):
        return []
    found = HANDLERS[name](session, arguments)
    if unused := arguments.unused():
        raise not_emulated(f"The parameter {', '.join(unused)} of {name}")
    return found


def _granted(session: Session, name: str) -> bool:
    caller = session.caller
    if caller.administers or (caller.roles & READERS and not writes(name)):
        return True
    ours = {one["Guid"] for one in session.objects.all("principal") if one["AppId"] == caller.client_id}
    return any(
        name in MANAGEMENT_ROLES.get(known["Role"], ())
        for known in session.objects.all("assignment")
        if known["Assignee"] in ours and known["Enabled"] and not known["Delegating"]
    )


assert HANDLERS.keys() == CMDLETS.keys()  # noqa: S101 - two lists of one thing
