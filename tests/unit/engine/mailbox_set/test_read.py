"""A set: what a refresh tells."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS, ONLINE, SECRET
from tests.unit.engine.stack import Stack

from .people import ALL, ANNA, BEN, CHRIS, MEMBERS, methods, refuse, written

OWN: dict[str, dict[str, object]] = {**MEMBERS, BEN: {"act_delivery_method": "none"}}
FULL = {
    "members": OWN,
    "email_server_profile": ONLINE,
    "username": "all",
    "password": SECRET,
    "process_email_received_after": "2026-11-01",
    **METHODS,
}


def test_a_refresh_of_what_is_as_declared_changes_nothing(stack: Stack) -> None:
    stack.up("sales", **FULL)
    before = (dict(stack.state["sales"].inputs), dict(stack.state["sales"].outputs))
    stack.refresh("sales")

    assert (stack.state["sales"].inputs, stack.state["sales"].outputs) == before
    assert stack.plan("sales", **FULL).changes is False


def test_a_refresh_costs_one_list(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", **FULL)
    dataverse.forget_requests()
    stack.refresh("sales")

    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "GET mailboxes"]


DRIFT: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "method": ({"incomingemaildeliverymethod": 0}, {"incoming_email_delivery_method": "none"}),
    "text": ({"username": None}, {"username": CLEAR}),
    "lookup": ({"_emailserverprofile_value": None}, {"email_server_profile": CLEAR}),
    "secret": ({"password": None, "ispasswordset": False}, {"password": CLEAR}),
    "earlier date": (
        {"processemailreceivedafter": "2026-10-01T00:00:00Z"},
        {"process_email_received_after": "2026-10-01T00:00:00Z"},
    ),
}


@pytest.mark.parametrize("case", DRIFT)
def test_drift_stands_with_its_member_and_the_next_update_repairs_it(
    stack: Stack, dataverse: Dataverse, case: str
) -> None:
    """Shown under the member's key and the setting's name; only that mailbox is written again."""
    columns, shown = DRIFT[case]
    stack.up("sales", **FULL)
    row = dataverse.row("mailboxes", "Chris Park")
    dataverse.edit("mailboxes", row, **columns)
    stack.refresh("sales")

    assert stack.state["sales"].inputs["members"] == {**OWN, CHRIS: shown}
    assert stack.plan("sales", **FULL).changes is None
    with written(dataverse) as who:
        stack.up("sales", **FULL)
    assert who == [CHRIS]
    again = dataverse.row("mailboxes", "Chris Park")
    assert {name: again[name] for name in columns if name != "password"} == {
        name: row[name] for name in columns if name != "password"
    }


def test_drift_of_an_own_setting_stands_in_its_place(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", **FULL)
    dataverse.edit("mailboxes", dataverse.row("mailboxes", "Ben Ortiz"), actdeliverymethod=1)
    stack.refresh("sales")

    assert stack.state["sales"].inputs["members"][BEN] == {"act_delivery_method": "server_side_synchronization"}


def test_another_profile_is_drift_by_its_name(stack: Stack, dataverse: Dataverse) -> None:
    other = dataverse.make("emailserverprofiles", name="Other")
    stack.up("sales", **FULL)
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=other["emailserverprofileid"])
    stack.refresh("sales")

    assert stack.state["sales"].inputs["members"][ANNA] == {"email_server_profile": "Other"}


def test_a_later_date_is_no_drift(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", **FULL)
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    stack.refresh("sales")

    assert stack.plan("sales", **FULL).changes is False


def test_what_the_service_writes_in_the_place_of_a_cleared_date_is_no_drift(stack: Stack, dataverse: Dataverse) -> None:
    declared = {"members": MEMBERS, "process_email_received_after": CLEAR}
    stack.up("sales", **declared)
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    stack.refresh("sales")

    assert stack.plan("sales", **declared).changes is False


def test_a_member_whose_mailbox_is_gone_is_one_to_be_added(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", **FULL)
    dataverse.delete("mailboxes", dataverse.row("mailboxes", "Chris Park"))
    stack.refresh("sales")

    assert stack.state["sales"].inputs["members"].keys() == {ANNA, BEN}
    assert stack.state["sales"].inputs["generations"].keys() == {ANNA, BEN}
    assert stack.plan("sales", **FULL).changes is None


def test_what_failed_becomes_drift(stack: Stack, dataverse: Dataverse) -> None:
    """After a refresh the preview says which settings a member is behind with."""
    refuse(dataverse, BEN)
    stack.up("sales", members=MEMBERS, **METHODS)
    dataverse.control("DELETE", "faults")
    stack.refresh("sales")

    assert stack.state["sales"].inputs["members"][BEN].keys() == {*METHODS}
    assert "failed" not in stack.state["sales"].outputs
    stack.up("sales", members=MEMBERS, **METHODS)
    assert methods(dataverse)[BEN] == ALL
    assert stack.plan("sales", members=MEMBERS, **METHODS).changes is False


def test_a_password_that_was_refused_is_tried_again_after_a_refresh(stack: Stack, dataverse: Dataverse) -> None:
    """The service tells that one is stored, not which: the mailbox may still have the one of before."""
    declared: dict[str, object] = {"members": MEMBERS, "username": "all"}
    stack.up("sales", password="Former-Passw0rd", **declared)
    refuse(dataverse, BEN)
    stack.up("sales", password=SECRET, **declared)
    dataverse.control("DELETE", "faults")
    stack.refresh("sales")

    assert stack.plan("sales", password=SECRET, **declared).changes is True
    with written(dataverse) as who:
        stack.up("sales", password=SECRET, **declared)
    assert who == [BEN]
    assert stack.plan("sales", password=SECRET, **declared).changes is False


def test_who_waits_still_waits_after_a_refresh(stack: Stack) -> None:
    members: dict[str, object] = {**MEMBERS, "user:dora@contoso.com": {}}
    declared = {"members": members, "when_missing": "wait", **METHODS}
    stack.up("sales", **declared)
    stack.refresh("sales")

    assert stack.plan("sales", **declared).changes is True
    assert set(stack.state["sales"].inputs["members"]) == set(members)
