"""A mailbox whose user or queue is not there yet, or is not to be written to."""

import pytest

from pulumi_dataverse_email.engine.owners import owner_of
from pulumi_dataverse_email.errors import KeyNotFound, RowConflict
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.system.emulated import Dataverse, Json

from .mailbox import ANNA, METHODS, ONLINE, SYNC, codes, owner
from .stack import Stack

DORA = "dora@contoso.com"
WAITS = {"when_missing": "wait", **METHODS}


def hire(dataverse: Dataverse) -> Json:
    """Make the user, and with it the mailbox, that was waited for."""
    user = dataverse.make("systemusers", domainname=DORA, internalemailaddress=DORA, firstname="Dora", lastname="Falk")
    assert dataverse.row("mailboxes", "Dora Falk")["incomingemaildeliverymethod"] == 0
    return user


def test_a_mailbox_without_its_user_is_recorded_and_tried_again(stack: Stack, dataverse: Dataverse) -> None:
    """Nothing is written, a warning says so, and the stack is not clean until the user is there."""
    said = stack.up("dora", user=DORA, **WAITS).warnings
    assert len(said) == 1
    assert "waits, nothing is written yet: find the mailbox of user 'dora@contoso.com'" in said[0]
    assert (stack.state["dora"].row_id, dataverse.writes()) == (f"user:{DORA}", [])
    assert stack.state["dora"].outputs["waiting"] == "there is no such user with a mailbox yet"
    assert stack.plan("dora", user=DORA, **WAITS).changes is True
    assert stack.up("dora", user=DORA, **WAITS).warnings == said


def test_the_user_turns_up_and_its_mailbox_is_adopted_with_the_record_of_what_it_held(
    stack: Stack, dataverse: Dataverse
) -> None:
    stack.up("dora", user=DORA, **WAITS, on_delete="restore")
    user = hire(dataverse)
    dataverse.forget_requests()
    assert stack.up("dora", user=DORA, **WAITS, on_delete="restore").warnings == []
    mailbox = dataverse.row("mailboxes", "Dora Falk")
    outputs = stack.state["dora"].outputs

    assert (outputs["adopted_id"], outputs["owner_id"]) == (mailbox["mailboxid"], user["systemuserid"])
    assert outputs["previous"]["incoming_email_delivery_method"] == "none"
    assert mailbox["incomingemaildeliverymethod"] == 2
    assert dataverse.data_requests()[-2:] == ["GET systemusers", "PATCH mailboxes"]
    assert stack.plan("dora", user=DORA, **WAITS, on_delete="restore").changes is False


def test_all_verbs_reach_the_row_of_a_mailbox_that_was_waited_for(stack: Stack, dataverse: Dataverse) -> None:
    """The resource keeps its first id; refresh, update and delete use that of the row."""
    stack.up("dora", user=DORA, **WAITS, on_delete="restore")
    hire(dataverse)
    stack.up("dora", user=DORA, **WAITS, on_delete="restore")
    dataverse.edit("mailboxes", dataverse.row("mailboxes", "Dora Falk"), outgoingemaildeliverymethod=0)
    stack.refresh("dora")
    assert stack.state["dora"].inputs["outgoing_email_delivery_method"] == "none"
    stack.up("dora", user=DORA, **WAITS, on_delete="restore")
    assert dataverse.row("mailboxes", "Dora Falk")["outgoingemaildeliverymethod"] == 2
    assert stack.state["dora"].row_id == f"user:{DORA}"
    stack.destroy("dora")

    assert dataverse.row("mailboxes", "Dora Falk")["outgoingemaildeliverymethod"] == 0


def test_a_refresh_does_not_take_a_waiting_mailbox_for_gone(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("dora", user=DORA, **WAITS)
    before = stack.state["dora"]
    dataverse.forget_requests()

    assert stack.refresh("dora")
    assert stack.state["dora"] == before
    assert dataverse.data_requests() == []


@pytest.mark.parametrize("on_delete", [None, "retain", "disable", "restore"])
def test_deleting_a_waiting_mailbox_does_nothing(stack: Stack, dataverse: Dataverse, on_delete: str | None) -> None:
    """Not even where the user has turned up meanwhile: nothing of it was ours."""
    stack.up("dora", user=DORA, **WAITS, on_delete=on_delete)
    hire(dataverse)
    dataverse.forget_requests()
    stack.destroy("dora")

    assert dataverse.data_requests() == []


def test_another_key_for_a_waiting_mailbox_replaces_it(stack: Stack) -> None:
    """Its id tells the key, and nothing was written under the old one."""
    stack.up("dora", user="dorra@contoso.com", **WAITS)
    assert stack.plan("dora", user=DORA, **WAITS).replaces == ("user",)
    stack.up("dora", user=DORA, **WAITS)

    assert stack.state["dora"].row_id == f"user:{DORA}"


def test_the_id_of_a_waiting_mailbox_says_how_to_find_it() -> None:
    """A row's own id says nothing of the kind."""
    mailbox = TABLE_KINDS["Mailbox"]

    assert owner_of(mailbox, "user:dora@contoso.com") == {"user": "dora@contoso.com"}
    assert owner_of(mailbox, "queue:Sales: EMEA") == {"queue": "Sales: EMEA"}
    assert owner_of(mailbox, "6e0f6e3c-52e4-5c0e-8f6b-6a8b2f7f8d11") == {}


def test_without_leave_to_wait_a_missing_user_is_an_error(stack: Stack) -> None:
    with pytest.raises(KeyNotFound, match="set when_missing='wait'"):
        stack.up("dora", user=DORA, when_missing="error", **METHODS)


def test_who_waits_already_is_not_told_to_wait(stack: Stack, dataverse: Dataverse) -> None:
    """Neither by the warning, nor where a mailbox that is there gets a key that leads nowhere."""
    (warning,) = stack.up("dora", user=DORA, **WAITS).warnings
    stack.up("anna", user=ANNA, **WAITS)
    dataverse.forget_requests()
    with pytest.raises(KeyNotFound, match="the user must have that key before the program gives it") as caught:
        stack.up("anna", user="anna.weber@contoso.com", **WAITS)

    assert "when_missing" not in warning + str(caught.value)
    assert dataverse.writes() == []


def test_a_user_that_has_no_mailbox_yet_is_waited_for_too(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.delete("mailboxes", dataverse.anna())
    stack.up("anna", user=ANNA, **WAITS)

    assert "waiting" in stack.state["anna"].outputs


def test_a_missing_profile_is_never_waited_for(stack: Stack, dataverse: Dataverse) -> None:
    """It is the user or queue that may come later."""
    with pytest.raises(KeyNotFound, match="find email server profile 'Nowhere'"):
        stack.up("anna", user=ANNA, email_server_profile="Nowhere", **WAITS)

    assert dataverse.writes() == []


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("isdisabled", True, "the user is disabled"),
        ("applicationid", "6e0f6e3c-52e4-5c0e-8f6b-6a8b2f7f8d11", "the user is an application user"),
    ],
)
def test_a_user_who_is_no_person_at_work_is_reported_and_not_written_to(
    stack: Stack, dataverse: Dataverse, column: str, value: object, says: str
) -> None:
    """Each `up` tries again, and takes the mailbox over once the obstacle is gone."""
    dataverse.edit("systemusers", owner(dataverse), **{column: value})
    (said,) = stack.up("anna", user=ANNA, **METHODS).warnings
    assert says in said
    assert "remove the mailbox from the program" in said.lower()
    assert dataverse.writes() == []
    assert stack.state["anna"].outputs["waiting"].startswith(says)
    dataverse.edit("systemusers", owner(dataverse), **{column: None if column == "applicationid" else False})
    stack.up("anna", user=ANNA, **METHODS)

    assert codes(dataverse) == (2, 2, 1)
    assert "waiting" not in stack.state["anna"].outputs


def test_a_leaver_who_is_disabled_first_can_still_be_switched_off(stack: Stack, dataverse: Dataverse) -> None:
    """A mailbox that is ours is written whatever became of the user."""
    stack.up("anna", user=ANNA, **METHODS)
    dataverse.edit("systemusers", owner(dataverse), isdisabled=True)
    stack.up("anna", user=ANNA, **dict.fromkeys(METHODS, "none"))

    assert codes(dataverse) == (0, 0, 2)


def test_an_inactive_queue_is_reported_and_not_written_to(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.edit("queues", dataverse.row("queues", "Support"), statecode=1)
    (said,) = stack.up("support", queue="Support", incoming_email_delivery_method=SYNC).warnings

    assert "the queue is inactive" in said


def test_a_user_who_was_deleted_is_gone_at_a_refresh(stack: Stack, dataverse: Dataverse) -> None:
    """Its mailbox went along; the declaration then says so, or waits for a new user of the name."""
    stack.up("anna", user=ANNA, **METHODS)
    dataverse.delete("systemusers", owner(dataverse))
    assert not stack.refresh("anna")
    with pytest.raises(KeyNotFound, match="no user has domainname or internalemailaddress"):
        stack.up("anna", user=ANNA, **METHODS)
    stack.up("anna", user=ANNA, **WAITS)

    assert stack.state["anna"].row_id == f"user:{ANNA}"


def test_a_renamed_user_keeps_the_mailbox(stack: Stack, dataverse: Dataverse) -> None:
    """The new principal name is an update of two requests."""
    stack.up("anna", user=ANNA, **METHODS)
    dataverse.edit("systemusers", owner(dataverse), domainname="anna.falk@contoso.com")
    row_id = stack.state["anna"].row_id
    stack.up("anna", user="anna.falk@contoso.com", **METHODS)

    assert (stack.state["anna"].row_id, stack.state["anna"].inputs["user"]) == (row_id, "anna.falk@contoso.com")


def test_a_key_that_leads_to_another_user_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Whoever took over the name is another resource."""
    stack.up("anna", user=ANNA, **METHODS)
    dataverse.forget_requests()
    with pytest.raises(RowConflict, match=r"has another mailbox(.|\n)*under a new name"):
        stack.up("anna", user="ben@contoso.com", **METHODS)

    assert dataverse.writes() == []


def test_another_user_of_the_same_name_is_met_by_a_refresh(stack: Stack, dataverse: Dataverse) -> None:
    """The old user's mailbox is gone; the new one's is adopted, under the same declaration."""
    stack.up("anna", user=ANNA, **METHODS)
    dataverse.delete("systemusers", owner(dataverse))
    dataverse.make("systemusers", domainname=ANNA, internalemailaddress=ANNA, firstname="Anna", lastname="Weber")
    stack.refresh("anna")
    stack.up("anna", user=ANNA, email_server_profile=ONLINE, **METHODS)

    assert stack.state["anna"].row_id == dataverse.anna()["mailboxid"]
    assert codes(dataverse) == (2, 2, 1)


@pytest.mark.parametrize("key", [("systemusers", "user", "internalemailaddress"), ("queues", "queue", "emailaddress")])
def test_an_owner_is_found_by_address(stack: Stack, dataverse: Dataverse, key: tuple[str, str, str]) -> None:
    entity_set, argument, column = key
    row = dataverse.row(entity_set, {"user": "Anna Weber", "queue": "Support"}[argument])
    one = dataverse.edit(entity_set, row, **{column: "x@y.example"})
    stack.up("one", **{argument: "X@Y.example"})

    assert stack.state["one"].outputs["owner_id"] in one.values()


def test_the_candidates_for_a_key_are_named(stack: Stack, dataverse: Dataverse) -> None:
    """One user's address may be another's principal name: nobody guesses."""
    dataverse.edit("systemusers", dataverse.row("systemusers", "Ben Ortiz"), internalemailaddress=ANNA)
    with pytest.raises(RowConflict, match="2 rows share that key") as caught:
        stack.up("anna", user=ANNA)

    assert "'Anna Weber' (" in str(caught.value)
    assert "'Ben Ortiz' (" in str(caught.value)
