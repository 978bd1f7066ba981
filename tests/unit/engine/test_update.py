"""A mailbox: changing what is declared."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.errors import RowConflict, RowNotFound
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, ONLINE, SECRET, codes, owner
from .stack import Stack


def test_only_the_change_is_sent(stack: Stack, dataverse: Dataverse) -> None:
    """What somebody else has set meanwhile stays, as far as the program does not change it."""
    stack.up("anna", user=ANNA, username="old", **METHODS)
    dataverse.edit("mailboxes", dataverse.anna(), actdeliverymethod=2)
    dataverse.forget_requests()
    stack.up("anna", user=ANNA, username="new", **METHODS)

    assert (dataverse.anna()["username"], codes(dataverse)) == ("new", (2, 2, 2))
    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "PATCH mailboxes"]


def test_a_user_name_is_sent_with_its_password(stack: Stack, dataverse: Dataverse) -> None:
    """Who changed the user name elsewhere may have changed the password too, which nobody can read."""
    stack.up("anna", user=ANNA, username="anna", password=SECRET)
    dataverse.edit("mailboxes", dataverse.anna(), username="somebody", password=None)
    dataverse.forget_requests()
    stack.up("anna", user=ANNA, username="anna.weber", password=SECRET)

    assert (dataverse.anna()["username"], dataverse.anna()["ispasswordset"]) == ("anna.weber", True)
    assert dataverse.writes() == ["PATCH mailboxes"]


def test_a_column_that_is_no_longer_stated_is_left(stack: Stack, dataverse: Dataverse) -> None:
    """Its removal is a change of the state alone: nothing is sent."""
    stack.up("anna", user=ANNA, username="old", email_server_profile=ONLINE)
    dataverse.forget_requests()
    assert stack.plan("anna", user=ANNA).changes is None
    stack.up("anna", user=ANNA)

    assert dataverse.requests() == []
    assert dataverse.anna()["username"] == "old"
    assert not {"username", "email_server_profile", "email_server_profile_id"} & set(stack.state["anna"].outputs)
    assert stack.plan("anna", user=ANNA).changes is False


def test_a_column_is_cleared(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, username="anna", password=SECRET, email_server_profile=ONLINE)
    stack.up("anna", user=ANNA, username=CLEAR, password=CLEAR, email_server_profile=CLEAR)

    row = dataverse.anna()
    assert (row["username"], row["_emailserverprofile_value"], row["ispasswordset"]) == (None, None, False)
    assert stack.state["anna"].outputs["is_password_set"] is False
    assert "email_server_profile_id" not in stack.state["anna"].outputs
    assert stack.refresh("anna")
    assert stack.state["anna"].inputs["username"] == CLEAR


def test_the_record_of_what_was_there_stays(stack: Stack) -> None:
    stack.up("anna", user=ANNA, **METHODS)
    first = stack.state["anna"].outputs["previous"]
    stack.up("anna", user=ANNA, username="anna")
    stack.refresh("anna")

    assert stack.state["anna"].outputs["previous"] == first


def test_another_key_of_the_same_mailbox_is_an_update(stack: Stack, dataverse: Dataverse) -> None:
    """A user's principal name changed: the mailbox is the same, and that is two requests."""
    stack.up("anna", user=ANNA)
    dataverse.edit("systemusers", owner(dataverse), domainname="anna.weber@contoso.com")
    dataverse.forget_requests()
    stack.up("anna", user="anna.weber@contoso.com")

    assert stack.state["anna"].outputs["user"] == "anna.weber@contoso.com"
    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "GET systemusers"]


def test_a_key_may_change_after_a_refresh_of_the_same_run(stack: Stack, dataverse: Dataverse) -> None:
    """`up --refresh` compares with the old key first, then with the new one: that is no second resource."""
    stack.up("anna", user=ANNA)
    dataverse.edit("systemusers", owner(dataverse), domainname="anna.weber@contoso.com")
    process = stack.process()
    stack.refresh("anna", process)
    stack.plan("anna", process, user=ANNA)
    stack.up("anna", process, user="anna.weber@contoso.com")

    assert stack.state["anna"].outputs["user"] == "anna.weber@contoso.com"


def test_a_key_of_another_mailbox_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Anna's history is not Ben's: Ben is declared under a new name."""
    stack.up("anna", user=ANNA)
    dataverse.forget_requests()
    with pytest.raises(RowConflict, match=r"user 'ben@contoso.com' has another mailbox(.|\n)*under a new name"):
        stack.up("anna", user="ben@contoso.com", **METHODS)

    assert dataverse.writes() == []


def test_a_row_that_is_gone_is_not_made_anew(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA)
    dataverse.delete("mailboxes", dataverse.anna())
    with pytest.raises(RowNotFound, match="pulumi up --refresh"):
        stack.up("anna", user=ANNA, **METHODS)


def test_only_an_edit_moves_a_date_back(stack: Stack, dataverse: Dataverse) -> None:
    """The program's own edit of the date counts, even to an earlier one."""
    stack.up("anna", user=ANNA, process_email_received_after="2026-11-01")
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    stack.up("anna", user=ANNA, process_email_received_after="2026-11-01", username="anna")
    assert dataverse.anna()["processemailreceivedafter"] == "2026-11-20T08:00:00Z"

    stack.up("anna", user=ANNA, process_email_received_after="2026-10-01", username="anna")
    assert dataverse.anna()["processemailreceivedafter"] == "2026-10-01T00:00:00Z"
