"""Who calls, and whether a role of theirs allows it.

Microsoft Learn, "Use single-tenant server-to-server authentication"; texts and codes as the service prints them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from .errors import ODataError
from .schema import Row, Table
from .store import APPLICATIONS, SQL_TABLES, Transaction

ADMINISTRATOR: Final = "System Administrator"
"""Grants every privilege."""

APPROVER: Final = "Delegated Mailbox Approver"
"""Stands in for the two roles of the tenant when a System Administrator approves addresses."""

TENANT_ROLES: Final = ("Global Administrator", "Exchange Administrator")
"""Roles of Entra, which a caller may have beside those of Dataverse."""

KNOWN_ROLES: Final = (ADMINISTRATOR, APPROVER, *TENANT_ROLES, "Global Reader")
"""Roles that need not be declared."""

ROLES_SETTING: Final = "roles"
"""The setting that holds the declared roles: the privileges of each by its name."""

PERSONS: Final = "persons"
"""The setting that keeps the roles of each person, by the person's id in Entra."""

Verb = Literal["Create", "Read", "Write", "Delete"]


@dataclass(frozen=True)
class Caller:
    """An application user of the environment, its roles, and the privileges of those that were declared."""

    user: Row
    roles: tuple[str, ...]
    privileges: frozenset[str] = frozenset()

    def holds(self, privilege: str) -> bool:
        """Whether a role grants the privilege."""
        return ADMINISTRATOR in self.roles or privilege in self.privileges

    def require(self, verb: Verb, table: Table) -> None:
        """Refuse with 403, naming the privilege, when no role grants it."""
        self.require_privilege(f"prv{verb}{table.privilege}", table)

    def require_privilege(self, privilege: str, table: Table) -> None:
        """Refuse with 403, naming the privilege, when no role grants it."""
        if self.holds(privilege):
            return
        user_id = self.user["systemuserid"]
        text = (
            f"Principal user (Id={user_id}, type=8, roleCount={len(self.roles)}, "
            f"privilegeCount={len(self.privileges)}, accessMode={self.user['accessmode']}), is missing {privilege} "
            f"privilege (Id={uuid5(NAMESPACE_OID, privilege)}) on OTC={table.object_type_code} for entity "
            f"'{table.logical_name}'. context.Caller={user_id}"
        )
        raise ODataError(403, "0x80040220", text)


def caller_of(transaction: Transaction, client_id: str) -> Caller:
    """Return the application user behind a client id.

    Raises:
        ODataError: 403, when the environment has no such user or it is disabled.
    """
    query = sa.select(APPLICATIONS).where(APPLICATIONS.c.client_id == client_id)
    application = transaction.sql.execute(query).mappings().first()
    users = transaction.find("systemuser", SQL_TABLES["systemuser"].c.applicationid == client_id)
    if application is None or not application["member"] or not users:
        raise ODataError(403, "0x80072560", "The user is not a member of the organization.")
    if users[0]["isdisabled"]:
        raise ODataError(
            403, "0x80040225", "The specified user is either disabled or is not a member of any business unit."
        )
    return Caller(users[0], tuple(application["roles"]), privileges_of(transaction, application["roles"]))


def privileges_of(transaction: Transaction, roles: Iterable[str]) -> frozenset[str]:
    """Return the privileges that declared roles grant."""
    declared = transaction.setting(ROLES_SETTING)
    return frozenset(privilege for role in roles for privilege in declared.get(role, ()))


def check_roles(transaction: Transaction, roles: Iterable[str]) -> None:
    """Refuse a role that nobody declared.

    Raises:
        ODataError: 400, with the roles that there are.
    """
    known = (*KNOWN_ROLES, *transaction.setting(ROLES_SETTING))
    for role in roles:
        if role not in known:
            raise ODataError(400, "", f"roles: there is no role '{role}'; there are {', '.join(known)}.")


def person_of(transaction: Transaction, object_id: str) -> Caller:
    """Return the user whom Entra knows by that id.

    Raises:
        ODataError: 403, when the environment has no such user or it is disabled.
    """
    users = transaction.find("systemuser", SQL_TABLES["systemuser"].c.azureactivedirectoryobjectid == object_id)
    if not users:
        raise ODataError(403, "0x80072560", "The user is not a member of the organization.")
    if users[0]["isdisabled"]:
        raise ODataError(
            403, "0x80040225", "The specified user is either disabled or is not a member of any business unit."
        )
    roles = tuple(transaction.setting(PERSONS).get(object_id, ()))
    return Caller(users[0], roles, privileges_of(transaction, roles))
