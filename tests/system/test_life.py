"""A mailbox from its user's first day to the last, with the real engine."""

import re

import pytest

from .conftest import CHECKOUT
from .emulated import Dataverse
from .programs import BUILT_IN, QUEUE
from .stack import FAILED, Stack

PAGE = (CHECKOUT / "docs" / "joiner-mover-leaver.md").read_text("utf-8")
JOINER, MOVER, SWITCHED_OFF, GONE = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
DORA = "Dora Falk"


def _hire(dataverse: Dataverse) -> None:
    address = "dora@contoso.com"
    dataverse.make("systemusers", domainname=address, internalemailaddress=address, firstname="Dora", lastname="Falk")


def _methods(dataverse: Dataverse) -> tuple[int, int, int]:
    row = dataverse.row("mailboxes", DORA)
    return row["incomingemaildeliverymethod"], row["outgoingemaildeliverymethod"], row["actdeliverymethod"]


def test_joiner_mover_and_leaver_as_the_manual_has_them(stack: Stack, dataverse: Dataverse) -> None:
    """Each pull request of the page does what the page says, and leaves a clean stack."""
    stack.program(JOINER)
    said = stack.up().flat
    assert "Mailbox of user 'dora@contoso.com' waits, nothing is written yet" in said
    state = stack.state()["dora"]
    assert state["id"] == "user:dora@contoso.com"
    assert state["outputs"]["waiting"] == "there is no such user with a mailbox yet"
    assert stack.steps()["dora"]["op"] == "update"
    assert dataverse.writes() == []

    _hire(dataverse)
    stack.up("--refresh")
    stack.clean("--refresh")
    assert _methods(dataverse) == (2, 2, 1)

    dataverse.edit("systemusers", dataverse.row("systemusers", DORA), domainname="dora.falk@contoso.com")
    stack.program(MOVER)
    changed = stack.steps()["dora"]
    assert (changed["op"], set(changed["detailedDiff"])) == ("update", {"user", "email_server_profile", "generation"})
    stack.up()
    stack.clean("--refresh")
    sales = dataverse.row("emailserverprofiles", "Sales")["emailserverprofileid"]
    assert dataverse.row("mailboxes", DORA)["_emailserverprofile_value"] == sales

    dataverse.edit("systemusers", dataverse.row("systemusers", DORA), isdisabled=True)
    stack.program(SWITCHED_OFF)
    stack.up()
    stack.clean("--refresh")
    assert _methods(dataverse) == (0, 0, 2)

    stack.program(GONE)
    dataverse.forget_requests()
    stack.up()
    stack.clean()
    assert dataverse.writes() == []
    assert set(stack.state()) == {"sales"}


def test_a_user_who_went_first_is_named(stack: Stack, dataverse: Dataverse) -> None:
    """The refresh drops the mailbox, and the run that would declare it anew says whose it was."""
    stack.program(BUILT_IN)
    stack.up()
    dataverse.delete("systemusers", dataverse.row("systemusers", "Anna Weber"))

    refused = stack.up("--refresh", status=FAILED).flat

    assert "no user has domainname or internalemailaddress 'anna@contoso.com'" in refused
    assert stack.state() == {}


def test_a_waiting_mailbox_is_deleted_without_a_request(stack: Stack, dataverse: Dataverse) -> None:
    """Nothing was written, so there is nothing to take back."""
    stack.program(JOINER)
    stack.up()
    dataverse.forget_requests()
    stack.destroy()

    assert dataverse.data_requests() == []
    assert stack.state() == {}


def test_a_mistyped_name_that_waits_is_replaced(stack: Stack) -> None:
    """The mailbox that waits is another one under another key."""
    stack.program(JOINER.replace("dora@", "dorra@"))
    stack.up()
    stack.program(JOINER)
    stack.up()

    assert stack.state()["dora"]["id"] == "user:dora@contoso.com"


FORWARD = """
leads = Mailbox("leads", forward_mailbox="Leads", email_address="leads@contoso.com",
    email_server_profile="Microsoft Exchange Online",
    incoming_email_delivery_method="server_side_synchronization", outgoing_email_delivery_method="none")
"""


def test_a_queue_is_declared_drifts_and_is_repaired(stack: Stack, dataverse: Dataverse) -> None:
    """Its mailbox is given back as it was."""
    stack.program(QUEUE)
    stack.up()
    stack.clean("--refresh")
    dataverse.edit("mailboxes", dataverse.row("mailboxes", "Support"), incomingemaildeliverymethod=0)
    assert "incoming_email_delivery_method" in stack.steps("--refresh")["anna"]["detailedDiff"]
    stack.up("--refresh")
    assert dataverse.row("mailboxes", "Support")["incomingemaildeliverymethod"] == 2
    stack.destroy()

    assert dataverse.row("mailboxes", "Support")["incomingemaildeliverymethod"] == 0


def test_a_forward_mailbox_is_made_repaired_and_deleted(stack: Stack, dataverse: Dataverse) -> None:
    """Its id is known in the preview, a new name is an update, and it goes with its line."""
    stack.program(FORWARD)
    row_id = stack.steps()["leads"]["newState"]["inputs"]["row_id"]
    stack.up()
    stack.clean("--refresh")
    assert dataverse.row("mailboxes", "Leads")["mailboxid"] == row_id == stack.state()["leads"]["id"]
    dataverse.edit("mailboxes", dataverse.row("mailboxes", "Leads"), emailaddress="stray@contoso.com")
    assert "email_address" in stack.steps("--refresh")["leads"]["detailedDiff"]
    stack.program(FORWARD.replace('"Leads"', '"Web leads"'))
    stack.up("--refresh")
    renamed = dataverse.row("mailboxes", "Web leads")
    assert (renamed["mailboxid"], renamed["emailaddress"]) == (row_id, "leads@contoso.com")
    stack.destroy()

    assert "Web leads" not in dataverse.names("mailboxes")


@pytest.mark.parametrize("second_first", [False, True])
def test_a_mailbox_moves_between_stacks(stack: Stack, dataverse: Dataverse, *, second_first: bool) -> None:
    """Retained by one stack and declared by another, in either order, it is synchronized all the while."""
    retained = BUILT_IN.replace(', on_delete="restore"', "")
    stack.program(retained)
    stack.up()
    other = Stack(stack.folder.parent / "other", dict(stack.settings))
    other.program(retained)
    stack.program("")
    for one in (other, stack) if second_first else (stack, other):
        one.up()
        assert dataverse.anna()["incomingemaildeliverymethod"] == 2

    other.clean("--refresh")
    assert stack.state() == {}
