"""The same verbs by the real pypsrp, against a stand-in that hands each cmdlet to the emulated Exchange."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_dataverse_email.errors import ExchangeError as OurError
from pulumi_dataverse_email.errors import ExchangeExists, ExchangeForbidden, ExchangeRefused, ExchangeUnsettled
from pulumi_dataverse_email.exchange.by_cmdlets import ByCmdlets
from pulumi_dataverse_email.exchange.commands import Command, get_scopes
from pulumi_dataverse_email.exchange.objects import Assignee, NewAssignment, NewScope, Reach
from pulumi_dataverse_email.exchange.remoting import Remoting, Server

from .conftest import ANNA, Online
from .scope import CRM
from .wsman import Refusal, StandIn, serving

ROLE = "View-Only Recipients"
"""A role that an account can have in the emulator, which has no ApplicationImpersonation."""


@pytest.fixture
def stand_in(online: Online) -> Iterator[StandIn]:
    """A server whose Exchange is the emulated one."""

    def answer(cmdlet: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        assert parameters.pop("ErrorAction") == "Stop"
        try:
            return [dict(it) for it in online.cmdlets.run(Command(cmdlet, parameters))]
        except OurError as error:
            kinds = {"ExchangeNotFound": "ManagementObjectNotFoundException"}
            kinds |= {"ExchangeExists": "ADObjectAlreadyExistsException"}
            raise Refusal(kinds.get(type(error).__name__, "InvalidOperationException"), error.answer) from None

    with serving(answer) as found:
        yield found


def _remoting(stand_in: StandIn, password: str | None = None) -> Remoting:
    return Remoting(
        Server("127.0.0.1", stand_in.user_name, password or stand_in.password, auth="basic", port=stand_in.port)
    )


def test_a_scope_and_a_grant_are_made_found_changed_and_removed(online: Online, stand_in: StandIn) -> None:
    remoting = _remoting(stand_in)
    exchange = ByCmdlets(remoting, online.time.settling())
    grant = NewAssignment("CRM", ROLE, Assignee("User", ANNA), Reach("scope", CRM.name))

    scope = exchange.create_scope(CRM)
    assignment = exchange.create_assignment(grant)
    changed = exchange.change_scope(scope, NewScope(CRM.name, "City -eq 'it''s'"))

    assert exchange.scope("nowhere") is None
    assert exchange.scopes() == [changed]
    assert changed.recipient_filter == "City -eq 'it''s'"
    assert [it.name for it in exchange.assignments(role=ROLE)] == ["CRM"]
    assert assignment.reaches(grant.reach)
    found = exchange.recipient(ANNA)
    assert found is not None
    assert ANNA in found.addresses
    with pytest.raises(ExchangeExists):
        exchange.create_scope(CRM)
    with pytest.raises(ExchangeRefused, match="CRM"):
        exchange.remove_scope(changed)
    exchange.remove_assignment(assignment)
    exchange.remove_scope(changed)
    assert online.run("Get-ManagementScope") == []
    remoting.close()
    assert stand_in.actions.count("Create") == 1
    assert stand_in.sessions == {}


def test_a_large_filter_goes_in_several_fragments(online: Online, stand_in: StandIn) -> None:
    exchange = ByCmdlets(_remoting(stand_in), online.time.settling())
    large = " -or ".join(f"City -eq '{number:06}'" for number in range(20_000))

    assert exchange.create_scope(NewScope("Large", large)).recipient_filter == large
    assert "Send" in stand_in.actions


def test_a_refused_login_says_so_and_keeps_the_password(stand_in: StandIn) -> None:
    remoting = _remoting(stand_in, "wrong-and-secret")

    with pytest.raises(ExchangeForbidden, match="refused the login") as caught:
        remoting.run(get_scopes())

    assert (
        "wrong-and-secret" not in f"{caught.value}{caught.value.__cause__!r}{remoting!r}{Server('x', password='p')!r}"
    )


def test_a_server_that_is_not_there_is_an_error_of_our_own() -> None:
    remoting = Remoting(Server("127.0.0.1", "x", "y", auth="basic", port=1))

    with pytest.raises(ExchangeUnsettled, match="gave no answer"):
        remoting.run(get_scopes())


def test_a_password_does_not_go_in_clear() -> None:
    with pytest.raises(ExchangeRefused, match="in clear"):
        Remoting(Server("ex1.contoso.com", "x", "y", auth="basic"))


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypsrp.exceptions", None)

    with pytest.raises(ExchangeRefused, match=r"Install pulumi-dataverse-email\[onprem\]"):
        Remoting(Server("ex1.contoso.com")).run(get_scopes())
