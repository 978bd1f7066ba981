"""What others change in Exchange and in Dataverse is seen, under the name of what changed."""

import pytest

from pulumi_dataverse_email.errors import ExchangeRefused
from pulumi_dataverse_email.exchange.objects import NewAssignment, NewScope, Reach
from tests.unit.exchange.conftest import ANNA, BEN
from tests.unit.exchange.scope import US

from .stack import EWS, MEMBERS, ONLINE, ScopeStack

CHRIS = "chris@contoso.com"
MARKED = {"custom_attribute": {"name": "CustomAttribute1", "value": "crm"}}
FILTERED = {"recipient_filter": "CustomAttribute1 -eq 'crm'"}
EDITS = [
    (MEMBERS, f"PrimarySmtpAddress -eq '{BEN}' -or PrimarySmtpAddress -eq '{CHRIS}'", [BEN, CHRIS]),
    (MARKED, "CustomAttribute2 -eq 'x'", {"name": "CustomAttribute2", "value": "x"}),
    (FILTERED, "City -eq 'x'", "City -eq 'x'"),
]


def edit(stack: ScopeStack, text: str) -> None:
    """Change the filter behind the program's back."""
    stack.online.run("Set-ManagementScope", Identity="CRM mailboxes", RecipientRestrictionFilter=text)


@pytest.mark.parametrize(("members", "held", "seen"), EDITS)
def test_an_edited_filter_is_seen_in_the_words_of_the_program_and_put_right(
    stack: ScopeStack, members: dict[str, object], held: str, seen: object
) -> None:
    stack.up(**ONLINE, **members)
    before = stack.outputs()["held_filter"]
    edit(stack, held)

    stack.refresh()

    assert stack.state["crm"].inputs[next(iter(members))] == seen
    assert stack.plan(**ONLINE, **members).changes is None
    stack.up(**ONLINE, **members)
    assert stack.online.exchange.scopes()[0].recipient_filter == before


@pytest.mark.parametrize("members", [MEMBERS, MARKED])
def test_a_filter_that_the_program_cannot_say_is_shown_and_not_overwritten(
    stack: ScopeStack, members: dict[str, object]
) -> None:
    stack.up(**ONLINE, **members)
    held = "City -like 'Ber*' -and Department -ne 'Board'"
    edit(stack, held)

    stack.refresh()

    assert stack.state["crm"].inputs[next(iter(members))] == {"edited": held}
    with pytest.raises(ExchangeRefused, match="Take it over with recipient_filter"):
        stack.up(**ONLINE, **members)
    assert stack.online.exchange.scopes()[0].recipient_filter == held


def test_it_is_taken_over_as_it_is_and_changed_from_there(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    held = "City -like 'Ber*' -and Department -ne 'Board'"
    edit(stack, held)

    stack.up(**ONLINE, recipient_filter=held)
    stack.up(**ONLINE, addresses=[ANNA])

    assert stack.online.exchange.scopes()[0].recipient_filter == f"PrimarySmtpAddress -eq '{ANNA}'"


def test_a_new_name_is_seen(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.online.run("Set-ManagementScope", Identity="CRM mailboxes", Name="Something else")

    stack.refresh()

    assert stack.state["crm"].inputs["name"] == "Something else"
    stack.up(**ONLINE, **MEMBERS)
    assert stack.online.exchange.scopes()[0].name == "CRM mailboxes"


def test_a_role_that_was_taken_away_is_seen_and_assigned_again(stack: ScopeStack) -> None:
    wanted = {**ONLINE, **MEMBERS, "roles": [EWS, "Application Mail.Send"]}
    stack.up(**wanted)
    gone = next(it for it in stack.online.exchange.assignments() if it.role == EWS)
    stack.online.run("Remove-ManagementRoleAssignment", Identity=gone.guid)

    stack.refresh()

    assert stack.state["crm"].inputs["roles"] == ["Application Mail.Send"]
    stack.up(**wanted)
    assert {it.role for it in stack.online.exchange.assignments()} == {*wanted["roles"]}


def test_an_assignment_that_was_widened_is_seen_and_limited_again(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    (assigned,) = stack.online.exchange.assignments()
    stack.online.exchange.create_scope(NewScope("Everybody", "Name -ne 'nobody'"))
    stack.online.run("Set-ManagementRoleAssignment", Identity=assigned.guid, CustomResourceScope="Everybody")

    stack.refresh()

    assert stack.state["crm"].inputs["roles"] == [f"{EWS} (Everybody)"]
    stack.up(**ONLINE, **MEMBERS)
    (limited,) = stack.online.exchange.assignments()
    assert limited.guid == assigned.guid
    assert limited.uses("CRM mailboxes")


def test_an_assignment_that_was_disabled_is_made_anew(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    (assigned,) = stack.online.exchange.assignments()
    stack.online.run("Set-ManagementRoleAssignment", Identity=assigned.guid, Enabled=False)

    stack.refresh()

    assert stack.state["crm"].inputs["roles"] == []
    stack.up(**ONLINE, **MEMBERS)
    (anew,) = stack.online.exchange.assignments()
    assert anew.enabled


def test_a_foreign_assignment_without_a_scope_is_seen_and_warned_about(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.online.run("New-ManagementRoleAssignment", Name="Wide", Role=EWS, App=US.identity)

    stack.refresh()

    assert stack.state["crm"].inputs["unlimited_grants"] == [f"Wide ({EWS})"]
    assert stack.plan(**ONLINE, **MEMBERS).changes is True
    process = stack.up(**ONLINE, **MEMBERS)
    assert "may open every mailbox of the organization" in process.warnings[0]
    stack.refresh()
    assert stack.plan(**ONLINE, **MEMBERS).changes is False


def test_it_stops_the_deployment_where_the_program_says_so(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.online.run("New-ManagementRoleAssignment", Name="Wide", Role=EWS, App=US.identity)

    with pytest.raises(ExchangeRefused, match=f"by Wide \\({EWS}\\)"):
        stack.up(**ONLINE, addresses=[ANNA], other_grants="error")

    assert BEN in stack.online.exchange.scopes()[0].recipient_filter


def test_a_role_that_only_administers_opens_no_mailbox(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.online.run("New-ManagementRoleAssignment", Name="Admin", Role="Role Management", App=US.identity)

    stack.refresh()

    assert stack.outputs()["unlimited_grants"] == []
    assert stack.plan(**ONLINE, **MEMBERS).changes is False


def test_a_scope_that_is_gone_is_made_anew(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    (assigned,) = stack.online.exchange.assignments()
    stack.online.run("Remove-ManagementRoleAssignment", Identity=assigned.guid)
    stack.online.run("Remove-ManagementScope", Identity="CRM mailboxes")

    assert not stack.refresh()

    stack.up(**ONLINE, **MEMBERS)
    assert len(stack.online.exchange.assignments()) == 1


def test_where_absence_lists_everything_a_foreign_scope_is_not_taken_for_ours(stack: ScopeStack) -> None:
    stack.online.switch(unknown_identity="list_all")
    stack.online.exchange.create_scope(NewScope("Theirs", "City -eq 'x'"))

    stack.up(**ONLINE, **MEMBERS)

    assert len(stack.online.exchange.scopes()) == 2


def test_a_mailbox_that_joins_the_profile_is_seen(stack: ScopeStack) -> None:
    wanted = {**ONLINE, "profile": stack.profile("Anna Weber"), "profile_mailboxes": True}
    stack.up(**wanted)
    stack.join("Ben Ortiz")

    stack.refresh()

    assert stack.state["crm"].inputs["profile_mailboxes"] == {"not_in_scope": [BEN]}
    assert stack.plan(**wanted).changes is None
    stack.up(**wanted)
    assert BEN in stack.outputs()["held_filter"]


def test_a_group_that_was_renamed_is_resolved_again(stack: ScopeStack) -> None:
    group = {"type": "MailUniversalSecurityGroup", "members": [ANNA]}
    stack.online.recipient("crm@contoso.com", **group)
    stack.up(**ONLINE, groups=["crm@contoso.com"])
    before = stack.outputs()["held_filter"]
    stack.online.dataverse.control("PUT", "recipients/crm@contoso.com", {"name": "Customers", **group})

    stack.refresh()

    assert stack.plan(**ONLINE, groups=["crm@contoso.com"]).changes is None
    stack.up(**ONLINE, groups=["crm@contoso.com"])
    assert stack.outputs()["held_filter"] != before
    assert "CN=Customers" in stack.outputs()["held_filter"]


def test_a_foreign_assignment_that_is_limited_is_no_drift(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.online.exchange.create_scope(NewScope("Other", "City -eq 'x'"))
    stack.online.exchange.create_assignment(NewAssignment("Other", EWS, US, Reach("scope", "Other")))

    stack.refresh()

    assert stack.plan(**ONLINE, **MEMBERS).changes is False


def test_a_preview_tells_which_clauses_come_and_go(stack: ScopeStack) -> None:
    """In the spelling of who wrote them; other spaces, case and order are no change."""
    stack.up(**ONLINE, recipient_filter="CustomAttribute1 -eq 'crm' -and City -ne 'Rome' -and Department -like 'Sal*'")
    process = stack.process()
    changed = "(Department -LIKE 'sal*') -and CustomAttribute1 -eq 'crm' -and (City -ne 'Oslo')"

    assert stack.plan("crm", process, **ONLINE, recipient_filter=changed).changes is None

    assert process.warnings == ["the clauses of the filter that change:\n- City -ne 'Rome'\n+ City -ne 'Oslo'"]
