"""The example projects of scopes, run as their READMEs say."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.unit.exchange.prompt import typed
from tests.unit.exchange.wsman import Refusal, serving

from .conftest import CHECKOUT
from .emulated import Dataverse
from .scopes import APP, APP_OBJECT, SECRET, CmdletError, EmulatedExchange
from .stack import Stack

CONFIGURATION = {
    "applicationId": APP,
    "servicePrincipalObjectId": APP_OBJECT,
    "exchangeTenantId": "5f0c2a10-0000-4000-8000-00000000c070",
}


@pytest.fixture
def exchange(dataverse: Dataverse) -> EmulatedExchange:
    """The Exchange of the environment, where the application is known."""
    found = EmulatedExchange(dataverse)
    found.register()
    return found


@pytest.fixture
def example(request: pytest.FixtureRequest, stack: Stack, dataverse: Dataverse) -> Stack:
    """A copy of an example, with a stack of its own that has what its README says to set."""
    folder = CHECKOUT / "examples" / request.param
    shutil.copytree(folder, stack.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    (stack.folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    stack.settings["EXCHANGE_HOST"] = dataverse.settings["DATAVERSE_URL"]
    stack.pulumi("stack", "init", "example")
    for key, text in CONFIGURATION.items():
        stack.pulumi("config", "set", key, text)
    for key in ("applicationSecret", "incomingPassword"):
        stack.pulumi("config", "set", "--secret", key, SECRET)
    return stack


@pytest.mark.parametrize("example", ["scope-exchange-online"], indirect=True)
def test_in_exchange_online(example: Stack, exchange: EmulatedExchange) -> None:
    """The scope is made; the tests of the mailboxes wait, which is told and here left to the next run."""
    program = (example.folder / "__main__.py").read_text("utf-8")
    (example.folder / "__main__.py").write_text(program.replace("timeout=4 * 60 * 60", "timeout=60"), "utf-8")

    outcome = example.up(status=1)

    assert "Nothing was tested. Run again after" in outcome.flat
    assert exchange.filter.count("PrimarySmtpAddress") == 2
    assert len(exchange.run("Get-ManagementRoleAssignment")) == 1
    example.destroy()
    assert exchange.run("Get-ManagementScope") == []


@pytest.mark.parametrize("example", ["scope-handover"], indirect=True)
def test_handed_over(example: Stack, exchange: EmulatedExchange) -> None:
    example.pulumi("config", "set", "dataverse-email:exchangeTransport", "handover")
    example.up()

    for name in ("create", "check"):
        lines: list[str] = json.loads(example.pulumi("stack", "output", name, "--json").text)
        for cmdlet, parameters in map(typed, lines):
            exchange.run(cmdlet, **parameters)

    assert exchange.filter.count("PrimarySmtpAddress") == 2
    example.up("--expect-no-changes")


@pytest.mark.parametrize("example", ["scope-exchange-server"], indirect=True)
def test_on_an_exchange_server(example: Stack, dataverse: Dataverse, exchange: EmulatedExchange) -> None:
    dataverse.control("PATCH", "exchange", {"application_impersonation": "present"})
    dataverse.control("PUT", "recipients/crm-sync@contoso.com", {"name": "crm-sync"})

    def answer(cmdlet: str, parameters: dict[str, object]) -> list[dict[str, object]]:
        given = {name: it for name, it in parameters.items() if name != "ErrorAction"}
        try:
            return [dict(it) for it in exchange.run(cmdlet, **given)]
        except CmdletError as error:
            raise Refusal(error.kind, error.text) from None

    with serving(answer) as server:
        for key, text in {
            "exchangeServer": f"http://localhost:{server.port}",
            "exchangeUserName": server.user_name,
            "exchangeAuthentication": "basic",
        }.items():
            example.pulumi("config", "set", f"dataverse-email:{key}", text)
        example.pulumi("config", "set", "--secret", "dataverse-email:exchangePassword", server.password)
        example.up()
        assert exchange.filter.count("PrimarySmtpAddress") == 2
        example.clean("--refresh")
        example.destroy()

    assert exchange.run("Get-ManagementScope") == []
