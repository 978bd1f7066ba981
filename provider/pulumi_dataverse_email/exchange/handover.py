"""Nothing is sent: the commands for an administrator of Exchange, who alone may touch it.

They are the same that the other transports send, so that one place says what is asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from . import commands, powershell
from .commands import Command, Parameter
from .filters import difference, one_line
from .objects import Assignee, NewAssignment, NewScope, ServicePrincipal


@dataclass(frozen=True)
class Wanted:
    """What a deployment wants of Exchange."""

    scope: NewScope | None
    """None where the assignments are limited by a group or an administrative unit."""
    assignments: tuple[NewAssignment, ...]
    principal: ServicePrincipal | None = None
    """The pointer to make, where Exchange may not have it yet."""


def create(wanted: Wanted) -> list[str]:
    """Return the commands that make everything, one a line.

    Raises:
        ValueError: a value has a character that cannot be seen.
    """
    made: list[Command] = []
    if wanted.principal:
        made.append(commands.new_principal(wanted.principal))
    if wanted.scope:
        made.append(commands.new_scope(_on_one_line(wanted.scope)))
    return _text([*made, *(commands.new_assignment(it) for it in wanted.assignments)])


def change(before: Wanted, after: Wanted) -> list[str]:
    """Return the commands that make of one what the other is; none where they mean the same.

    What is taken away goes last, so that nothing is out of reach meanwhile, except where a name is needed again.

    Raises:
        ValueError: a value has a character that cannot be seen; or whether the scope is exclusive would change.
    """
    made: list[Command] = []
    if after.principal and after.principal != before.principal:
        made.append(commands.new_principal(after.principal))
    made += _scope_changes(before.scope, after.scope)
    old = {it.name.lower(): _renamed(it, before.scope, after.scope) for it in before.assignments}
    kept = set()
    for wanted in after.assignments:
        held = old.get(wanted.name.lower())
        if held and (held.role.lower(), held.assignee) == (wanted.role.lower(), wanted.assignee):
            kept.add(wanted.name.lower())
            if held.reach != wanted.reach:
                made.append(commands.set_assignment(wanted.name, wanted.assignee, wanted.reach))
            continue
        if held:
            kept.add(wanted.name.lower())
            made.append(commands.remove_assignment(held.name))
        made.append(commands.new_assignment(wanted))
    made += [commands.remove_assignment(it.name) for it in before.assignments if it.name.lower() not in kept]
    if before.scope and not after.scope:
        made.append(commands.remove_scope(before.scope.name))
    return _text(made)


def remove(wanted: Wanted) -> list[str]:
    """Return the commands that remove the assignments, then the scope; the pointer stays, others may use it."""
    made = [commands.remove_assignment(it.name) for it in wanted.assignments]
    return _text([*made, commands.remove_scope(wanted.scope.name)] if wanted.scope else made)


def check(wanted: Wanted, mailboxes: Sequence[str] = ()) -> list[str]:
    """Return the commands that show what is there, and whether the mailboxes are within reach."""
    made = [commands.get_scope(wanted.scope.name)] if wanted.scope else []
    assignees = list(dict.fromkeys(it.assignee for it in wanted.assignments))
    made += [commands.get_assignments(assignee=it.identity) for it in assignees]
    for mailbox in mailboxes:
        made += [_reach_of(it, wanted.assignments, mailbox) for it in assignees]
    return _text(made)


def _reach_of(assignee: Assignee, assignments: Iterable[NewAssignment], mailbox: str) -> Command:
    if assignee.kind == "App":
        return commands.test_principal(assignee.identity, mailbox)
    role = next(it.role for it in assignments if it.assignee == assignee)
    return commands.get_assignments(role=role, recipient=mailbox)


def _scope_changes(before: NewScope | None, after: NewScope | None) -> list[Command]:
    if after is None:
        return []
    if before is None:
        return [commands.new_scope(_on_one_line(after))]
    if before.exclusive != after.exclusive:
        raise ValueError("whether a scope is exclusive cannot be changed")
    changes: dict[str, Parameter] = {}
    if before.name != after.name:
        changes["Name"] = after.name
    if difference(before.recipient_filter, after.recipient_filter):
        changes["RecipientRestrictionFilter"] = one_line(after.recipient_filter)
    if after.recipient_root.lower() != before.recipient_root.lower():
        changes["RecipientRoot"] = after.recipient_root
    return [commands.set_scope(before.name, changes)] if changes else []


def _renamed(assignment: NewAssignment, before: NewScope | None, after: NewScope | None) -> NewAssignment:
    """Return an assignment as it stands once its scope has its new name."""
    reach = assignment.reach
    if before and after and reach.kind == "scope" and reach.identity.lower() == before.name.lower():
        return replace(assignment, reach=replace(reach, identity=after.name))
    return assignment


def _on_one_line(scope: NewScope) -> NewScope:
    return replace(scope, recipient_filter=one_line(scope.recipient_filter))


def _text(made: Iterable[Command]) -> list[str]:
    return [powershell.spell(it) for it in made]
