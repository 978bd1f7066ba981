"""The organization that an emulator starts with: a YAML file, checked before anything is written."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from .entra.configuration import Configuration
from .entra.directory import Registration, Tenant
from .errors import EmulatorError
from .exchange.recipients import AdministrativeUnit, Recipient
from .exchange.switches import Switches as ExchangeSwitches
from .mail_servers import MailServer
from .switches import Switches

Name = Annotated[str, StringConstraints(min_length=1)]
Columns = dict[str, str | int | bool | None]
MOST = 100_000
"""Users or queues of one entry; the emulator is proven with half as many."""

NUMBER = "{n}"
"""Where the number of each of many stands."""

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
    default_email_settings: str | None = None
    """XML with the methods for new users and queues, those of the seed included."""


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


class Owner(_Part):
    """A user or queue, or many that differ in their number; the mailbox of each comes by itself."""

    name: Name
    email_address: Name | None = None
    id: UUID | None = None
    count: Annotated[int, Field(ge=1, le=MOST)] | None = None
    """So many of them; `{n}` in names and addresses is the number of each, from 1."""
    mailbox: Columns = Field(default_factory=dict)
    """Columns of the mailbox by Web API name; `emailserverprofile` is the name of a profile."""

    @property
    def key(self) -> str:
        """The name that its id is made of when it has none."""
        return self.name

    @model_validator(mode="after")
    def _told_apart(self) -> "Owner":
        if self.count is not None and (self.id is not None or NUMBER not in self.key):
            raise ValueError(f"many of them have no id of their own, and {NUMBER} in what tells them apart")
        return self


class User(Owner):
    """A user."""

    principal_name: Name
    object_id: UUID | None = None
    """Of the user in Entra; made from the principal name when absent."""
    roles: tuple[Name, ...] = ()
    appears_after: Seconds | None = None
    """Seconds of the emulator's clock until the user is there, without the columns of `mailbox`."""

    @property
    def key(self) -> str:
        """The name that tells users apart."""
        return self.principal_name

    @model_validator(mode="after")
    def _one_person(self) -> "User":
        if self.count is not None and self.object_id is not None:
            raise ValueError("many of them have no object_id of their own")
        return self


class Queue(Owner):
    """A queue."""


AnyOwner = TypeVar("AnyOwner", bound=Owner)


def each(owner: AnyOwner) -> Iterator[AnyOwner]:
    """Return the one that an entry of a seed describes, or the many, each with its number in its texts."""
    if owner.count is None:
        yield owner
        return
    texts = {name: value for name, value in dict(owner).items() if isinstance(value, str) and NUMBER in value}
    for number in range(1, owner.count + 1):
        own = {name: text.replace(NUMBER, str(number)) for name, text in texts.items()}
        yield owner.model_copy(update={**own, "count": None})


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

    @model_validator(mode="after")
    def _each_once(self) -> "Seed":
        clients = [str(application.client_id) for application in self.applications]
        addresses = [
            (recipient.tenant_id or self.organization.tenant_id, address.casefold())
            for recipient in self.recipients
            for address in (recipient.address, *recipient.aliases)
        ]
        for kind, keys in (("applications", clients), ("recipients", addresses)):
            if len(set(keys)) < len(keys):
                raise ValueError(f"two {kind} have one id or address")
        return self


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


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML was built with it: it reads 50,000 users in two seconds, not ten."""


def _parse(text: str, name: str) -> Seed:
    try:
        return Seed.model_validate(yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise EmulatorError(f"The seed {name} is no YAML: {' '.join(str(error).split())}.") from None
    except RecursionError:  # the loader in C has a limit of its own, and tells of it as of any other fault
        raise EmulatorError(f"The seed {name} is no YAML: it is nested too deeply.") from None
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_input=False))
        raise EmulatorError(f"The seed {name} does not fit: {faults}.") from None


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return place.lstrip(".") or "the whole file"
