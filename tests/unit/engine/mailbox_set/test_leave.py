"""A set: members that leave, and the set that goes."""

import pytest

from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.errors import DataverseError, ReachExceeded
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS, SECRET
from tests.unit.engine.stack import Stack

from .people import ALL, ANNA, BEN, CHRIS, MEMBERS, NONE, methods, refuse, written

LEFT: dict[str, object] = {ANNA: {}, CHRIS: {}}


@pytest.fixture
def before(dataverse: Dataverse) -> None:
    """Let Ben's mailbox hold something else than a new one."""
    dataverse.edit("mailboxes", dataverse.row("mailboxes", "Ben Ortiz"), outgoingemaildeliverymethod=2, username="ben")


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize(("policy", "after"), [("retain", ALL), ("disable", NONE), ("restore", (0, 2, 2))])
@pytest.mark.parametrize("all_go", [False, True], ids=["one member", "the set"])
def test_who_leaves_is_given_back_as_on_delete_says(
    stack: Stack, dataverse: Dataverse, policy: str, after: tuple[int, ...], *, all_go: bool
) -> None:
    stack.up("sales", members=MEMBERS, on_delete=policy, username="all", **METHODS)
    if all_go:
        stack.destroy("sales")
    else:
        stack.up("sales", members=LEFT, on_delete=policy, username="all", **METHODS)

    assert methods(dataverse)[BEN] == after
    assert dataverse.row("mailboxes", "Ben Ortiz")["username"] == ("ben" if policy == "restore" else "all")
    assert all_go or methods(dataverse)[ANNA] == ALL
    assert all_go or BEN not in stack.state["sales"].outputs["mailboxes"]


def test_a_retaining_delete_asks_nothing(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members=MEMBERS, **METHODS)
    dataverse.forget_requests()
    stack.destroy("sales")

    assert dataverse.data_requests() == []


@pytest.mark.parametrize(("policy", "reads"), [("disable", []), ("restore", ["GET mailboxes"])])
def test_a_delete_costs_a_list_and_a_batch(stack: Stack, dataverse: Dataverse, policy: str, reads: list[str]) -> None:
    stack.up("sales", members=MEMBERS, on_delete=policy, **METHODS)
    dataverse.forget_requests()
    stack.destroy("sales")

    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", *reads, "POST $batch"]


def test_restore_leaves_what_somebody_else_has_set(stack: Stack, dataverse: Dataverse) -> None:
    """It is told once for all, and each mailbox is named with what was left, and no secret."""
    stack.up("sales", members=MEMBERS, on_delete="restore", password=SECRET, username="all", **METHODS)
    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=1)
    process = stack.destroy("sales")

    assert methods(dataverse)[ANNA] == (1, 0, 2)
    (warning,) = process.warnings
    assert warning.startswith("restore left something of 3 mailboxes as it is:")
    assert "incoming_email_delivery_method (somebody else has set it since, to microsoft_dynamics_365_for" in warning
    assert SECRET not in warning


def test_a_mailbox_that_is_gone_needs_nothing(stack: Stack, dataverse: Dataverse) -> None:
    for policy in ("disable", "restore"):
        stack.up(policy, members=MEMBERS, on_delete=policy, **METHODS)
    dataverse.delete("mailboxes", dataverse.anna())
    stack.destroy("restore")
    stack.destroy("disable")

    assert stack.state == {}


def test_who_cannot_be_given_back_is_tried_again(stack: Stack, dataverse: Dataverse) -> None:
    """In an update, the member stays known until its mailbox is given back."""
    stack.up("sales", members=MEMBERS, on_delete="restore", **METHODS)
    refuse(dataverse, BEN)
    stack.up("sales", members=LEFT, on_delete="restore", **METHODS)

    outputs = stack.state["sales"].outputs
    assert (set(outputs["failed"]), set(outputs["mailboxes"])) == ({BEN}, set(MEMBERS))
    assert stack.plan("sales", members=LEFT, on_delete="restore", **METHODS).changes is True
    dataverse.control("DELETE", "faults")
    stack.up("sales", members=LEFT, on_delete="restore", **METHODS)

    assert methods(dataverse)[BEN] == NONE
    assert stack.plan("sales", members=LEFT, on_delete="restore", **METHODS).changes is False


def test_what_a_member_had_of_its_own_is_restored_however_late(stack: Stack, dataverse: Dataverse) -> None:
    """It left, could not be given back at first, and the settings of all have changed since."""
    own: dict[str, object] = {ANNA: {}, BEN: {"username": "ben"}}
    stack.up("sales", members=own, on_delete="restore", username="all", **METHODS)
    refuse(dataverse, BEN)
    stack.up("sales", members={ANNA: {}}, on_delete="restore", username="others", **METHODS)
    dataverse.control("DELETE", "faults")
    stack.up("sales", members={ANNA: {}}, on_delete="restore", username="others")

    assert methods(dataverse)[BEN] == NONE
    assert dataverse.row("mailboxes", "Ben Ortiz")["username"] is None


def test_a_state_with_failures_holds_no_secret(stack: Stack, dataverse: Dataverse) -> None:
    """What a member held when a write failed is recorded, its password is not."""
    declared = {"members": MEMBERS, "username": "all", "on_delete": "restore"}
    stack.up("sales", password=SECRET, **declared)
    refuse(dataverse, BEN)
    stack.up("sales", password=SECRET, **declared, **METHODS)

    outputs = stack.state["sales"].outputs
    assert outputs["mailboxes"][BEN]["holds"] == {"username": "all"}
    assert SECRET not in str({name: it for name, it in outputs.items() if name != "password"})


def test_a_delete_that_fails_for_one_goes_on_with_the_rest(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("sales", members=MEMBERS, on_delete="restore", **METHODS)
    refuse(dataverse, BEN)
    with pytest.raises(DataverseError, match=r"1 of 3 mailboxes could not be given back; the others are:\n- user:ben"):
        stack.destroy("sales")

    assert methods(dataverse)[ANNA] == NONE
    dataverse.control("DELETE", "faults")
    with written(dataverse) as who:
        stack.destroy("sales")
    assert who == [BEN]


@pytest.mark.parametrize("policy", ["disable", "restore"])
def test_more_leave_than_the_limit_allows(stack: Stack, dataverse: Dataverse, policy: str) -> None:
    """Nothing is written at all, not even for who stays."""
    stack.limits = Limits(deleted=1)
    stack.up("sales", members=MEMBERS, on_delete=policy, **METHODS)
    with written(dataverse) as who:
        with pytest.raises(ReachExceeded, match="Nothing was sent for any of these 2 more"):
            stack.up("sales", members={ANNA: {}}, on_delete=policy, **{**METHODS, "act_delivery_method": "none"})
        with pytest.raises(ReachExceeded, match="maxDeletedMailboxes allows 1"):
            stack.destroy("sales")

    assert who == []
    stack.limits = Limits(deleted=3)
    stack.destroy("sales")


def test_a_limit_does_not_count_who_is_retained(stack: Stack) -> None:
    stack.limits = Limits(deleted=0)
    stack.up("sales", members=MEMBERS, **METHODS)
    stack.up("sales", members={ANNA: {}}, **METHODS)
    stack.destroy("sales")

    assert stack.state == {}


@pytest.mark.parametrize("mailbox_first", [True, False], ids=["mailbox first", "set first"])
def test_a_mailbox_that_another_resource_takes_is_left_alone(
    stack: Stack, dataverse: Dataverse, *, mailbox_first: bool
) -> None:
    """A member becomes a `Mailbox` of its own: whatever comes first, it holds what that one declares."""
    stack.up("sales", members=MEMBERS, on_delete="restore", **METHODS)
    process = stack.process()
    steps: list[tuple[str, dict[str, object]]] = [
        ("ben", {"user": "ben@contoso.com"}),
        ("sales", {"members": LEFT, "on_delete": "restore"}),
    ]
    for name, arguments in steps if mailbox_first else steps[::-1]:
        stack.up(name, process, **arguments, **METHODS)

    assert methods(dataverse)[BEN] == ALL
    assert any("left alone" in it for it in process.warnings) is mailbox_first


@pytest.mark.parametrize("whose", [{"user": "ben@contoso.com"}, {"members": MEMBERS}], ids=["mailbox", "set"])
@pytest.mark.parametrize("now", [{"members": MEMBERS}, {"selection": {"of": "users"}}], ids=["members", "selection"])
def test_a_delete_that_comes_late_leaves_the_members_of_a_set_alone(
    stack: Stack, dataverse: Dataverse, whose: dict[str, object], now: dict[str, object]
) -> None:
    """The set has taken over, the run ended before its deletes, and the next one changes nothing of the set."""
    stack.up("before", on_delete="disable", **whose, **METHODS)
    stack.up("sales", **now, **METHODS)
    process = stack.up("sales", stack.process(), **now, **METHODS)
    stack.destroy("before", process)

    assert methods(dataverse)[BEN] == ALL


def test_a_member_whose_profile_is_not_there_is_left_alone(stack: Stack, dataverse: Dataverse) -> None:
    """It was a `Mailbox`, and the set declares it, though nothing could be written yet."""
    stack.up("ben", user="ben@contoso.com", on_delete="disable", **METHODS)
    process = stack.up("sales", stack.process(), members={BEN: {"email_server_profile": "Nobody's"}}, **METHODS)
    stack.destroy("ben", process)

    assert BEN in stack.state["sales"].outputs["failed"]
    assert methods(dataverse)[BEN] == ALL


def test_a_replacement_writes_nothing_and_forgets_nothing(stack: Stack, dataverse: Dataverse) -> None:
    """Deleted first, then created: no mailbox is switched off meanwhile, and what it held before stays known."""
    stack.up("sales", members=MEMBERS, on_delete="restore", **METHODS)
    before = stack.state["sales"].outputs["mailboxes"]
    with written(dataverse) as who:
        stack.replace("sales", members=MEMBERS, on_delete="restore", **METHODS)

    assert who == []
    assert stack.state["sales"].outputs["mailboxes"] == before
