"""Recipients: mailboxes, contacts and groups of a tenant, and what Exchange says of each."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import NAMESPACE_DNS, UUID, uuid5

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ..store import CASELESS, METADATA, Transaction
from .properties import PROPERTIES, RECIPIENT_TYPES

Text = Annotated[str, StringConstraints(min_length=1)]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s:]+@[^@\s:]+$")]
Properties = dict[str, Any]
"""A recipient as cmdlets return it, by property."""

MAILBOXES = ("UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox")
GROUPS = ("MailUniversalDistributionGroup", "MailUniversalSecurityGroup", "GroupMailbox")

RECIPIENTS = sa.Table(
    "exchange_recipient",
    METADATA,
    sa.Column("guid", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("address", sa.Text(collation=CASELESS), nullable=False, index=True),
    sa.Column("type", sa.Text, nullable=False, index=True),
    sa.Column("properties", sa.JSON, nullable=False),
    sa.Column("members", sa.JSON, nullable=False),
)


class Recipient(BaseModel):
    """A recipient as a seed describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    address: Address
    """Primary SMTP address."""
    type: Literal[
        "UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox", "MailUser", "MailContact",
        "MailUniversalDistributionGroup", "MailUniversalSecurityGroup", "GroupMailbox",
    ] = "UserMailbox"  # fmt: skip
    """RecipientTypeDetails."""
    aliases: tuple[Address, ...] = ()
    """Further addresses."""
    tenant_id: UUID | None = None
    """The organization's tenant when absent."""
    object_id: UUID | None = None
    """In Entra; made from the address when absent."""
    members: tuple[Text, ...] = ()
    """Of a group: addresses of recipients; a group among them is a nested one."""
    properties: dict[str, str | bool | list[str]] = Field(default_factory=dict)
    """Other filterable properties, as Department or CustomAttribute1."""

    @model_validator(mode="after")
    def _fits(self) -> "Recipient":
        unknown = [name for name in self.properties if name not in PROPERTIES]
        if unknown:
            raise ValueError(f"there is no property {', '.join(unknown)}")
        if self.members and self.type not in GROUPS:
            raise ValueError("only groups have members")
        return self


class AdministrativeUnit(BaseModel):
    """An administrative unit of Entra."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    id: UUID | None = None
    members: tuple[Text, ...] = ()
    """Addresses of recipients."""


class Recipients:
    """The recipients of one tenant in one transaction."""

    def __init__(self, transaction: Transaction, tenant: str, domain: str) -> None:
        self._sql = transaction.sql
        self._tenant = tenant
        self.organization = (
            f"OU={domain},OU=Microsoft Exchange Hosted Organizations,DC=EURPR01A001,DC=prod,DC=outlook,DC=com"
        )
        """Distinguished name of the tenant's organizational unit."""
        self._units: dict[str, dict[str, Any]] = transaction.setting("administrative_units")

    def add(self, recipients: Iterable[Recipient], now: str) -> None:
        """Make recipients; of several with one address, the last."""
        rows = {recipient.address.casefold(): self._row(recipient, now) for recipient in recipients}
        if rows:
            self._sql.execute(RECIPIENTS.insert(), list(rows.values()))

    def remove(self, address: str) -> bool:
        """Remove a recipient by its primary address; say whether there was one."""
        ours = (RECIPIENTS.c.tenant == self._tenant) & (RECIPIENTS.c.address == address)
        return self._sql.execute(RECIPIENTS.delete().where(ours)).rowcount > 0

    def all(self, types: Iterable[str] = ()) -> list[Properties]:
        """Return recipients with all of their properties, by name; of some types only, if any are given."""
        return self._find(types, sa.true())

    def named(self, identity: str, types: Iterable[str] = ()) -> list[Properties]:
        """Return the recipients that an identity names: GUID, object id, address, name, alias, DN or user name."""
        quick = (RECIPIENTS.c.address == identity) | (RECIPIENTS.c.guid == identity.lower())
        if found := self._find(types, quick):  # of 50,000, by an index
            return found
        wanted = identity.casefold()
        return [properties for properties in self.all(types) if wanted in _names(properties)]

    def _find(self, types: Iterable[str], where: sa.ColumnElement[bool]) -> list[Properties]:
        where &= RECIPIENTS.c.tenant == self._tenant
        if chosen := list(types):
            where &= RECIPIENTS.c.type.in_(chosen)
        query = sa.select(RECIPIENTS.c.properties).where(where)
        groups, units = self._memberships()
        found = [dict(properties) for properties in self._sql.execute(query).scalars()]
        for properties in found:
            address = str(properties["PrimarySmtpAddress"]).casefold()
            properties["MemberOfGroup"] = groups.get(address, [])
            properties["AdministrativeUnits"] = units.get(address, [])
        return sorted(found, key=lambda properties: str(properties["Name"]).casefold())

    def members(self, group: Properties) -> list[Properties]:
        """Return the direct members of a group."""
        query = sa.select(RECIPIENTS.c.members).where(RECIPIENTS.c.guid == group["Guid"])
        wanted = {str(member).casefold() for member in self._sql.execute(query).scalar_one()}
        return [properties for properties in self.all() if str(properties["PrimarySmtpAddress"]).casefold() in wanted]

    def unit(self, identity: str) -> str | None:
        """Return the id of the administrative unit with that id or name."""
        for unit_id, unit in self._units.items():
            if identity.casefold() in (unit_id, str(unit["name"]).casefold()):
                return unit_id
        return None

    def unit_name(self, unit_id: str) -> str:
        """Return the distinguished name of an administrative unit."""
        return f"CN={unit_id},OU=AdministrativeUnits,{self.organization}"

    def _memberships(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return, by address, the distinguished names of groups and of administrative units."""
        query = sa.select(RECIPIENTS.c.properties, RECIPIENTS.c.members).where(
            (RECIPIENTS.c.tenant == self._tenant) & RECIPIENTS.c.type.in_(GROUPS)
        )
        groups: dict[str, list[str]] = {}
        for properties, members in self._sql.execute(query):
            for member in members:
                groups.setdefault(str(member).casefold(), []).append(properties["DistinguishedName"])
        units: dict[str, list[str]] = {}
        for unit_id, unit in self._units.items():
            for member in unit["members"]:
                units.setdefault(str(member).casefold(), []).append(self.unit_name(unit_id))
        return groups, units

    def _row(self, recipient: Recipient, now: str) -> dict[str, object]:
        key = f"{self._tenant}/{recipient.address.lower()}.emulator.invalid"
        guid = str(uuid5(NAMESPACE_DNS, f"recipient/{key}"))
        properties: Properties = {
            "Name": recipient.name,
            "DisplayName": recipient.name,
            "Alias": recipient.address.partition("@")[0],
            "Identity": recipient.name,
            "Guid": guid,
            "ExchangeGuid": str(uuid5(NAMESPACE_DNS, f"mailbox/{key}")),
            "DistinguishedName": f"CN={escaped(recipient.name)},{self.organization}",
            "ExternalDirectoryObjectId": str(recipient.object_id or uuid5(NAMESPACE_DNS, f"entra/{key}")),
            "PrimarySmtpAddress": recipient.address,
            "EmailAddresses": [f"SMTP:{recipient.address}", *(f"smtp:{alias}" for alias in recipient.aliases)],
            "UserPrincipalName": recipient.address,
            "RecipientType": RECIPIENT_TYPES[recipient.type],
            "RecipientTypeDetails": recipient.type,
            "WhenCreated": now,
            **recipient.properties,
        }
        return {
            "guid": guid,
            "tenant": self._tenant,
            "address": recipient.address,
            "type": recipient.type,
            "properties": properties,
            "members": list(recipient.members),
        }


def escaped(name: str) -> str:
    """Return a name as it stands in a distinguished name."""
    return "".join(f"\\{character}" if character in ',+"\\<>;=' else character for character in name)


def keep_units(transaction: Transaction, units: Iterable[AdministrativeUnit]) -> None:
    """Keep the administrative units."""
    kept = {
        str(unit.id or uuid5(NAMESPACE_DNS, f"unit/{unit.name}.emulator.invalid")): {
            "name": unit.name,
            "members": list(unit.members),
        }
        for unit in units
    }
    transaction.keep_setting("administrative_units", kept)


def _names(properties: Properties) -> set[str]:
    addresses = [str(address).partition(":")[2] for address in properties["EmailAddresses"]]
    single = (
        "Guid",
        "ExchangeGuid",
        "ExternalDirectoryObjectId",
        "Name",
        "Alias",
        "DistinguishedName",
        "UserPrincipalName",
    )
    return {str(name).casefold() for name in (*addresses, *(properties[name] for name in single))}
