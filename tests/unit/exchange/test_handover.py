"""Commands handed over: carried out by hand, they do what the other transports do, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.exchange import handover, powershell
from pulumi_dataverse_email.exchange.commands import Command, Parameter
from pulumi_dataverse_email.exchange.handover import Wanted
from pulumi_dataverse_email.exchange.objects import Assignee, NewAssignment, NewScope, Reach, is_plain

from .conftest import ANNA, BEN, Online
from .prompt import typed
from .scope import CRM, EWS_IN_CRM, MAILER

MAIL = replace(EWS_IN_CRM, name="CRM Mail", role="Application Mail.Read")
ALL = Wanted(CRM, (EWS_IN_CRM, MAIL), MAILER)
SALES = replace(CRM, name="Sales", recipient_filter="City -eq 'Sant''Agata'")
FURTHER = (
    Wanted(replace(CRM, recipient_filter="City -eq 'Bonn'"), ALL.assignments, MAILER),
    Wanted(SALES, tuple(replace(it, reach=Reach("scope", SALES.name)) for it in ALL.assignments), MAILER),
    Wanted(CRM, (MAIL,), MAILER),
    Wanted(CRM, (EWS_IN_CRM, replace(MAIL, role="Application Mail.ReadWrite")), MAILER),
    Wanted(CRM, (*ALL.assignments, replace(MAIL, name="CRM Calendars", role="Application Calendars.Read")), MAILER),
    Wanted(CRM, (EWS_IN_CRM, replace(MAIL, reach=Reach("group", "team"))), MAILER),
    Wanted(None, tuple(replace(it, reach=Reach("group", "team")) for it in ALL.assignments), MAILER),
)


def _by_hand(online: Online, lines: Sequence[str]) -> list[list[object]]:
    return [list(online.run(cmdlet, **parameters)) for cmdlet, parameters in map(typed, lines)]


def _standing(online: Online) -> tuple[object, object, object]:
    scopes = [(it["name"], it["recipientfilter"]) for it in online.run("Get-ManagementScope")]
    names = ("name", "role", "roleassignee", "recipientwritescope", "customresourcescope")
    assignments = sorted(tuple(str(it[name]) for name in names) for it in online.run("Get-ManagementRoleAssignment"))
    return scopes, assignments, [it["appid"] for it in online.run("Get-ServicePrincipal")]


def _prepare(online: Online) -> None:
    online.register()
    online.recipient("team@contoso.com", type="MailUniversalSecurityGroup", members=[ANNA])


def test_what_is_made_by_hand_is_what_the_other_transport_makes(online: Online) -> None:
    _prepare(online)
    _by_hand(online, handover.create(ALL))
    by_hand = _standing(online)
    online.dataverse.control("POST", "reset")
    _prepare(online)

    online.exchange.create_principal(MAILER)
    online.exchange.create_scope(CRM)
    for assignment in ALL.assignments:
        online.exchange.create_assignment(assignment)

    assert _standing(online) == by_hand


@pytest.mark.parametrize("after", FURTHER)
def test_a_change_by_hand_leads_where_making_it_anew_leads(online: Online, after: Wanted) -> None:
    _prepare(online)
    _by_hand(online, handover.create(ALL))
    _by_hand(online, handover.change(ALL, after))
    changed = _standing(online)
    online.dataverse.control("POST", "reset")
    _prepare(online)

    _by_hand(online, handover.create(after))

    assert _standing(online) == changed


@pytest.mark.parametrize("wanted", [ALL, *FURTHER])
def test_a_removal_by_hand_leaves_the_pointer_alone(online: Online, wanted: Wanted) -> None:
    _prepare(online)
    _by_hand(online, handover.create(wanted))

    _by_hand(online, handover.remove(wanted))

    assert _standing(online) == ([], [], [MAILER.app_id])


def test_the_check_shows_scope_grants_and_reach(online: Online) -> None:
    _prepare(online)
    online.recipient(ANNA, properties={"CustomAttribute1": "crm"})
    _by_hand(online, handover.create(Wanted(CRM, (EWS_IN_CRM,), MAILER)))

    scope, grants, anna, ben = _by_hand(online, handover.check(Wanted(CRM, (EWS_IN_CRM,)), [ANNA, BEN]))

    assert [len(it) for it in (scope, grants, anna, ben)] == [1, 1, 1, 1]
    assert [online_answer["inscope"] for (online_answer,) in (anna, ben)] == [True, False]  # type: ignore[index]  # JSON


def test_nothing_to_change_is_no_command() -> None:
    respelt = replace(CRM, recipient_filter='(customattribute1 -EQ "CRM")')

    assert handover.change(ALL, replace(ALL, scope=respelt)) == []


def test_on_premises_an_account_gets_the_old_role_and_the_check_asks_for_each_mailbox() -> None:
    account = Assignee("User", "CONTOSO\\crm-sync")
    grant = NewAssignment("CRM", "ApplicationImpersonation", account, Reach("scope", CRM.name))
    wanted = Wanted(CRM, (grant,))

    assert handover.create(wanted)[1] == (
        "New-ManagementRoleAssignment -Name 'CRM' -Role 'ApplicationImpersonation' -User 'CONTOSO\\crm-sync'"
        " -CustomRecipientWriteScope 'CRM mailboxes' -Confirm:$false"
    )
    assert handover.check(wanted, [ANNA])[2] == (
        f"Get-ManagementRoleAssignment -Role 'ApplicationImpersonation' -WritableRecipient '{ANNA}'"
    )


def test_a_filter_of_several_lines_is_handed_over_on_one() -> None:
    scope = replace(CRM, recipient_filter="City -eq 'a'\n  -or City -eq 'b'")

    assert "-RecipientRestrictionFilter 'City -eq ''a'' -or City -eq ''b'''" in handover.create(Wanted(scope, ()))[0]


@given(st.dictionaries(st.sampled_from(["Name", "Filter"]), st.booleans() | st.text(min_size=1), min_size=1))
def test_nothing_in_a_value_is_anything_but_that_value(parameters: dict[str, Parameter]) -> None:
    """What a value tries to break out with - quotes of any kind, semicolons, lines - comes back as it was."""
    try:
        command = Command("Get-Recipient", parameters)
    except ValueError:
        return
    texts = [it for it in parameters.values() if isinstance(it, str)]
    if all(is_plain(it) for it in texts):
        assert typed(powershell.spell(command)) == ("Get-Recipient", parameters)
    else:
        with pytest.raises(ValueError, match="cannot be seen"):
            powershell.spell(command)


@pytest.mark.parametrize(
    "value", ["'; Remove-Mailbox x #", "\u2019; calc", "\u201a\u201b\u2018", "$(calc)", "`'", "a' -Name 'b"]
)
def test_an_injection_is_a_name(value: str) -> None:
    assert typed(powershell.spell(Command("Get-Recipient", {"Identity": value}))) == (
        "Get-Recipient",
        {"Identity": value},
    )


@pytest.mark.parametrize("value", ["", " ", ()])
def test_an_empty_parameter_is_never_sent(value: Parameter) -> None:
    """An empty scope would reach the whole organization."""
    with pytest.raises(ValueError, match="would reach more than is meant"):
        Command("Set-ManagementRoleAssignment", {"Identity": "x", "CustomResourceScope": value})


def test_a_scope_that_would_become_exclusive_is_refused() -> None:
    with pytest.raises(ValueError, match="exclusive"):
        handover.change(ALL, replace(ALL, scope=replace(CRM, exclusive=True)))


def test_an_account_is_limited_by_a_scope_only() -> None:
    grant = NewAssignment("x", "ApplicationImpersonation", Assignee("User", "x"), Reach("group", "team"))

    with pytest.raises(ValueError, match="not by a group"):
        handover.create(Wanted(None, (grant,)))


def test_a_new_exclusive_scope_is_forced_because_nobody_answers_a_prompt() -> None:
    (line,) = handover.create(Wanted(NewScope("VIP", "City -eq 'x'", exclusive=True), ()))

    assert "-Exclusive:$true -Force:$true" in line
