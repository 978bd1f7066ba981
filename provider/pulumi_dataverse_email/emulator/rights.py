"""Who calls, and whether a role of theirs allows it.

Microsoft Learn, "Use single-tenant server-to-server authentication"; texts and codes as the service prints them.
"""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from . import roles
from .errors import ODataError
from .schema import TABLES, Row, Table, Value
from .store import APPLICATIONS, SQL_TABLES, Transaction

ADMINISTRATOR: Final = "System Administrator"
"""The one role that is emulated. It grants everything."""

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
    """A user of the environment and its roles."""

    user: Row
    roles: tuple[str, ...]
    real: "Caller | None" = None
    """Where the user is impersonated: who really calls. Both must have a privilege."""

    @property
    def real_user_id(self) -> Value:
        """The user who calls in this one's name, if any."""
        return self.real.user["systemuserid"] if self.real else None

    def holds(self, privilege: str) -> bool:
        """Whether a role of the user grants the privilege."""
        return privilege in privileges_of(self.roles)

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
            f"Principal user (Id={user_id}, type=8, roleCount={len(self.roles)}, privilegeCount=0, "
            f"accessMode={self.user['accessmode']}), is missing {privilege} privilege "
            f"(Id={privilege_id(privilege)}) on OTC={table.object_type_code} for entity "
            f"'{table.logical_name}'. context.Caller={user_id}"
        )
        raise ODataError(403, "0x80040220", text)


def privileges_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the privileges that roles of these names grant."""
    return PRIVILEGES if ADMINISTRATOR in names else ()


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
    return Caller(user, roles.of(transaction, user["systemuserid"]))
