"""The verbs of `Exchange` by cmdlets, over any transport that carries these."""

from collections.abc import Callable
from typing import TypeVar

from ..errors import ExchangeExists, ExchangeNotFound, ExchangeRefused
from . import commands, reading
from .commands import Cmdlets, Command, Parameter
from .filters import difference
from .objects import (
    Assignee,
    Authorization,
    ManagementScope,
    NewAssignment,
    NewScope,
    Organization,
    Reach,
    Recipient,
    RoleAssignment,
    ServicePrincipal,
)
from .questions import Questions
from .settling import Settling

T = TypeVar("T")


class ByCmdlets:
    """An organization of Exchange.

    Args:
        cmdlets: carries the cmdlets.
        settling: waits and asks again.
    """

    def __init__(self, cmdlets: Cmdlets, settling: Settling | None = None) -> None:
        self._exchange = Questions(cmdlets)
        self._settling = settling or Settling()

    def scope(self, identity: str) -> ManagementScope | None:
        """Return the scope with that name or GUID."""
        found = self._settling.sought(identity, lambda: self._exchange.scope(identity))
        return None if found and self._settling.was_removed(found.guid) else found

    def scopes(self) -> list[ManagementScope]:
        """Return all scopes."""
        return [it for it in self._settling.read(self._exchange.scopes) if not self._settling.was_removed(it.guid)]

    def create_scope(self, scope: NewScope) -> ManagementScope:
        """Make a scope."""
        command = commands.new_scope(scope)

        def landed() -> ManagementScope | None:
            found = self._exchange.scope(scope.name)
            return found if found and _is(found, scope) and found.exclusive == scope.exclusive else None

        try:
            made = self._settling.write(
                lambda: self._exchange.made(command, reading.scope) or self._settling.until(landed, str(command)),
                landed,
            )
        except ExchangeRefused as error:
            raise self._twin(scope, error) or error from error
        self._settling.made(made.name, made.guid)
        return made

    def change_scope(self, scope: ManagementScope, wanted: NewScope) -> ManagementScope:
        """Change name, filter and root, and prove by reading that they are changed."""
        tried = f"change the scope {scope.name!r}"
        if scope.exclusive != wanted.exclusive:
            raise ExchangeRefused(tried, "whether it is exclusive cannot be changed", "Make another scope.")
        if scope.recipient_root and not wanted.recipient_root:
            raise ExchangeRefused(
                tried, "its root cannot be taken away", "Name the organization as root, or make another."
            )
        changes: dict[str, Parameter] = {}
        if wanted.name != scope.name:
            changes["Name"] = wanted.name
        if difference(scope.recipient_filter, wanted.recipient_filter):
            changes["RecipientRestrictionFilter"] = wanted.recipient_filter
        if wanted.recipient_root and wanted.recipient_root.lower() != scope.recipient_root.lower():
            changes["RecipientRoot"] = wanted.recipient_root
        if not changes:
            return scope

        def changed() -> ManagementScope | None:
            found = self._exchange.scope(scope.guid)
            return found if found and found.name == wanted.name and _is(found, wanted) else None

        found = self._changed(commands.set_scope(scope.guid, changes), changed, scope.guid)
        self._settling.made(wanted.name)
        return found

    def remove_scope(self, scope: ManagementScope) -> None:
        """Remove a scope; assignments that this process has just removed may still seem to use it."""
        command = commands.remove_scope(scope.guid)
        try:
            self._remove(command, lambda: self._exchange.scope(scope.guid))
        except ExchangeRefused:
            self._settling.until(lambda: self._is_free(scope), f"that nothing uses the scope {scope.name!r}")
            self._remove(command, lambda: self._exchange.scope(scope.guid))
        self._settling.removed(scope.name, scope.guid)

    def assignment(self, identity: str) -> RoleAssignment | None:
        """Return the assignment with that name or GUID."""
        found = self._settling.sought(identity, lambda: self._exchange.assignment(identity))
        return None if found and self._settling.was_removed(found.guid) else found

    def assignments(
        self, *, assignee: Assignee | None = None, role: str = "", recipient: str = ""
    ) -> list[RoleAssignment]:
        """Return the assignments of an assignee, of a role, or that reach a recipient."""
        found = self._settling.read(lambda: self._exchange.assignments(assignee, role, recipient))
        return [it for it in found if not self._settling.was_removed(it.guid)]

    def create_assignment(self, assignment: NewAssignment) -> RoleAssignment:
        """Assign a role; scope and application may have been made a moment ago."""
        command = commands.new_assignment(assignment)

        def landed() -> RoleAssignment | None:
            found = self._exchange.assignment(assignment.name)
            same = found and found.role.lower() == assignment.role.lower() and found.reaches(assignment.reach)
            return found if same else None

        made = self._settling.write(
            lambda: self._exchange.made(command, reading.assignment) or self._settling.until(landed, str(command)),
            landed,
            assignment.reach.identity,
            assignment.assignee.identity,
        )
        self._settling.made(made.name, made.guid)
        return made

    def change_assignment(self, assignment: RoleAssignment, assignee: Assignee, reach: Reach) -> RoleAssignment:
        """Change what an assignment reaches, and prove by reading that it is changed."""
        if assignment.reaches(reach):
            return assignment

        def changed() -> RoleAssignment | None:
            found = self._exchange.assignment(assignment.guid)
            return found if found and found.reaches(reach) else None

        command = commands.set_assignment(assignment.guid, assignee, reach)
        return self._changed(command, changed, reach.identity, assignment.guid)

    def remove_assignment(self, assignment: RoleAssignment) -> None:
        """Remove an assignment."""
        command = commands.remove_assignment(assignment.guid)
        self._remove(command, lambda: self._exchange.assignment(assignment.guid))
        self._settling.removed(assignment.name, assignment.guid)

    def principal(self, object_id: str) -> ServicePrincipal | None:
        """Return the pointer to an application."""
        found = self._settling.sought(object_id, lambda: self._exchange.principal(object_id))
        return None if found and self._settling.was_removed(found.object_id) else found

    def create_principal(self, principal: ServicePrincipal) -> ServicePrincipal:
        """Make a pointer to an application."""
        command = commands.new_principal(principal)

        def landed() -> ServicePrincipal | None:
            found = self._exchange.principal(principal.object_id)
            return found if found and found.app_id == principal.app_id.lower() else None

        made = self._settling.write(
            lambda: self._exchange.made(command, reading.principal) or self._settling.until(landed, str(command)),
            landed,
        )
        self._settling.made(made.object_id)
        return made

    def remove_principal(self, principal: ServicePrincipal) -> None:
        """Remove the pointer to an application, and with it all of its assignments."""
        command = commands.remove_principal(principal.object_id)
        self._remove(command, lambda: self._exchange.principal(principal.object_id))
        self._settling.removed(principal.object_id)

    def roles(self) -> list[str]:
        """Return the names of all roles that can be assigned."""
        return self._settling.read(self._exchange.roles)

    def authorizations(self, object_id: str, mailbox: str) -> list[Authorization]:
        """Return what an application's roles say of a mailbox."""
        return self._settling.read(lambda: self._exchange.authorizations(object_id, mailbox))

    def recipient(self, identity: str) -> Recipient | None:
        """Return the recipient that an address, a name or a GUID names."""
        return self._settling.read(lambda: self._exchange.recipient(identity))

    def recipients(self, recipient_filter: str, root: str = "") -> list[Recipient]:
        """Return all recipients that a filter selects."""
        return self._settling.read(lambda: self._exchange.recipients(recipient_filter, root))

    def is_plain_group(self, identity: str) -> bool:
        """Whether it names a group that has no mail address."""
        return self._settling.read(lambda: self._exchange.is_plain_group(identity))

    def organization(self) -> Organization:
        """Return the organization's settings."""
        return self._settling.read(self._exchange.organization)

    def enable_customization(self) -> None:
        """Open the organization for scopes and assignments."""
        command = commands.enable_customization()
        self._settling.write(
            lambda: self._exchange.done(command), lambda: self._exchange.organization().customizable or None
        )

    def _changed(self, command: Command, changed: Callable[[], T | None], *needs: str) -> T:
        self._settling.write(lambda: self._exchange.done(command), lambda: None if changed() is None else True, *needs)
        return self._settling.until(changed, str(command))

    def _remove(self, command: Command, find: Callable[[], object | None]) -> None:
        """Remove something; what is gone already is removed, but only if reading says so too."""
        try:
            self._settling.write(lambda: self._exchange.done(command), lambda: True if find() is None else None)
        except ExchangeNotFound:
            if self._settling.read(find) is not None:
                raise

    def _is_free(self, scope: ManagementScope) -> bool | None:
        """Whether nothing uses a scope any more; None while only what was just removed seems to.

        Raises:
            ExchangeRefused: others use it.
        """
        using = [it for it in self._exchange.assignments() if it.uses(scope.name)]
        if others := [it.name for it in using if not self._settling.was_removed(it.guid)]:
            advice = f"Take these assignments away first: {', '.join(others)}."
            raise ExchangeRefused(f"remove the scope {scope.name!r}", "role assignments use it", advice)
        return None if using else True

    def _twin(self, scope: NewScope, error: ExchangeRefused) -> ExchangeExists | None:
        """Return a better error where another scope has the same filter and root, which Exchange refuses."""
        twins = [it.name for it in self.scopes() if _is(it, scope)]
        if not twins:
            return None
        advice = f"The scope {twins[0]!r} has the same filter: adopt it, or use it."
        return ExchangeExists(error.tried, error.answer, advice, request_id=error.request_id)


def _is(scope: ManagementScope, wanted: NewScope) -> bool:
    """Whether a scope chooses the same recipients; its root may read back in another form than it was given in."""
    return not difference(scope.recipient_filter, wanted.recipient_filter) and bool(scope.recipient_root) == bool(
        wanted.recipient_root
    )
