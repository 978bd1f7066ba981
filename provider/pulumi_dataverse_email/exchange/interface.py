"""Exchange as the rest of the package sees it: typed verbs, whatever carries them."""

from collections.abc import Sequence
from typing import Protocol

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


class Exchange(Protocol):
    """One organization of Exchange.

    Each verb waits out what Exchange shows late, and does a write once, however it is answered.
    Each raises ExchangeError, and LoginError where there is no token.
    """

    def scope(self, identity: str) -> ManagementScope | None:
        """Return the scope with that name or GUID; None where there is none."""
        ...

    def scopes(self) -> list[ManagementScope]:
        """Return all scopes."""
        ...

    def create_scope(self, scope: NewScope) -> ManagementScope:
        """Make a scope.

        Raises:
            ExchangeExists: the name is taken.
            ExchangeNotReady: the organization must be opened for customization first.
        """
        ...

    def change_scope(self, scope: ManagementScope, wanted: NewScope) -> ManagementScope:
        """Change name, filter and root, and prove by reading that they are changed.

        Every assignment that uses the scope follows at once.

        Raises:
            ExchangeRefused: the scope would have to become exclusive, or stop being so.
        """
        ...

    def remove_scope(self, scope: ManagementScope) -> None:
        """Remove a scope.

        Raises:
            ExchangeRefused: assignments use it; with their names.
        """
        ...

    def assignment(self, identity: str) -> RoleAssignment | None:
        """Return the assignment with that name or GUID; None where there is none."""
        ...

    def assignments(
        self, *, assignee: Assignee | None = None, role: str = "", recipient: str = ""
    ) -> list[RoleAssignment]:
        """Return the assignments: of an assignee, of a role, those that reach a recipient; all that is given counts."""
        ...

    def create_assignment(self, assignment: NewAssignment) -> RoleAssignment:
        """Assign a role.

        Raises:
            ExchangeExists: the name is taken.
            ExchangeForbidden: the caller may not hand this role on.
        """
        ...

    def change_assignment(self, assignment: RoleAssignment, assignee: Assignee, reach: Reach) -> RoleAssignment:
        """Change what an assignment reaches, and prove by reading that it is changed."""
        ...

    def remove_assignment(self, assignment: RoleAssignment) -> None:
        """Remove an assignment."""
        ...

    def principal(self, object_id: str) -> ServicePrincipal | None:
        """Return the pointer to an application by the object id of its service principal; None where there is none."""
        ...

    def create_principal(self, principal: ServicePrincipal) -> ServicePrincipal:
        """Make a pointer to an application.

        Raises:
            ExchangeRefused: Entra has no enterprise application with these ids.
        """
        ...

    def remove_principal(self, principal: ServicePrincipal) -> None:
        """Remove the pointer to an application, and with it all of its assignments."""
        ...

    def roles(self) -> Sequence[str]:
        """Return the names of all roles that can be assigned."""
        ...

    def recipient(self, identity: str) -> Recipient | None:
        """Return the recipient that an address, a name or a GUID names; None where there is none.

        Raises:
            ExchangeRefused: it names several.
        """
        ...

    def recipients(self, recipient_filter: str, root: str = "") -> list[Recipient]:
        """Return all recipients that a filter selects, below a root where one is given."""
        ...

    def is_plain_group(self, identity: str) -> bool:
        """Whether it names a group that has no mail address, and so no members for a filter."""
        ...

    def authorizations(self, object_id: str, mailbox: str) -> list[Authorization]:
        """Return what an application's roles say of a mailbox: the state of things past every cache."""
        ...

    def organization(self) -> Organization:
        """Return the organization's settings."""
        ...

    def enable_customization(self) -> None:
        """Open the organization for scopes and assignments; it may take an hour to act."""
        ...
