"""One organization made a copy of another: the same rows under the same ids, another organization id.

Microsoft Learn, "Copy an environment": a copy is a sandbox and starts in administration mode.
"""

from typing import Annotated, Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from .built_in import SETTING as BUILT_IN
from .mail_servers import SETTING as MAIL_SERVERS
from .rights import ROLES_SETTING
from .schema import TABLES
from .seed import OrganizationType
from .store import APPLICATIONS, INTERSECTS, JOBS, SQL_TABLES, VERSION, Transaction

SETTINGS = ("organization", "client", BUILT_IN, MAIL_SERVERS, ROLES_SETTING, "switches")
OWN = ("environmentid", "datacenterid", "organizationtype", "administrationmode")
"""What a copy has of its own, of the setting `organization`."""


class Snapshot(BaseModel):
    """Everything that an organization holds, secrets included: what a copy is made of."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tables: dict[str, list[dict[str, Any]]]
    associations: dict[str, list[dict[str, Any]]]
    applications: list[dict[str, Any]]
    settings: dict[str, dict[str, Any]]
    version: Annotated[int, Field(ge=0, lt=2**62)]


class Copy(BaseModel):
    """How to become a copy."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    snapshot: Snapshot
    organizationid: UUID | None = None
    """A new one when absent."""
    organizationtype: OrganizationType = "CustomerTest"
    administrationmode: bool = True


def snapshot(transaction: Transaction) -> Snapshot:
    """Return what a copy of this organization is made of."""
    return Snapshot(
        tables={name: transaction.find(name) for name in TABLES},
        associations={name: _everything(transaction, pairs) for name, pairs in INTERSECTS.items()},
        applications=_everything(transaction, APPLICATIONS),
        settings={name: transaction.setting(name) for name in SETTINGS},
        version=int(transaction.sql.execute(sa.select(VERSION.c.value)).scalar_one()),
    )


def become(transaction: Transaction, copy: Copy) -> None:
    """Put the rows of a snapshot in place of all others, under another organization id."""
    (_one,) = copy.snapshot.tables["organization"]
    organization_id = str(copy.organizationid or uuid4())
    for sql_table in (
        *SQL_TABLES.values(),
        *INTERSECTS.values(),
        APPLICATIONS,
        JOBS,
    ):  # Entra and Exchange are the tenant's, and stay
        transaction.sql.execute(sql_table.delete())
    for name, rows in copy.snapshot.tables.items():
        owners = {"organizationid", "_organizationid_value"} & set(SQL_TABLES[name].c.keys())
        copied = [{**row, **dict.fromkeys(owners, organization_id)} for row in rows]
        if copied:
            transaction.sql.execute(SQL_TABLES[name].insert(), copied)
    for name, pairs in copy.snapshot.associations.items():
        if pairs:
            transaction.sql.execute(INTERSECTS[name].insert(), pairs)
    if copy.snapshot.applications:
        transaction.sql.execute(APPLICATIONS.insert(), copy.snapshot.applications)
    own = {name: value for name, value in transaction.setting("organization").items() if name in OWN}
    for name, value in copy.snapshot.settings.items():
        transaction.keep_setting(name, value)
    own |= {"organizationtype": copy.organizationtype, "administrationmode": copy.administrationmode}
    transaction.keep_setting("organization", transaction.setting("organization") | own)
    transaction.sql.execute(VERSION.update().values(value=sa.func.max(VERSION.c.value, copy.snapshot.version)))


def _everything(transaction: Transaction, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in transaction.sql.execute(sa.select(table)).mappings()]
