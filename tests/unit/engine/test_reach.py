"""How far one run may go, and `synchronization: off`."""

from threading import Thread

import pytest

from pulumi_dataverse_email.declare import UNKNOWN
from pulumi_dataverse_email.engine.check import check
from pulumi_dataverse_email.engine.delete import delete
from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.errors import ReachExceeded
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, ONLINE, codes
from .stack import Stack

PEOPLE = (ANNA, "ben@contoso.com", "chris@contoso.com")
PROFILE = "5f0c3d4e-8d1f-4c53-9d53-3c1a0f9f8f10"


def declare(stack: Stack, **arguments: object) -> None:
    """Declare three mailboxes."""
    for user in PEOPLE:
        stack.up(user, user=user, **METHODS, **arguments)


@pytest.mark.parametrize("on_delete", ["restore", "disable"])
def test_the_deletion_beyond_the_limit_and_all_after_it_are_refused(
    stack: Stack, dataverse: Dataverse, on_delete: str
) -> None:
    """What was done is said, and nothing is sent for the rest."""
    stack.limits = Limits(deleted=1)
    declare(stack, on_delete=on_delete)
    run = stack.process()
    stack.destroy(PEOPLE[0], run)
    dataverse.forget_requests()
    for user in PEOPLE[1:]:
        with pytest.raises(ReachExceeded, match=r"disabled or restored 1 already(.|\n)*run again"):
            stack.destroy(user, run)

    assert dataverse.data_requests() == []
    stack.destroy(PEOPLE[1])  # the next run goes on


def test_a_limit_holds_however_many_threads_delete(stack: Stack, dataverse: Dataverse) -> None:
    stack.limits = Limits(deleted=2)
    declare(stack, on_delete="disable")
    run, refused = stack.process().run, []

    def one(user: str) -> None:
        state = stack.state[user]
        try:
            delete(state.kind, run, state.row_id, state.outputs)
        except ReachExceeded as error:
            refused.append(error)

    threads = [Thread(target=one, args=(user,)) for user in PEOPLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    methods = [row["incomingemaildeliverymethod"] for row in dataverse.rows("mailboxes")]
    assert (len(refused), methods.count(2)) == (1, 1)


@pytest.mark.parametrize("limits", [Limits(deleted=0), Limits(deleted=None)])
def test_retained_mailboxes_do_not_count(stack: Stack, dataverse: Dataverse, limits: Limits) -> None:
    """Nothing changes in Dataverse."""
    stack.limits = limits
    declare(stack)
    run = stack.process()
    for user in PEOPLE:
        stack.destroy(user, run)

    assert stack.state == {}
    assert codes(dataverse) == (2, 2, 1)


def test_without_a_limit_all_are_deleted(stack: Stack) -> None:
    stack.limits = Limits(deleted=None)
    declare(stack, on_delete="restore")
    run = stack.process()
    for user in PEOPLE:
        stack.destroy(user, run)

    assert stack.state == {}


def moves(stack: Stack, to: object) -> list[str]:
    """Return what is wrong with moving all three mailboxes in one preview, or with leaving the profile out."""
    run = stack.process().run
    found = []
    for user in PEOPLE:
        state = stack.state[user]
        news = {"user": user, **METHODS} | ({} if to is None else {"email_server_profile": to})
        found += [str(fault) for _ in range(2) for fault in check(state.kind, run, state.inputs, news)[1]][:1]
    return found


def test_moves_beyond_the_limit_fail_in_the_preview(stack: Stack) -> None:
    """Each mailbox counts once, however often it is checked."""
    stack.limits = Limits(moved=2)
    declare(stack, email_server_profile=ONLINE)
    (fault,) = moves(stack, PROFILE)

    assert fault.startswith("email_server_profile: this run would move 3 mailboxes or more")
    assert "maxMovedMailboxes allows 2" in fault


def test_other_spellings_and_a_first_profile_are_no_moves(stack: Stack) -> None:
    stack.limits = Limits(moved=0)
    declare(stack)
    assert moves(stack, PROFILE) == []
    for user in PEOPLE:
        stack.up(user, user=user, email_server_profile=ONLINE, **METHODS)

    assert moves(stack, ONLINE.upper()) == []


def test_a_mailbox_that_loses_its_profile_moves(stack: Stack) -> None:
    stack.limits = Limits(moved=0)
    declare(stack, email_server_profile=ONLINE)

    assert len(moves(stack, {"clear": True})) == len(PEOPLE)


def test_a_mailbox_whose_profile_is_no_longer_managed_stays(stack: Stack) -> None:
    stack.limits = Limits(moved=0)
    declare(stack, email_server_profile=ONLINE)

    assert moves(stack, None) == []


def test_a_profile_that_is_not_known_yet_is_judged_when_it_is(stack: Stack) -> None:
    """A preview does not refuse what may turn out to stay."""
    stack.limits = Limits(moved=0)
    declare(stack, email_server_profile=ONLINE)

    assert moves(stack, UNKNOWN) == []


def test_a_move_writes_the_profile_alone(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, email_server_profile=ONLINE, **METHODS)
    other = dataverse.make("emailserverprofiles", name="Other", servertype=0)["emailserverprofileid"]
    dataverse.forget_requests()
    stack.up("anna", user=ANNA, email_server_profile=other, **METHODS)

    assert dataverse.writes() == ["PATCH mailboxes"]
    assert dataverse.anna()["_emailserverprofile_value"] == other


def test_while_synchronization_is_off_all_methods_are_none(stack: Stack, dataverse: Dataverse) -> None:
    """The inputs say so, so a preview shows it; one message tells why; switching on is an update."""
    declare(stack)
    stack.limits = Limits(synchronization=False)
    run = stack.process()
    for user in PEOPLE:
        stack.up(user, run, user=user, **METHODS)
    assert len([said for said in run.warnings if "synchronization is off" in said]) == 1
    assert codes(dataverse) == (0, 0, 2)
    assert {stack.state[ANNA].inputs[method] for method in METHODS} == {"none"}
    stack.limits = Limits()
    assert stack.plan(ANNA, user=ANNA, **METHODS).changes is None
    stack.up(ANNA, user=ANNA, **METHODS)

    assert codes(dataverse) == (2, 2, 1)


def test_while_synchronization_is_off_none_is_restored(stack: Stack, dataverse: Dataverse) -> None:
    """A copy came with mailboxes that are synchronized in production: giving them back must not switch them on."""
    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=2, username="former")
    stack.limits = Limits(synchronization=False)
    stack.up("anna", user=ANNA, on_delete="restore", username="anna")
    (warning,) = stack.destroy("anna").warnings

    assert warning == (
        "mailbox 'Anna Weber': restore left "
        "incoming_email_delivery_method (dataverse-email:synchronization is off) as it is."
    )
    assert (codes(dataverse), dataverse.anna()["username"]) == ((0, 0, 2), "former")


def test_off_concerns_mailboxes_alone(stack: Stack, dataverse: Dataverse) -> None:
    stack.limits = Limits(synchronization=False)
    run = stack.up("profile", name="Contoso Exchange", server_type="exchange_server_hybrid", use_auto_discover=True)

    assert run.warnings == []
    assert dataverse.profile()["name"] == "Contoso Exchange"


@pytest.mark.parametrize("second_adopts_first", [False, True])
def test_a_mailbox_moves_to_another_stack_in_both_orders(
    stack: Stack, dataverse: Dataverse, *, second_adopts_first: bool
) -> None:
    """Retained by the one and adopted by the other, it is synchronized all the while."""
    other = Stack(stack.rows)
    stack.up("anna", user=ANNA, **METHODS)
    if second_adopts_first:
        other.up("anna", user=ANNA, **METHODS)
        stack.destroy("anna")
    else:
        stack.destroy("anna")
        other.up("anna", user=ANNA, **METHODS)

    assert codes(dataverse) == (2, 2, 1)
    assert other.plan("anna", user=ANNA, **METHODS).changes is False
