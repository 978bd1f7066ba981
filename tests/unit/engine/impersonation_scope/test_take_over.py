"""What was there before, what others use, and what is taken away again."""

import pytest

from pulumi_dataverse_email.errors import ExchangeExists, ExchangeRefused
from pulumi_dataverse_email.exchange.objects import NewAssignment, NewScope, Reach
from tests.unit.exchange.conftest import ANNA
from tests.unit.exchange.scope import US

from .stack import EWS, MEMBERS, ONLINE, ScopeStack

FOUND = NewScope("CRM mailboxes", "CustomAttribute1 -eq 'crm'")
MARKED = {"custom_attribute": {"name": "CustomAttribute1", "value": "crm"}}


def test_a_scope_of_that_name_is_not_taken_over_by_accident(stack: ScopeStack) -> None:
    stack.online.exchange.create_scope(FOUND)

    with pytest.raises(ExchangeExists, match="adopt=True"):
        stack.up(**ONLINE, **MEMBERS)

    assert [it.recipient_filter for it in stack.online.exchange.scopes()] == [FOUND.recipient_filter]


def test_it_is_adopted_where_the_program_says_so_and_stays_with_its_declaration_gone(stack: ScopeStack) -> None:
    stack.online.exchange.create_scope(FOUND)

    process = stack.up(**ONLINE, **MEMBERS, adopt=True)

    assert "its filter changes" in process.warnings[0]
    assert stack.outputs()["adopted"] is True
    assert ANNA in stack.online.exchange.scopes()[0].recipient_filter
    stack.destroy()
    assert len(stack.online.exchange.scopes()) == 1


def test_an_adopted_filter_that_others_are_limited_by_is_not_changed(known: ScopeStack) -> None:
    known.online.exchange.create_scope(FOUND)
    foreign = NewAssignment("Theirs", "Application Mail.Read", US, Reach("scope", FOUND.name))
    known.online.exchange.create_assignment(foreign)

    with pytest.raises(ExchangeRefused, match="would change for others too: Theirs"):
        known.up(**ONLINE, **MEMBERS, adopt=True)

    known.up(**ONLINE, **MARKED, adopt=True)
    assert known.online.exchange.scopes()[0].recipient_filter == FOUND.recipient_filter


def test_what_an_interrupted_run_has_made_is_taken_up(stack: ScopeStack) -> None:
    """The process died after Exchange had made all: nothing is in state, and nothing is made twice."""
    stack.up(**ONLINE, **MEMBERS)
    made = stack.state.pop("crm").outputs["assignments"]

    process = stack.up(**ONLINE, **MEMBERS)

    assert "an interrupted run" in process.warnings[0]
    assert stack.outputs()["assignments"] == made
    assert stack.outputs()["adopted"] is False


def test_a_scope_goes_with_its_assignments_and_the_pointer_stays(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS, roles=[EWS, "Application Mail.Send"])

    stack.destroy()

    assert stack.online.exchange.scopes() == []
    assert stack.online.exchange.assignments() == []
    assert stack.online.exchange.principal(US.identity) is not None


@pytest.mark.parametrize("role", ["Application Mail.Read", EWS])
def test_a_scope_that_somebody_else_uses_is_not_removed(stack: ScopeStack, role: str) -> None:
    """A stranger's assignment counts, be it of the same role and application."""
    stack.up(**ONLINE, **MEMBERS)
    stack.online.exchange.create_assignment(NewAssignment("Theirs", role, US, Reach("scope", "CRM mailboxes")))

    with pytest.raises(ExchangeRefused, match="others are limited by it: Theirs"):
        stack.destroy()

    assert len(stack.online.exchange.assignments()) == 2


def test_what_somebody_has_removed_already_is_no_error(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    (assigned,) = stack.online.exchange.assignments()
    stack.online.run("Remove-ManagementRoleAssignment", Identity=assigned.guid)
    stack.online.run("Remove-ManagementScope", Identity="CRM mailboxes")

    stack.destroy()

    assert stack.online.exchange.scopes() == []


def test_it_is_retained_where_the_program_says_so(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS, on_delete="retain")

    stack.destroy()

    assert len(stack.online.exchange.assignments()) == 1


def test_a_new_logical_name_does_not_take_the_scope_away(stack: ScopeStack) -> None:
    """Pulumi creates under the new name first, and deletes under the old one after that, in one run."""
    stack.up(**ONLINE, **MEMBERS)
    process = stack.process()
    stack.up("renamed", process, **ONLINE, **MEMBERS)

    stack.destroy("crm", process)

    assert "add aliases" in process.warnings[-1]
    assert len(stack.online.exchange.assignments()) == 1


def test_a_change_of_a_scope_that_others_use_is_told(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    foreign = NewAssignment("Theirs", "Application Mail.Read", US, Reach("scope", "CRM mailboxes"))
    stack.online.exchange.create_assignment(foreign)

    process = stack.up(**ONLINE, addresses=[ANNA])

    assert "is changed for others too that are limited by it: Theirs" in process.warnings[0]


def test_the_state_of_another_organization_is_left_alone(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.outputs()["exchange_organization"] = "fabrikam.onmicrosoft.com"

    for verb in (stack.refresh, stack.destroy, lambda: stack.up(**ONLINE, addresses=[ANNA])):
        with pytest.raises(Exception, match=r"belongs to the Exchange organization fabrikam\.onmicrosoft\.com"):
            verb()
