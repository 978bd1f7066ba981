"""What is left when a declaration goes."""

from .emulated import Dataverse, Json
from .programs import BUILT_IN, MAILBOX, PROFILE
from .stack import FAILED, Stack

RESTORED = (
    "_emailserverprofile_value",
    "incomingemaildeliverymethod",
    "outgoingemaildeliverymethod",
    "actdeliverymethod",
    "username",
)

RETAINED = MAILBOX.replace(', on_delete="restore"', "")

CREDENTIALS = """username="anna", password="Mailbox-Passw0rd", process_email_received_after="2026-11-01T00:00:00Z","""


def _old_profile(dataverse: Dataverse) -> Json:
    return dataverse.make("emailserverprofiles", name="Old Exchange", servertype=0)


def test_restore_puts_back_what_was_there(stack: Stack, dataverse: Dataverse) -> None:
    """`on_delete="restore"` gives the mailbox back as it was found, and the profile of ours goes."""
    old = _old_profile(dataverse)["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=old, incomingemaildeliverymethod=2)
    before = dataverse.anna()
    stack.program(PROFILE + MAILBOX.replace('"none"', '"server_side_synchronization"'))
    stack.up()

    stack.destroy()

    after = dataverse.anna()
    assert [after[column] for column in RESTORED] == [before[column] for column in RESTORED]
    assert sorted(dataverse.names("emailserverprofiles")) == ["Microsoft Exchange Online", "Old Exchange"]
    assert stack.state() == {}


def test_restore_names_what_it_left(stack: Stack, dataverse: Dataverse) -> None:
    """What is not ours to put back stays, and each such column is named with its reason."""
    old = _old_profile(dataverse)
    dataverse.edit(
        "mailboxes", dataverse.anna(), _emailserverprofile_value=old["emailserverprofileid"], actdeliverymethod=0
    )
    stack.program(BUILT_IN.replace("on_delete", CREDENTIALS + "on_delete"))
    stack.up()
    dataverse.edit("emailserverprofiles", old, statecode=1)
    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=3)
    ours = dataverse.anna()

    said = stack.destroy().flat

    for left in (
        "incoming_email_delivery_method (somebody else has set it since, to forward_mailbox)",
        "act_delivery_method (it was microsoft_dynamics_365_for_outlook, which Microsoft has retired)",
        "email_server_profile (the email server profile 'Old Exchange' is inactive)",
        "password (a secret cannot be read, so its former value is not known)",
        "process_email_received_after (its former value is never restored)",
    ):
        assert left in said
    after = dataverse.anna()
    for column in ("incomingemaildeliverymethod", "actdeliverymethod", "_emailserverprofile_value"):
        assert after[column] == ours[column]
    assert (after["username"], after["outgoingemaildeliverymethod"]) == (None, 0)


def test_restore_leaves_a_profile_whose_predecessor_is_gone(stack: Stack, dataverse: Dataverse) -> None:
    """A former profile that was deleted meanwhile cannot be given back, which is said."""
    old = _old_profile(dataverse)
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=old["emailserverprofileid"])
    stack.program(BUILT_IN)
    stack.up()
    ours = dataverse.anna()["_emailserverprofile_value"]
    dataverse.delete("emailserverprofiles", old)

    said = stack.destroy().flat

    assert f"email_server_profile (the email server profile {old['emailserverprofileid']} is gone)" in said
    assert dataverse.anna()["_emailserverprofile_value"] == ours


def test_a_profile_in_use_is_not_deleted(stack: Stack, dataverse: Dataverse) -> None:
    """By default mailboxes stay as they are, so their profile may not go: who uses it and the ways out are named."""
    stack.program(PROFILE + RETAINED)
    stack.up()
    before = dataverse.anna()

    refused = stack.destroy(status=FAILED).flat

    assert "1 mailboxes use it: 'Anna Weber'. Nothing was deleted." in refused
    assert "on_delete='restore'" in refused
    assert "on_delete='retain'" in refused
    assert "Traceback" not in refused
    assert list(stack.state()) == ["one-account"]
    assert dataverse.anna() == before

    stack.program(PROFILE.replace("=443", '=443, on_delete="retain"'))
    stack.up()
    stack.destroy()
    assert stack.state() == {}
    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]


def test_the_organizations_default_profile_is_not_deleted(stack: Stack, dataverse: Dataverse) -> None:
    """A profile that new mailboxes would get is in use too."""
    stack.program(PROFILE)
    stack.up()
    (organization,) = dataverse.rows("organizations")
    ours = dataverse.profile()["emailserverprofileid"]
    dataverse.edit("organizations", organization, _defaultemailserverprofileid_value=ours)

    refused = stack.destroy(status=FAILED).flat

    assert "1 organization has it as its default: 'Contoso'" in refused
    assert "Set another default profile for new mailboxes first" in refused
    assert dataverse.profile()["emailserverprofileid"] == ours


def test_everything_may_be_retained(stack: Stack, dataverse: Dataverse) -> None:
    """The default on mailboxes and `retain` on the profile end clean and change nothing."""
    stack.program(PROFILE.replace("=443", '=443, on_delete="retain"') + RETAINED)
    stack.up()
    before = dataverse.rows("emailserverprofiles"), dataverse.rows("mailboxes")
    dataverse.forget_requests()

    stack.destroy()

    assert dataverse.requests() == []
    assert (dataverse.rows("emailserverprofiles"), dataverse.rows("mailboxes")) == before
    assert stack.state() == {}


def test_disable_switches_synchronization_off(stack: Stack, dataverse: Dataverse) -> None:
    """`on_delete="disable"` sets the three delivery methods to none and leaves the rest."""
    stack.program(BUILT_IN.replace('"restore"', '"disable"'))
    stack.up()

    stack.destroy()

    after = dataverse.anna()
    methods = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod")
    assert [after[method] for method in methods] == [0, 0, 2]
    assert after["_emailserverprofile_value"] is not None


def test_an_adopted_profile_is_given_back(stack: Stack, dataverse: Dataverse) -> None:
    """A profile taken over with `adopt=True` is never made twice nor deleted, and restored where asked."""
    dataverse.make("emailserverprofiles", name="Contoso Exchange", servertype=0, incomingportnumber=25)
    stack.program(PROFILE.replace("=443", '=443, adopt=True, on_delete="restore"'))
    stack.up()
    assert dataverse.profile()["incomingportnumber"] == 443
    stack.clean()

    stack.destroy()

    assert dataverse.profile()["incomingportnumber"] == 25
