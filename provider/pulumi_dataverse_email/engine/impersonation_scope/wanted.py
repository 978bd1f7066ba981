"""What the inputs want of Exchange: a scope, an assignment for each role, a pointer to the application."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from ...exchange.handover import Wanted
from ...exchange.objects import NAME_LENGTH, Assignee, NewAssignment, NewScope, Reach, ServicePrincipal

Props = Mapping[str, object]

ONLINE: Final = "exchange_online"

IMPERSONATION: Final = "ApplicationImpersonation"
"""The one role that opens mailboxes on an Exchange Server; Exchange Online has removed it."""

APPLICATION: Final = "application "
"""How the names of roles begin, in lower case, that open mailboxes to applications."""

DEFAULT_ROLES: Final = ("Application EWS.AccessAsApp",)
"""What an own application of a profile has by `full_access_as_app`, so what it needs where that consent is gone."""

HASH: Final = 8
"""Characters that tell assignees apart: a changed one gets its assignments before the former one loses them."""


def online(inputs: Props) -> bool:
    """Say whether it is Exchange Online."""
    return inputs.get("platform") == ONLINE


def roles(inputs: Props) -> tuple[str, ...]:
    """Return the roles to assign."""
    if not online(inputs):
        return (IMPERSONATION,)
    stated = inputs.get("roles")
    return tuple(map(str, stated)) if isinstance(stated, list) and stated else DEFAULT_ROLES


def assignee(inputs: Props) -> Assignee:
    """Return whom the roles are assigned to."""
    if online(inputs):
        return Assignee("App", str(inputs["service_principal_object_id"]).lower())
    if account := inputs.get("service_account"):
        return Assignee("User", str(account))
    return Assignee("SecurityGroup", str(inputs["security_group"]))


def reach(inputs: Props) -> Reach:
    """Return what limits the roles."""
    if unit := inputs.get("administrative_unit"):
        return Reach("unit", str(unit))
    return Reach("exclusive_scope" if inputs.get("exclusive") else "scope", str(inputs["name"]))


def wanted(inputs: Props, recipient_filter: str, root: str, named: Mapping[str, str]) -> Wanted:
    """Return what the inputs want.

    Args:
        inputs: checked.
        recipient_filter: of the members; empty where an administrative unit has them.
        root: the organizational unit below which they are; empty for the whole organization.
        named: role -> name of its assignment, where it has one: assignments cannot be renamed.
    """
    whom, limit = assignee(inputs), reach(inputs)
    scope = None
    if limit.kind != "unit":
        scope = NewScope(limit.identity, recipient_filter, root, bool(inputs.get("exclusive")))
    assignments = tuple(
        NewAssignment(named.get(role.lower()) or assignment_name(str(inputs["name"]), role, whom), role, whom, limit)
        for role in roles(inputs)
    )
    principal = ServicePrincipal(str(inputs["application_id"]).lower(), whom.identity) if online(inputs) else None
    return Wanted(scope, assignments, principal)


def assignment_name(scope: str, role: str, whom: Assignee) -> str:
    """Return the name of an assignment: it tells scope, role and assignee, and is as long as Exchange takes."""
    text = f"{scope} {role.removeprefix('Application ')}"
    tail = f" {sha256(f'{scope} {role} {whom.identity}'.lower().encode()).hexdigest()[:HASH]}"
    return text[: NAME_LENGTH - len(tail)].rstrip() + tail
