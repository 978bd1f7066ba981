"""What administrators make in Exchange - scopes, assignments, pointers, policies - with its past, since caches lag."""

from typing import Any, Literal, TypeAlias
from uuid import uuid4

import sqlalchemy as sa

from ..store import METADATA, Transaction

Kind = Literal["scope", "assignment", "principal", "policy"]
Object: TypeAlias = dict[str, Any]
"""By property; `Guid` names it for good."""

REMEMBERED = 20
"""States of an object that are kept: more than anybody makes within one delay."""

OBJECTS = sa.Table(
    "exchange_object",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("guid", sa.Text, nullable=False, unique=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("states", sa.JSON, nullable=False),
)
"""`states` are pairs of moment, in seconds since 1970, and what the object was from then on: null when removed."""


class Objects:
    """The objects of one tenant in one transaction, at one moment of the emulator's clock."""

    def __init__(self, transaction: Transaction, tenant: str, now: float) -> None:
        self._sql = transaction.sql
        self._tenant = tenant
        self._now = now

    def all(self, kind: Kind, delay: float = 0) -> list[Object]:
        """Return the objects of a kind, oldest first, as they were `delay` seconds ago."""
        ours = (OBJECTS.c.tenant == self._tenant) & (OBJECTS.c.kind == kind)
        query = sa.select(OBJECTS.c.states).where(ours).order_by(OBJECTS.c.number)
        states = (_at(history, self._now - delay) for history in self._sql.execute(query).scalars())
        return [state for state in states if state is not None]

    def add(self, kind: Kind, properties: Object) -> Object:
        """Make an object and return it."""
        made = {"Guid": str(uuid4()), **properties}
        row = {"guid": made["Guid"], "tenant": self._tenant, "kind": kind, "states": [[self._now, made]]}
        self._sql.execute(OBJECTS.insert(), row)
        return made

    def change(self, guid: str, changes: Object) -> None:
        """Change an object that is there."""
        states = self._states(guid)
        self._keep(guid, [*states, [self._now, {**states[-1][1], **changes}]])

    def remove(self, guid: str) -> None:
        """Remove an object that is there."""
        self._keep(guid, [*self._states(guid), [self._now, None]])

    def _states(self, guid: str) -> list[Any]:
        return list(self._sql.execute(sa.select(OBJECTS.c.states).where(OBJECTS.c.guid == guid)).scalar_one())

    def _keep(self, guid: str, states: list[Any]) -> None:
        change = OBJECTS.update().where(OBJECTS.c.guid == guid)
        self._sql.execute(change.values(states=states[-REMEMBERED:]))


def _at(states: list[Any], moment: float) -> Object | None:
    then = [state for since, state in states if since <= moment]
    return dict(then[-1]) if then and then[-1] is not None else None
