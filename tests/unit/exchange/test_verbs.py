"""The verbs of `Exchange` against the emulated Exchange Online."""

from dataclasses import replace

import pytest

from pulumi_dataverse_email.errors import (
    ExchangeExists,
    ExchangeForbidden,
    ExchangeNotFound,
    ExchangeNotReady,
    ExchangeRefused,
)
from pulumi_dataverse_email.exchange.objects import NewScope, Reach, ServicePrincipal

from .conftest import ANNA, APP_OBJECT, BEN, Online
from .scope import CRM, EWS, EWS_IN_CRM, MAILER, US, made

NOBODY = "5f0c2a10-0000-4000-8000-00000000ffff"


def test_what_is_made_is_what_was_asked_for_and_is_found_again(online: Online) -> None:
    online.register()

    principal = online.exchange.create_principal(MAILER)
    scope = online.exchange.create_scope(CRM)
    assignment = online.exchange.create_assignment(EWS_IN_CRM)

    assert principal == MAILER == online.exchange.principal(APP_OBJECT)
    assert (scope.name, scope.recipient_filter, scope.exclusive) == (CRM.name, CRM.recipient_filter, False)
    assert scope == online.exchange.scope("crm MAILBOXES") == online.exchange.scope(scope.guid)
    assert online.exchange.scopes() == [scope]
    assert (assignment.role, assignment.assignee, assignment.scope) == (EWS, APP_OBJECT, CRM.name)
    assert assignment.reaches(EWS_IN_CRM.reach)
    assert not assignment.unlimited
    assert assignment == online.exchange.assignment(EWS_IN_CRM.name)
    assert [assignment] == online.exchange.assignments(assignee=US) == online.exchange.assignments(role=EWS.upper())


def test_what_is_not_there_is_none(online: Online) -> None:
    assert online.exchange.scope("nowhere") is None
    assert online.exchange.assignment("nowhere") is None
    assert online.exchange.principal(NOBODY) is None
    assert online.exchange.recipient("nobody@contoso.com") is None
    assert online.exchange.assignments(assignee=replace(US, identity=NOBODY)) == []


def test_where_absence_lists_everything_nothing_is_found(online: Online) -> None:
    made(online)
    online.switch(unknown_identity="list_all")

    test_what_is_not_there_is_none(online)


def test_a_server_may_call_the_absent_a_bad_request(online: Online) -> None:
    online.switch(absent_status=400)

    test_what_is_not_there_is_none(online)


def test_a_scope_is_changed_in_place(online: Online) -> None:
    made(online)
    scope = online.exchange.scope(CRM.name)
    assert scope is not None

    changed = online.exchange.change_scope(scope, NewScope("Sales", "City -eq 'Bonn'"))

    assert (changed.guid, changed.name, changed.recipient_filter) == (scope.guid, "Sales", "City -eq 'Bonn'")
    assert [it.scope for it in online.exchange.assignments(assignee=US)] == ["Sales"]


def test_a_filter_that_means_the_same_is_not_sent(online: Online) -> None:
    online.switch(filter_echo="rewritten")
    made(online)
    scope = online.exchange.scope(CRM.name)
    assert scope is not None
    online.recorded.commands.clear()

    assert online.exchange.change_scope(scope, CRM) == scope
    assert online.sent == []


@pytest.mark.parametrize("wanted", [replace(CRM, exclusive=True), replace(CRM, recipient_root="")])
def test_what_cannot_change_in_place_is_refused_before_anything_is_sent(online: Online, wanted: NewScope) -> None:
    scope = online.exchange.create_scope(replace(CRM, recipient_root="contoso.onmicrosoft.com"))
    online.recorded.commands.clear()

    with pytest.raises(ExchangeRefused):
        online.exchange.change_scope(scope, wanted)

    assert online.sent == []


def test_an_assignment_gets_another_reach(online: Online) -> None:
    made(online)
    online.recipient("team@contoso.com", type="MailUniversalSecurityGroup", members=[ANNA])
    assignment = online.exchange.assignment(EWS_IN_CRM.name)
    assert assignment is not None

    changed = online.exchange.change_assignment(assignment, US, Reach("group", "team"))

    assert (changed.guid, changed.reach_kind) == (assignment.guid, "Group")
    assert [it.in_scope for it in online.exchange.authorizations(APP_OBJECT, ANNA)] == [True]
    assert [it.in_scope for it in online.exchange.authorizations(APP_OBJECT, BEN)] == [False]


def test_a_group_may_read_back_as_an_internal_scope(online: Online) -> None:
    online.switch(group_scope_as="internal")

    test_an_assignment_gets_another_reach(online)


def test_the_answer_of_a_test_may_be_text(online: Online) -> None:
    online.switch(in_scope_as="text")

    test_an_assignment_gets_another_reach(online)


def test_everything_is_removed_and_gone(online: Online) -> None:
    made(online)
    scope, assignment = online.exchange.scope(CRM.name), online.exchange.assignment(EWS_IN_CRM.name)
    assert scope is not None
    assert assignment is not None

    online.exchange.remove_assignment(assignment)
    online.exchange.remove_scope(scope)
    online.exchange.remove_principal(MAILER)

    assert online.run("Get-ManagementRoleAssignment") == []
    assert online.run("Get-ManagementScope") == []
    assert online.run("Get-ServicePrincipal") == []


def test_what_is_gone_already_is_removed(online: Online) -> None:
    made(online)
    assignment = online.exchange.assignment(EWS_IN_CRM.name)
    assert assignment is not None
    online.run("Remove-ManagementRoleAssignment", Identity=EWS_IN_CRM.name)

    online.exchange.remove_assignment(assignment)

    assert online.exchange.assignment(EWS_IN_CRM.name) is None


def test_a_scope_in_use_is_kept_and_the_users_are_named(online: Online) -> None:
    made(online)
    scope = online.exchange.scope(CRM.name)
    assert scope is not None

    with pytest.raises(ExchangeRefused, match="CRM EWS"):
        online.exchange.remove_scope(scope)

    assert online.exchange.scope(CRM.name) == scope


def test_a_taken_name_is_an_error(online: Online) -> None:
    made(online)

    with pytest.raises(ExchangeExists):
        online.exchange.create_scope(replace(CRM, recipient_filter="City -eq 'Bonn'"))
    with pytest.raises(ExchangeExists):
        online.exchange.create_assignment(EWS_IN_CRM)


def test_an_equal_scope_is_named(online: Online) -> None:
    made(online)

    with pytest.raises(ExchangeExists, match="The scope 'CRM mailboxes' has the same filter"):
        online.exchange.create_scope(replace(CRM, name="Twin"))


def test_an_organization_that_was_never_customized_says_what_to_run(online: Online) -> None:
    online.switch(customized=False)

    with pytest.raises(ExchangeNotReady, match="Run Enable-OrganizationCustomization once"):
        online.exchange.create_scope(CRM)
    online.exchange.enable_customization()

    assert online.exchange.organization().customizable
    assert online.exchange.create_scope(CRM).name == CRM.name


def test_who_may_not_hand_a_role_on_is_told_what_would_help(online: Online) -> None:
    made(online)
    online.switch(customized=False, customization_delay=3600)
    online.exchange.enable_customization()

    with pytest.raises(ExchangeForbidden, match="in the first hour after Enable-OrganizationCustomization"):
        online.exchange.create_assignment(replace(EWS_IN_CRM, name="another", role="Application Mail.Read"))


def test_ids_that_entra_does_not_know_are_refused(online: Online) -> None:
    with pytest.raises(ExchangeRefused, match="was not found in Entra ID"):
        online.exchange.create_principal(ServicePrincipal(NOBODY, NOBODY))


@pytest.mark.parametrize(
    "wanted",
    [
        replace(EWS_IN_CRM, name="x", role="Application Mind.Read"),
        replace(EWS_IN_CRM, name="x", reach=Reach("scope", "nowhere")),
        replace(EWS_IN_CRM, name="x", assignee=replace(US, identity=NOBODY)),
    ],
)
def test_what_an_assignment_needs_must_be_there(online: Online, wanted: object) -> None:
    made(online)

    with pytest.raises(ExchangeNotFound):
        online.exchange.create_assignment(wanted)  # type: ignore[arg-type]  # pytest's parameters have no type

    assert online.time.seconds < 2000


def test_a_list_has_all_pages(online: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"r{number:02}" for number in range(7)}
    for name in names:
        online.recipient(f"{name}@contoso.com", properties={"City": "Bonn"})
    monkeypatch.setattr("pulumi_dataverse_email.exchange.invoke_command.PAGE_SIZE", 3)

    assert {it.name for it in online.exchange.recipients("City -eq 'Bonn'")} == names


def test_a_page_that_is_missing_is_an_error_and_no_shorter_list(
    online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulumi_dataverse_email.exchange.invoke_command.PAGE_SIZE", 1)
    monkeypatch.setattr("pulumi_dataverse_email.emulator.exchange.endpoints.LINK_LIFETIME", -1)

    with pytest.raises(ExchangeRefused, match="next link"):
        online.exchange.recipients("Name -ne $null")


def test_roles_are_those_that_exchange_has(online: Online) -> None:
    assert EWS in online.exchange.roles()
