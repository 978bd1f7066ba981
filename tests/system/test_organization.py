"""The organization's e-mail settings, with the real engine."""

from .emulated import Dataverse, Json
from .programs import PROFILE
from .stack import FAILED, Stack

SETTINGS = """
settings = OrganizationEmailSettings("settings", default_email_server_profile=profile,
    incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="restore")
"""

APPROVAL = """
settings = OrganizationEmailSettings("settings", default_email_server_profile="Microsoft Exchange Online",
    require_approval_for_queue_email=False)
"""

TEXT = (
    "<EmailSettings><IncomingEmailDeliveryMethod>{}</IncomingEmailDeliveryMethod>"
    "<OutgoingEmailDeliveryMethod>{}</OutgoingEmailDeliveryMethod>"
    "<ACTDeliveryMethod>{}</ACTDeliveryMethod></EmailSettings>"
)

OURS = ("_defaultemailserverprofileid_value", "defaultemailsettings", "requireapprovalforqueueemail")


def organization(dataverse: Dataverse) -> Json:
    """Return the one row of the organization."""
    (row,) = dataverse.rows("organizations")
    return row


def test_new_mailboxes_get_the_defaults(stack: Stack, dataverse: Dataverse) -> None:
    """A user and a queue that are made after `up` have the profile and the methods; a second `up` asks nobody."""
    stack.program(PROFILE + SETTINGS)
    stack.up()

    made = {"fullname": "Dora Lind", "domainname": "dora@contoso.com", "internalemailaddress": "dora@contoso.com"}
    dataverse.make("systemusers", **made)
    dora = dataverse.row("mailboxes", "Dora Lind")
    assert dora["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]
    assert (dora["incomingemaildeliverymethod"], dora["actdeliverymethod"]) == (2, 1)
    dataverse.forget_requests()
    stack.clean()
    stack.up("--expect-no-changes")
    assert dataverse.requests() == []


def test_drift_is_shown_repaired_and_given_back(stack: Stack, dataverse: Dataverse) -> None:
    """A method inside the text drifts under its own name; `destroy` restores what was there before."""
    dataverse.edit("organizations", organization(dataverse), defaultemailsettings=TEXT.format(0, 0, 2))
    before = organization(dataverse)
    stack.program(PROFILE + SETTINGS)
    stack.up()
    dataverse.edit("organizations", organization(dataverse), defaultemailsettings=TEXT.format(2, 2, 2))

    assert '~ act_delivery_method: "none" => "server_side_synchronization"' in stack.preview("--refresh").flat
    assert sorted(stack.steps("--refresh")["settings"]["detailedDiff"]) == ["act_delivery_method"]
    stack.up("--refresh")
    assert organization(dataverse)["defaultemailsettings"] == TEXT.format(2, 2, 1)
    stack.clean("--refresh")

    stack.destroy()
    after = organization(dataverse)
    assert [after[column] for column in OURS] == [before[column] for column in OURS]
    assert dataverse.names("emailserverprofiles") == ["Microsoft Exchange Online"]
    assert stack.state() == {}


def test_a_refused_requirement_leaves_the_rest_done(stack: Stack, dataverse: Dataverse) -> None:
    """Without rights in the tenant the refusal is shown, all else is recorded, and `up` tries until it is achieved."""
    application = f"applications/{dataverse.settings['ARM_CLIENT_ID']}"
    secret, online = (
        dataverse.settings["ARM_CLIENT_SECRET"],
        dataverse.row("emailserverprofiles", "Microsoft Exchange Online"),
    )
    dataverse.control("PUT", application, {"secret": secret, "roles": ["System Administrator"]})
    dataverse.edit("organizations", organization(dataverse), _defaultemailserverprofileid_value=None)
    stack.program(APPROVAL)

    shown = stack.up().flat

    assert "require_approval_for_queue_email could not be written; all else is done." in shown
    assert "require_approval_for_user_email: without the requirement any address is synchronized" in shown
    assert "Only a Global administrator or an Exchange administrator of the tenant" in shown
    assert organization(dataverse)["_defaultemailserverprofileid_value"] == online["emailserverprofileid"]
    assert stack.state()["settings"]["outputs"]["refused"] == ["require_approval_for_queue_email"]
    assert stack.steps()["settings"]["op"] == "update"

    dataverse.control("PUT", application, {"secret": secret, "roles": ["System Administrator", "Global Administrator"]})
    stack.up()
    assert organization(dataverse)["requireapprovalforqueueemail"] is False
    stack.clean()


def test_the_organization_has_one_resource(stack: Stack, dataverse: Dataverse) -> None:
    """A second one in the program is refused in the preview, and nothing is sent."""
    stack.program(APPROVAL + APPROVAL.replace('"settings"', '"again"'))

    shown = stack.preview(status=FAILED).flat

    assert "'settings' declares the organization already, and there is one: keep one" in shown
    assert dataverse.requests() == []
