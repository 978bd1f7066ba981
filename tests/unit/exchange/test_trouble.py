"""Each trouble that Exchange is known for: what stands in Exchange in the end, and how it was found out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pulumi_dataverse_email.errors import (
    ExchangeForbidden,
    ExchangeThrottled,
    ExchangeUnsettled,
)
from pulumi_dataverse_email.exchange.objects import NewScope
from tests.system.emulated import Json

from .conftest import APP, APP_OBJECT, Online
from .scope import CRM, EWS_IN_CRM, MAILER, made

Verb = Callable[[Online], object]


def _scope(online: Online) -> object:
    return online.exchange.create_scope(CRM)


def _changed_scope(online: Online) -> object:
    scope = online.exchange.scope(CRM.name) or online.exchange.create_scope(
        replace(CRM, recipient_filter="City -eq 'x'")
    )
    return online.exchange.change_scope(scope, CRM)


def _assignment(online: Online) -> object:
    return online.exchange.create_assignment(EWS_IN_CRM)


def _removed_assignment(online: Online) -> None:
    assignment = online.exchange.assignment(EWS_IN_CRM.name)
    assert assignment is not None
    online.exchange.remove_assignment(assignment)


def _before_scope(online: Online) -> None:
    online.register()


def _before_change(online: Online) -> None:
    online.run("New-ManagementScope", Name=CRM.name, RecipientRestrictionFilter="City -eq 'x'")


def _before_assignment(online: Online) -> None:
    online.register()
    online.exchange.create_principal(MAILER)
    online.exchange.create_scope(CRM)


def _scopes(online: Online) -> list[object]:
    return [(it["name"], it["recipientfilter"]) for it in online.run("Get-ManagementScope")]


def _assignments(online: Online) -> list[object]:
    return [(it["name"], it["customresourcescope"]) for it in online.run("Get-ManagementRoleAssignment")]


VERBS = {
    "make a scope": (_before_scope, _scope, _scopes, [(CRM.name, CRM.recipient_filter)]),
    "change a scope": (_before_change, _changed_scope, _scopes, [(CRM.name, CRM.recipient_filter)]),
    "make an assignment": (_before_assignment, _assignment, _assignments, [(EWS_IN_CRM.name, CRM.name)]),
    "remove an assignment": (made, _removed_assignment, _assignments, []),
}

TROUBLES: dict[str, Json] = {
    "throttled": {"status": 429, "headers": {"Retry-After": "7"}},
    "throttled without a time": {"status": 429},
    "failed": {"status": 500, "body": "{}"},
    "unavailable": {"status": 503, "body": "<html>"},
    "a page of a gateway": {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>"},
    "a redirect": {"status": 302, "headers": {"Location": "https://elsewhere.invalid/"}},
    "reset": {"reset": True},
}


@pytest.mark.parametrize("delay", [0, 120])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_write_is_done_once_whatever_it_is_answered(
    online: Online, verb: str, trouble: str, when: str, delay: int
) -> None:
    """Before: nothing was carried out; after: it was, and the answer says otherwise. Reads may lag behind."""
    prepare, act, look, expected = VERBS[verb]
    prepare(online)
    online.time.sleep(delay)
    online.switch(replication_delay=delay)
    online.recorded.before_write.append(lambda: online.fault(TROUBLES[trouble], when=when))
    online.recorded.commands.clear()
    act(online)

    writes = [it for it in online.recorded.commands if it.writes]
    assert len(writes) == (1 if when == "after" and not delay else 2)
    online.time.sleep(delay)
    assert look(online) == expected


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_read_is_repeated(online: Online, trouble: str) -> None:
    online.fault(TROUBLES[trouble], times=2)

    assert online.exchange.scopes() == []
    assert len(online.sent) == 3


def test_a_service_that_stays_in_trouble_is_an_error_after_five_tries(online: Online) -> None:
    online.fault({"status": 503}, times=99)

    with pytest.raises(ExchangeUnsettled):
        online.exchange.scopes()

    assert len(online.sent) == 5


def test_it_waits_as_long_as_exchange_asks(online: Online) -> None:
    online.fault({"status": 429, "headers": {"Retry-After": "77"}})
    before = online.time.seconds

    online.exchange.scopes()

    assert online.time.seconds - before == 77
    assert "waiting for 77 s" in online.time.told[0]


def test_a_wait_of_hours_is_an_error_that_says_so(online: Online) -> None:
    online.fault({"status": 429, "headers": {"Retry-After": "7200"}})

    with pytest.raises(ExchangeThrottled, match="7200 s: run again then") as caught:
        online.exchange.scopes()

    assert caught.value.retry_after == 7200


def test_what_was_just_made_is_waited_for(online: Online) -> None:
    online.switch(replication_delay=200)
    online.register()

    online.exchange.create_principal(MAILER)
    scope = online.exchange.create_scope(CRM)
    online.exchange.create_assignment(EWS_IN_CRM)

    assert online.exchange.scope(CRM.name) == scope
    assert online.exchange.principal(APP_OBJECT) == MAILER
    assert online.time.seconds >= 1200
    assert any("waiting until Exchange shows" in told for told in online.time.told)


def test_a_change_is_proved_by_reading(online: Online) -> None:
    scope = online.exchange.create_scope(CRM)
    online.switch(replication_delay=100)
    online.time.sleep(100)

    changed = online.exchange.change_scope(scope, replace(CRM, recipient_filter="City -eq 'Bonn'"))

    assert changed.recipient_filter == "City -eq 'Bonn'"


def test_a_change_that_never_shows_is_an_error(online: Online) -> None:
    scope = online.exchange.create_scope(CRM)
    online.time.sleep(10_000)
    online.switch(replication_delay=9_000)

    with pytest.raises(ExchangeUnsettled, match="after 300 s still does not show it"):
        online.exchange.change_scope(scope, replace(CRM, recipient_filter="City -eq 'Bonn'"))


def test_the_echo_of_what_was_removed_is_not_taken_for_it(online: Online) -> None:
    made(online)
    online.time.sleep(1000)
    online.switch(replication_delay=100)
    scope, assignment = online.exchange.scope(CRM.name), online.exchange.assignment(EWS_IN_CRM.name)
    assert scope is not None
    assert assignment is not None

    online.exchange.remove_assignment(assignment)
    online.exchange.remove_scope(scope)

    assert online.exchange.scopes() == []
    assert online.exchange.scope(CRM.name) is None
    assert online.exchange.assignments() == []


def test_writes_that_the_guid_leads_astray_go_by_the_domain(online: Online) -> None:
    online.switch(guid_organization="refuse_writes")

    scope = online.exchange.create_scope(CRM)
    online.exchange.remove_scope(scope)

    assert online.sent.count("New-ManagementScope") == 2
    assert online.sent.count("Remove-ManagementScope") == 1


def test_a_forbidden_cmdlet_is_told_from_a_body_that_is_no_gzip(online: Online) -> None:
    registration = {"secret": "hush", "object_id": APP_OBJECT, "permissions": ["Exchange.ManageAsApp"], "roles": []}
    online.dataverse.control("PUT", f"applications/{APP}", registration)
    online.tokens.credentials.update(client_id=APP, client_secret="hush")

    with pytest.raises(ExchangeForbidden, match="not available to the caller") as caught:
        online.exchange.scopes()

    assert "Give the application the role Exchange Administrator" in str(caught.value)


def test_a_right_given_meanwhile_needs_a_new_token_which_is_fetched(online: Online) -> None:
    registration = {"secret": "hush", "object_id": APP_OBJECT, "permissions": ["Exchange.ManageAsApp"], "roles": []}
    online.dataverse.control("PUT", f"applications/{APP}", registration)
    online.tokens.credentials.update(client_id=APP, client_secret="hush")
    online.tokens.token(online.dataverse.settings["DATAVERSE_URL"])
    online.dataverse.control("PUT", f"applications/{APP}", {**registration, "roles": ["Exchange Administrator"]})

    assert online.exchange.scopes() == []
    assert online.tokens.asked == 2


def test_a_token_that_ran_out_is_renewed_once(online: Online) -> None:
    online.fault({"status": 401})

    assert online.exchange.scopes() == []
    assert online.tokens.asked == 2

    online.fault({"status": 401}, times=2)
    with pytest.raises(ExchangeForbidden, match=r"Exchange\.ManageAsApp"):
        online.exchange.scopes()


def test_a_server_that_says_nothing_is_not_waited_for_without_end(
    online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    online.tokens.token(online.dataverse.settings["DATAVERSE_URL"])
    monkeypatch.setattr("pulumi_dataverse_email.exchange.invoke_command.READ_TIMEOUT", 0.2)
    online.fault({"hang": True}, times=9)

    with pytest.raises(ExchangeUnsettled, match="gave no answer"):
        online.exchange.scopes()


def test_what_somebody_else_made_meanwhile_is_not_ours(online: Online) -> None:
    """The name is taken by another filter, so that no amount of waiting makes it the one that was sent."""
    online.run("New-ManagementScope", Name=CRM.name, RecipientRestrictionFilter="City -eq 'x'")
    online.fault({"status": 500})

    with pytest.raises(Exception, match="Choose another name"):
        online.exchange.create_scope(NewScope(CRM.name, CRM.recipient_filter))
