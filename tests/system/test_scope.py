"""A profile, its scope and its mailboxes in one program, with the real engine."""

import pytest

from .emulated import Dataverse
from .scopes import APP_OBJECT, EWS, MAILBOXES, PROFILE, SECRET, EmulatedExchange, enabling, scope
from .stack import FAILED, Stack

BOTH = PROFILE + MAILBOXES + scope("mailboxes=[anna, ben]")


@pytest.fixture
def exchange(dataverse: Dataverse) -> EmulatedExchange:
    """The Exchange of the environment, where the application is known."""
    found = EmulatedExchange(dataverse)
    found.register()
    dataverse.control("PATCH", "switches", {"test_seconds": 2})
    return found


@pytest.fixture
def stack(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack whose settings lead to that Exchange too."""
    stack.settings["EXCHANGE_HOST"] = dataverse.settings["DATAVERSE_URL"]
    return stack


def test_from_nothing_to_enabled_mailboxes(stack: Stack, dataverse: Dataverse, exchange: EmulatedExchange) -> None:
    """One `up` makes profile, scope and assignment, and tests the mailboxes; a second one asks nobody."""
    stack.program(BOTH + enabling())

    shown = stack.preview().flat
    assert SECRET not in shown
    assert exchange.cmdlets() == []
    stack.up()

    assert dataverse.anna()["enabledforincomingemail"]
    assert exchange.filter.count("PrimarySmtpAddress") == 2
    dataverse.forget_requests()
    stack.clean()
    stack.up("--expect-no-changes")
    assert dataverse.requests() == []


def test_a_mailbox_outside_the_scope_fails_its_test_and_is_added_by_one_edit(
    stack: Stack, dataverse: Dataverse, exchange: EmulatedExchange
) -> None:
    addresses = 'addresses=["anna@contoso.com"{}], mailboxes_outside_scope="warn"'
    stack.program(PROFILE + MAILBOXES + scope(addresses.format("")) + enabling())

    outcome = stack.up(status=FAILED)

    assert "1 mailbox of the profile 'Contoso Exchange' would be outside the scope: ben@contoso.com" in outcome.flat
    assert dataverse.anna()["enabledforincomingemail"]
    assert not dataverse.row("mailboxes", "Ben Ortiz")["enabledforincomingemail"]
    stack.program(PROFILE + MAILBOXES + scope(addresses.format(', "ben@contoso.com"')) + enabling())
    step = stack.steps()["crm"]
    assert step["op"] == "update"
    assert list(step["detailedDiff"]) == ["addresses[1]"]
    stack.up()
    assert dataverse.row("mailboxes", "Ben Ortiz")["enabledforincomingemail"]
    assert "ben@contoso.com" in exchange.filter


def test_a_mailbox_outside_the_scope_stops_the_deployment(stack: Stack, exchange: EmulatedExchange) -> None:
    stack.program(PROFILE + MAILBOXES + scope("mailboxes=[anna]"))

    outcome = stack.up(status=FAILED)

    assert "outside the scope: ben@contoso.com" in outcome.flat
    assert "Traceback" not in outcome.text
    assert exchange.run("Get-ManagementScope") == []
    stack.program(BOTH)
    stack.up()
    assert exchange.filter.count("PrimarySmtpAddress") == 2


def test_drift_is_shown_under_the_name_of_what_changed(stack: Stack, exchange: EmulatedExchange) -> None:
    """Filter, roles and a foreign assignment without a scope: `preview --refresh` names each."""
    stack.program(PROFILE + MAILBOXES + scope('addresses=["anna@contoso.com", "ben@contoso.com"]'))
    stack.up()
    (assigned,) = exchange.run("Get-ManagementRoleAssignment")
    exchange.run("Set-ManagementScope", Identity="CRM mailboxes", RecipientRestrictionFilter="City -eq 'x'")
    exchange.run("Remove-ManagementRoleAssignment", Identity=assigned["Guid"])
    exchange.run("New-ManagementRoleAssignment", Name="Wide", Role=EWS, App=APP_OBJECT)

    shown = stack.preview("--refresh", status=0).flat

    assert "City -eq 'x'" in shown
    assert f"Wide ({EWS})" in shown
    assert "unlimited_grants" in shown
    outcome = stack.up("--refresh", status=FAILED)
    assert "Take it over with recipient_filter" in outcome.flat


def test_an_edited_list_of_addresses_is_put_back(stack: Stack, exchange: EmulatedExchange) -> None:
    stack.program(PROFILE + MAILBOXES + scope('addresses=["anna@contoso.com", "ben@contoso.com"]'))
    stack.up()
    text = "PrimarySmtpAddress -eq 'anna@contoso.com' -or PrimarySmtpAddress -eq 'chris@contoso.com'"
    exchange.run("Set-ManagementScope", Identity="CRM mailboxes", RecipientRestrictionFilter=text)

    step = stack.steps("--refresh")["crm"]

    assert "addresses[1]" in step["detailedDiff"]
    stack.up("--refresh")
    assert "ben@contoso.com" in exchange.filter
    stack.clean("--refresh")


def test_destroy_takes_all_of_it_away(stack: Stack, exchange: EmulatedExchange) -> None:
    stack.program(BOTH)
    stack.up()

    stack.destroy()

    assert exchange.run("Get-ManagementScope") == exchange.run("Get-ManagementRoleAssignment") == []


def test_all_faults_are_told_at_once(stack: Stack, exchange: EmulatedExchange) -> None:
    stack.program(PROFILE + MAILBOXES + scope('recipient_filter="City -eq", roles=["Mail.Send"]'))

    outcome = stack.preview(status=FAILED)

    assert "at position 9" in outcome.flat
    assert "begin with 'Application '" in outcome.flat
    assert exchange.cmdlets() == []


def test_a_profile_of_microsofts_own_application_cannot_be_limited(stack: Stack) -> None:
    profile = PROFILE.replace("oauth_with_microsoft_entra_id", "server_to_server_authentication")
    stack.program(profile + MAILBOXES + scope("mailboxes=[anna, ben]"))

    assert "by Microsoft's own application, which no scope can limit" in stack.preview(status=FAILED).flat


def test_a_member_of_a_set_joins_the_scope_by_one_edit(stack: Stack, exchange: EmulatedExchange) -> None:
    """The preview names the member, in the set and in the scope, and nothing else."""
    team = 'team = MailboxSet("team", members=[{}], email_server_profile=profile, **SYNCHRONIZED)\n'
    limits = scope("mailboxes=[team]").replace("[anna, ben]", "[team]")
    stack.program(PROFILE + team.format('"user:anna@contoso.com"') + limits)
    stack.up()
    assert exchange.filter.count("PrimarySmtpAddress") == 1

    stack.program(PROFILE + team.format('"user:anna@contoso.com", "user:ben@contoso.com"') + limits)
    steps = stack.steps()
    assert list(steps["crm"]["detailedDiff"]) == ['members.team["user:ben@contoso.com"]']
    assert set(steps) == {"team", "crm"}
    stack.up()
    assert "ben@contoso.com" in exchange.filter
    stack.clean("--refresh")
