"""Which mailboxes an application may open: the meaning of scopes, assignments and application access policies.

Microsoft Learn, "Role Based Access Control for Applications in Exchange Online". What was
consented to in Entra adds up with these, and cannot be seen here.
"""

from functools import lru_cache
from typing import Any

from .cmdlets import APPLICATION_ROLES, Arguments
from .objects import Object
from .opath import Node, parse
from .properties import matches
from .recipients import GROUPS, MAILBOXES, Properties
from .session import IMPERSONATION, Session

UNTESTED = "Not Run"


@lru_cache(maxsize=256)
def tree(text: str) -> Node:
    """Return the tree of a filter that was checked when it was stored."""
    return parse(text)


def covers(session: Session, assignment: Object, recipient: Properties, delay: float = 0) -> bool:
    """Whether the scope of an assignment holds a recipient, by the scopes of `delay` seconds ago."""
    match assignment["ScopeKind"], assignment["Scope"]:
        case "Custom" | "Exclusive", guid:
            scope = next((one for one in session.objects.all("scope", delay) if one["Guid"] == guid), None)
            return scope is not None and _within(scope, recipient)
        case "Group", guid:
            group = next((one for one in session.recipients.all(GROUPS) if one["Guid"] == guid), None)
            return group is not None and group["DistinguishedName"] in recipient["MemberOfGroup"]
        case "Unit", unit:
            return session.recipients.unit_name(str(unit)) in recipient["AdministrativeUnits"]
    return True


def _within(scope: Object, recipient: Properties) -> bool:
    root = str(scope["RecipientRoot"] or "").casefold()
    return str(recipient["DistinguishedName"]).casefold().endswith(root) and matches(
        tree(scope["RecipientFilter"]), recipient
    )


def may_open(session: Session, app_id: str, address: str, permission: str) -> bool:
    """Whether Exchange lets an application use a permission on a mailbox, as its caches have it now.

    Args:
        session: of the mailbox's tenant; its caller does not matter.
        app_id: the application's client id.
        address: any address of the mailbox.
        permission: as in the table of application roles, for example EWS.AccessAsApp.

    """
    delay = session.switches.access_delay
    found = session.recipients.named(address, MAILBOXES)
    if not found:
        return False
    return any(
        permission in APPLICATION_ROLES[assignment["Role"]].permissions and covers(session, assignment, found[0], delay)
        for assignment in _assigned(session, app_id, delay)
    )


def may_impersonate(session: Session, account: str, address: str) -> bool:
    """Whether an Exchange Server lets an account open a mailbox by the role ApplicationImpersonation.

    Args:
        session: of the organization; its caller does not matter.
        account: any address of the account.
        address: any address of the mailbox.

    """
    owners, found = session.recipients.named(account), session.recipients.named(address, MAILBOXES)
    if not owners or not found:
        return False
    groups = [
        one["Guid"] for one in session.recipients.all(GROUPS) if one["DistinguishedName"] in owners[0]["MemberOfGroup"]
    ]
    holders = {owners[0]["Guid"], *groups}
    delay = session.switches.access_delay
    return any(
        known["Assignee"] in holders
        and known["Role"] == IMPERSONATION
        and known["Enabled"]
        and not known["Delegating"]
        and covers(session, known, found[0], delay)
        for known in session.objects.all("assignment", delay)
    )


def test_principal(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Test-ServicePrincipalAuthorization: the state of things past every cache but replication."""
    principal = _named(session, arguments.required("Identity"))
    resource = arguments.text("Resource")
    recipients = session.recipients.named(resource, MAILBOXES) if resource else []
    if resource and not recipients:
        raise session.absent(resource)
    delay = session.switches.replication_delay
    return [
        {
            "RoleName": assignment["Role"],
            "GrantedPermissions": ", ".join(APPLICATION_ROLES[assignment["Role"]].permissions),
            "AllowedResourceScope": _allowed(session, assignment),
            "ScopeType": {
                "Organization": "OrganizationConfig",
                "Custom": "CustomRecipientScope",
                "Exclusive": "ExclusiveRecipientScope",
                "Group": "Group",
                "Unit": "AdministrativeUnit",
            }[assignment["ScopeKind"]],
            "InScope": _in_scope(session, assignment, recipients[0] if recipients else None, delay),
        }
        for assignment in _assigned(session, principal["AppId"], delay)
    ]


def _in_scope(session: Session, assignment: Object, recipient: Properties | None, delay: float) -> bool | str:
    if recipient is None:
        return UNTESTED
    inside = covers(session, assignment, recipient, delay)
    return str(inside) if session.switches.in_scope_as == "text" else inside


def _named(session: Session, identity: str) -> Object:
    names = ("Guid", "DistinguishedName", "AppId", "ObjectId", "DisplayName")
    for principal in session.seen("principal"):
        if identity.casefold() in {str(principal[name]).casefold() for name in names}:
            return principal
    raise session.absent(identity)


def _assigned(session: Session, app_id: str, delay: float) -> list[Object]:
    """Return the application roles that are assigned to an application and enabled."""
    ours = {one["Guid"] for one in session.objects.all("principal", delay) if one["AppId"] == app_id.lower()}
    return [
        known
        for known in session.objects.all("assignment", delay)
        if known["Assignee"] in ours
        and known["Enabled"]
        and not known["Delegating"]
        and known["Role"] in APPLICATION_ROLES
    ]


def _allowed(session: Session, assignment: Object) -> str:
    if assignment["ScopeKind"] in ("Custom", "Exclusive"):
        names = [str(one["Name"]) for one in session.objects.all("scope") if one["Guid"] == assignment["Scope"]]
        return names[0] if names else str(assignment["Scope"])
    return str(assignment["Scope"] or "Organization")
