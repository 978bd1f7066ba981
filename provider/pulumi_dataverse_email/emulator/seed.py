"""The organization that an emulator starts with: a YAML file, checked before anything is written."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from uuid import NAMESPACE_DNS, UUID, uuid5

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from . import built_in, jobs, mail_servers, roles
from .clock import seconds_of
from .entra import directory
from .entra.configuration import Configuration
from .entra.directory import Registration, Tenant
from .errors import EmulatorError, ODataError
from .exchange.recipients import AdministrativeUnit, Recipient
from .exchange.switches import Switches as ExchangeSwitches
from .mail_servers import MailServer
from .rights import PERSONS, ROLES_SETTING, check_roles
from .rows import Rows
from .schema import TABLES, Row, Table
from .store import APPLICATIONS, SQL_TABLES, Transaction
from .switches import Switches
from .synchronization import APPEAR
from .values import read_value

Name = Annotated[str, StringConstraints(min_length=1)]
Columns = dict[str, str | int | bool | None]
Seconds = Annotated[float, Field(ge=0)]
OrganizationType = Literal[
    "Customer", "Monitoring", "Support", "BackEnd", "Secondary", "CustomerTest", "CustomerFreeTest",
    "CustomerPreview", "Placeholder", "TestDrive", "MsftInvestigation", "EmailTrial", "Default", "Developer", "Trial",
    "Teams", "Platform",
]  # fmt: skip
"""Members of Microsoft's enumeration OrganizationType; Customer, Secondary and Default are production."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Organization(_Part):
    """The organization and its tenant."""

    name: Name
    id: UUID | None = None
    """Made at random when absent, and kept with the data."""
    tenant_id: UUID
    type: OrganizationType = "Customer"
    administration_mode: bool = False
    """No test and enable is allowed while it is on."""
    default_profile: Name | None = None
    """Name of the profile for mailboxes of new users and queues."""


class Application(Registration):
    """An application of the tenant; as a member it has an application user."""

    member: bool = True


class Role(_Part):
    """A security role of the organization."""

    name: Name
    privileges: tuple[Name, ...] = ()
    """For example prvReadMailbox."""


class Profile(_Part):
    """An email server profile."""

    name: Name
    id: UUID | None = None
    built_in: bool = False
    """It is the one that the organization was born with; the switches say of which server type."""
    columns: Columns = Field(default_factory=dict)


class User(_Part):
    """A user; its mailbox comes by itself, `mailbox` changes columns of it."""

    name: Name
    principal_name: Name
    email_address: Name | None = None
    id: UUID | None = None
    object_id: UUID | None = None
    """Of the user in Entra; made from the principal name when absent."""
    roles: tuple[Name, ...] = ()
    mailbox: Columns = Field(default_factory=dict)
    """By Web API name; `emailserverprofile` is the name of a profile."""
    appears_after: Seconds | None = None
    """Seconds of the emulator's clock until the user is there, without the columns of `mailbox`."""


class Queue(_Part):
    """A queue; its mailbox comes by itself, `mailbox` changes columns of it."""

    name: Name
    email_address: Name | None = None
    id: UUID | None = None
    mailbox: Columns = Field(default_factory=dict)


class Seed(_Part):
    """Everything that an organization starts with."""

    organization: Organization
    tenants: tuple[Tenant, ...] = ()
    """Tenants beside the organization's, or domains of that one."""
    entra: Configuration = Configuration()
    roles: tuple[Role, ...] = ()
    applications: tuple[Application, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    """Of Exchange. Users and queues with an address that no recipient has get a mailbox of their own."""
    administrative_units: tuple[AdministrativeUnit, ...] = ()
    exchange: ExchangeSwitches = ExchangeSwitches()
    mail_servers: tuple[MailServer, ...] = ()
    switches: Switches = Switches()
    profiles: tuple[Profile, ...] = ()
    users: tuple[User, ...] = ()
    queues: tuple[Queue, ...] = ()


def load(path: Path | None) -> Seed:
    """Read a seed file, or the one that comes along when `path` is None. Without applications it gets the usual one.

    Raises:
        EmulatorError: the file cannot be read or something in it does not fit; the text names the place.
    """
    usual = _parse(files(__package__).joinpath("contoso.yaml").read_text("utf-8"), "contoso.yaml")
    if path is None:
        return usual
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise EmulatorError(f"The seed {path} cannot be read: {reason}.") from None
    seed = _parse(text, str(path))
    return seed if seed.applications else seed.model_copy(update={"applications": usual.applications})


def _parse(text: str, name: str) -> Seed:
    try:
        return Seed.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise EmulatorError(f"The seed {name} is no YAML: {' '.join(str(error).split())}.") from None
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_input=False))
        raise EmulatorError(f"The seed {name} does not fit: {faults}.") from None


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return place.lstrip(".") or "the whole file"


def plant(seed: Seed, transaction: Transaction, organization_id: str) -> None:
    """Write a seed into an empty database.

    Raises:
        EmulatorError: a column does not exist or its value does not fit; the text names the place.
    """
    rows = Rows(transaction, transaction.now)
    transaction.keep_setting("switches", seed.switches.model_dump(mode="json", exclude_unset=True))
    transaction.keep_setting(ROLES_SETTING, {role.name: list(role.privileges) for role in seed.roles})
    transaction.keep_setting(built_in.SETTING, {})
    mail_servers.keep(transaction, seed.mail_servers)
    organization: Row = {"organizationid": organization_id, "name": seed.organization.name}
    rows.create(TABLES["organization"], organization)
    rows.create(TABLES["businessunit"], {"businessunitid": _id("unit", "root"), "name": seed.organization.name})
    team: Row = {"teamid": _id("team", "default"), "name": seed.organization.name, "isdefault": True}
    rows.create(TABLES["team"], team)
    for index, application in enumerate(seed.applications):
        try:
            keep_application(rows, application)
        except ODataError as error:
            raise EmulatorError(f"The seed does not fit: applications[{index}].{error.message}") from None
    profiles: dict[str, str] = {}
    for index, profile in enumerate(seed.profiles):
        values = _columns(TABLES["emailserverprofile"], profile.columns, profiles, f"profiles[{index}].columns")
        values |= {"emailserverprofileid": str(profile.id or _id("profile", profile.name)), "name": profile.name}
        profiles[profile.name] = rows.create(TABLES["emailserverprofile"], values)
        if profile.built_in:
            built_in.remember(transaction, profiles[profile.name])
    if seed.organization.default_profile is not None:
        named = _profile(profiles, seed.organization.default_profile, "organization.default_profile")
        rows.write(TABLES["organization"], organization_id, {"_defaultemailserverprofileid_value": named})
    persons: dict[str, list[str]] = {}
    for index, user in enumerate(seed.users):
        first, _, last = user.name.rpartition(" ")
        values = {
            "systemuserid": str(user.id or _id("user", user.principal_name)),
            "firstname": first or None,
            "lastname": last,
            "domainname": user.principal_name,
            "internalemailaddress": user.email_address,
            "azureactivedirectoryobjectid": str(user.object_id or _id("entra", user.principal_name)),
        }
        mailbox = _columns(TABLES["mailbox"], user.mailbox, profiles, f"users[{index}].mailbox")
        persons[str(values["azureactivedirectoryobjectid"])] = list(user.roles)
        if user.appears_after is None:
            _with_mailbox(rows, TABLES["systemuser"], values, mailbox)
            roles.give(rows, values["systemuserid"], user.roles)
        else:
            due = seconds_of(rows.now) + user.appears_after
            jobs.schedule(transaction, jobs.Job(due, APPEAR, "systemuser", values))
    transaction.keep_setting(PERSONS, persons)
    for index, queue in enumerate(seed.queues):
        values = {
            "queueid": str(queue.id or _id("queue", queue.name)),
            "name": queue.name,
            "emailaddress": queue.email_address,
        }
        mailbox = _columns(TABLES["mailbox"], queue.mailbox, profiles, f"queues[{index}].mailbox")
        _with_mailbox(rows, TABLES["queue"], values, mailbox)


def mailboxes_of(seed: Seed) -> list[Recipient]:
    """Return a mailbox of Exchange for each user and queue whose address no recipient of the seed has."""
    taken = {address.casefold() for one in seed.recipients for address in (one.address, *one.aliases)}
    found: list[Recipient] = []
    owners: list[User | Queue] = [*seed.users, *seed.queues]
    for owner in owners:
        address = owner.email_address
        if address and address.casefold() not in taken:
            kind: Literal["UserMailbox", "SharedMailbox"] = (
                "UserMailbox" if isinstance(owner, User) else "SharedMailbox"
            )
            object_id = owner.object_id if isinstance(owner, User) else None
            found.append(Recipient(name=owner.name, address=address, type=kind, object_id=object_id))
            taken.add(address.casefold())
    return found


def keep_application(rows: Rows, application: Application) -> None:
    """Make or change an application; a member without an application user gets one.

    Raises:
        ODataError: there is no such role.
    """
    check_roles(rows.transaction, application.roles)
    client_id = str(application.client_id)
    sql = rows.transaction.sql
    sql.execute(APPLICATIONS.delete().where(APPLICATIONS.c.client_id == client_id))
    directory.keep(rows.transaction, application)
    kept = {"member": application.member, "roles": list(application.roles)}
    sql.execute(APPLICATIONS.insert(), {"client_id": client_id, **kept})
    users = rows.transaction.find("systemuser", SQL_TABLES["systemuser"].c.applicationid == client_id)
    if users:
        roles.give(rows, users[0]["systemuserid"], application.roles)
    elif application.member:
        user: Row = {
            "systemuserid": _id("application", client_id),
            "lastname": f"# {application.name}",
            "domainname": client_id,
            "applicationid": client_id,
            "azureactivedirectoryobjectid": application.service_principal,
            "accessmode": 4,
        }
        roles.give(rows, rows.create(TABLES["systemuser"], user), application.roles)


def _with_mailbox(rows: Rows, table: Table, values: Row, changes: Row) -> None:
    owner = rows.transaction.get(table.logical_name, rows.create(table, values)) or {}
    mailbox = rows.transaction.get("mailbox", owner["_defaultmailbox_value"])
    if mailbox and changes:
        rows.change(TABLES["mailbox"], mailbox, changes)


def _columns(table: Table, columns: Columns, profiles: dict[str, str], place: str) -> Row:
    values: Row = {}
    for name, value in columns.items():
        if name == "emailserverprofile" and isinstance(value, str):
            values["_emailserverprofile_value"] = _profile(profiles, value, f"{place}.{name}")
        elif name not in table.properties:
            raise EmulatorError(f"The seed does not fit: {place}.{name}: {table.logical_name} has no such column.")
        else:
            try:
                values[name] = read_value(table.properties[name], value, table.logical_name)
            except ODataError as error:
                raise EmulatorError(f"The seed does not fit: {place}.{name}: {error.message}") from None
    return values


def _profile(profiles: dict[str, str], name: str, place: str) -> str:
    if name not in profiles:
        raise EmulatorError(f"The seed does not fit: {place}: there is no profile named {name}.")
    return profiles[name]


def _id(kind: str, name: str) -> str:
    """Return an id for a name, the same in every run."""
    return str(uuid5(NAMESPACE_DNS, f"{kind}/{name}.emulator.invalid"))
