"""Who calls, and whether a role of theirs allows it.

Microsoft Learn, "Use single-tenant server-to-server authentication"; texts and codes as the service prints them.
"""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from .errors import ODataError
from .schema import Row, Table
from .store import APPLICATIONS, SQL_TABLES, Transaction

ADMINISTRATOR: Final = "System Administrator"
"""The one role that is emulated. It grants everything."""

PERSONS: Final = "persons"
"""The setting that keeps the roles of each person, by the person's id in Entra."""

Verb = Literal["Create", "Read", "Write", "Delete"]


@dataclass(frozen=True)
class Caller:
    """An application user of the environment and its roles."""

    user: Row
    roles: tuple[str, ...]

    def require(self, verb: Verb, table: Table) -> None:
        """Refuse with 403, naming the privilege, when no role grants it."""
        if ADMINISTRATOR in self.roles:
            return
        privilege = f"prv{verb}{table.privilege}"
        user_id = self.user["systemuserid"]
        text = (
            f"Principal user (Id={user_id}, type=8, roleCount={len(self.roles)}, privilegeCount=0, "
            f"accessMode={self.user['accessmode']}), is missing {privilege} privilege "
            f"(Id={uuid5(NAMESPACE_OID, privilege)}) on OTC={table.object_type_code} for entity "
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
    return Caller(users[0], tuple(application["roles"]))


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
    return Caller(users[0], tuple(transaction.setting(PERSONS).get(object_id, ())))
