"""From nothing to synchronized mailboxes, and a second time."""

from .stack import MAILBOX, PROFILE, SECRET, Dataverse, Stack


def test_a_second_up_asks_nobody(stack: Stack, dataverse: Dataverse) -> None:
    """What is as declared costs no request, not even a token."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    dataverse.forget_requests()

    stack.up("--expect-no-changes")

    assert dataverse.requests() == []


def test_a_preview_hides_the_password(stack: Stack) -> None:
    """A preview of a create shows the password as `[secret]` and never its value."""
    stack.program(PROFILE)

    shown = stack.preview().text

    assert "incoming_password                         : [secret]" in shown
    assert SECRET not in shown
