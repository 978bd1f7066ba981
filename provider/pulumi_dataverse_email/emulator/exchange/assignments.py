"""Role assignments: who may do what with the mailboxes of which scope.

Microsoft Learn, New-, Set-, Get- and Remove-ManagementRoleAssignment; "Role Based Access Control for Applications".
"""

from itertools import count
from typing import Any

from .access import covers
from .cmdlets import APPLICATION_ROLES, Arguments
from .errors import TASKS, bad_parameter, exists_already, refused
from .objects import Object
from .recipients import GROUPS
from .scopes import require_customized
from .session import Session

NAME_LENGTH = 64
SCOPES = (
    "CustomResourceScope",
    "CustomRecipientWriteScope",
    "ExclusiveRecipientWriteScope",
    "RecipientGroupScope",
    "RecipientAdministrativeUnitScope",
)
UNSCOPED: Object = {"ScopeKind": "Organization", "Scope": None}
_WRITE_SCOPES = {
    "Organization": "Organization",
    "Custom": "CustomRecipientScope",
    "Exclusive": "ExclusiveRecipientScope",
    "Group": "Group",
    "Unit": "AdministrativeUnit",
}


def new(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out New-ManagementRoleAssignment."""
    require_customized(session)
    role = session.role_named(arguments.required("Role"))
    if role is None:
        raise session.absent(arguments.required("Role"))
    assignee = _assignee(session, arguments, role)
    _require_delegation(session, role)
    scope = _scope(session, arguments) or UNSCOPED
    delegating = bool(arguments.flag("Delegating"))
    taken = {str(known["Name"]).casefold() for known in session.objects.all("assignment")}
    name = arguments.text("Name") or _made_up(role, assignee, taken, delegating=delegating)
    if name.casefold() in taken:
        raise exists_already(name)
    made = {
        "Name": name,
        "DistinguishedName": session.distinguished_name(name, "Role Assignments"),
        "Role": role,
        "Enabled": True,
        "Delegating": delegating,
        "WhenCreated": session.moment,
        "WhenChanged": session.moment,
    }
    return [_shown(session, session.objects.add("assignment", made | assignee | scope))]


def change(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Set-ManagementRoleAssignment."""
    identity = arguments.required("Identity")
    assignment = session.one("assignment", identity)
    _require_delegation(session, assignment["Role"])
    wrong = "CustomRecipientWriteScope" if assignment["AssigneeType"] == "ServicePrincipal" else "CustomResourceScope"
    if arguments.has(wrong):
        text = f"The parameter '{wrong}' cannot be used with an assignee of type {assignment['AssigneeType']}."
        raise bad_parameter(text)
    changes = dict(_scope(session, arguments) or {})
    enabled = arguments.flag("Enabled")
    if enabled is not None:
        changes["Enabled"] = enabled
    if assignment | changes == assignment:
        session.unmodified(identity)
        return []
    session.objects.change(assignment["Guid"], changes | {"WhenChanged": session.moment})
    return []


def get(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-ManagementRoleAssignment."""
    shown = [(known, _shown(session, known)) for known in session.chosen("assignment", arguments)]
    for name in ("Role", "RoleAssigneeType", "RecipientWriteScope", "CustomRecipientWriteScope"):
        if (wanted := arguments.text(name)) is not None:
            shown = [pair for pair in shown if str(pair[1][name]).casefold() == wanted.casefold()]
    if (methods := arguments.texts("AssignmentMethod")) and "direct" not in {one.casefold() for one in methods}:
        shown = []
    for name, held in (("Enabled", "Enabled"), ("Delegating", "Delegating")):
        if (flag := arguments.flag(name)) is not None:
            shown = [pair for pair in shown if pair[0][held] == flag]
    if (assignee := arguments.text("RoleAssignee")) is not None:
        accounts = {one["Guid"] for one in session.recipients.named(assignee)}
        shown = [
            pair
            for pair in shown
            if pair[0]["Assignee"] in accounts or assignee.casefold() in _assignee_names(session, pair[0])
        ]
    if (address := arguments.text("WritableRecipient")) is not None:
        found = session.recipients.named(address)
        if not found:
            raise session.absent(address)
        shown = [pair for pair in shown if covers(session, pair[0], found[0])]
    return [properties for _, properties in shown]


def remove(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Remove-ManagementRoleAssignment."""
    assignment = session.one("assignment", arguments.required("Identity"))
    _require_delegation(session, assignment["Role"])
    session.objects.remove(assignment["Guid"])
    return []


def _assignee(session: Session, arguments: Arguments, role: str) -> Object:
    if app := arguments.text("App"):
        principal = session.one("principal", app, "AppId", "ObjectId", "DisplayName")
        known = {"Assignee": principal["Guid"], "AssigneeName": principal["DisplayName"] or principal["ObjectId"]}
        return {**known, "AssigneeId": principal["ObjectId"], "AssigneeType": "ServicePrincipal"}
    if role in APPLICATION_ROLES:
        raise bad_parameter(f"The role '{role}' can be assigned to applications only; give App.")
    kind, types = (
        ("User", ("UserMailbox",)) if arguments.text("User") else ("SecurityGroup", ("MailUniversalSecurityGroup",))
    )
    identity = arguments.text(kind) or arguments.required("Policy")
    found = session.recipients.named(identity, types)
    if not found:
        raise session.absent(identity)
    name = found[0]["Name"]
    return {"Assignee": found[0]["Guid"], "AssigneeName": name, "AssigneeId": name, "AssigneeType": kind}


def _scope(session: Session, arguments: Arguments) -> Object | None:
    """Return the scope that was given; null stands for the whole organization, and None for none given.

    Raises:
        ExchangeError: several were given, or it is not there.
    """
    given = [name for name in SCOPES if arguments.has(name)]
    if not given:
        return None
    if len(given) > 1:
        raise bad_parameter(f"The parameters {' and '.join(given)} cannot be used together.")
    name, identity = given[0], arguments.text(given[0])
    if not identity:
        return UNSCOPED
    if name == "RecipientGroupScope":
        groups = session.recipients.named(identity, GROUPS)
        if not groups:
            raise session.absent(identity)
        return {"ScopeKind": "Group", "Scope": groups[0]["Guid"]}
    if name == "RecipientAdministrativeUnitScope":
        unit = session.recipients.unit(identity)
        if unit is None:
            raise session.absent(identity)
        return {"ScopeKind": "Unit", "Scope": unit}
    return _custom(session, name, identity)


def _custom(session: Session, name: str, identity: str) -> Object:
    scope = session.one("scope", identity)
    if scope["Exclusive"] and name == "CustomRecipientWriteScope":
        raise refused(f"The scope '{scope['Name']}' is exclusive; use ExclusiveRecipientWriteScope.")
    if name == "ExclusiveRecipientWriteScope":
        if not scope["Exclusive"]:
            raise refused(f"The scope '{scope['Name']}' is not exclusive; use CustomRecipientWriteScope.")
        return {"ScopeKind": "Exclusive", "Scope": scope["Guid"]}
    return {"ScopeKind": "Custom", "Scope": scope["Guid"]}


def _require_delegation(session: Session, role: str) -> None:
    """Refuse a caller who may not hand the role on, or for whom the organization is not ready yet."""
    enabled_at = session.transaction.setting("exchange_customization").get("since", 0.0)
    early = session.now < enabled_at + session.switches.customization_delay
    if session.caller.administers and not early:
        return
    ours = [one["Guid"] for one in session.objects.all("principal") if one["AppId"] == session.caller.client_id]
    for known in () if early else session.objects.all("assignment"):
        if known["Assignee"] in ours and known["Role"] == role and known["Delegating"] and known["Enabled"]:
            return
    text = (
        f'You don\'t have access to create, change, or remove the "{role}" management role assignment. You must be '
        "assigned a delegating role assignment to the management role or its parent in the hierarchy without a scope "
        "restriction."
    )
    raise refused(text, f"{TASKS}.ThrowTerminatingErrorException")


def _made_up(role: str, assignee: Object, taken: set[str], *, delegating: bool) -> str:
    end = "-Delegating" if delegating else ""
    for number in count():
        tail = f"{end}-{number}" if number else end
        name = f"{role}-{assignee['AssigneeName']}"[: NAME_LENGTH - len(tail)] + tail
        if name.casefold() not in taken:
            return name
    raise AssertionError  # count() does not end


def _assignee_names(session: Session, assignment: Object) -> set[str]:
    names = {assignment["AssigneeId"], assignment["AssigneeName"], assignment["Assignee"]}
    for principal in session.objects.all("principal"):
        if principal["Guid"] == assignment["Assignee"]:
            names.add(principal["AppId"])
    return {str(name).casefold() for name in names}


def _shown(session: Session, assignment: Object) -> dict[str, Any]:
    kind, for_app = assignment["ScopeKind"], assignment["AssigneeType"] == "ServicePrincipal"
    scope = _scope_name(session, assignment)
    return {
        "Name": assignment["Name"],
        "Identity": assignment["Name"],
        "Guid": assignment["Guid"],
        "DistinguishedName": assignment["DistinguishedName"],
        "Role": assignment["Role"],
        "RoleAssignee": assignment["AssigneeId"],
        "RoleAssigneeName": assignment["AssigneeName"],
        "RoleAssigneeType": assignment["AssigneeType"],
        "AssignmentMethod": "Direct",
        "EffectiveUserName": assignment["AssigneeName"],
        "RoleAssignmentDelegationType": "DelegatingOrgWide" if assignment["Delegating"] else "Regular",
        "Enabled": assignment["Enabled"],
        "RecipientReadScope": "Organization",
        "RecipientWriteScope": _WRITE_SCOPES[kind],
        "CustomRecipientWriteScope": "" if for_app else scope,
        "CustomResourceScope": scope if for_app else "",
        "ConfigReadScope": "OrganizationConfig",
        "ConfigWriteScope": "OrganizationConfig",
        "WhenCreated": assignment["WhenCreated"],
        "WhenChanged": assignment["WhenChanged"],
    }


def _scope_name(session: Session, assignment: Object) -> str:
    kind, guid = assignment["ScopeKind"], assignment["Scope"]
    if kind in ("Custom", "Exclusive"):
        return next((str(one["Name"]) for one in session.objects.all("scope") if one["Guid"] == guid), str(guid))
    if kind == "Group":
        name = next((str(one["Name"]) for one in session.recipients.all(GROUPS) if one["Guid"] == guid), str(guid))
        return f"{name}_{guid}" if session.switches.group_scope_as == "internal" else name
    return str(guid or "")
