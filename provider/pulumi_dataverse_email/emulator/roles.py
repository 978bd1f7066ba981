"""Security roles: rows of `roles`, joined to users by `systemuserroles_association`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from .schema import TABLES, Row, Value
from .store import INTERSECTS, SQL_TABLES, Transaction

if TYPE_CHECKING:
    from .rows import Rows

TENANT_ROLES = ("Global Administrator", "Exchange Administrator")
"""Roles of Entra that stand above addresses and mailboxes; a user may have them beside the rows of `roles`."""

DIRECTORY_ROLES = (*TENANT_ROLES, "Global Reader")
"""Every role of Entra that is known."""

_PAIRS = INTERSECTS["systemuserroles"]


def of(transaction: Transaction, user_id: Value) -> tuple[str, ...]:
    """Return the names of a user's roles, in the order of the alphabet."""
    role = SQL_TABLES["role"]
    query = sa.select(role.c.name).join(_PAIRS, _PAIRS.c.roleid == role.c.roleid)
    found = transaction.sql.execute(query.where(_PAIRS.c.systemuserid == user_id).order_by(role.c.name))
    return tuple(found.scalars())


def give(rows: "Rows", user_id: Value, names: Iterable[str]) -> None:
    """Let a user have these roles and no others, those of Entra passed over; a role that is not there is made."""
    rows.transaction.sql.execute(_PAIRS.delete().where(_PAIRS.c.systemuserid == user_id))
    for name in dict.fromkeys(name for name in names if name not in DIRECTORY_ROLES):
        found = rows.transaction.find("role", SQL_TABLES["role"].c.name == name)
        role: Row = {"name": name}
        role_id = found[0]["roleid"] if found else rows.create(TABLES["role"], role)
        rows.transaction.sql.execute(_PAIRS.insert(), {"systemuserid": user_id, "roleid": role_id})
