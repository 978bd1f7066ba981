"""An emulated Dataverse over a real socket, for all tests that need one."""

import gc
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
import requests

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.deadline import Clock
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.emulator import running
from pulumi_dataverse_email.entra import login as logins
from pulumi_dataverse_email.entra import session
from pulumi_dataverse_email.entra.authorities import Authority
from pulumi_dataverse_email.entra.login import Bearer, Login
from pulumi_dataverse_email.entra.ways import ClientSecret
from tests.system.emulated import Dataverse


class Served(Dataverse):
    """An environment whose control API is spoken to over one connection: a handshake for each call costs 40 ms."""

    session: ClassVar = requests.Session()

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON of any shape
        """Call the control API and return its JSON answer."""
        url = f"{self.settings['DATAVERSE_EMULATOR_URL']}/{path}"
        bundle = self.settings["REQUESTS_CA_BUNDLE"]
        answer = self.session.request(method, url, json=body, timeout=30, verify=bundle)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@pytest.fixture(scope="session")
def _served() -> Iterator[Dataverse]:
    with running() as emulator, Served.session:
        yield Served(emulator.environment)
        gc.collect()  # connections of sessions that tests have dropped end before the server does


@pytest.fixture(scope="session", autouse=True)
def no_pauses() -> Iterator[None]:
    """Let pauses pass at once, and the time they take with them: tests do not sleep."""
    real = Clock.now
    passed = [0.0]

    def pause(_: Clock, seconds: float) -> None:
        passed.append(passed[-1] + seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "now", lambda clock: real(clock) + passed[-1])
        patch.setattr(Clock, "pause", pause)
        patch.setattr(session, "RETRY", session.RETRY.new(backoff_factor=0))
        yield


@pytest.fixture
def dataverse(_served: Dataverse, monkeypatch: pytest.MonkeyPatch) -> Dataverse:
    """An environment as the default seed has it, trusted by this process."""
    _served.control("POST", "reset")
    monkeypatch.setattr(logins, "_logins", {})
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", _served.settings["REQUESTS_CA_BUNDLE"])
    return _served


@pytest.fixture(scope="session")
def _client(_served: Dataverse) -> Client:
    return Client(Transport(_served.settings["DATAVERSE_URL"], login(_served)))


@pytest.fixture
def rows(dataverse: Dataverse, _client: Client) -> Client:  # noqa: ARG001  the environment is back at its seed
    """The rows of the environment."""
    return _client


def login(dataverse: Dataverse, **changes: str) -> Bearer:
    """Return the login of the environment's application."""
    settings = {**dataverse.settings, **changes}
    way = ClientSecret(settings["ARM_CLIENT_ID"], settings["ARM_CLIENT_SECRET"])
    authority = Authority(settings["AZURE_AUTHORITY_HOST"], settings["ARM_TENANT_ID"])
    return Login(way, authority).signing(settings["DATAVERSE_URL"])
