"""The emulated Exchange as the wire meets it, with a clock that nobody waits for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from pulumi_dataverse_email.exchange.by_cmdlets import ByCmdlets
from pulumi_dataverse_email.exchange.commands import Cmdlets, Command, Parameter, Properties
from pulumi_dataverse_email.exchange.interface import Exchange
from pulumi_dataverse_email.exchange.invoke_command import InvokeCommand
from pulumi_dataverse_email.exchange.settling import Clock, Settling
from tests.system.emulated import Json
from tests.unit.conftest import Served

APP = "5f0c2a10-0000-4000-8000-00000000b001"
APP_OBJECT = "5f0c2a10-0000-4000-8000-00000000b002"
ANNA, BEN = "anna@contoso.com", "ben@contoso.com"


@dataclass
class EmulatedTime:
    """A clock that sleeping moves on, together with the emulator's."""

    advance: Callable[[float], object]
    seconds: float = 1000.0
    told: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        self.advance(seconds)

    def settling(self) -> Settling:
        """Return what waits by this clock."""
        return Settling(Clock(lambda: self.seconds, self.sleep), self.told.append)


@dataclass
class Tokens:
    """The login of the emulator's application: asks for a token each time that there is none."""

    dataverse: Served
    credentials: dict[str, str] = field(default_factory=dict)
    held: str = ""
    asked: int = 0

    def token(self, resource: str) -> str:
        """Return a token of a resource."""
        if not self.held:
            self.asked += 1
            settings = self.dataverse.settings
            form = {
                "grant_type": "client_credentials",
                "client_id": settings["ARM_CLIENT_ID"],
                "client_secret": settings["ARM_CLIENT_SECRET"],
                "scope": f"{resource}/.default",
                **self.credentials,
            }
            url = f"{settings['AZURE_AUTHORITY_HOST']}/{settings['ARM_TENANT_ID']}/oauth2/v2.0/token"
            answer = requests.post(url, form, timeout=30, verify=settings["REQUESTS_CA_BUNDLE"])
            self.held = answer.json()["access_token"]
        return self.held

    def forget(self, resource: str, token: str, challenge: str = "") -> None:  # noqa: ARG002  the login's signature
        """Drop a token."""
        self.held = ""


@dataclass
class Online:
    """The emulated Exchange Online: what the wire does with it, and what others do behind its back."""

    dataverse: Served
    time: EmulatedTime
    tokens: Tokens
    cmdlets: InvokeCommand
    recorded: "Recorded"
    exchange: Exchange

    def switch(self, **switches: object) -> None:
        """Turn switches of the emulated Exchange."""
        self.dataverse.control("PATCH", "exchange", switches)

    def recipient(self, address: str, **recipient: Any) -> None:  # noqa: ANN401  JSON of any shape
        """Make a recipient, or change all of it."""
        self.dataverse.control("PUT", f"recipients/{address}", {"name": address.partition("@")[0], **recipient})

    def register(self) -> None:
        """Make the application known to Entra."""
        registration = {"secret": "hush", "object_id": APP_OBJECT, "member": False}
        self.dataverse.control("PUT", f"applications/{APP}", registration)

    def fault(self, answer: Json, *, when: str = "before", times: int = 1) -> None:
        """Let the next calls meet trouble."""
        self.dataverse.fault("InvokeCommand", answer, when=when, times=times)

    def run(self, cmdlet: str, **parameters: Parameter) -> list[Properties]:
        """Run a cmdlet as an administrator."""
        return self.cmdlets.run(Command(cmdlet, parameters))

    @property
    def sent(self) -> list[str]:
        """The names of the cmdlets that the exchange sent."""
        return [it.cmdlet for it in self.recorded.commands]


@dataclass
class Recorded:
    """Cmdlets on their way, and which they were."""

    cmdlets: Cmdlets
    commands: list[Command] = field(default_factory=list)
    before_write: list[Callable[[], object]] = field(default_factory=list)
    """What is done before the next command that writes."""

    def run(self, command: Command) -> list[Properties]:
        """Send a command on."""
        self.commands.append(command)
        while command.writes and self.before_write:
            self.before_write.pop()()
        return self.cmdlets.run(command)


@pytest.fixture
def online(dataverse: Served) -> Online:
    """Exchange Online as the default seed has it, in the hands of an administrator."""
    time = EmulatedTime(lambda seconds: dataverse.control("POST", "clock", {"advance": seconds}))
    tokens = Tokens(dataverse)
    cmdlets = InvokeCommand(dataverse.settings["DATAVERSE_URL"], dataverse.settings["ARM_TENANT_ID"], tokens)
    recorded = Recorded(cmdlets)
    return Online(dataverse, time, tokens, cmdlets, recorded, ByCmdlets(recorded, time.settling()))
