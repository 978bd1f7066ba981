"""What somebody changed behind Pulumi's back."""

import pytest

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE
from .stack import FAILED, Stack


@pytest.fixture
def made(stack: Stack) -> Stack:
    """A stack whose program is carried out."""
    stack.program(PROFILE.replace("=443", "=443, allow_replacement=True") + MAILBOX)
    stack.up()
    return stack


def test_drift_shows_under_its_own_name(made: Stack, dataverse: Dataverse) -> None:
    """Edits in the admin center show as property changes, and `up --refresh` repairs them."""
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingportnumber=993)
    dataverse.edit("mailboxes", dataverse.anna(), actdeliverymethod=2)

    shown = made.preview("--refresh").flat
    assert "~ incoming_port_number: 443 => 993" in shown
    assert '~ act_delivery_method: "server_side_synchronization" => "none"' in shown
    assert "~ incoming_port_number: 993 => 443" in shown
    assert sorted(made.steps("--refresh")["anna"]["detailedDiff"]) == ["act_delivery_method", "generation"]
    made.up("--refresh")

    assert dataverse.profile()["incomingportnumber"] == 443
    assert dataverse.anna()["actdeliverymethod"] == 1
    made.clean("--refresh")


def test_drift_in_a_lookup_names_the_profile(made: Stack, dataverse: Dataverse) -> None:
    """A mailbox that was given another profile, or none, is given ours again."""
    built_in = dataverse.row("emailserverprofiles", "Microsoft Exchange Online")["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=built_in)

    assert f'=> "{built_in}"' in made.preview("--refresh").text
    made.up("--refresh")

    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]
    made.clean()


def test_drift_of_an_immutable_column_replaces_the_row(made: Stack, dataverse: Dataverse) -> None:
    """A column that no update can mend is mended by a new row, where the program allows it."""
    dataverse.edit("emailserverprofiles", dataverse.profile(), servertype=1)

    made.up("--refresh")

    assert dataverse.profile()["servertype"] == 0
    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]
    made.clean()


def test_a_profile_that_is_gone_is_made_again(made: Stack, dataverse: Dataverse) -> None:
    """A profile deleted behind Pulumi's back is made again, and its mailbox gets it back."""
    dataverse.delete("emailserverprofiles", dataverse.profile())

    assert "create" in made.preview("--refresh").text
    made.up("--refresh")

    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]
    made.clean("--refresh")


def test_a_mailbox_that_was_born_again_is_adopted_again(made: Stack, dataverse: Dataverse) -> None:
    """A user who left and came back has another mailbox row: it is set up like the one before."""
    before = dataverse.anna()
    dataverse.delete("systemusers", dataverse.row("systemusers", "Anna Weber"))
    names = {"fullname": "Anna Weber", "domainname": "anna@contoso.com", "internalemailaddress": "anna@contoso.com"}
    dataverse.make("systemusers", **names)

    made.up("--refresh")

    after = dataverse.anna()
    assert after["mailboxid"] != before["mailboxid"]
    assert after["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]
    assert made.state()["anna"]["id"] == after["mailboxid"]
    made.clean("--refresh")


def test_a_row_that_vanished_is_not_made_by_an_update(made: Stack, dataverse: Dataverse) -> None:
    """An update of a row that is gone fails and says how to go on; it makes no half-filled row."""
    dataverse.delete("emailserverprofiles", dataverse.profile())
    made.program(PROFILE.replace("=443", "=444, allow_replacement=True") + MAILBOX)

    failed = made.up(status=FAILED).text

    assert "pulumi up --refresh" in failed
    assert dataverse.names("emailserverprofiles") == ["Microsoft Exchange Online"]
    made.up("--refresh")
    assert dataverse.profile()["incomingportnumber"] == 444
