"""A set: taking members over, changing them, going on with who is behind."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.errors import KeyNotFound, RowConflict, Unreachable
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS, ONLINE, SECRET
from tests.unit.engine.stack import Stack

from .people import ALL, ANNA, BEN, CHRIS, MEMBERS, NAMES, NONE, SUPPORT, mailbox_id, methods, refuse, written

ORGANIZATION = "GET RetrieveCurrentOrganization"
OFF_ACT = {**METHODS, "act_delivery_method": "none"}


def test_all_members_get_the_template_and_an_own_setting_wins(stack: Stack, dataverse: Dataverse) -> None:
    members = {**MEMBERS, BEN: {"act_delivery_method": "none"}}
    stack.up("sales", members=members, **METHODS)

    assert methods(dataverse) == {ANNA: ALL, BEN: (2, 2, 2), CHRIS: ALL, SUPPORT: NONE}
    state = stack.state["sales"].outputs
    assert set(state["mailboxes"]) == set(members)
    assert state["mailboxes"][ANNA]["id"] == dataverse.anna()["mailboxid"]
    assert not {"failed", "waiting"} & state.keys()
    assert stack.plan("sales", members=members, **METHODS).changes is False


def test_users_and_queues_may_be_members_of_one_set(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members={ANNA: {}, SUPPORT: {}}, **OFF_ACT)

    assert methods(dataverse) == {ANNA: (2, 2, 2), BEN: NONE, CHRIS: NONE, SUPPORT: (2, 2, 2)}


def test_a_create_costs_a_list_of_owners_one_of_rows_and_a_batch(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members=MEMBERS, **METHODS)

    assert dataverse.data_requests() == [ORGANIZATION, "GET systemusers", "GET mailboxes", "POST $batch"]


def test_nothing_is_sent_for_what_fits_already(stack: Stack, dataverse: Dataverse) -> None:
    """Mailboxes that are as declared are recorded, and left alone."""
    stack.up("first", members=MEMBERS, **METHODS)
    dataverse.forget_requests()
    stack.up("second", members=MEMBERS, **METHODS)

    assert dataverse.writes() == []
    assert stack.state["second"].outputs["mailboxes"].keys() == MEMBERS.keys()


def test_an_unchanged_set_asks_nothing(stack: Stack, dataverse: Dataverse) -> None:
    declared = {"members": MEMBERS, "email_server_profile": ONLINE, "password": SECRET, "username": "all", **METHODS}
    stack.up("sales", **declared)
    dataverse.forget_requests()
    stack.up("sales", **declared)

    assert dataverse.data_requests() == []


def test_a_changed_template_is_one_batch_and_nothing_else(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members=MEMBERS, email_server_profile=ONLINE, **METHODS)
    dataverse.forget_requests()
    with written(dataverse) as who:
        stack.up("sales", members=MEMBERS, email_server_profile=ONLINE, **OFF_ACT)

    assert dataverse.data_requests() == [ORGANIZATION, "POST $batch"]
    assert who == [*MEMBERS]


def test_what_nobody_changed_is_not_written_again(stack: Stack, dataverse: Dataverse) -> None:
    """Like a single mailbox, a set sends what changed, and nothing that somebody else has set meanwhile."""
    stack.up("sales", members=MEMBERS, **METHODS)
    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=0)
    stack.up("sales", members=MEMBERS, **OFF_ACT)

    assert methods(dataverse)[ANNA] == (0, 2, 2)


@pytest.mark.parametrize(
    ("change", "who"),
    [
        ({"username": "others"}, [*MEMBERS]),
        ({"members": {**MEMBERS, BEN: {"username": "ben"}}}, [BEN]),
        ({"members": {**MEMBERS, BEN: {"act_delivery_method": "none"}}}, []),
    ],
    ids=["of all", "of one", "none"],
)
def test_a_user_name_is_sent_with_its_password(
    stack: Stack, dataverse: Dataverse, change: dict[str, object], who: list[str]
) -> None:
    """Somebody may have changed both elsewhere, and nobody can read the password."""
    declared: dict[str, object] = {"members": MEMBERS, "username": "all", "password": SECRET}
    stack.up("sales", **declared)
    for key in MEMBERS:
        dataverse.edit("mailboxes", dataverse.row("mailboxes", NAMES[key]), password=None)
    stack.up("sales", **declared | change)

    assert [key for key in MEMBERS if dataverse.row("mailboxes", NAMES[key])["ispasswordset"]] == who


def test_one_member_s_own_change_is_that_member_s(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members=MEMBERS, **METHODS)
    with written(dataverse) as who:
        stack.up("sales", members={**MEMBERS, CHRIS: {"act_delivery_method": "none"}}, **METHODS)

    assert who == [CHRIS]


def test_a_changed_user_name_is_sent_with_its_password(stack: Stack, dataverse: Dataverse) -> None:
    """The password that Dataverse holds belongs to the user name that was there before."""
    own = {"allow_email_connector_to_use_credentials": True, "password": SECRET}
    stack.up("sales", members={ANNA: {}}, **own, username="first")
    dataverse.edit("mailboxes", dataverse.anna(), password=None)

    stack.up("sales", members={ANNA: {}}, **own, username="second")

    anna = dataverse.anna()
    assert (anna["username"], anna["ispasswordset"]) == ("second", True)


def test_who_joins_is_taken_over_alone(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members={ANNA: {}}, **METHODS)
    with written(dataverse) as who:
        stack.up("sales", members=MEMBERS, **METHODS)

    assert who == [BEN, CHRIS]


@pytest.mark.parametrize("first", [{}, {ANNA: {}}], ids=["at creation", "in an update"])
def test_one_member_s_failure_is_that_member_s(
    stack: Stack, dataverse: Dataverse, first: dict[str, dict[str, object]]
) -> None:
    """The others are done, the state says who is behind, and the next update does only that one."""
    if first:
        stack.up("sales", members=first, **METHODS)
    refuse(dataverse, BEN)
    stack.up("sales", members=MEMBERS, **METHODS)

    assert methods(dataverse) == {ANNA: ALL, BEN: NONE, CHRIS: ALL, SUPPORT: NONE}
    failed = stack.state["sales"].outputs["failed"]
    assert list(failed) == [BEN]
    assert "grants prvWriteMailbox" in failed[BEN]
    assert stack.plan("sales", members=MEMBERS, **METHODS).changes is True
    dataverse.control("DELETE", "faults")
    with written(dataverse) as who:
        stack.up("sales", members=MEMBERS, **METHODS)

    assert who == [BEN]
    assert methods(dataverse)[BEN] == ALL
    assert stack.plan("sales", members=MEMBERS, **METHODS).changes is False


def test_who_failed_once_is_remembered_as_it_was_before(stack: Stack, dataverse: Dataverse) -> None:
    """The answer to a write was lost: what the mailbox held is known all the same."""
    dataverse.fault("$batch", {"reset": True}, when="after", times=20)
    stack.up("sales", members={BEN: {}}, **METHODS)
    assert "failed" in stack.state["sales"].outputs
    dataverse.control("DELETE", "faults")
    stack.up("sales", members={BEN: {}}, **METHODS)

    assert stack.state["sales"].outputs["mailboxes"][BEN]["previous"]["act_delivery_method"] == "none"


def test_where_nobody_answers_nothing_is_recorded(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.fault("systemusers", {"reset": True}, times=20)
    with pytest.raises(Unreachable):
        stack.up("sales", members=MEMBERS, **METHODS)

    assert stack.state == {}


@pytest.mark.parametrize(("policy", "where"), [("error", "failed"), ("wait", "waiting")])
def test_who_is_not_there_is_tried_again(stack: Stack, dataverse: Dataverse, policy: str, where: str) -> None:
    dora = "user:dora@contoso.com"
    declared = {"members": {**MEMBERS, dora: {}}, "when_missing": policy, **METHODS}
    process = stack.up("sales", **declared)

    assert list(stack.state["sales"].outputs[where]) == [dora]
    assert "dora@contoso.com" in stack.state["sales"].outputs[where][dora]
    assert len(process.warnings) == (policy == "wait")
    assert methods(dataverse) == {ANNA: ALL, BEN: ALL, CHRIS: ALL, SUPPORT: NONE}
    dataverse.make("systemusers", domainname="dora@contoso.com", lastname="Dora")
    stack.up("sales", **declared)

    assert dataverse.row("mailboxes", "Dora")["incomingemaildeliverymethod"] == 2
    assert where not in stack.state["sales"].outputs


def test_a_disabled_user_waits(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.edit("systemusers", dataverse.row("systemusers", "Ben Ortiz"), isdisabled=True)
    process = stack.up("sales", members=MEMBERS, **METHODS)

    assert "the user is disabled" in stack.state["sales"].outputs["waiting"][BEN]
    assert "1 of 3 members wait" in process.warnings[0]
    assert methods(dataverse)[BEN] == NONE


def test_two_members_that_are_one_mailbox_are_told(stack: Stack, dataverse: Dataverse) -> None:
    """An address and an id lead to one mailbox: the second is refused, the first is done."""
    again = f"user:{dataverse.row('systemusers', 'Anna Weber')['systemuserid']}"
    stack.up("sales", members={ANNA: {}, again: {}}, **METHODS)

    assert stack.state["sales"].outputs["failed"] == {again: f"is the mailbox of {ANNA}, too: keep one of the two."}
    assert methods(dataverse)[ANNA] == ALL


def test_another_key_of_the_same_mailbox_writes_nothing(stack: Stack, dataverse: Dataverse) -> None:
    """A member that is called otherwise stays a member: what it held before stays known, and nothing is given back."""
    stack.up("sales", members=MEMBERS, on_delete="restore", **METHODS)
    before = stack.state["sales"].outputs["mailboxes"][ANNA]
    again = f"user:{dataverse.row('systemusers', 'Anna Weber')['systemuserid']}"
    with written(dataverse) as who:
        stack.up("sales", members={again: {}, BEN: {}, CHRIS: {}}, on_delete="restore", **METHODS)

    assert who == []
    assert stack.state["sales"].outputs["mailboxes"][again] == before


def test_a_mailbox_of_another_resource_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    process = stack.up("anna", user="anna@contoso.com")
    stack.up("sales", process, members=MEMBERS, **METHODS)

    assert "two resources declare one mailbox" in stack.state["sales"].outputs["failed"][ANNA]
    assert methods(dataverse) == {ANNA: NONE, BEN: ALL, CHRIS: ALL, SUPPORT: NONE}


def test_a_single_mailbox_of_a_member_is_refused(stack: Stack) -> None:
    process = stack.up("sales", members=MEMBERS, **METHODS)
    with pytest.raises(RowConflict, match="a member of the MailboxSet 'sales'"):
        stack.up("anna", process, user="anna@contoso.com")


def test_a_profile_that_is_not_there_stops_the_set(stack: Stack, dataverse: Dataverse) -> None:
    with pytest.raises(KeyNotFound, match="find email server profile 'Nowhere'"):
        stack.up("sales", members=MEMBERS, email_server_profile="Nowhere", **METHODS)

    assert dataverse.writes() == []


def test_a_member_s_own_profile_that_is_not_there_is_that_member_s(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members={**MEMBERS, BEN: {"email_server_profile": "Nowhere"}}, **METHODS)

    assert "find email server profile 'Nowhere'" in stack.state["sales"].outputs["failed"][BEN]
    assert methods(dataverse) == {ANNA: ALL, BEN: NONE, CHRIS: ALL, SUPPORT: NONE}


def test_a_mailbox_that_was_deleted_is_told_and_found_again(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members=MEMBERS, **METHODS)
    dataverse.delete("mailboxes", dataverse.row("mailboxes", "Chris Park"))
    stack.up("sales", members=MEMBERS, **OFF_ACT)

    outputs = stack.state["sales"].outputs
    assert set(outputs["failed"]) == {CHRIS}
    assert CHRIS not in outputs["mailboxes"]
    stack.up("sales", members=MEMBERS, **OFF_ACT)
    assert "the user has no mailbox" in stack.state["sales"].outputs["failed"][CHRIS]


def test_a_later_date_is_left_and_told_once(stack: Stack, dataverse: Dataverse) -> None:
    """Thousands of mailboxes are one warning."""
    for name in ("Anna Weber", "Ben Ortiz"):
        dataverse.edit("mailboxes", dataverse.row("mailboxes", name), processemailreceivedafter="2026-11-20T08:00:00Z")
    process = stack.up("sales", members=MEMBERS, process_email_received_after="2026-11-01")

    assert dataverse.anna()["processemailreceivedafter"] == "2026-11-20T08:00:00Z"
    (warning,) = process.warnings
    assert "process_email_received_after of 2 mailboxes stays where the service moved it" in warning


def test_a_setting_may_be_cleared_for_all_and_for_one(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members={**MEMBERS, BEN: {"username": CLEAR}}, username="all")
    assert [dataverse.row("mailboxes", name)["username"] for name in ("Anna Weber", "Ben Ortiz")] == ["all", None]
    stack.up("sales", members=MEMBERS, username=CLEAR)

    assert dataverse.anna()["username"] is None


def test_a_throttled_part_is_sent_again(stack: Stack, dataverse: Dataverse) -> None:
    answer = {"status": 429, "headers": {"Retry-After": "1"}, "body": "{}"}
    dataverse.fault(f"mailboxes({mailbox_id(dataverse, BEN)})", answer, method="PATCH", times=2)
    stack.up("sales", members=MEMBERS, **METHODS)

    assert methods(dataverse) == {ANNA: ALL, BEN: ALL, CHRIS: ALL, SUPPORT: NONE}
    assert "failed" not in stack.state["sales"].outputs
