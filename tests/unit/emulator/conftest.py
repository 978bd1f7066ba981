"""One emulator for a file of tests, back at its seed before each."""

from collections.abc import Iterator

import pytest

from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.dataverse import ANNA, Dataverse
from tests.unit.emulator.exchange import Exchange


@pytest.fixture(scope="module")
def _served() -> Iterator[Dataverse]:
    with running() as emulator:
        dataverse = Dataverse(emulator)
        yield dataverse
        dataverse.session.close()


@pytest.fixture
def dataverse(_served: Dataverse) -> Dataverse:
    """An environment as the default seed has it."""
    _served.control("POST", "reset")
    return _served


@pytest.fixture
def exchange(dataverse: Dataverse) -> Exchange:
    """Exchange, as the default seed has it, in the hands of an administrator."""
    return Exchange(dataverse)


@pytest.fixture
def mailer(exchange: Exchange) -> Exchange:
    """Exchange knows the application, and Anna's mailbox belongs to the CRM."""
    exchange.pointer()
    exchange.recipient(ANNA, properties={"CustomAttribute1": "crm"})
    exchange.scope("CRM")
    return exchange
