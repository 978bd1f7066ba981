"""Single questions to Exchange by cmdlets, each asked once; and what guards their answers.

A server that does not know a name may return everything: only what bears the name counts.
"""

from collections.abc import Callable
from typing import TypeVar

from ..errors import ExchangeNotFound, ExchangeRefused, ExchangeUnsettled
from . import commands, reading
from .commands import Cmdlets, Command, Properties
from .objects import (
    Assignee,
    Authorization,
    ManagementScope,
    Organization,
    Recipient,
    RoleAssignment,
    ServicePrincipal,
)

T = TypeVar("T")


class Questions:
    """Asks one organization.

    Args:
        cmdlets: carries the cmdlets.
    """

    def __init__(self, cmdlets: Cmdlets) -> None:
        self._cmdlets = cmdlets

    def scope(self, identity: str) -> ManagementScope | None:
        """Return the scope with that name or GUID."""
        return self._named(commands.get_scope(identity), reading.scope, lambda it: {it.name.lower(), it.guid})

    def scopes(self) -> list[ManagementScope]:
        """Return all scopes."""
        return self._all(commands.get_scopes(), reading.scope)

    def assignment(self, identity: str) -> RoleAssignment | None:
        """Return the assignment with that name or GUID."""
        return self._named(commands.get_assignment(identity), reading.assignment, lambda it: {it.name.lower(), it.guid})

    def assignments(
        self, assignee: Assignee | None = None, role: str = "", recipient: str = ""
    ) -> list[RoleAssignment]:
        """Return the assignments of an assignee, of a role, or that reach a recipient.

        Raises:
            ExchangeNotFound: there is no such recipient.
        """
        command = commands.get_assignments(assignee.identity if assignee else "", role, recipient)
        try:
            found = self._all(command, reading.assignment)
        except ExchangeNotFound:
            if recipient:
                raise
            return []
        if assignee and assignee.kind == "App":
            found = [it for it in found if it.assignee.lower() == assignee.identity.lower()]
        return [it for it in found if not role or it.role.lower() == role.lower()]

    def principal(self, object_id: str) -> ServicePrincipal | None:
        """Return the pointer to an application."""
        return self._named(commands.get_principal(object_id), reading.principal, lambda it: {it.object_id})

    def roles(self) -> list[str]:
        """Return the names of all roles that can be assigned."""
        return self._all(commands.get_roles(), lambda properties: reading.text(properties, "Name"))

    def authorizations(self, object_id: str, mailbox: str) -> list[Authorization]:
        """Return what an application's roles say of a mailbox."""
        return self._all(commands.test_principal(object_id, mailbox), reading.authorization)

    def recipient(self, identity: str) -> Recipient | None:
        """Return the recipient that an address, a name or a GUID names."""
        return self._named(
            commands.get_recipient(identity),
            reading.recipient,
            lambda it: {it.name.lower(), it.guid, it.object_id, it.distinguished_name.lower(), *it.addresses},
        )

    def recipients(self, recipient_filter: str, root: str = "") -> list[Recipient]:
        """Return all recipients that a filter selects."""
        return self._all(commands.get_recipients(recipient_filter, root), reading.recipient)

    def is_plain_group(self, identity: str) -> bool:
        """Whether it names a group that has no mail address."""
        try:
            found = self._cmdlets.run(commands.get_group(identity))
        except ExchangeNotFound:
            return False
        names = ("Name", "Guid", "DisplayName", "SamAccountName")
        return any(identity.lower() in {reading.text(it, name).lower() for name in names} for it in found)

    def organization(self) -> Organization:
        """Return the organization's settings."""
        command = commands.get_organization()
        found = self._all(command, reading.organization)
        if len(found) != 1:
            raise ExchangeUnsettled(str(command), f"Exchange named {len(found)} organizations", "Check the tenant.")
        return found[0]

    def made(self, command: Command, read: Callable[[Properties], T]) -> T | None:
        """Send a command that makes something, and return what the answer says was made; None where it says nothing."""
        found = self._cmdlets.run(command)
        return read(found[0]) if found else None

    def done(self, command: Command) -> bool:
        """Send a command that changes or removes something."""
        self._cmdlets.run(command)
        return True

    def _all(self, command: Command, read: Callable[[Properties], T]) -> list[T]:
        return [read(properties) for properties in self._cmdlets.run(command)]

    def _named(self, command: Command, read: Callable[[Properties], T], names: Callable[[T], set[str]]) -> T | None:
        """Return what bears the name that was asked for; None where nothing does.

        Raises:
            ExchangeRefused: several do.
        """
        try:
            found = self._all(command, read)
        except ExchangeNotFound:
            return None
        wanted = str(command.parameters["Identity"]).lower()
        bearing = [it for it in found if wanted in names(it)]
        if len(bearing) > 1:
            raise ExchangeRefused(str(command), f"Exchange knows {len(bearing)} of that name", "Give a GUID instead.")
        return bearing[0] if bearing else None
