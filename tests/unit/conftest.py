"""An emulated Dataverse over a real socket, for all tests that need one."""

from collections.abc import Iterator

import pytest

from pulumi_dataverse_email.dataverse import transport
from pulumi_dataverse_email.dataverse.auth import ClientSecretLogin
from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.emulator import running
from tests.system.emulated import Dataverse


@pytest.fixture(scope="session")
def _served() -> Iterator[Dataverse]:
    with running() as emulator:
        yield Dataverse(emulator.environment)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat at once what is repeated: tests do not sleep."""
    monkeypatch.setattr(transport, "RETRY", transport.RETRY.new(backoff_factor=0, backoff_jitter=0))


@pytest.fixture
def dataverse(_served: Dataverse, monkeypatch: pytest.MonkeyPatch, no_pauses: None) -> Dataverse:  # noqa: ARG001  order
    """An environment as the default seed has it, trusted by this process."""
    _served.control("POST", "reset")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", _served.settings["REQUESTS_CA_BUNDLE"])
    return _served


@pytest.fixture(scope="session")
def _login(_served: Dataverse) -> ClientSecretLogin:
    return login(_served)


@pytest.fixture
def rows(dataverse: Dataverse, _login: ClientSecretLogin) -> Client:
    """The rows of the environment."""
    return Client(Transport(dataverse.settings["DATAVERSE_URL"], _login))


def login(dataverse: Dataverse, **changes: str) -> ClientSecretLogin:
    """Return the login of the environment's application."""
    settings = {**dataverse.settings, **changes}
    return ClientSecretLogin(
        f"{settings['AZURE_AUTHORITY_HOST']}/{settings['ARM_TENANT_ID']}",
        settings["ARM_CLIENT_ID"],
        settings["ARM_CLIENT_SECRET"],
        settings["DATAVERSE_URL"],
    )
