"""Security roles: rows of `roles`, joined to users by `systemuserroles_association`."""

import sqlalchemy as sa

from .rows import Rows
from .schema import TABLES, Row, Value
from .store import INTERSECTS, SQL_TABLES, Transaction

_PAIRS = INTERSECTS["systemuserroles"]


def of(transaction: Transaction, user_id: Value) -> tuple[str, ...]:
    """Return the names of a user's roles, in the order of the alphabet."""
    role = SQL_TABLES["role"]
    query = sa.select(role.c.name).join(_PAIRS, _PAIRS.c.roleid == role.c.roleid)
    found = transaction.sql.execute(query.where(_PAIRS.c.systemuserid == user_id).order_by(role.c.name))
    return tuple(found.scalars())


def give(rows: Rows, user_id: Value, names: tuple[str, ...]) -> None:
    """Let a user have these roles and no others; a role that is not there is made."""
    rows.transaction.sql.execute(_PAIRS.delete().where(_PAIRS.c.systemuserid == user_id))
    for name in dict.fromkeys(names):
        found = rows.transaction.find("role", SQL_TABLES["role"].c.name == name)
        role: Row = {"name": name}
        role_id = found[0]["roleid"] if found else rows.create(TABLES["role"], role)
        rows.transaction.sql.execute(_PAIRS.insert(), {"systemuserid": user_id, "roleid": role_id})
