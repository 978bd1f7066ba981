"""Which organization synchronizes the appointments, contacts and tasks of an Exchange mailbox: one at a time.

Exchange keeps this, not Dataverse; so it is a file of its own, which the emulators of several organizations can share.
"""

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from .errors import EmulatorError

METADATA = sa.MetaData()
LINKS = sa.Table(
    "exchange_link",
    METADATA,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text, nullable=False),
)


class ExchangeLinks:
    """The links of one Exchange."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            EmulatorError: it cannot be used.
        """
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
        try:
            METADATA.create_all(self._engine)
        except sa.exc.DatabaseError as error:
            self._engine.dispose()
            raise EmulatorError(f"{path} cannot be used as a database: {error.orig}.") from error

    def holder(self, address: object) -> str | None:
        """Return the organization that holds a mailbox."""
        query = sa.select(LINKS.c.organization_id).where(LINKS.c.address == _folded(address))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def take(self, address: object, organization_id: object) -> None:
        """Give a mailbox to an organization, whoever held it."""
        link = {"address": _folded(address), "organization_id": str(organization_id)}
        with self._engine.begin() as connection:
            connection.execute(LINKS.delete().where(LINKS.c.address == link["address"]))
            connection.execute(LINKS.insert(), link)

    def release(self, organization_id: str) -> None:
        """Forget what an organization holds."""
        with self._engine.begin() as connection:
            connection.execute(LINKS.delete().where(LINKS.c.organization_id == organization_id))

    def all(self) -> dict[str, str]:
        """Return each linked address and its organization."""
        with closing(self._engine.connect()) as connection:
            return {row.address: row.organization_id for row in connection.execute(sa.select(LINKS))}

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()


def _folded(address: object) -> str:
    return str(address or "").casefold()
