"""One emulated environment: its data folder, its organization, and what tests do to it."""

from pathlib import Path
from uuid import uuid4

from .entra import configuration, directory
from .entra.directory import Registration
from .errors import EmulatorError
from .exchange import switches
from .exchange.recipients import Recipient, Recipients, keep_units
from .exchange_links import ExchangeLinks
from .faults import Faults
from .limits import Counters
from .planting import mailboxes_of, plant
from .requestlog import RequestLog
from .schema import TABLES
from .seed import Seed
from .store import SQL_TABLES, Store, Transaction
from .synchronization import catch_up
from .tokens import Signer

VERSION = "9.2.25104.00182"
"""What RetrieveVersion answers; a version of the autumn of 2025."""


class Environment:
    """Rows, applications, keys, faults and log of one emulator."""

    def __init__(self, home: Path, seed: Seed, request_log: Path | None = None, exchange: Path | None = None) -> None:
        """Open the environment kept in folder `home`, or make it there from the seed.

        `exchange` is the file in which an Exchange that several environments share keeps whose its mailboxes are.

        Raises:
            EmulatorError: the folder's files cannot be used, or a column of the seed does not fit.
        """
        self._seed = seed
        self.home = home
        """The folder of its files."""
        self.log = RequestLog(request_log)
        self.faults = Faults()
        self.counters = Counters()
        self.signer = Signer(home / "signing-key.pem")
        self.links = ExchangeLinks(exchange or home / "exchange.sqlite")
        self.store = Store(home / "dataverse.sqlite")
        try:
            with self.store.write() as transaction:
                if not transaction.find("organization"):
                    self._plant(transaction, str(seed.organization.id or uuid4()))
        except EmulatorError:
            self.close()
            raise

    def reset(self) -> None:
        """Go back to the seed and the machine's time, keeping the organization id; forget faults, limits and log."""
        self.move_clock(0.0)
        with self.store.write() as transaction:
            organization_id = str(transaction.organization()["organizationid"])
            transaction.clear()
            self._plant(transaction, organization_id)
        self.links.release(organization_id)
        self.faults.clear()
        self.counters.set(None)
        self.log.clear()

    def catch_up(self) -> None:
        """Do what the service has to do by now."""
        catch_up(self.store, self.links)

    def move_clock(self, seconds: float) -> None:
        """Put the clock that many seconds ahead of the machine's."""
        with self.store.write() as transaction:
            transaction.keep_setting("clock", {"moved_by": seconds})
        self.store.clock.moved_by = seconds

    def first_application(self) -> Registration:
        """Return the application that the environment variables name: the first of the seed that was planted."""
        with self.store.read() as transaction:
            client_id = transaction.setting("client").get("client_id", "")
            return directory.find(transaction, client_id) or self._seed.applications[0]

    def tenant_id(self) -> str:
        """Return the id of the organization's tenant."""
        with self.store.read() as transaction:
            return str(transaction.setting("organization")["tenantid"])

    def organization(self) -> dict[str, object]:
        """Return what is known of the organization: its row and the settings beside it."""
        with self.store.read() as transaction:
            return transaction.organization() | transaction.setting("organization")

    def change_organization(self, organization_id: str | None, settings: dict[str, object]) -> None:
        """Change settings of the organization; a new id, in every row, makes it another one at the same address."""
        with self.store.write() as transaction:
            transaction.keep_setting("organization", transaction.setting("organization") | settings)
            for name in TABLES if organization_id else ():
                for column in {"organizationid", "_organizationid_value"} & set(SQL_TABLES[name].c.keys()):
                    transaction.sql.execute(SQL_TABLES[name].update().values({column: organization_id}))

    def seconds(self) -> float:
        """Return the emulator's moment in seconds since 1970."""
        return self.store.clock.seconds()

    def close(self) -> None:
        """Give files back."""
        self.store.close()
        self.links.close()
        self.log.close()

    def _plant(self, transaction: Transaction, organization_id: str) -> None:
        organization = self._seed.organization
        short = "".join(character for character in organization.name.lower() if character.isalnum())
        settings = {
            "friendlyname": organization.name,
            "uniquename": f"unq{short}",
            "urlname": short,
            "version": VERSION,
            "environmentid": str(uuid4()),
            "datacenterid": str(uuid4()),
            "geo": "EMEA",
            "tenantid": str(organization.tenant_id),
            "organizationtype": organization.type,
            "administrationmode": organization.administration_mode,
        }
        kept = transaction.setting("organization")
        ids = {name: kept[name] for name in ("environmentid", "datacenterid") if name in kept}
        transaction.keep_setting("organization", settings | ids)
        transaction.keep_setting("client", {"client_id": str(self._seed.applications[0].client_id)})
        tenant = str(organization.tenant_id)
        directory.keep_tenants(transaction, organization.name, tenant, self._seed.tenants)
        configuration.keep(transaction, self._seed.entra)
        plant(self._seed, transaction, organization_id)
        self._plant_exchange(transaction)

    def _plant_exchange(self, transaction: Transaction) -> None:
        """Give Exchange its recipients: those of the seed, and a mailbox for each other user and queue."""
        switches.keep(transaction, self._seed.exchange)
        keep_units(transaction, self._seed.administrative_units)
        tenants: dict[str, list[Recipient]] = {}
        home = str(self._seed.organization.tenant_id)
        for recipient in (*self._seed.recipients, *mailboxes_of(self._seed)):
            tenants.setdefault(str(recipient.tenant_id or home), []).append(recipient)
        for tenant, recipients in tenants.items():
            domain = (*directory.domains(transaction, tenant), f"{tenant}.onmicrosoft.com")[0]
            Recipients(transaction, tenant, domain).add(recipients, transaction.now)
