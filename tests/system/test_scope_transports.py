"""The same by the other transports: an administrator who gets the commands, and an Exchange Server."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.exchange.prompt import typed
from tests.unit.exchange.wsman import Refusal, StandIn, serving

from .emulated import Dataverse
from .programs import PROFILE as ONE_ACCOUNT
from .programs import SECRET
from .scopes import APP_OBJECT, MAILBOXES, PROFILE, SETTINGS, CmdletError, EmulatedExchange, enabling, scope
from .stack import FAILED, Stack

ROLE = "ApplicationImpersonation"
ACCOUNT = "crm-sync@contoso.com"
SERVER_SCOPE = f"""
scope = ImpersonationScope("crm", platform="exchange_server", name="CRM mailboxes", service_account="{ACCOUNT}",
    profile=profile, mailboxes=[anna, ben])
"""


@pytest.fixture
def exchange(dataverse: Dataverse) -> EmulatedExchange:
    """The Exchange of the environment, where the application is known."""
    found = EmulatedExchange(dataverse)
    found.register()
    dataverse.control("PATCH", "switches", {"test_seconds": 2})
    return found


def carry_out(stack: Stack, exchange: EmulatedExchange, which: str) -> None:
    """Type the commands in that the stack hands over."""
    for line in stack.state()["crm"]["outputs"]["commands"][which]:
        cmdlet, parameters = typed(line)
        exchange.run(cmdlet, **parameters)


def arrangement(exchange: EmulatedExchange) -> list[object]:
    """Return what Exchange holds."""
    scopes = [(it["Name"], it["RecipientFilter"]) for it in exchange.run("Get-ManagementScope")]
    assigned = exchange.run("Get-ManagementRoleAssignment")
    return [*scopes, *((it["Role"], it["RoleAssignee"], it["CustomResourceScope"]) for it in assigned)]


def test_two_ups_with_an_administrator_between_them(
    stack: Stack, dataverse: Dataverse, exchange: EmulatedExchange
) -> None:
    """The first `up` gives the commands, the second one tests; changes and the removal are handed over likewise."""
    stack.settings["EXCHANGE_TRANSPORT"] = "handover"
    both = PROFILE + MAILBOXES + scope("mailboxes=[anna, ben]")
    stack.program(both)
    stack.up()
    assert exchange.cmdlets() == []

    carry_out(stack, exchange, "create")
    stack.program(both + enabling())
    stack.up()

    assert dataverse.anna()["enabledforincomingemail"]
    assert arrangement(exchange)[1] == ("Application EWS.AccessAsApp", APP_OBJECT, "CRM mailboxes")
    stack.program(PROFILE + MAILBOXES + scope("addresses=['ben@contoso.com'], mailboxes_outside_scope='warn'"))
    stack.up()
    carry_out(stack, exchange, "change")
    assert exchange.filter == "PrimarySmtpAddress -eq 'ben@contoso.com'"
    carry_out(stack, exchange, "check")
    carry_out(stack, exchange, "remove")
    assert arrangement(exchange) == []
    assert "stays in Exchange until an administrator removes it" in stack.destroy().flat


def test_who_joins_the_profile_is_seen_without_exchange(stack: Stack, dataverse: Dataverse) -> None:
    stack.settings["EXCHANGE_TRANSPORT"] = "handover"
    stack.program(PROFILE + MAILBOXES + scope("mailboxes=[anna, ben]"))
    stack.up()
    profile = dataverse.profile()["emailserverprofileid"]
    chris = dataverse.row("mailboxes", "Chris Park")
    dataverse.edit("mailboxes", chris, _emailserverprofile_value=profile, incomingemaildeliverymethod=2)

    assert "chris@contoso.com" in stack.preview("--refresh").flat
    assert "outside the scope: chris@contoso.com" in stack.up("--refresh", status=FAILED).flat


@pytest.fixture
def server(dataverse: Dataverse, exchange: EmulatedExchange) -> Iterator[StandIn]:
    """An Exchange Server whose cmdlets the emulated Exchange carries out; it knows the account of the profile."""
    dataverse.control("PATCH", "exchange", {"application_impersonation": "present"})
    dataverse.control("PUT", f"recipients/{ACCOUNT}", {"name": "crm-sync"})
    account = {"user_name": "CONTOSO\\crm-sync", "password": SECRET, "address": ACCOUNT, "impersonates": "by_role"}
    servers = [{"kind": "exchange", "auto_discover": True, "accounts": [account]}]
    dataverse.control("PUT", "mail-servers", {"servers": servers})

    def answer(cmdlet: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        given = {name: it for name, it in parameters.items() if name != "ErrorAction"}
        try:
            return [dict(it) for it in exchange.run(cmdlet, **given)]
        except CmdletError as error:
            raise Refusal(error.kind, error.text) from None

    with serving(answer) as found:
        yield found


@pytest.fixture
def on_server(stack: Stack, server: StandIn) -> Stack:
    """A stack whose settings lead to that server."""
    stack.settings |= {
        "EXCHANGE_SERVER": f"http://localhost:{server.port}",
        "EXCHANGE_USER_NAME": server.user_name,
        "EXCHANGE_PASSWORD": server.password,
        "EXCHANGE_AUTHENTICATION": "basic",
    }
    return stack


def test_one_account_on_an_exchange_server(on_server: Stack, dataverse: Dataverse, exchange: EmulatedExchange) -> None:
    """The page's own case: one account in the profile, and a scope that limits it; by the real pypsrp."""
    program = SETTINGS + ONE_ACCOUNT + MAILBOXES + SERVER_SCOPE
    on_server.program(program + enabling())

    on_server.up()

    assert dataverse.anna()["enabledforact"]
    (assigned,) = exchange.run("Get-ManagementRoleAssignment")
    assert (assigned["Role"], assigned["CustomRecipientWriteScope"]) == (ROLE, "CRM mailboxes")
    on_server.clean("--refresh")
    on_server.program(program.replace("mailboxes=[anna, ben]", "mailboxes=[ben], mailboxes_outside_scope='warn'"))
    assert sorted(on_server.steps()["crm"]["detailedDiff"]) == ["mailboxes.anna", "mailboxes_outside_scope"]
    on_server.up()
    assert exchange.filter == "PrimarySmtpAddress -eq 'ben@contoso.com'"
    on_server.destroy()
    assert exchange.run("Get-ManagementScope") == []


def test_an_account_that_its_scope_does_not_let_in_fails_the_test(
    on_server: Stack, dataverse: Dataverse, exchange: EmulatedExchange
) -> None:
    only_anna = SERVER_SCOPE.replace("mailboxes=[anna, ben]", "mailboxes=[anna], mailboxes_outside_scope='warn'")
    on_server.program(SETTINGS + ONE_ACCOUNT + MAILBOXES + only_anna + enabling())

    on_server.up(status=FAILED)

    assert dataverse.anna()["enabledforincomingemail"]
    assert not dataverse.row("mailboxes", "Ben Ortiz")["enabledforincomingemail"]
    on_server.program(SETTINGS + ONE_ACCOUNT + MAILBOXES + SERVER_SCOPE + enabling())
    on_server.up()
    assert dataverse.row("mailboxes", "Ben Ortiz")["enabledforincomingemail"]
    assert exchange.filter.count("PrimarySmtpAddress") == 2
