"""What Exchange holds of a scope: our own, and what others have to do with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...errors import ExchangeRefused, WrongEnvironment
from ...exchange.interface import Exchange
from ...exchange.objects import ManagementScope, Organization, RoleAssignment, ServicePrincipal
from .wanted import APPLICATION, IMPERSONATION, Props, assignee, online, reach, roles

SCOPE_ID: Final = "scope_id"
ASSIGNMENTS: Final = "assignments"
EXCHANGE_ORGANIZATION: Final = "exchange_organization"


@dataclass(frozen=True)
class Held:
    """What is there now."""

    scope: ManagementScope | None
    kept: tuple[RoleAssignment, ...]
    """Our assignments that have the present assignee, and are enabled."""
    former: tuple[RoleAssignment, ...]
    """Our other assignments: of an assignee that was changed, or disabled by somebody."""
    others: tuple[RoleAssignment, ...]
    """Assignments that are not ours, and limited by the same scope."""
    grants: tuple[RoleAssignment, ...]
    """What else opens mailboxes to the assignee, or to a group that it is a member of."""
    principal: ServicePrincipal | None

    @property
    def unlimited(self) -> tuple[str, ...]:
        """Other assignments that let the assignee open every mailbox, so that the scope means nothing."""
        return tuple(f"{it.name} ({it.role})" for it in self.grants if it.unlimited)


def observe(exchange: Exchange, inputs: Props, olds: Props) -> Held:
    """Ask Exchange what it holds.

    Args:
        exchange: the organization.
        inputs: what is wanted.
        olds: outputs in state; empty where there is none.
    """
    limit = reach(inputs)
    scope = None
    if limit.kind != "unit":
        recorded = str(olds.get(SCOPE_ID) or "")
        scope = exchange.scope(recorded) if recorded else exchange.scope(str(olds.get("name") or limit.identity))
    whom = assignee(inputs)
    wanted = {it.lower() for it in roles(inputs)}
    everywhere = exchange.assignments()
    belonging = {it.guid for it in exchange.assignments(assignee=whom)}

    def is_limited(it: RoleAssignment) -> bool:
        return it.uses(scope.name) if scope else limit.kind == "unit" and it.reaches(limit)

    ours = [it for it in everywhere if is_recorded(it, olds)]
    met = {it.role.lower() for it in ours if it.guid in belonging}
    for it in everywhere:  # what an interrupted run or an administrator made for us, one for each role
        if it.guid in belonging and is_limited(it) and not it.delegating and it.role.lower() in wanted - met:
            ours.append(it)
            met.add(it.role.lower())
    mine = {it.guid for it in ours}
    return Held(
        scope,
        kept=tuple(it for it in ours if it.guid in belonging and it.enabled),
        former=tuple(it for it in ours if it.guid not in belonging or not it.enabled),
        others=tuple(it for it in everywhere if scope and it.uses(scope.name) and it.guid not in mine),
        grants=tuple(it for it in everywhere if it.guid in belonging - mine and opens_mailboxes(it)),
        principal=exchange.principal(whom.identity) if online(inputs) else None,
    )


def opens_mailboxes(assignment: RoleAssignment) -> bool:
    """Say whether an assignment opens mailboxes at all: an account may have roles that only administer."""
    role = assignment.role.lower()
    return not assignment.delegating and (role == IMPERSONATION.lower() or role.startswith(APPLICATION))


def recorded_assignments(olds: Props) -> list[Mapping[str, Any]]:
    """Return the assignments in state: name, role and assignee of each, and its id where Exchange gave one."""
    found = olds.get(ASSIGNMENTS)
    return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []


def is_recorded(assignment: RoleAssignment, olds: Props) -> bool:
    """Say whether state has an assignment as ours: by id, or by name where an administrator made it for us."""
    return any(
        it["id"] == assignment.guid if it.get("id") else str(it["name"]).lower() == assignment.name.lower()
        for it in recorded_assignments(olds)
    )


def record(assignments: Iterable[RoleAssignment], whom: str) -> list[dict[str, str]]:
    """Return assignments as state keeps them."""
    return [{"name": it.name, "role": it.role, "assignee": whom, "id": it.guid} for it in assignments]


def meet_organization(exchange: Exchange, olds: Props) -> Organization:
    """Return the organization that answers, and refuse one that is not the state's.

    Raises:
        WrongEnvironment: the state belongs to another organization of Exchange.
    """
    found = exchange.organization()
    recorded = str(olds.get(EXCHANGE_ORGANIZATION) or "")
    if recorded and found.name and recorded.lower() != found.name.lower():
        raise WrongEnvironment(
            f"the state belongs to the Exchange organization {recorded}, but {found.name} answers. Nothing was sent.\n"
            "Point the settings at the tenant or server that the state belongs to."
        )
    return found


def refuse_unknown_roles(exchange: Exchange, inputs: Props) -> None:
    """Make sure that there is each role, before anything is written.

    Raises:
        ExchangeRefused: with the names of those that are not there.
    """
    there = {it.lower() for it in exchange.roles()}
    if missing := [it for it in roles(inputs) if it.lower() not in there]:
        advice = "Check the spelling; Get-ManagementRole lists the roles. Nothing was written."
        raise ExchangeRefused("assign roles", f"there is no role {', '.join(map(repr, missing))}", advice)
