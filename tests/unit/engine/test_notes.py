"""What the program notes of a row and Dataverse does not hold."""

from tests.system.emulated import Dataverse

from .mailbox import ANNA, SECRET
from .stack import Stack

PLAIN = {"user": ANNA, "username": "anna", "password": SECRET}


def test_a_note_is_kept_and_never_sent(stack: Stack, dataverse: Dataverse) -> None:
    """Changed alone it is an update without a request, and no reason for a new test; a refresh leaves it."""
    stack.up("anna", **PLAIN, password_expires_on="2027-01-01")
    generation = stack.state["anna"].inputs["generation"]
    dataverse.forget_requests()
    renewed = {**PLAIN, "password_expires_on": "2027-04-01"}

    assert stack.plan("anna", **renewed).changes is None
    stack.up("anna", **renewed)
    assert dataverse.requests() == []
    stack.refresh("anna")
    assert stack.state["anna"].inputs["password_expires_on"] == "2027-04-01"
    assert stack.state["anna"].inputs["generation"] == generation
    assert stack.plan("anna", **renewed).changes is False


def test_a_note_that_goes_sends_nothing(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", **PLAIN, password_expires_on="2027-01-01")
    dataverse.forget_requests()
    stack.up("anna", **PLAIN)

    assert dataverse.requests() == []
    assert "password_expires_on" not in stack.state["anna"].outputs
