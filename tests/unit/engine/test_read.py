"""A mailbox: what a refresh finds."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, ONLINE, SECRET
from .stack import Stack


def test_drift_shows_under_its_own_name(stack: Stack, dataverse: Dataverse) -> None:
    """A column that somebody changed is the input that would lead to it; the others keep their spelling."""
    stack.up("anna", user="ANNA@contoso.com", username="anna", **METHODS)
    before = dict(stack.state["anna"].inputs)
    dataverse.edit("mailboxes", dataverse.anna(), actdeliverymethod=2, username=None)
    stack.refresh("anna")

    assert stack.state["anna"].inputs == {**before, "act_delivery_method": "none", "username": CLEAR}
    assert stack.plan("anna", user="ANNA@contoso.com", username="anna", **METHODS).changes is None


def test_no_drift_is_no_change(stack: Stack) -> None:
    wanted = {"user": ANNA, "email_server_profile": ONLINE, "process_email_received_after": "2026-11-01", **METHODS}
    stack.up("anna", **wanted)
    before = stack.state["anna"].outputs
    stack.refresh("anna")

    assert stack.state["anna"].outputs == before
    assert stack.plan("anna", **wanted).changes is False


def test_a_cleared_date_that_the_service_sets_is_no_drift(stack: Stack, dataverse: Dataverse) -> None:
    """The service writes there how far it has read: clearing that at each refresh would bring old mail again."""
    stack.up("anna", user=ANNA, process_email_received_after=CLEAR)
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    stack.refresh("anna")
    stack.up("anna", user=ANNA, process_email_received_after=CLEAR, **METHODS)

    assert stack.plan("anna", user=ANNA, process_email_received_after=CLEAR, **METHODS).changes is False
    assert dataverse.anna()["processemailreceivedafter"] == "2026-11-20T08:00:00Z"


def test_a_row_that_is_gone_leaves_the_state(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA)
    dataverse.delete("mailboxes", dataverse.anna())

    assert not stack.refresh("anna")


def test_only_a_row_that_is_not_there_is_gone(stack: Stack, dataverse: Dataverse) -> None:
    """A failure of any other kind never drops a row from the state."""
    stack.up("anna", user=ANNA)
    for answer in ({"status": 404, "body": "{}"}, {"status": 500, "body": "{}"}, {"status": 403, "body": "{}"}):
        dataverse.fault("mailboxes", answer, method="GET")
        with pytest.raises(Exception, match="read mailboxes"):
            stack.refresh("anna")

    assert "anna" in stack.state


def test_a_secret_that_is_gone_is_drift(stack: Stack, dataverse: Dataverse) -> None:
    """The flag says that no password is stored: it is sent again."""
    stack.up("anna", user=ANNA, username="anna", password=SECRET)
    dataverse.edit("mailboxes", dataverse.anna(), password=None)
    stack.refresh("anna")
    assert "password" not in stack.state["anna"].inputs

    stack.up("anna", user=ANNA, username="anna", password=SECRET)
    assert dataverse.anna()["ispasswordset"]


def test_a_secret_that_came_back_is_drift(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, password=CLEAR)
    dataverse.edit("mailboxes", dataverse.anna(), password="x")
    stack.refresh("anna")

    assert "password" not in stack.state["anna"].inputs


@pytest.mark.parametrize("by_name", [True, False])
def test_another_profile_is_drift(stack: Stack, dataverse: Dataverse, *, by_name: bool) -> None:
    """It shows as the program would have it: by name where the program gives one, else by id."""
    online = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    other = dataverse.make("emailserverprofiles", name="Other")["emailserverprofileid"]
    stack.up("anna", user=ANNA, email_server_profile=ONLINE if by_name else online)
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=other)
    stack.refresh("anna")

    assert stack.state["anna"].inputs["email_server_profile"] == ("Other" if by_name else other)
    assert stack.state["anna"].outputs["email_server_profile_id"] == other


def test_no_profile_is_drift(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, email_server_profile=ONLINE)
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=None)
    stack.refresh("anna")
    assert stack.state["anna"].inputs["email_server_profile"] == CLEAR

    stack.up("anna", user=ANNA, email_server_profile=ONLINE)
    assert dataverse.anna()["_emailserverprofile_value"]


def test_a_renamed_profile_is_no_drift(stack: Stack, dataverse: Dataverse) -> None:
    """The mailbox still points at the profile that the program named."""
    stack.up("anna", user=ANNA, email_server_profile=ONLINE)
    dataverse.edit("emailserverprofiles", dataverse.row("emailserverprofiles", ONLINE), name="Renamed")
    stack.refresh("anna")

    assert stack.state["anna"].inputs["email_server_profile"] == ONLINE
