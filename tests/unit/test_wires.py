"""The wires that settings open, to the emulated environment."""

import pytest

from pulumi_dataverse_email import wires
from pulumi_dataverse_email.dataverse.deadline import within
from pulumi_dataverse_email.errors import ExchangeUnsettled
from pulumi_dataverse_email.exchange.interface import Exchange
from pulumi_dataverse_email.settings import given
from tests.unit.conftest import Served


def exchange_of(dataverse: Served, **settings: str) -> Exchange:
    """Return the Exchange that a pipeline's variables lead to."""
    environ = {**dataverse.settings, "EXCHANGE_HOST": dataverse.settings["DATAVERSE_URL"]}
    environ = {name: text for name, text in environ.items() if settings.get(name) != ""}
    found = wires.exchange(given({}, environ), "exchange_online", lambda _: None)
    assert found is not None
    return found


def test_it_is_reached_by_the_login_of_dataverse(dataverse: Served) -> None:
    assert exchange_of(dataverse).organization().customizable


def test_the_environment_tells_the_tenant(dataverse: Served) -> None:
    """Where nobody states a tenant, its id is the one that the environment's challenge names."""
    assert exchange_of(dataverse, ARM_TENANT_ID="").organization().customizable


def test_trouble_is_waited_out(dataverse: Served) -> None:
    dataverse.fault("InvokeCommand", {"status": 503}, times=3)

    assert exchange_of(dataverse).scopes() == []


def test_no_longer_than_the_program_allows(dataverse: Served) -> None:
    dataverse.fault("InvokeCommand", {"status": 503}, times=9)

    with within(2.0), pytest.raises(ExchangeUnsettled, match="custom_timeouts"):
        exchange_of(dataverse).scopes()
