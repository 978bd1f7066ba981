"""From nothing to synchronized mailboxes, a second time, and changed."""

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE, SECRET
from .stack import FAILED, Stack


def test_a_preview_hides_the_password(stack: Stack, dataverse: Dataverse) -> None:
    """A preview of a create shows the password as `[secret]`, and asks nobody."""
    stack.program(PROFILE + MAILBOX)

    shown = stack.preview().flat

    assert "incoming_password: [secret]" in shown
    assert SECRET not in shown
    assert dataverse.requests() == []


def test_up_makes_what_the_program_says(stack: Stack, dataverse: Dataverse) -> None:
    """One `up` makes the profile and gives it to the mailbox."""
    stack.program(PROFILE + MAILBOX)

    stack.up()

    profile, anna = dataverse.profile(), dataverse.anna()
    assert profile["incomingusername"] == "CONTOSO\\crm-sync"
    assert profile["isincomingpasswordset"]
    assert profile["processemailsreceivedafter"] == "2026-11-01T00:00:00Z"
    assert anna["_emailserverprofile_value"] == profile["emailserverprofileid"]
    assert (anna["incomingemaildeliverymethod"], anna["actdeliverymethod"]) == (2, 1)


def test_a_second_up_asks_nobody(stack: Stack, dataverse: Dataverse) -> None:
    """What is as declared costs no request, not even a token."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    dataverse.forget_requests()

    stack.clean()
    stack.up("--expect-no-changes")

    assert dataverse.requests() == []


def test_a_change_is_an_exact_path(stack: Stack, dataverse: Dataverse) -> None:
    """A changed property stands by name in the text and in the JSON of a preview, and is updated in place."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    before = dataverse.profile()
    stack.program(PROFILE.replace("=443", "=444") + MAILBOX)

    assert "~ incoming_port_number: 443 => 444" in stack.preview().flat
    (step,) = stack.steps().values()
    assert (step["op"], sorted(step["detailedDiff"])) == ("update", ["generation", "incoming_port_number"])

    stack.up()
    after = dataverse.profile()
    assert (after["emailserverprofileid"], after["incomingportnumber"]) == (before["emailserverprofileid"], 444)
    stack.clean()


def test_an_immutable_change_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """A change that needs another row fails in the preview, with the way to migrate in waves."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    before = dataverse.rows("emailserverprofiles")
    stack.program(PROFILE.replace('"exchange_server"', '"exchange_server_hybrid"') + MAILBOX)

    for refused in (stack.preview(status=FAILED), stack.up(status=FAILED)):
        assert "server_type" in refused.text
        assert "move the mailboxes to it in waves" in refused.text
        assert "allow_replacement=True" in refused.text

    assert dataverse.rows("emailserverprofiles") == before


def test_an_allowed_replacement_moves_the_mailboxes(stack: Stack, dataverse: Dataverse) -> None:
    """With `allow_replacement` the mailboxes move to a new row and the old one goes."""
    allowed = PROFILE.replace("=443", "=443, allow_replacement=True")
    stack.program(allowed + MAILBOX)
    stack.up()
    before = dataverse.profile()
    stack.program(allowed.replace('"exchange_server"', '"exchange_server_hybrid"') + MAILBOX)

    assert stack.steps()["one-account"]["replaceReasons"] == ["server_type"]
    stack.up()

    after = dataverse.profile()
    assert after["emailserverprofileid"] != before["emailserverprofileid"]
    assert after["servertype"] == 2
    assert dataverse.anna()["_emailserverprofile_value"] == after["emailserverprofileid"]
    stack.clean()
