"""The organization's e-mail settings: one row, taken over; some of it inside XML, some beyond our rights."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.errors import KeyNotFound, RowConflict, UnknownOutcome
from tests.system.emulated import Dataverse, Json

from .mailbox import METHODS, ONLINE
from .stack import Stack

TEXT = "<EmailSettings>{}<IncomingEmailDeliveryMethod>{}</IncomingEmailDeliveryMethod>{}</EmailSettings>"
REST = "<OutgoingEmailDeliveryMethod>{}</OutgoingEmailDeliveryMethod><ACTDeliveryMethod>{}</ACTDeliveryMethod>"
OTHER = "<!-- ours --><Filter>é</Filter>"
APPROVALS = {"require_approval_for_user_email": False, "require_approval_for_queue_email": False}
REQUIRED = ("requireapprovalforuseremail", "requireapprovalforqueueemail")


def text(incoming: int, outgoing: int, act: int, other: str = "") -> str:
    """Return the text of `defaultemailsettings` with those codes."""
    return TEXT.format(other, incoming, REST.format(outgoing, act))


def organization(dataverse: Dataverse) -> Json:
    """Return the one row of the organization."""
    (row,) = dataverse.rows("organizations")
    return row


def edit(dataverse: Dataverse, **columns: object) -> Json:
    """Edit the organization behind the provider's back."""
    return dataverse.edit("organizations", organization(dataverse), **columns)


def give_roles(dataverse: Dataverse, *roles: str) -> None:
    """Let the application have these roles, of the environment and of the tenant, and no others."""
    secret = dataverse.settings["ARM_CLIENT_SECRET"]
    wanted = {"secret": secret, "roles": roles}
    dataverse.control("PUT", f"applications/{dataverse.settings['ARM_CLIENT_ID']}", wanted)


@pytest.fixture
def without_tenant_rights(dataverse: Dataverse) -> None:
    """The application is a System Administrator of the environment, and nothing in the tenant."""
    give_roles(dataverse, "System Administrator")


def test_the_settings_are_adopted(stack: Stack, dataverse: Dataverse) -> None:
    """The row is the organization's; what was there is recorded, what is stated is written."""
    edit(dataverse, defaultemailsettings=text(0, 2, 2), _defaultemailserverprofileid_value=None)
    stack.up("settings", default_email_server_profile=ONLINE, **METHODS, **APPROVALS)

    row, state = organization(dataverse), stack.state["settings"]
    online = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    assert state.row_id == row["organizationid"] == state.outputs["organization_id"]
    assert (row["defaultemailsettings"], row["_defaultemailserverprofileid_value"]) == (text(2, 2, 1), online)
    assert [row[name] for name in REQUIRED] == [False, False]
    assert state.outputs["adopted"] is True
    assert "refused" not in state.outputs
    assert state.outputs["previous"] == {
        "default_email_server_profile": CLEAR,
        "incoming_email_delivery_method": "none",
        "outgoing_email_delivery_method": "server_side_synchronization",
        "act_delivery_method": "none",
        "require_approval_for_user_email": True,
        "require_approval_for_queue_email": True,
    }


def test_approval_goes_in_a_request_of_its_own(stack: Stack, dataverse: Dataverse) -> None:
    """The text is read just before it is written, and the requirements are read back."""
    stack.up("settings", **METHODS, **APPROVALS)

    assert dataverse.data_requests() == [
        "GET RetrieveCurrentOrganization",
        "GET organizations",
        "GET organizations",
        "PATCH organizations",
        "PATCH organizations",
        "GET organizations",
    ]


def test_what_is_there_already_costs_one_request(stack: Stack, dataverse: Dataverse) -> None:
    edit(dataverse, defaultemailsettings=text(2, 2, 1))
    stack.up("settings", default_email_server_profile=ONLINE, **METHODS, require_approval_for_user_email=True)

    assert dataverse.writes() == []
    stack.refresh("settings")
    wanted = {"default_email_server_profile": ONLINE, **METHODS, "require_approval_for_user_email": True}
    assert stack.plan("settings", **wanted).changes is False


def test_an_update_changes_one_value(stack: Stack, dataverse: Dataverse) -> None:
    """What else the text holds stays, also what somebody wrote there since."""
    stack.up("settings", **METHODS)
    edit(dataverse, defaultemailsettings=text(2, 2, 1, OTHER))
    stack.up("settings", **{**METHODS, "act_delivery_method": "none"})

    assert organization(dataverse)["defaultemailsettings"] == text(2, 2, 2, OTHER)


def test_a_text_is_written_as_a_whole(stack: Stack, dataverse: Dataverse) -> None:
    """Where there are no defaults yet, one method alone would leave the text half filled."""
    with pytest.raises(RowConflict) as caught:
        stack.up("settings", act_delivery_method="none", default_email_server_profile=CLEAR)

    assert "holds no incoming_email_delivery_method and no outgoing_email_delivery_method yet" in str(caught.value)
    assert dataverse.writes() == []


STRANGE = "<EmailSettings><User><ACTDeliveryMethod>1</ACTDeliveryMethod></User></EmailSettings>"


def test_a_strange_text_is_not_written(stack: Stack, dataverse: Dataverse) -> None:
    """A shape that is not understood is refused with what was found, before anything is written."""
    edit(dataverse, defaultemailsettings=STRANGE)

    with pytest.raises(RowConflict) as caught:
        stack.up("settings", **METHODS, default_email_server_profile=CLEAR)

    assert f"<ACTDeliveryMethod> is not directly in <EmailSettings>: {STRANGE}\nNothing was written." in str(
        caught.value
    )
    assert dataverse.writes() == []


def test_a_strange_text_is_in_nobodys_way(stack: Stack, dataverse: Dataverse) -> None:
    """It concerns only who states a method."""
    edit(dataverse, defaultemailsettings=STRANGE)
    stack.up("settings", default_email_server_profile=CLEAR, on_delete="restore")
    stack.refresh("settings")
    assert organization(dataverse)["_defaultemailserverprofileid_value"] is None
    stack.destroy("settings")

    row = organization(dataverse)
    assert row["defaultemailsettings"] == STRANGE
    assert row["_defaultemailserverprofileid_value"] is not None


def test_an_unknown_profile_is_an_error(stack: Stack, dataverse: Dataverse) -> None:
    with pytest.raises(KeyNotFound, match="find email server profile 'Nowhere': none has that name"):
        stack.up("settings", default_email_server_profile="Nowhere")

    assert dataverse.writes() == []


def test_drift_shows_under_its_own_name(stack: Stack, dataverse: Dataverse) -> None:
    """A method inside the text is a property like any other; a text that became strange shows as it is."""
    stack.up("settings", default_email_server_profile=ONLINE, **METHODS)
    edit(dataverse, defaultemailsettings=text(2, 0, 1), _defaultemailserverprofileid_value=None)
    stack.refresh("settings")

    inputs = stack.state["settings"].inputs
    assert (inputs["outgoing_email_delivery_method"], inputs["default_email_server_profile"]) == ("none", CLEAR)
    stack.up("settings", default_email_server_profile=ONLINE, **METHODS)
    assert organization(dataverse)["defaultemailsettings"] == text(2, 2, 1)

    edit(dataverse, defaultemailsettings=STRANGE)
    stack.refresh("settings")
    assert stack.state["settings"].inputs["act_delivery_method"] == STRANGE


@pytest.mark.usefixtures("without_tenant_rights")
def test_what_is_refused_leaves_the_rest_done(stack: Stack, dataverse: Dataverse) -> None:
    """The refusal is reported with who may do it, the rest is recorded, and each update tries again."""
    process = stack.up("settings", **METHODS, **APPROVALS, on_delete="restore")

    row, outputs = organization(dataverse), stack.state["settings"].outputs
    assert (row["defaultemailsettings"], [row[name] for name in REQUIRED]) == (text(2, 2, 1), [True, True])
    assert outputs["refused"] == list(APPROVALS)
    (said,) = process.warnings
    assert "require_approval_for_user_email and require_approval_for_queue_email could not be written" in said
    assert "HTTP 403 (0x80048405)" in said
    assert said.splitlines()[-1].startswith("Only a Global administrator or an Exchange administrator")

    assert stack.plan("settings", **METHODS, **APPROVALS, on_delete="restore").changes is True
    dataverse.forget_requests()
    assert len(stack.up("settings", **METHODS, **APPROVALS, on_delete="restore").warnings) == 1
    assert dataverse.writes() == ["PATCH organizations"]

    give_roles(dataverse, "System Administrator", "Global Administrator")
    assert stack.up("settings", **METHODS, **APPROVALS, on_delete="restore").warnings == []
    assert [organization(dataverse)[name] for name in REQUIRED] == [False, False]
    assert "refused" not in stack.state["settings"].outputs
    assert stack.plan("settings", **METHODS, **APPROVALS, on_delete="restore").changes is False


@pytest.mark.usefixtures("without_tenant_rights")
def test_a_silent_refusal_is_noticed(stack: Stack, dataverse: Dataverse) -> None:
    """A service may answer like a success and keep the old value."""
    dataverse.control("PATCH", "switches", {"approval_without_rights": "ignore"})
    process = stack.up("settings", require_approval_for_user_email=False)

    assert stack.state["settings"].outputs["refused"] == ["require_approval_for_user_email"]
    assert "Dataverse agreed, and kept the old value" in process.warnings[0]


@pytest.mark.usefixtures("without_tenant_rights")
def test_a_refresh_shows_what_was_refused(stack: Stack, dataverse: Dataverse) -> None:
    """What was refused is drift with a path, until it holds or is no longer stated."""
    stack.up("settings", **APPROVALS)
    stack.refresh("settings")
    assert stack.state["settings"].inputs["require_approval_for_user_email"] is True
    assert stack.plan("settings", **APPROVALS).changes is None

    edit(dataverse, **dict.fromkeys(REQUIRED, False))
    stack.refresh("settings")
    assert stack.plan("settings", **APPROVALS).changes is False


@pytest.mark.usefixtures("without_tenant_rights")
def test_what_is_no_longer_stated_is_no_longer_tried(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("settings", **METHODS, **APPROVALS)
    dataverse.forget_requests()
    stack.up("settings", **METHODS)

    assert dataverse.writes() == []
    assert stack.plan("settings", **METHODS).changes is False


def test_restore_gives_everything_back(stack: Stack, dataverse: Dataverse) -> None:
    """A text that we alone have filled goes with its values."""
    before = organization(dataverse)
    stack.up("settings", default_email_server_profile=CLEAR, **METHODS, **APPROVALS, on_delete="restore")
    assert stack.destroy("settings").warnings == []

    after = organization(dataverse)
    columns = ("_defaultemailserverprofileid_value", "defaultemailsettings", *REQUIRED)
    assert [after[column] for column in columns] == [before[column] for column in columns]
    assert after["defaultemailsettings"] is None


def test_restore_leaves_what_somebody_else_set(stack: Stack, dataverse: Dataverse) -> None:
    edit(dataverse, defaultemailsettings=text(0, 0, 2, OTHER))
    stack.up("settings", **METHODS, on_delete="restore")
    edit(dataverse, defaultemailsettings=text(2, 1, 1, OTHER))
    (said,) = stack.destroy("settings").warnings

    assert "outgoing_email_delivery_method (somebody else has set it since" in said
    assert organization(dataverse)["defaultemailsettings"] == text(0, 1, 2, OTHER)


def test_restore_clears_no_text_in_part(stack: Stack, dataverse: Dataverse) -> None:
    """There was none before, and somebody else has set one method since: the others stay with it."""
    stack.up("settings", default_email_server_profile=CLEAR, **METHODS, on_delete="restore")
    edit(dataverse, defaultemailsettings=text(0, 2, 1))
    (said,) = stack.destroy("settings").warnings

    assert "act_delivery_method (it is written together with incoming_email_delivery_method)" in said
    assert organization(dataverse)["defaultemailsettings"] == text(0, 2, 1)
    assert organization(dataverse)["_defaultemailserverprofileid_value"]


def test_restore_says_what_was_refused(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("settings", **APPROVALS, on_delete="restore")
    give_roles(dataverse, "System Administrator")
    warnings = stack.destroy("settings").warnings

    assert "HTTP 403 (0x80048405)" in warnings[0]
    assert "restore left require_approval_for_user_email (it was refused)" in warnings[1]
    assert [organization(dataverse)[name] for name in REQUIRED] == [False, False]


def test_by_default_the_settings_are_retained(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("settings", **METHODS)
    dataverse.forget_requests()
    stack.destroy("settings")

    assert dataverse.requests() == []


def test_a_create_of_unknown_outcome_is_undone(stack: Stack, dataverse: Dataverse) -> None:
    """No state would record it; the requirements, which go last, were not sent yet."""
    edit(dataverse, defaultemailsettings=text(0, 0, 2, OTHER))
    dataverse.fault("organizations", {"status": 500}, method="PATCH", when="after")

    with pytest.raises(UnknownOutcome):
        stack.up("settings", **METHODS, **APPROVALS)

    row = organization(dataverse)
    assert row["defaultemailsettings"] == text(0, 0, 2, OTHER)
    assert [row[name] for name in REQUIRED] == [True, True]
