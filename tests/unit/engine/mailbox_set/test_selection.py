"""A set of whom a selection finds."""

from collections.abc import Mapping

import pytest

from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.errors import KeyNotFound, ReachExceeded, RowConflict
from tests.system.emulated import Dataverse, Json
from tests.unit.engine.mailbox import METHODS, ONLINE
from tests.unit.engine.stack import Stack

from .people import ALL, ANNA, BEN, CHRIS, NONE, SUPPORT, methods, written

SALES = "queue:Sales"
ROOT = "Contoso"
"""The business unit that everybody belongs to."""


def person(dataverse: Dataverse, name: str) -> Json:
    """Return a user."""
    return dataverse.row("systemusers", name)


@pytest.fixture
def teams(dataverse: Dataverse) -> None:
    """A team of Anna and Ben, which owns a queue, and a business unit of Chris."""
    team = dataverse.make("teams", name="Field")
    for name in ("Anna Weber", "Ben Ortiz"):
        dataverse.make("teammemberships", teamid=team["teamid"], systemuserid=person(dataverse, name)["systemuserid"])
    unit = dataverse.make("businessunits", name="Labs")
    dataverse.edit("systemusers", person(dataverse, "Chris Park"), _businessunitid_value=unit["businessunitid"])
    support = dataverse.row("queues", "Support")
    dataverse.edit(
        "queues", support, _owningteam_value=team["teamid"], _owningbusinessunit_value=unit["businessunitid"]
    )
    profile = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    for name in ("Ben Ortiz", "Chris Park", "Support"):
        dataverse.edit("mailboxes", dataverse.row("mailboxes", name), _emailserverprofile_value=profile)


@pytest.mark.usefixtures("teams")
@pytest.mark.parametrize(
    ("selection", "found"),
    [
        ({"of": "users"}, {ANNA, BEN, CHRIS}),
        ({"of": "users", "team": "Field"}, {ANNA, BEN}),
        ({"of": "users", "business_unit": "labs"}, {CHRIS}),
        ({"of": "users", "team": "Field", "name_starts_with": "ann"}, {ANNA}),
        ({"of": "users", "address_ends_with": "S@contoso.com"}, {CHRIS}),
        ({"of": "users", "address_ends_with": "_@contoso.com"}, set()),
        ({"of": "users", "email_server_profile": ONLINE}, {BEN, CHRIS}),
        ({"of": "queues"}, {SUPPORT, SALES}),
        ({"of": "queues", "team": "Field"}, {SUPPORT}),
        ({"of": "queues", "business_unit": "Labs"}, {SUPPORT}),
        ({"of": "queues", "name_starts_with": "sal"}, {SALES}),
        ({"of": "queues", "email_server_profile": ONLINE, "address_ends_with": "t@contoso.com"}, {SUPPORT}),
    ],
)
def test_a_selection_finds_who_meets_all_of_it(
    stack: Stack, dataverse: Dataverse, selection: Mapping[str, object], found: set[str]
) -> None:
    declared = {"selection": selection, "verbose_logging_enabled": 5}
    if not found:
        with pytest.raises(KeyNotFound, match="nobody meets all of the selection"):
            stack.up("sales", **declared)
        assert dataverse.writes() == []
        return
    stack.up("sales", **declared)

    assert set(stack.state["sales"].outputs["mailboxes"]) == found


@pytest.mark.parametrize("name", ["business_unit", "team", "email_server_profile"])
def test_what_a_selection_names_must_be_there(stack: Stack, dataverse: Dataverse, name: str) -> None:
    with pytest.raises(KeyNotFound, match=f"find {name.replace('_', ' ')} 'Nowhere': none has that name"):
        stack.up("sales", selection={"of": "users", name: "Nowhere"}, **METHODS)

    assert dataverse.writes() == []


def test_a_selection_by_the_profile_that_the_set_changes_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """A name and an id are compared when the set is written: its members would have left with the first write."""
    profile = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    other = dataverse.make("emailserverprofiles", name="Other")["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=profile)
    selection = {"of": "users", "email_server_profile": ONLINE}
    with pytest.raises(RowConflict, match="they would have left the selection at once"):
        stack.up("sales", selection=selection, email_server_profile=other)

    assert dataverse.writes() == []
    stack.up("sales", selection=selection, email_server_profile=profile)


def test_disabled_users_and_inactive_queues_belong_to_none(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.edit("systemusers", person(dataverse, "Ben Ortiz"), isdisabled=True)
    dataverse.edit("queues", dataverse.row("queues", "Support"), statecode=1, statuscode=2)
    stack.up("users", selection={"of": "users"}, **METHODS)
    stack.up("queues", selection={"of": "queues"}, incoming_email_delivery_method="none")

    assert stack.state["users"].outputs["mailboxes"].keys() == {ANNA, CHRIS}
    assert stack.state["queues"].outputs["mailboxes"].keys() == {SALES}
    assert "waiting" not in stack.state["users"].outputs


def test_single_members_of_a_selection_have_settings_of_their_own(stack: Stack, dataverse: Dataverse) -> None:
    """By whatever key the program calls them; who is not selected is told of."""
    ben = f"user:{person(dataverse, 'Ben Ortiz')['systemuserid'].upper()}"
    dora = "user:dora@contoso.com"
    own: Mapping[str, object] = {ben: {"act_delivery_method": "none"}, dora: {"username": "dora"}}
    process = stack.up("sales", selection={"of": "users"}, members=own, **METHODS)

    assert methods(dataverse) == {ANNA: ALL, BEN: (2, 2, 2), CHRIS: ALL, SUPPORT: NONE}
    assert stack.state["sales"].outputs["mailboxes"].keys() == {ANNA, ben, CHRIS}
    assert process.warnings == [f"MailboxSet: not in the selection, though settings name them: {dora}."]


def test_queues_of_one_name_are_told_apart(stack: Stack, dataverse: Dataverse) -> None:
    twin = dataverse.make("queues", name="Support", emailaddress="second@contoso.com")
    stack.up("queues", selection={"of": "queues"}, incoming_email_delivery_method="none")

    found = stack.state["queues"].outputs["mailboxes"]
    assert found.keys() == {"queue:support@contoso.com", "queue:second@contoso.com", SALES}
    made = dataverse.control("GET", f"rows/queues/{twin['queueid']}")
    assert found["queue:second@contoso.com"]["id"] == made["_defaultmailbox_value"]


def test_an_unchanged_selection_is_not_resolved(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", selection={"of": "users"}, **METHODS)
    dataverse.forget_requests()
    stack.up("sales", selection={"of": "users"}, **METHODS)

    assert dataverse.data_requests() == []


def test_an_update_takes_over_who_joined_and_gives_back_who_left(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", selection={"of": "users"}, on_delete="disable", **METHODS)
    dataverse.edit("systemusers", person(dataverse, "Ben Ortiz"), isdisabled=True)
    dataverse.make("systemusers", domainname="dora@contoso.com", lastname="Dora")
    with written(dataverse) as who:
        stack.up("sales", selection={"of": "users"}, on_delete="disable", username="all", **METHODS)

    assert who == [ANNA, BEN, CHRIS]
    assert methods(dataverse)[BEN] == NONE
    assert dataverse.row("mailboxes", "Dora")["incomingemaildeliverymethod"] == 2
    assert stack.state["sales"].outputs["mailboxes"].keys() == {ANNA, CHRIS, "user:dora@contoso.com"}


def test_who_joined_and_left_is_drift_with_a_path(stack: Stack, dataverse: Dataverse) -> None:
    """A refresh names them, the next update settles it."""
    stack.up("sales", selection={"of": "users"}, **METHODS)
    dataverse.edit("systemusers", person(dataverse, "Ben Ortiz"), isdisabled=True)
    dataverse.make("systemusers", domainname="dora@contoso.com", lastname="Dora")
    stack.refresh("sales")

    changes = {BEN: "left", "user:dora@contoso.com": "joined"}
    assert stack.state["sales"].inputs["selection_changes"] == changes
    assert stack.plan("sales", selection={"of": "users"}, **METHODS).changes is None
    stack.up("sales", selection={"of": "users"}, **METHODS)
    assert "selection_changes" not in stack.state["sales"].outputs
    assert stack.refresh("sales")
    assert "selection_changes" not in stack.state["sales"].inputs


def test_a_refresh_of_an_unchanged_selection_changes_nothing(stack: Stack) -> None:
    stack.up("sales", selection={"of": "users"}, email_server_profile=ONLINE, **METHODS)
    before = dict(stack.state["sales"].inputs)
    stack.refresh("sales")

    assert stack.state["sales"].inputs == before


def test_a_selection_that_finds_more_than_the_limit_writes_nothing(stack: Stack, dataverse: Dataverse) -> None:
    stack.limits = Limits(moved=2)
    with pytest.raises(ReachExceeded, match=r"it finds 3 mailboxes that are new(.|\n)*maxMovedMailboxes allows 2"):
        stack.up("sales", selection={"of": "users"}, **METHODS)

    assert dataverse.writes() == []


def test_a_preview_of_a_selection_that_moves_more_than_the_limit_fails(stack: Stack, dataverse: Dataverse) -> None:
    """Whom it found before is known; who stays where it is does not count, nor who has a profile of its own."""
    selected: dict[str, object] = {"selection": {"of": "users"}, "members": {ANNA: {"email_server_profile": ONLINE}}}
    stack.up("sales", **selected, email_server_profile=ONLINE, **METHODS)
    stack.limits = Limits(moved=1)
    dataverse.forget_requests()
    with pytest.raises(ReachExceeded, match=r"this run would move 2 mailboxes(.|\n)*maxMovedMailboxes allows 1"):
        stack.plan("sales", **selected, email_server_profile="Other", **METHODS)

    assert stack.plan("sales", **selected, email_server_profile=ONLINE.upper(), **METHODS).changes is False
    assert stack.plan("sales", **selected, **METHODS).changes is None
    assert dataverse.data_requests() == []


def test_a_selection_that_fits_already_is_within_every_limit(stack: Stack) -> None:
    """Adopting what is as declared changes nobody's mail."""
    stack.up("first", selection={"of": "users"}, **METHODS)
    stack.limits = Limits(moved=0)
    stack.up("second", selection={"of": "users"}, **METHODS)

    assert len(stack.state["second"].outputs["mailboxes"]) == 3


def test_a_selection_that_finds_nobody_any_more_gives_nobody_back(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", selection={"of": "users", "name_starts_with": "anna"}, on_delete="disable", **METHODS)
    with written(dataverse) as who, pytest.raises(KeyNotFound, match="remove the set from the program"):
        stack.up("sales", selection={"of": "users", "name_starts_with": "anan"}, on_delete="disable", **METHODS)

    assert who == []
