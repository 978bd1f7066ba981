"""How mailboxes are, counted by profile, and what of them is to be looked at."""

import json

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.health import Declared, look, read_state
from pulumi_dataverse_email.health.declared import StateError
from tests.system.emulated import Dataverse
from tests.unit.engine.test_and_enable.story import ENABLED, mailbox, on_premises, prepare

PEOPLE = ("anna", "ben", "chris")


def test_mailboxes_are_counted_by_profile_and_those_to_look_at_are_named(dataverse: Dataverse, rows: Client) -> None:
    """Enabled, failed, not approved; nothing is written."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE, **ENABLED)
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), incomingemailstatus=2)
    dataverse.edit("mailboxes", mailbox(dataverse, "chris"), emailrouteraccessapproval=2)
    about = {"_regardingobjectid_value": mailboxes["ben"], "regardingobjecttypecode": "mailbox"}
    dataverse.make("tracelogs", text="Wrong password.", level=3, tracecode=1, **about)
    dataverse.forget_requests()
    found = look(rows, None)

    (profile,) = found.profiles
    counts = (profile.mailboxes, profile.enabled, profile.failing, profile.not_approved, profile.undeclared)
    assert counts == (3, 2, 1, 1, None)
    not_well = {it.address: (it.status, it.approved, it.alerts) for it in found.mailboxes if not it.is_well}
    assert not_well == {
        "ben@contoso.com": ("incoming failure", True, 1),
        "chris@contoso.com": ("success", False, 0),
    }
    assert found.idle == len(dataverse.rows("mailboxes")) - 3
    assert dataverse.writes() == []


def test_mailboxes_on_declared_profiles_that_nobody_declares_are_found(dataverse: Dataverse, rows: Client) -> None:
    """On profiles of others nobody is missed."""
    ours = on_premises(dataverse)
    mailboxes = prepare(dataverse, ours, PEOPLE[:2], **ENABLED)
    prepare(dataverse, on_premises(dataverse, name="Theirs"), PEOPLE[2:], **ENABLED)
    declared = Declared(frozenset({mailboxes["anna"]}), frozenset({ours}))

    assert {it.address: it.declared for it in look(rows, declared).mailboxes} == {
        "anna@contoso.com": True,
        "ben@contoso.com": False,
        "chris@contoso.com": None,
    }


def test_alerts_that_may_not_be_read_are_said_and_the_rest_goes_on(dataverse: Dataverse, rows: Client) -> None:
    prepare(dataverse, on_premises(dataverse), ["anna"], **ENABLED)
    refusal = {"status": 403, "body": '{"error": {"code": "0x80040220", "message": "No."}}'}
    dataverse.fault("tracelogs", refusal, method="GET", times=5)
    found = look(rows, None)

    assert found.unread[0].startswith("Alerts could not be read")
    assert [it.alerts for it in found.mailboxes] == [None]


def test_a_state_tells_what_is_declared() -> None:
    """Single mailboxes, members of sets, profiles, days of expiry, and what scopes do not let in."""
    token = "pulumi-python:dynamic/dataverse-email:"

    def resource(kind: str, name: str, resource_id: str, **outputs: object) -> dict[str, object]:
        return {
            "type": token + kind,
            "urn": f"urn:pulumi:p::x::{token}{kind}::{name}",
            "id": resource_id,
            "outputs": outputs,
        }

    resources = [
        {"type": "pulumi:pulumi:Stack", "urn": "urn:x"},
        resource("Mailbox", "a", "user:a", adopted_id="A1"),
        resource("Mailbox", "b", "B1"),
        resource("MailboxSet", "s", "set:s", mailboxes={"user:c": {"id": "C1"}}),
        resource("EmailServerProfile", "p", "P1", incoming_password_expires_on="2026-12-01"),
        resource("EmailServerProfile", "q", "Q1", incoming_password_expires_on={"4dabf": "x"}),
        resource("ImpersonationScope", "crm", "x", outside_scope=["d@contoso.com"]),
    ]
    found = read_state(json.dumps({"deployment": {"resources": resources}}))

    assert sorted(found.mailboxes) == ["a1", "b1", "c1"]
    assert sorted(found.profiles) == ["p1", "q1"]
    assert found.expiries == {"EmailServerProfile 'p': incoming_password_expires_on": "2026-12-01"}
    assert found.outside == {"crm": ("d@contoso.com",)}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"deployment": null}', '{"deployment": {"resources": [1]}}'])
def test_another_text_is_no_state(text: str) -> None:
    with pytest.raises(StateError, match="not what `pulumi stack export` prints"):
        read_state(text)
