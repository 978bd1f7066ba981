"""What has to be done so that Exchange holds what is wanted; pure."""

from dataclasses import dataclass
from typing import TypeAlias

from ...exchange.filters import difference
from ...exchange.handover import Wanted
from ...exchange.objects import Assignee, ManagementScope, NewAssignment, NewScope, Reach, RoleAssignment
from ...exchange.objects import ServicePrincipal as Principal
from .held import Held


@dataclass(frozen=True)
class MakePrincipal:
    """Make the pointer to the application."""

    principal: Principal


@dataclass(frozen=True)
class MakeScope:
    """Make the scope."""

    scope: NewScope


@dataclass(frozen=True)
class ChangeScope:
    """Change name, filter or root."""

    held: ManagementScope
    wanted: NewScope


@dataclass(frozen=True)
class MakeAssignment:
    """Assign a role."""

    assignment: NewAssignment


@dataclass(frozen=True)
class ChangeAssignment:
    """Limit an assignment that somebody made reach further, or elsewhere."""

    held: RoleAssignment
    assignee: Assignee
    reach: Reach


@dataclass(frozen=True)
class RemoveAssignment:
    """Take a role away."""

    held: RoleAssignment


Step: TypeAlias = MakePrincipal | MakeScope | ChangeScope | MakeAssignment | ChangeAssignment | RemoveAssignment


def plan(wanted: Wanted, held: Held) -> list[Step]:
    """Return the steps, in their order; none where Exchange holds what is wanted.

    What is taken away goes last, so that no mailbox is out of reach meanwhile; only a name that is needed again is
    freed before.
    """
    steps: list[Step] = []
    if wanted.principal and held.principal is None:
        steps.append(MakePrincipal(wanted.principal))
    if wanted.scope and held.scope is None:
        steps.append(MakeScope(wanted.scope))
    elif wanted.scope and held.scope and _differs(held.scope, wanted.scope):
        steps.append(ChangeScope(held.scope, wanted.scope))
    kept = {it.role.lower(): it for it in reversed(held.kept)}
    needed = {it.name.lower() for it in wanted.assignments if it.role.lower() not in kept}
    roles = {it.role.lower() for it in wanted.assignments}
    gone = [it for it in held.kept if kept.get(it.role.lower()) is not it or it.role.lower() not in roles]
    gone += held.former
    steps += [RemoveAssignment(it) for it in gone if it.name.lower() in needed]
    for assignment in wanted.assignments:
        own = kept.get(assignment.role.lower())
        if own is None:
            steps.append(MakeAssignment(assignment))
        elif not _is_limited(own, assignment.reach, held):
            steps.append(ChangeAssignment(own, assignment.assignee, assignment.reach))
    return [*steps, *(RemoveAssignment(it) for it in gone if it.name.lower() not in needed)]


def _differs(held: ManagementScope, wanted: NewScope) -> bool:
    return (
        held.name != wanted.name
        or bool(difference(held.recipient_filter, wanted.recipient_filter))
        or held.recipient_root.lower() != wanted.recipient_root.lower()
        or held.exclusive != wanted.exclusive
    )


def _is_limited(own: RoleAssignment, reach: Reach, held: Held) -> bool:
    """Whether an assignment is limited as wanted; one that follows a scope to its new name is."""
    return own.reaches(reach) or bool(held.scope and own.reaches(Reach(reach.kind, held.scope.name)))
