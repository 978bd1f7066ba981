"""A forward mailbox: it belongs to nobody, so it is made and deleted."""

import pytest

from pulumi_dataverse_email.engine.check import check
from pulumi_dataverse_email.errors import RowConflict
from tests.system.emulated import Dataverse

from .mailbox import ANNA, ONLINE, SYNC
from .stack import Stack

LEADS = {
    "forward_mailbox": "Leads",
    "email_address": "leads@contoso.com",
    "email_server_profile": ONLINE,
    "incoming_email_delivery_method": SYNC,
    "outgoing_email_delivery_method": "none",
}


def test_it_is_made_under_our_own_id_and_deleted(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("leads", **LEADS)
    made = dataverse.row("mailboxes", "Leads")
    assert (made["mailboxid"], made["isforwardmailbox"]) == (stack.state["leads"].row_id, True)
    assert (made["emailaddress"], made["incomingemaildeliverymethod"]) == ("leads@contoso.com", 2)
    assert made["_regardingobjectid_value"] is None
    assert stack.plan("leads", **LEADS).changes is False
    stack.destroy("leads")

    assert "Leads" not in dataverse.names("mailboxes")


def test_its_name_is_changed_by_an_update(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("leads", **LEADS)
    stack.up("leads", **{**LEADS, "forward_mailbox": "New leads"})

    assert dataverse.row("mailboxes", "New leads")["mailboxid"] == stack.state["leads"].row_id


@pytest.mark.parametrize("on_delete", ["retain", "disable"])
def test_it_may_be_kept(stack: Stack, dataverse: Dataverse, on_delete: str) -> None:
    stack.up("leads", **LEADS, on_delete=on_delete)
    stack.destroy("leads")

    assert dataverse.row("mailboxes", "Leads")["incomingemaildeliverymethod"] == (2 if on_delete == "retain" else 0)


def test_a_name_that_is_there_is_refused_without_an_offer_that_does_not_exist(
    stack: Stack, dataverse: Dataverse
) -> None:
    """A mailbox has no `adopt`."""
    dataverse.make("mailboxes", name="Leads", emailaddress="other@contoso.com")
    with pytest.raises(RowConflict, match="that name is taken") as caught:
        stack.up("leads", **LEADS)

    assert "adopt=True" not in str(caught.value)


def test_one_that_was_kept_is_declared_first_as_it_is(stack: Stack, dataverse: Dataverse) -> None:
    """What it was changed to meanwhile is not overwritten; once it is in the state, it may be changed."""
    stack.up("leads", **LEADS, on_delete="disable")
    stack.destroy("leads")
    with pytest.raises(RowConflict, match="differs in incoming_email_delivery_method") as caught:
        stack.up("leads", **LEADS)
    assert "declare it first as it is there" in str(caught.value)
    assert "adopt=True" not in str(caught.value)
    stack.up("leads", **{**LEADS, "incoming_email_delivery_method": "none"})
    stack.up("leads", **LEADS)

    assert dataverse.row("mailboxes", "Leads")["incomingemaildeliverymethod"] == 2


@pytest.mark.parametrize("there_and_back", [False, True])
def test_it_never_turns_into_the_mailbox_of_a_user(stack: Stack, *, there_and_back: bool) -> None:
    """Neither way: a preview says that this is another mailbox."""
    declared = [LEADS, {"user": ANNA}]
    old, new = reversed(declared) if there_and_back else declared
    stack.up("one", **old)
    state = stack.state["one"]
    _, faults = check(state.kind, stack.process().run, state.inputs, new)

    assert ["leads to another mailbox" in str(fault) for fault in faults] == [True]


def test_two_stacks_do_not_meet_in_one_forward_mailbox(stack: Stack, dataverse: Dataverse) -> None:
    """A row that was retained is found by its name; taking it back is what the same resource does."""
    stack.up("leads", **LEADS, on_delete="retain")
    stack.destroy("leads")
    stack.up("leads", **LEADS)

    assert dataverse.names("mailboxes").count("Leads") == 1
