"""Single columns: no longer stated, cleared, or secret."""

from .emulated import Dataverse
from .programs import PROFILE, SECRET
from .stack import FAILED, Stack


def test_a_column_may_be_left_to_the_server(stack: Stack, dataverse: Dataverse) -> None:
    """A column that is no longer stated shows as a change, costs no request, and keeps its value."""
    stack.program(PROFILE)
    stack.up()
    dataverse.forget_requests()
    stack.program(PROFILE.replace(",\n    incoming_port_number=443", ""))

    assert "- incoming_port_number: 443" in stack.preview().flat
    stack.up()

    assert dataverse.requests() == []
    assert dataverse.profile()["incomingportnumber"] == 443
    stack.clean("--refresh")


def test_a_column_may_be_cleared(stack: Stack, dataverse: Dataverse) -> None:
    """`CLEAR` empties a column, is clean afterwards, and an edit behind Pulumi's back is drift from it."""
    stack.program(PROFILE)
    stack.up()
    stack.program(PROFILE.replace("=443", "=CLEAR"))

    stack.up()

    assert dataverse.profile()["incomingportnumber"] is None
    stack.clean("--refresh")
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingportnumber=993)
    stack.up("--refresh")
    assert dataverse.profile()["incomingportnumber"] is None


def test_a_changed_secret_is_sent_once(stack: Stack, dataverse: Dataverse) -> None:
    """A new password shows as `[secret]`, is sent, and is then as declared."""
    stack.program(PROFILE)
    stack.up()
    stack.program(PROFILE.replace(SECRET, "Another-" + SECRET))
    dataverse.forget_requests()

    shown = stack.preview()
    stack.up()
    stack.up("--expect-no-changes")

    assert "~ incoming_password: [secret] => [secret]" in shown.flat
    assert SECRET not in shown.text
    assert dataverse.writes() == ["PATCH emailserverprofiles"]


def test_a_secret_that_was_removed_is_sent_again(stack: Stack, dataverse: Dataverse) -> None:
    """The service's flag tells that no password is stored any more: a refresh sees it, and `up` sends it."""
    stack.program(PROFILE)
    stack.up()
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingpassword=None, isincomingpasswordset=False)

    stack.up("--refresh")

    assert dataverse.profile()["isincomingpasswordset"]
    stack.clean("--refresh")


def test_a_server_that_was_found_gets_a_location_and_back(stack: Stack, dataverse: Dataverse) -> None:
    """Auto discover goes off with the location that is stated, and on again where the location is cleared."""
    account = "incoming_user_name='crm', incoming_password='x', process_emails_received_after='2026-11-01'"
    program = f"EmailServerProfile.one_account('one', name='Contoso Exchange', {account}, **located)\n"
    directions = "{f'{it}_server_location': location for it in ('incoming', 'outgoing')}\n"
    stack.program("located = {}\n" + program)
    stack.up()

    for location in ("https://mail.contoso.com/EWS/Exchange.asmx", None):
        stated = "CLEAR" if location is None else repr(location)
        stack.program(f"location = {stated}\nlocated = {directions}{program}")
        stack.up()

        found = dataverse.profile()
        assert (found["useautodiscover"], found["incomingserverlocation"]) == (location is None, location)
        stack.clean("--refresh")

    stack.program(f"location = 'https://mail.contoso.com'\nlocated = {directions}{program}")
    stack.up()
    stack.program("located = {}\n" + program)
    assert "Set incoming_server_location and outgoing_server_location to CLEAR" in stack.up(status=FAILED).flat
