"""A mailbox: taking a mailbox over."""

import re

import pytest

from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.errors import Forbidden, RowConflict, UnknownOutcome, Unreachable
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, ONLINE, SECRET, codes, owner
from .stack import Stack


def test_what_was_there_is_recorded(stack: Stack, dataverse: Dataverse) -> None:
    """All restorable columns, the stated and the others; never a secret, nor the processing date."""
    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=1, username="old")
    stack.up("anna", user=ANNA, **METHODS, password=SECRET, username="new")

    previous = stack.state["anna"].outputs["previous"]
    assert previous["incoming_email_delivery_method"] == "microsoft_dynamics_365_for_outlook"
    assert (previous["username"], previous["act_delivery_method"]) == ("old", "none")
    assert "email_server_profile" in previous
    assert not {"password", "process_email_received_after", "user"} & set(previous)


def test_only_what_differs_is_written(stack: Stack, dataverse: Dataverse) -> None:
    """A mailbox that holds what is declared already costs one request."""
    dataverse.edit("mailboxes", dataverse.anna(), username="anna")
    stack.up("anna", user=ANNA, username="anna")

    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "GET systemusers"]


def test_a_later_date_is_left(stack: Stack, dataverse: Dataverse) -> None:
    """The service moved the date on: setting it back would bring old mail again."""
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    process = stack.up("anna", user=ANNA, process_email_received_after="2026-11-01", **METHODS)

    assert dataverse.anna()["processemailreceivedafter"] == "2026-11-20T08:00:00Z"
    (warning,) = process.warnings
    assert warning == (
        "mailbox 'Anna Weber': process_email_received_after stays at 2026-11-20T08:00:00Z, where the service moved "
        "it; the program says 2026-11-01, which is earlier."
    )
    assert stack.refresh("anna")
    assert stack.plan("anna", user=ANNA, process_email_received_after="2026-11-01", **METHODS).changes is False


def test_an_earlier_date_is_set(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, process_email_received_after="2026-11-01")

    assert dataverse.anna()["processemailreceivedafter"] == "2026-11-01T00:00:00Z"


def test_a_date_may_be_cleared(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    stack.up("anna", user=ANNA, process_email_received_after=CLEAR)

    assert dataverse.anna()["processemailreceivedafter"] is None


def test_an_unknown_outcome_is_put_back(stack: Stack, dataverse: Dataverse) -> None:
    """No state records a create that failed, so the mailbox holds again what it held."""
    profile = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), username="old", _emailserverprofile_value=profile)
    dataverse.fault("mailboxes", {"reset": True}, method="PATCH", when="after", times=4)
    with pytest.raises(Unreachable) as caught:
        stack.up("anna", user=ANNA, username="new", email_server_profile=CLEAR, **METHODS)

    row = dataverse.anna()
    assert codes(dataverse) == (0, 0, 2)
    assert (row["username"], row["_emailserverprofile_value"]) == ("old", profile)
    assert not getattr(caught.value, "__notes__", [])


def test_what_cannot_be_put_back_is_told(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.fault("mailboxes", {"reset": True}, method="PATCH", when="after", times=8)
    with pytest.raises(Unreachable) as caught:
        stack.up("anna", user=ANNA, **METHODS)

    (note,) = caught.value.__notes__
    told = f"The mailbox {dataverse.anna()['mailboxid']} may hold the declared values of .*_method now, .*"
    assert re.fullmatch(told, note)


@pytest.mark.parametrize(
    "answer",
    [{"status": 504, "body": "<html>"}, {"status": 500, "body": '{"error": {"code": "0x80040216", "message": "No."}}'}],
    ids=["gateway", "service"],
)
def test_a_failure_after_the_write_is_put_back(stack: Stack, dataverse: Dataverse, answer: dict[str, object]) -> None:
    """The service failed, or a gateway before it, when the write was done."""
    dataverse.fault("mailboxes", answer, method="PATCH", when="after", times=6 if answer["status"] == 504 else 1)
    with pytest.raises(UnknownOutcome):
        stack.up("anna", user=ANNA, **METHODS)

    assert codes(dataverse) == (0, 0, 2)


def test_a_secret_that_cannot_be_put_back_is_told(stack: Stack, dataverse: Dataverse) -> None:
    """Nobody knows what the password was before."""
    dataverse.fault("mailboxes", {"reset": True}, method="PATCH", when="after", times=4)
    with pytest.raises(Unreachable) as caught:
        stack.up("anna", user=ANNA, username="anna", password="new-password")

    (note,) = caught.value.__notes__
    assert "may hold the declared values of password now" in note


def test_a_refusal_changes_nothing(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.fault("mailboxes", {"status": 403, "body": "{}"}, method="PATCH")
    with pytest.raises(Forbidden):
        stack.up("anna", user=ANNA, **METHODS)

    assert codes(dataverse) == (0, 0, 2)


def test_two_keys_of_one_mailbox_clash(stack: Stack, dataverse: Dataverse) -> None:
    """Two resources that lead to one mailbox by different keys would undo each other for ever."""
    process = stack.up("anna", user=ANNA)
    with pytest.raises(RowConflict, match=r"two resources declare one mailbox .*: user 'anna@contoso.com' and user"):
        stack.up("again", process, user=owner(dataverse)["systemuserid"])


def test_two_keys_clash_where_one_is_in_state(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA)
    process = stack.up("anna", user=ANNA)
    with pytest.raises(RowConflict, match="two resources declare one mailbox"):
        stack.up("again", process, user=owner(dataverse)["systemuserid"])
