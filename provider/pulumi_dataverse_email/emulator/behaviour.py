"""The control API's part about behaviour: the clock, the switches, cycles, mail servers, copies of organizations."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from . import built_in, copies, mail_servers, synchronization
from .bodies import read_body
from .environment import Environment
from .errors import ODataError, no_such_row
from .handling import Handler, Parameters
from .rights import KNOWN_ROLES, ROLES_SETTING
from .switches import Switches, described

FIRST_YEAR, LAST_YEAR = 1900, 2200
LATEST = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()


class ClockMove(BaseModel):
    """Where the clock shall be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    advance: Annotated[float, Field(ge=0, le=10_000_000_000)] | None = None
    """Seconds."""
    now: AwareDatetime | None = None
    """Of the years 1900 to 2200: what is counted from it must stay a date."""

    @model_validator(mode="after")
    def _one(self) -> "ClockMove":
        if (self.advance is None) == (self.now is None):
            raise ValueError("give advance, in seconds, or now")
        if self.now and not FIRST_YEAR <= self.now.year <= LAST_YEAR:
            raise ValueError(f"now must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
        return self


class ProfileNamed(BaseModel):
    """A profile by its id."""

    model_config = ConfigDict(extra="forbid")

    profile: UUID


class LinkTaken(BaseModel):
    """Another organization that now synchronizes an Exchange mailbox."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, Field(min_length=1)]
    organizationid: UUID


class RolePrivileges(BaseModel):
    """What a role grants, by the names of privileges."""

    model_config = ConfigDict(extra="forbid")

    privileges: tuple[Annotated[str, Field(min_length=1)], ...]


def _clock(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    clock = environment.store.clock
    return {"now": clock.now(), "moved_by": clock.moved_by}


def _move_clock(environment: Environment, parameters: Parameters, body: bytes) -> object:
    move, clock = read_body(ClockMove, body), environment.store.clock
    ahead = move.now.timestamp() - clock.seconds() if move.now else move.advance or 0.0
    if clock.seconds() + ahead > LATEST:
        raise ODataError(400, "", f"advance: the clock stops before the year {LAST_YEAR + 1}.")
    environment.move_clock(clock.moved_by + ahead)
    environment.catch_up()
    return _clock(environment, parameters, body)


def _switches(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    with environment.store.read() as transaction:
        return described(transaction.switches)


def _set_switches(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    changes = read_body(Switches, body).model_dump(mode="json", exclude_unset=True)
    with environment.store.write() as transaction:
        transaction.keep_setting("switches", transaction.setting("switches") | changes)
        built_in.describe(transaction)
        return described(transaction.switches)


def _cycle(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    with environment.store.write() as transaction:
        return synchronization.cycle(transaction, environment.links)


def _refuse_profile(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    profile_id = str(read_body(ProfileNamed, body).profile)
    with environment.store.write() as transaction:
        profile = transaction.get("emailserverprofile", profile_id)
        if profile is None:
            raise no_such_row("emailserverprofile", profile_id)
        return {"switched_off": synchronization.refuse_profile(transaction, profile)}


def _mail_servers(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    with environment.store.read() as transaction:
        return mail_servers.shown(transaction)


def _put_mail_servers(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    servers = read_body(mail_servers.MailServers, body).servers
    with environment.store.write() as transaction:
        mail_servers.keep(transaction, servers)
        return mail_servers.shown(transaction)


def _change_account(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    change = read_body(mail_servers.AccountChange, body)
    with environment.store.write() as transaction:
        mail_servers.change_account(transaction, change)
        return mail_servers.shown(transaction)


def _links(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    return environment.links.all()


def _take_link(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    taken = read_body(LinkTaken, body)
    environment.links.take(taken.address, taken.organizationid)
    return environment.links.all()


def _snapshot(environment: Environment, _parameters: Parameters, _body: bytes) -> Any:  # noqa: ANN401 - JSON
    with environment.store.read() as transaction:
        return copies.snapshot(transaction).model_dump(mode="json")


def _copy(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    copy = read_body(copies.Copy, body)
    try:
        with environment.store.write() as transaction:
            copies.become(transaction, copy)
    except (KeyError, ValueError, sa.exc.SQLAlchemyError) as error:
        raise ODataError(400, "", f"snapshot: it is none of this emulator's: {type(error).__name__}.") from None
    return environment.organization()


def _put_role(environment: Environment, parameters: Parameters, body: bytes) -> object:
    name, privileges = parameters["name"], list(read_body(RolePrivileges, body).privileges)
    if name in KNOWN_ROLES:
        raise ODataError(400, "", f"The role {name} is built in.")
    with environment.store.write() as transaction:
        transaction.keep_setting(ROLES_SETTING, transaction.setting(ROLES_SETTING) | {name: privileges})
    return None


ENDPOINTS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/clock", _clock),
    ("POST", "/clock", _move_clock),
    ("GET", "/switches", _switches),
    ("PATCH", "/switches", _set_switches),
    ("POST", "/cycle", _cycle),
    ("POST", "/unauthorized", _refuse_profile),
    ("GET", "/mail-servers", _mail_servers),
    ("PUT", "/mail-servers", _put_mail_servers),
    ("PATCH", "/mail-servers/account", _change_account),
    ("GET", "/exchange-links", _links),
    ("POST", "/exchange-links", _take_link),
    ("PUT", "/roles/{name}", _put_role),
    ("GET", "/snapshot", _snapshot),
    ("POST", "/copy", _copy),
)
"""Method, path under `/emulator`, and what is done."""
