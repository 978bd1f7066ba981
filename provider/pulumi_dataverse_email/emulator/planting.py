"""A seed becomes rows, settings and recipients."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Literal
from uuid import NAMESPACE_DNS, uuid5

import sqlalchemy as sa

from . import built_in, crowds, jobs, mail_servers, roles
from .clock import seconds_of
from .entra import directory
from .errors import EmulatorError, ODataError
from .exchange.recipients import Recipient
from .rights import PERSONS, ROLES_SETTING, check_roles
from .rows import Rows
from .schema import TABLES, Row, Table
from .seed import AnyOwner, Application, Columns, Owner, Queue, Seed, User, each
from .store import APPLICATIONS, SQL_TABLES, Transaction
from .synchronization import APPEAR
from .values import read_value


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
    organization: Row = {
        "organizationid": organization_id,
        "name": seed.organization.name,
        "defaultemailsettings": seed.organization.default_email_settings,
    }
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
        with _once(f"profiles[{index}]"):
            profiles[profile.name] = rows.create(TABLES["emailserverprofile"], values)
        if profile.built_in:
            built_in.remember(transaction, profiles[profile.name])
    if seed.organization.default_profile is not None:
        named = _profile(profiles, seed.organization.default_profile, "organization.default_profile")
        rows.write(TABLES["organization"], organization_id, {"_defaultemailserverprofileid_value": named})
    _plant_users(seed, rows, profiles)
    for place, queue, queues in _alike("queues", seed.queues):
        mailbox = _columns(TABLES["mailbox"], queue.mailbox, profiles, f"{place}.mailbox")
        with _once(place):
            _settle(rows, TABLES["queue"], [_queue_row(one) for one in queues], mailbox)


def _plant_users(seed: Seed, rows: Rows, profiles: dict[str, str]) -> None:
    persons: dict[str, list[str]] = {}
    for place, user, users in _alike("users", seed.users):
        _check_roles(rows.transaction, user.roles, place)
        mailbox = _columns(TABLES["mailbox"], user.mailbox, profiles, f"{place}.mailbox")
        values = [_user_row(one) for one in users]
        if user.roles:
            persons |= {str(row["azureactivedirectoryobjectid"]): list(user.roles) for row in values}
        if user.appears_after is None:
            with _once(place):
                _settle(rows, TABLES["systemuser"], values, mailbox, user.roles)
        else:
            due = seconds_of(rows.now) + user.appears_after
            for row in values:
                jobs.schedule(rows.transaction, jobs.Job(due, APPEAR, "systemuser", row))
    rows.transaction.keep_setting(PERSONS, persons)


def _alike(kind: str, entries: Sequence[AnyOwner]) -> Iterator[tuple[str, AnyOwner, list[AnyOwner]]]:
    """Group entries that follow each other and differ in names only: 50,000 are then as quick as one with a count.

    Gives the place of each group, its first entry, and the owners that it stands for.
    """
    for _, group in groupby(enumerate(entries), lambda entry: _beside_names(entry[1])):
        found = list(group)
        (first, entry), (last, _) = found[0], found[-1]
        place = f"{kind}[{first}]" if first == last else f"{kind}[{first}] to {kind}[{last}]"
        yield place, entry, [owner for _, one in found for owner in each(one)]


def _beside_names(owner: Owner) -> object:
    more = (owner.roles, owner.appears_after) if isinstance(owner, User) else ()
    return owner.mailbox, owner.email_address is None, more


def mailboxes_of(seed: Seed) -> list[Recipient]:
    """Return a mailbox of Exchange for each user and queue whose address no recipient of the seed has."""
    taken = {address.casefold() for one in seed.recipients for address in (one.address, *one.aliases)}
    found: list[Recipient] = []
    entries: tuple[User | Queue, ...] = (*seed.users, *seed.queues)
    for owner in (one for entry in entries for one in each(entry)):
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


def _user_row(user: User) -> Row:
    first, _, last = user.name.rpartition(" ")
    return {
        "systemuserid": str(user.id or _id("user", user.principal_name)),
        "firstname": first or None,
        "lastname": last,
        "domainname": user.principal_name,
        "internalemailaddress": user.email_address,
        "azureactivedirectoryobjectid": str(user.object_id or _id("entra", user.principal_name)),
        "islicensed": True,  # a person who has none is soon disabled
    }


def _queue_row(queue: Queue) -> Row:
    return {
        "queueid": str(queue.id or _id("queue", queue.name)),
        "name": queue.name,
        "emailaddress": queue.email_address,
    }


def _settle(rows: Rows, table: Table, owners: list[Row], changes: Row, given: Sequence[str] = ()) -> None:
    """Make owners that differ in names only, and their mailboxes: one as all are made, the others as its copies."""
    first, *others = owners
    owner = rows.transaction.get(table.logical_name, rows.create(table, first)) or {}
    mailbox = rows.transaction.get("mailbox", owner["_defaultmailbox_value"])
    if mailbox and changes:
        rows.change(TABLES["mailbox"], mailbox, changes)
    if table.logical_name == "systemuser":
        roles.give(rows, owner["systemuserid"], given)
    crowds.copy(rows.transaction, table, owner[table.primary_id], others)


@contextmanager
def _once(place: str) -> Iterator[None]:
    """Say where a seed makes a row that is there already."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise EmulatorError(
            f"The seed does not fit: {place}: something is there already, by its id or its name."
        ) from None


def _check_roles(transaction: Transaction, names: Sequence[str], place: str) -> None:
    try:
        check_roles(transaction, names)
    except ODataError as error:
        raise EmulatorError(f"The seed does not fit: {place}.{error.message}") from None


def _columns(table: Table, columns: Columns, profiles: dict[str, str], place: str) -> Row:
    values: Row = {}
    for name, value in columns.items():
        if name == "emailserverprofile" and isinstance(value, str):
            values["_emailserverprofile_value"] = _profile(profiles, value, f"{place}.{name}")
        elif name in (table.primary_id, "versionnumber"):
            raise EmulatorError(f"The seed does not fit: {place}.{name}: it cannot be set here.")
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
