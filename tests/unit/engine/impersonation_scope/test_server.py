"""An Exchange Server, by the real pypsrp against the stand-in that hands each cmdlet to the emulated Exchange."""

from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.errors import ExchangeError, ExchangeRefused
from pulumi_dataverse_email.exchange.by_cmdlets import ByCmdlets
from pulumi_dataverse_email.exchange.commands import Command
from pulumi_dataverse_email.exchange.remoting import Remoting, Server
from tests.unit.exchange.conftest import ANNA, BEN, Online
from tests.unit.exchange.wsman import Refusal, serving

from .stack import MEMBERS, ScopeStack

ACCOUNT = "crm-sync@contoso.com"
SERVER = {"platform": "exchange_server", "name": "CRM mailboxes", "service_account": ACCOUNT}
ROLE = "ApplicationImpersonation"


@pytest.fixture
def stack(rows: Client, online: Online) -> Iterator[ScopeStack]:
    """A stack that reaches an Exchange Server by remoting; its account is a mailbox of the organization."""
    online.switch(application_impersonation="present")
    online.recipient(ACCOUNT)

    def answer(cmdlet: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        assert parameters.pop("ErrorAction") == "Stop"
        command = Command(cmdlet, parameters)
        online.recorded.commands.append(command)
        try:
            return [dict(it) for it in online.cmdlets.run(command)]
        except ExchangeError as error:
            kinds = {"ExchangeNotFound": "ManagementObjectNotFoundException"}
            raise Refusal(kinds.get(type(error).__name__, "InvalidOperationException"), error.answer) from None

    with serving(answer) as found:
        server = Server("127.0.0.1", found.user_name, found.password, "basic", port=found.port)
        remoting = Remoting(server)
        yield ScopeStack(rows, ByCmdlets(remoting, online.time.settling()), online)
        remoting.close()


def test_one_account_is_limited_to_its_mailboxes(stack: ScopeStack) -> None:
    stack.up(**SERVER, **MEMBERS)

    (assigned,) = stack.online.exchange.assignments()
    assert (assigned.role, assigned.assignee_kind, assigned.scope) == (ROLE, "User", "CRM mailboxes")
    assert [it.name for it in stack.online.exchange.assignments(role=ROLE, recipient=ANNA)] == [assigned.name]
    assert stack.online.exchange.assignments(role=ROLE, recipient="chris@contoso.com") == []
    assert stack.plan(**SERVER, **MEMBERS).changes is False


def test_it_is_changed_read_and_removed(stack: ScopeStack) -> None:
    stack.up(**SERVER, **MEMBERS)

    stack.up(**SERVER, addresses=[ANNA])
    assert stack.refresh()
    assert stack.plan(**SERVER, addresses=[ANNA]).changes is False
    stack.destroy()

    assert stack.online.exchange.scopes() == []
    assert stack.online.exchange.assignments() == []


def test_a_security_group_may_have_the_role_instead(stack: ScopeStack) -> None:
    stack.online.recipient("crm-accounts@contoso.com", type="MailUniversalSecurityGroup", members=[ACCOUNT])
    wanted = {"platform": "exchange_server", "name": "CRM", "security_group": "crm-accounts@contoso.com", **MEMBERS}

    stack.up(**wanted)

    assert [it.assignee_kind for it in stack.online.exchange.assignments()] == ["SecurityGroup"]


def test_an_exclusive_scope_is_assigned_as_such(stack: ScopeStack) -> None:
    stack.up(**SERVER, **MEMBERS, exclusive=True)

    (assigned,) = stack.online.exchange.assignments()
    assert assigned.reach_kind == "ExclusiveRecipientScope"
    assert stack.refresh()
    assert stack.plan(**SERVER, **MEMBERS, exclusive=True).changes is False
    stack.destroy()
    assert stack.online.exchange.scopes() == []


def test_a_root_may_read_back_in_another_form_and_change(stack: ScopeStack) -> None:
    """A root is given by name and reads back as a distinguished name: that is no drift."""
    domain = str(stack.online.run("Get-OrganizationConfig")[0]["name"])
    wanted = {**SERVER, **MEMBERS, "recipient_root": domain}
    stack.up(**wanted)
    stack.online.recorded.commands.clear()

    assert stack.refresh()

    assert stack.plan(**wanted).changes is False
    stack.up(**wanted, other_grants="ignore")
    assert [it for it in stack.online.sent if not it.startswith("Get-")] == []


@pytest.mark.parametrize("impersonates", [True, False])
def test_a_profile_must_impersonate_to_be_limited(stack: ScopeStack, *, impersonates: bool) -> None:
    profile = stack.profile(
        "Anna Weber", retrieval=1, incominguseimpersonation=impersonates, incomingusername="CONTOSO\\crm-sync"
    )
    if not impersonates:
        with pytest.raises(ExchangeRefused, match="incoming_use_impersonation=True"):
            stack.up(**SERVER, **MEMBERS, profile=profile)
        return

    stack.up(**SERVER, **MEMBERS, profile=profile)

    assert stack.outputs()["unused_in_scope"] == [BEN]
    assert stack.outputs()["not_proven"] == []


def test_the_old_grant_without_a_scope_is_told(stack: ScopeStack) -> None:
    stack.online.run("New-ManagementRoleAssignment", Name="Old", Role=ROLE, User=ACCOUNT)

    process = stack.up(**SERVER, **MEMBERS)

    assert any("may open every mailbox" in it and "Old" in it for it in process.warnings)
    assert stack.outputs()["unlimited_grants"] == [f"Old ({ROLE})"]
