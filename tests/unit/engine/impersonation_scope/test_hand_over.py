"""Nothing is sent to Exchange: an administrator gets the commands, and Dataverse is compared all the same."""

import pytest

from pulumi_dataverse_email.errors import ExchangeRefused
from pulumi_dataverse_email.exchange.commands import Command
from tests.unit.exchange.conftest import ANNA, APP_OBJECT, BEN
from tests.unit.exchange.prompt import typed

from .stack import EWS, MEMBERS, ONLINE, ScopeStack

CHRIS = "chris@contoso.com"


@pytest.fixture
def stack(stack: ScopeStack) -> ScopeStack:
    """A stack that may not touch Exchange."""
    stack.exchange = None
    return stack


def carry_out(stack: ScopeStack, which: str) -> list[object]:
    """Run commands as an administrator who types them in, one after the other."""
    lines: list[str] = stack.outputs()["commands"][which]
    return [stack.online.cmdlets.run(Command(*typed(line))) for line in lines]


def arrangement(stack: ScopeStack) -> object:
    """Return what Exchange holds, without the ids that it gave."""
    exchange = stack.online.exchange
    scopes = sorted((it.name, it.recipient_filter) for it in exchange.scopes())
    return scopes, sorted((it.name, it.role, it.assignee, it.scope) for it in exchange.assignments())


CHANGES = [
    {**ONLINE, "addresses": [ANNA]},
    {**ONLINE, "name": "Sales mailboxes", **MEMBERS},
    {**ONLINE, **MEMBERS, "roles": [EWS, "Application Mail.Send"]},
    {**ONLINE, **MEMBERS, "roles": ["Application Mail.Send"]},
    {**ONLINE, "name": "Sales mailboxes", "addresses": [BEN], "roles": ["Application Mail.Send", EWS]},
]


@pytest.mark.parametrize("after", CHANGES)
def test_the_commands_do_what_the_provider_would_have_done(stack: ScopeStack, after: dict[str, object]) -> None:
    """The create, change and remove commands, typed in as they are, against what `InvokeCommand` does by itself."""
    other = ScopeStack(stack.rows, stack.online.exchange, stack.online)
    other.up(**ONLINE, **MEMBERS)
    made = arrangement(stack)
    other.up(**after)
    changed = arrangement(stack)
    other.destroy()
    assert stack.online.exchange.principal(APP_OBJECT)
    stack.online.exchange.remove_principal(stack.online.exchange.principal(APP_OBJECT))  # type: ignore[arg-type]  # it is there

    stack.up(**ONLINE, **MEMBERS)
    carry_out(stack, "create")
    assert arrangement(stack) == made
    stack.up(**after)
    carry_out(stack, "change")
    assert arrangement(stack) == changed
    carry_out(stack, "remove")
    assert arrangement(stack) == ([], [])


def test_nothing_is_sent(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.up(**ONLINE, addresses=[ANNA])
    stack.refresh()
    process = stack.destroy()

    assert stack.online.sent == []
    assert "until an administrator removes it:\nRemove-ManagementRoleAssignment" in process.warnings[-1]


def test_the_commands_to_check_with_show_what_is_there(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS, profile=stack.profile("Anna Weber"))
    carry_out(stack, "create")

    scope, assignments, tested = carry_out(stack, "check")

    assert isinstance(scope, list) and isinstance(assignments, list) and isinstance(tested, list)  # noqa: PT018  types
    assert scope[0]["recipientfilter"] == stack.outputs()["written_filter"]
    assert [it["role"] for it in assignments] == [EWS]
    assert tested[0]["inscope"] is True


def test_mailboxes_outside_are_known_without_exchange(stack: ScopeStack) -> None:
    with pytest.raises(ExchangeRefused, match=f"outside the scope: {CHRIS}"):
        stack.up(**ONLINE, **MEMBERS, profile=stack.profile("Anna Weber", "Chris Park"))


def test_a_profile_that_no_scope_limits_is_refused(stack: ScopeStack) -> None:
    with pytest.raises(ExchangeRefused, match="Microsoft's own application"):
        stack.up(**ONLINE, **MEMBERS, profile=stack.profile("Anna Weber", retrieval=2))


def test_a_mailbox_that_joins_the_profile_is_drift(stack: ScopeStack) -> None:
    wanted = {**ONLINE, **MEMBERS, "profile": stack.profile("Anna Weber")}
    stack.up(**wanted)
    stack.join("Chris Park")

    stack.refresh()

    assert stack.state["crm"].inputs["outside_scope"] == [CHRIS]
    assert stack.plan(**wanted).changes is True


def test_the_profile_s_mailboxes_are_followed_by_a_command(stack: ScopeStack) -> None:
    wanted = {**ONLINE, "profile": stack.profile("Anna Weber"), "profile_mailboxes": True}
    stack.up(**wanted)
    stack.join("Chris Park")

    stack.refresh()
    stack.up(**wanted)

    (line,) = stack.outputs()["commands"]["change"]
    assert line.startswith("Set-ManagementScope -Identity 'CRM mailboxes' -RecipientRestrictionFilter")
    assert CHRIS in line


def test_a_group_is_named_by_its_distinguished_name_since_nobody_can_ask(stack: ScopeStack) -> None:
    with pytest.raises(ExchangeRefused, match="is no distinguished name"):
        stack.up(**ONLINE, groups=["crm@contoso.com"])

    stack.up(**ONLINE, groups=["CN=CRM,OU=contoso,DC=outlook,DC=com"])
    assert any("only Exchange knows" in it or "no profile" in it for it in stack.outputs()["not_proven"])


def test_what_was_handed_over_is_taken_up_once_exchange_may_be_touched(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    carry_out(stack, "create")
    before = arrangement(stack)
    stack.exchange = stack.online.exchange

    stack.refresh()
    stack.up(**ONLINE, addresses=[ANNA, BEN], on_delete="delete")

    assert arrangement(stack) == before
    assert stack.outputs()["scope_id"]
    assert all(it["id"] for it in stack.outputs()["assignments"])
    stack.destroy()
    assert arrangement(stack) == ([], [])
