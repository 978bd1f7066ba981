"""From nothing to a scope, and changed in place."""

from datetime import datetime, timedelta

import pytest

from pulumi_dataverse_email.errors import ExchangeForbidden, ExchangeRefused
from pulumi_dataverse_email.exchange.objects import Reach
from tests.unit.exchange.conftest import ANNA, APP_OBJECT, BEN

from .stack import EWS, MEMBERS, ONLINE, UNIT, ScopeStack


def test_a_scope_is_made_with_its_pointer_and_an_assignment_for_each_role(stack: ScopeStack) -> None:
    roles = [EWS, "Application Mail.Send"]

    stack.up(**ONLINE, **MEMBERS, roles=roles)

    exchange = stack.online.exchange
    scope = exchange.scope("CRM mailboxes")
    assert scope is not None
    assert stack.state["crm"].resource_id == f"exchange_online/scope/{scope.guid}"
    assert stack.outputs()["scope_id"] == scope.guid
    assert scope.recipient_filter == f"PrimarySmtpAddress -eq '{ANNA}' -or PrimarySmtpAddress -eq '{BEN}'"
    assert exchange.principal(APP_OBJECT) is not None
    assert sorted(it.role for it in exchange.assignments() if it.uses(scope.name)) == roles
    assert {it["id"] for it in stack.outputs()["assignments"]} == {it.guid for it in exchange.assignments()}


def test_what_is_as_declared_is_not_touched(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.online.recorded.commands.clear()

    assert stack.plan(**ONLINE, addresses=[BEN.upper(), ANNA]).changes is False
    stack.up(**ONLINE, addresses=[BEN.upper(), ANNA])

    assert stack.online.sent == []


def test_a_filter_changes_in_place(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    before = stack.outputs()["scope_id"]

    stack.up(**ONLINE, addresses=[ANNA])

    assert stack.outputs()["scope_id"] == before
    assert stack.outputs()["held_filter"] == f"PrimarySmtpAddress -eq '{ANNA}'"


def test_a_scope_is_renamed_in_place_and_keeps_its_assignments(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    before = stack.outputs()["assignments"]

    stack.up(**{**ONLINE, "name": "Sales mailboxes"}, **MEMBERS)

    assert [it.name for it in stack.online.exchange.scopes()] == ["Sales mailboxes"]
    assert stack.outputs()["assignments"] == before
    assert stack.plan(**{**ONLINE, "name": "Sales mailboxes"}, **MEMBERS).changes is False


def test_roles_come_and_go_one_by_one(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS, roles=[EWS, "Application Mail.Send"])
    kept = next(it for it in stack.outputs()["assignments"] if it["role"] == EWS)
    stack.online.recorded.commands.clear()

    stack.up(**ONLINE, **MEMBERS, roles=["Application Contacts.Read", EWS])

    assert [it for it in stack.online.sent if not it.startswith("Get-")] == [
        "New-ManagementRoleAssignment",
        "Remove-ManagementRoleAssignment",
    ]
    assert kept in stack.outputs()["assignments"]


def test_another_application_gets_its_assignment_before_the_first_one_loses_it(stack: ScopeStack) -> None:
    other = {"application_id": "5f0c2a10-0000-4000-8000-00000000b011"}
    other_object = {"service_principal_object_id": "5f0c2a10-0000-4000-8000-00000000b012"}
    registration = {"secret": "hush", "object_id": other_object["service_principal_object_id"], "member": False}
    stack.online.dataverse.control("PUT", f"applications/{other['application_id']}", registration)
    stack.up(**ONLINE, **MEMBERS)
    stack.online.recorded.commands.clear()

    stack.up(**{**ONLINE, **other, **other_object}, **MEMBERS)

    writes = [it for it in stack.online.sent if not it.startswith("Get-")]
    assert writes == ["New-ServicePrincipal", "New-ManagementRoleAssignment", "Remove-ManagementRoleAssignment"]
    (assigned,) = stack.online.exchange.assignments()
    assert assigned.assignee == other_object["service_principal_object_id"]


def test_a_role_that_does_not_exist_is_refused_before_any_write(stack: ScopeStack) -> None:
    with pytest.raises(ExchangeRefused, match=r"there is no role 'Application Mial\.Send'"):
        stack.up(**ONLINE, **MEMBERS, roles=[EWS, "Application Mial.Send"])

    assert [it for it in stack.online.sent if not it.startswith("Get-")] == []


def test_an_administrative_unit_needs_no_scope(stack: ScopeStack) -> None:
    stack.up(**ONLINE, administrative_unit=UNIT)

    assert stack.online.exchange.scopes() == []
    (assigned,) = stack.online.exchange.assignments()
    assert assigned.reaches(Reach("unit", UNIT))
    assert "scope_id" not in stack.outputs()
    assert stack.plan(**ONLINE, administrative_unit=UNIT.upper()).changes is False


def test_a_role_that_cannot_be_handed_on_leaves_nothing_behind(stack: ScopeStack) -> None:
    """Where there is no state yet, what was made before the refusal is taken back."""
    stack.online.switch(customized=False, customization_delay=3600)
    stack.online.exchange.enable_customization()

    with pytest.raises(ExchangeForbidden, match="delegating"):
        stack.up(**ONLINE, **MEMBERS)

    assert stack.online.exchange.scopes() == []
    stack.online.time.sleep(3600)
    stack.up(**ONLINE, **MEMBERS)
    assert stack.outputs()["adopted"] is False


def test_an_update_that_fails_half_way_goes_on_with_the_next_one(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    wanted = {**ONLINE, "addresses": [ANNA], "roles": [EWS, "Application Mail.Send"]}
    stack.online.switch(customized=False, customization_delay=3600)
    stack.online.exchange.enable_customization()
    with pytest.raises(ExchangeForbidden):
        stack.up(**wanted)

    stack.online.time.sleep(3600)
    stack.up(**wanted)

    assert stack.outputs()["held_filter"] == f"PrimarySmtpAddress -eq '{ANNA}'"
    assert len(stack.outputs()["assignments"]) == 2


def test_a_write_that_was_answered_with_an_error_is_found_and_not_repeated(stack: ScopeStack) -> None:
    stack.online.recorded.before_write.append(lambda: stack.online.fault({"status": 500}, when="after"))

    stack.up(**ONLINE, **MEMBERS)

    assert stack.online.sent.count("New-ServicePrincipal") == 1
    assert len(stack.online.exchange.assignments()) == 1


def test_all_of_it_is_seen_late_and_waited_for(stack: ScopeStack) -> None:
    """Exchange shows what was made only after minutes; the run goes on meanwhile, and ends with the truth."""
    stack.online.switch(replication_delay=120)

    stack.up(**ONLINE, **MEMBERS)
    stack.up(**ONLINE, addresses=[ANNA])

    assert stack.outputs()["held_filter"] == f"PrimarySmtpAddress -eq '{ANNA}'"
    stack.online.time.sleep(120)
    assert stack.refresh()
    assert stack.plan(**ONLINE, addresses=[ANNA]).changes is False


@pytest.mark.parametrize("echo", ["as_written", "rewritten"])
def test_a_filter_that_reads_back_in_another_shape_is_no_change(stack: ScopeStack, echo: str) -> None:
    stack.online.switch(filter_echo=echo)
    wanted = {**ONLINE, "recipient_filter": "(CustomAttribute1 -EQ 'crm') -and -not (Department -like 'Board*')"}
    stack.up(**wanted)

    assert stack.refresh()

    assert stack.plan(**wanted).changes is False


def test_from_when_on_a_scope_is_effective_is_what_exchange_says_and_its_cache(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    first = stack.outputs()["effective_after"]
    scope = stack.online.run("Get-ManagementScope")[0]

    changed = datetime.fromisoformat(str(scope["whenchanged"]))
    assert datetime.fromisoformat(first) - changed == timedelta(hours=2)
    stack.online.time.sleep(600)
    stack.up(**ONLINE, addresses=[ANNA])
    assert datetime.fromisoformat(stack.outputs()["effective_after"]) >= changed + timedelta(hours=2, seconds=600)
