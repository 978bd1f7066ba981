"""What one run may do at most, and an environment that is not synchronized at all, with the real engine."""

from .emulated import Dataverse
from .programs import BUILT_IN
from .stack import FAILED, Stack

TWO = BUILT_IN + BUILT_IN.replace("anna", "ben")
CHRIS = BUILT_IN.replace("anna", "chris")
OTHER = 'EmailServerProfile("other", name="Other", server_type="exchange_server_hybrid", use_auto_discover=True)\n'


def _limit(stack: Stack, name: str, value: str) -> None:
    stack.pulumi("config", "set", f"dataverse-email:{name}", value)


def _synchronized(dataverse: Dataverse) -> int:
    return [row["incomingemaildeliverymethod"] for row in dataverse.rows("mailboxes")].count(2)


def test_a_run_that_deletes_too_much_stops_and_says_how_many_it_did(stack: Stack, dataverse: Dataverse) -> None:
    """One is given back, the other refused; with the limit lifted, the next run goes on."""
    stack.program(TWO + CHRIS)
    stack.up()
    _limit(stack, "maxDeletedMailboxes", "1")
    stack.program(CHRIS)
    said = stack.up("--continue-on-error", status=FAILED).flat
    assert "this run has deleted, disabled or restored 1 already" in said
    assert "dataverse-email:maxDeletedMailboxes" in said
    assert (_synchronized(dataverse), len(stack.state())) == (2, 2)
    _limit(stack, "maxDeletedMailboxes", "unlimited")
    stack.up()

    assert (_synchronized(dataverse), set(stack.state())) == (1, {"chris"})


def test_a_destroy_takes_the_present_limit_with_the_program(stack: Stack, dataverse: Dataverse) -> None:
    """Without the program the engine destroys with the configuration of the last `up`."""
    stack.program(TWO)
    stack.up()
    _limit(stack, "maxDeletedMailboxes", "0")
    said = stack.destroy("--run-program", "--continue-on-error", status=FAILED).flat
    assert "this run has deleted, disabled or restored 0 already" in said
    assert (_synchronized(dataverse), len(stack.state())) == (2, 2)
    _limit(stack, "maxDeletedMailboxes", "unlimited")
    stack.destroy("--run-program")

    assert (_synchronized(dataverse), stack.state()) == (0, {})


def test_a_preview_that_moves_too_much_fails(stack: Stack, dataverse: Dataverse) -> None:
    """It names the numbers and the setting; nothing is written."""
    stack.program(OTHER + TWO)
    stack.up()
    _limit(stack, "maxMovedMailboxes", "1")
    dataverse.forget_requests()
    stack.program(OTHER + TWO.replace("Microsoft Exchange Online", "Other"))
    said = stack.preview(status=FAILED).flat
    assert "this run would move 2 mailboxes or more to another profile" in said
    assert "allows 1" in said
    assert dataverse.data_requests() == []
    _limit(stack, "maxMovedMailboxes", "2")
    stack.up()

    other = dataverse.row("emailserverprofiles", "Other")["emailserverprofileid"]
    assert dataverse.anna()["_emailserverprofile_value"] == other


def test_a_limit_that_is_no_number_fails_in_the_preview(stack: Stack) -> None:
    """The settings of reach are the only ones that a preview reads."""
    stack.program(TWO)
    _limit(stack, "maxMovedMailboxes", "many")
    said = stack.preview(status=FAILED).flat

    assert "maxMovedMailboxes" in said


def test_synchronization_off_shows_in_the_preview_and_on_brings_the_program_back(
    stack: Stack, dataverse: Dataverse
) -> None:
    """Each method changes under its own name, with one message that says why."""
    stack.program(TWO)
    stack.up()
    _limit(stack, "synchronization", "off")
    said = stack.preview().flat
    assert said.count("dataverse-email:synchronization is off") == 1
    assert "incoming_email_delivery_method" in said
    stack.up()
    assert _synchronized(dataverse) == 0
    stack.clean("--refresh")
    _limit(stack, "synchronization", "on")
    assert "incoming_email_delivery_method" in stack.steps()["anna"]["detailedDiff"]
    stack.up()

    assert _synchronized(dataverse) == 2


def test_a_provider_of_its_own_may_be_switched_off(stack: Stack, dataverse: Dataverse) -> None:
    """The setting is an argument of `Provider` like every other."""
    url = dataverse.settings["DATAVERSE_URL"]
    mailbox = BUILT_IN.replace('on_delete="restore"', 'on_delete="restore", opts=ResourceOptions(provider=copy)')
    stack.program(f'copy = Provider("copy", environment_url="{url}", synchronization="off")\n{mailbox}')
    stack.up()

    assert _synchronized(dataverse) == 0
    assert stack.state()["anna"]["inputs"]["incoming_email_delivery_method"] == "none"
