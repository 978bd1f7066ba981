"""Who calls, and whether a role of theirs allows it.

Microsoft Learn, "Use single-tenant server-to-server authentication"; texts and codes as the service prints them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from . import roles
from .errors import ODataError
from .schema import TABLES, Row, Table, Value
from .store import APPLICATIONS, SQL_TABLES, Transaction

ADMINISTRATOR: Final = "System Administrator"
"""Grants every privilege."""

APPROVER: Final = "Delegated Mailbox Approver"
"""Stands in for the two roles of the tenant when a System Administrator approves addresses."""

KNOWN_ROLES: Final = (ADMINISTRATOR, APPROVER, *roles.DIRECTORY_ROLES)
"""Roles that need not be declared."""

ROLES_SETTING: Final = "roles"
"""The setting that holds the declared roles: the privileges of each by its name."""

PERSONS: Final = "persons"
"""The setting that keeps the roles of each person, by the person's id in Entra."""

Verb = Literal["Create", "Read", "Write", "Delete"]

VERBS = ("Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share")
"""What a privilege may be for, each with the table's own part of the name behind it."""

PRIVILEGES = (
    *(f"prv{verb}{table.privilege}" for table in TABLES.values() for verb in VERBS),
    "prvActOnBehalfOfAnotherUser",
    "prvApproveRejectEmailAddress",
)
"""Every privilege that is known here; the last two belong to no table."""


@dataclass(frozen=True)
class Caller:
    """A user of the environment, its roles, and the privileges that they grant."""

    user: Row
    roles: tuple[str, ...]
    """Of Dataverse and of the tenant, told apart by name."""
    privileges: frozenset[str] = frozenset()
    real: "Caller | None" = None
    """Where the user is impersonated: who really calls. Both must have a privilege."""

    @property
    def real_user_id(self) -> Value:
        """The user who calls in this one's name, if any."""
        return self.real.user["systemuserid"] if self.real else None

    def holds(self, privilege: str) -> bool:
        """Whether a role of the user grants the privilege."""
        return privilege in self.privileges

    def require(self, verb: Verb, table: Table) -> None:
        """Refuse with 403, naming the privilege, when no role grants it."""
        self.require_privilege(f"prv{verb}{table.privilege}", table)

    def require_privilege(self, privilege: str, table: Table) -> None:
        """Refuse with 403, naming the privilege, when no role grants it."""
        if self.real is not None:
            self.real.require_privilege(privilege, table)
        if self.holds(privilege):
            return
        user_id = self.user["systemuserid"]
        text = (
            f"Principal user (Id={user_id}, type=8, roleCount={len(self.roles)}, "
            f"privilegeCount={len(self.privileges)}, accessMode={self.user['accessmode']}), is missing {privilege} "
            f"privilege (Id={privilege_id(privilege)}) on OTC={table.object_type_code} for entity "
            f"'{table.logical_name}'. context.Caller={user_id}"
        )
        raise ODataError(403, "0x80040220", text)


def privileges_of(transaction: Transaction, names: Iterable[str]) -> frozenset[str]:
    """Return the privileges that roles of these names grant."""
    declared = transaction.setting(ROLES_SETTING)
    granted = frozenset(privilege for name in names for privilege in declared.get(name, ()))
    return frozenset(PRIVILEGES) if ADMINISTRATOR in names else granted


def privilege_id(name: str) -> str:
    """Return the id of a privilege: the same everywhere, but not the real one."""
    return str(uuid5(NAMESPACE_OID, name))


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
    return caller_behind(transaction, users[0])


def caller_behind(transaction: Transaction, user: Row) -> Caller:
    """Return a user as a caller; 403 when it is disabled."""
    if user["isdisabled"]:
        raise ODataError(
            403, "0x80040225", "The specified user is either disabled or is not a member of any business unit."
        )
    names = (*roles.of(transaction, user["systemuserid"]), *_tenant_roles(transaction, user))
    return Caller(user, names, privileges_of(transaction, names))


def person_of(transaction: Transaction, object_id: str) -> Caller:
    """Return the user whom Entra knows by that id.

    Raises:
        ODataError: 403, when the environment has no such user or it is disabled.
    """
    users = transaction.find("systemuser", SQL_TABLES["systemuser"].c.azureactivedirectoryobjectid == object_id)
    if not users:
        raise ODataError(403, "0x80072560", "The user is not a member of the organization.")
    return caller_behind(transaction, users[0])


def check_roles(transaction: Transaction, names: Iterable[str]) -> None:
    """Refuse a role that nobody declared.

    Raises:
        ODataError: 400, with the roles that there are.
    """
    known = (*KNOWN_ROLES, *transaction.setting(ROLES_SETTING))
    for name in names:
        if name not in known:
            raise ODataError(400, "", f"roles: there is no role '{name}'; there are {', '.join(known)}.")


def _tenant_roles(transaction: Transaction, user: Row) -> list[str]:
    """Return the roles that a user has in Entra, which hang on the application or person, not on the user's row."""
    if user["applicationid"]:
        query = sa.select(APPLICATIONS.c.roles).where(APPLICATIONS.c.client_id == user["applicationid"])
        given = transaction.sql.execute(query).scalar_one_or_none() or []
    else:
        given = transaction.setting(PERSONS).get(str(user["azureactivedirectoryobjectid"]), [])
    return [str(name) for name in given if name in roles.DIRECTORY_ROLES]
