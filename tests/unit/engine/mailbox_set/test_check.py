"""A set: what a preview says of its inputs."""

from collections.abc import Mapping

import pytest

from pulumi_dataverse_email.declare import CLEAR, UNKNOWN
from pulumi_dataverse_email.engine.mailbox_set import check, diff
from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.resources.mailbox_set import KIND
from tests.contract.kinds import NoReport, offline
from tests.unit.engine.mailbox import METHODS, ONLINE, SECRET
from tests.unit.engine.stack import Warnings

from .people import ANNA, BEN, CHRIS, MEMBERS, SUPPORT

Props = Mapping[str, object]
ACT, DATE = "act_delivery_method", "process_email_received_after"
OWN: Props = {**MEMBERS, BEN: {ACT: "none"}}


def inputs(news: Props, olds: Props | None = None) -> dict[str, object]:
    """Return the checked inputs of a set that has no fault."""
    found, faults = check(KIND, offline(), olds or {}, {"set_id": "sales", **news})
    assert not faults, [str(fault) for fault in faults]
    return found


def faults(news: Props, olds: Props | None = None, run: Run | None = None) -> list[str]:
    """Return what is wrong with a set."""
    return [str(fault) for fault in check(KIND, run or offline(), olds or {}, {"set_id": "sales", **news})[1]]


@pytest.mark.parametrize(
    ("news", "fault"),
    [
        ({}, "members: the set is empty: name members, or give a selection"),
        ({"members": {}}, "members: the set is empty"),
        ({"members": {"anna@contoso.com": {}}}, "members: anna@contoso.com: a member is called 'user:...' or 'queue:"),
        ({"members": {"user:": {}}}, "members: user:: a member is called"),
        ({"members": {ANNA: {}, ANNA.upper().replace("USER", "user"): {}}}, "is the member 'user:anna@contoso.com' ag"),
        ({"members": {ANNA: {"act_delivery_methud": "none"}}}, f"members: {ANNA}: act_delivery_methud: is no argument"),
        ({"members": {ANNA: {ACT: "nothing"}}}, f"members: {ANNA}: {ACT}: should be one of"),
        ({"members": {ANNA: {"password": SECRET}}}, f"members: {ANNA}: password: is no setting of a single member"),
        ({"members": {ANNA: {"on_delete": "retain"}}}, f"members: {ANNA}: on_delete: is no setting of a single member"),
        ({"members": {ANNA: {"user": "ben"}}}, f"members: {ANNA}: user: is no setting of a single member"),
        ({"members": {SUPPORT: {ACT: "server_side_synchronization"}}}, f"members: {SUPPORT}: {ACT}: a queue has no"),
        ({"members": {SUPPORT: {}}, **METHODS}, f"{ACT}: a queue has no appointments"),
        ({"members": MEMBERS, "name": "All"}, "name: each mailbox has a name of its own"),
        ({"members": MEMBERS, "email_address": "all@contoso.com"}, "email_address: each mailbox has an address of its"),
        ({"members": MEMBERS, "password": SECRET}, "username: a password needs a username"),
        ({"members": MEMBERS, ACT: "nothing"}, f"{ACT}: should be one of"),
        ({"members": [ANNA]}, "members: should be a list, a map or a CsvFile"),
        ({"selection": {"team": "Sales"}}, "selection: of: is required"),
        ({"selection": {"of": "groups"}}, "selection: of: should be 'users' or 'queues'"),
        ({"selection": {"of": "users", "teem": "Sales"}}, "selection: teem: is no argument of selection; did you mean"),
        ({"selection": {"of": "users", "email_server_profile": "A"}, "email_server_profile": "B"}, "selection: who is"),
        ({"selection": {"of": "queues"}, **METHODS}, f"{ACT}: a queue has no appointments"),
    ],
    ids=lambda it: str(it)[:60],
)
def test_bad_input_is_named_with_its_place(news: Props, fault: str) -> None:
    found = faults(news)

    assert [it for it in found if fault in it], found
    assert not any(SECRET in it for it in found)


def test_each_fault_is_told_once() -> None:
    """What is wrong with all members is a fault of the template, not of each."""
    members: Props = {f"queue:{number}": {} for number in range(100)}

    assert len(faults({"members": members, **METHODS})) == 1


def test_members_and_their_own_settings_stand_one_by_one() -> None:
    """A preview lists who joins, leaves or changes by key, and the settings of all once."""
    found = inputs({"members": OWN, **METHODS})

    assert (found["members"], found["generations"]) == (OWN, dict.fromkeys(OWN, 1))
    assert found["template_generation"] == 1
    assert found[ACT] == "server_side_synchronization"


@pytest.mark.parametrize(
    ("change", "raised", "template"),
    [
        ({}, {}, 1),
        ({"members": {**OWN, CHRIS: {ACT: "none"}}}, {CHRIS: 2}, 1),
        ({"members": {**OWN, CHRIS: {"state": "active"}}}, {}, 1),
        ({"members": MEMBERS}, {BEN: 2}, 1),
        ({"incoming_email_delivery_method": "none"}, {}, 2),
        ({"email_server_profile": ONLINE}, {}, 2),
        ({"verbose_logging_enabled": 5}, {}, 1),
        ({"members": {**OWN, SUPPORT: {}}, ACT: "none"}, {SUPPORT: 1}, 2),
    ],
    ids=str,
)
def test_what_calls_for_a_test_raises_a_number(change: Props, raised: Props, template: int) -> None:
    olds = inputs({"members": OWN, **METHODS})
    found = inputs({"members": OWN, **METHODS, **change}, olds)
    generations = found["generations"]

    assert isinstance(generations, dict)
    assert {key: it for key, it in generations.items() if it != 1 or key not in OWN} == raised
    assert found["template_generation"] == template


def test_other_spellings_are_no_change() -> None:
    """The preview keeps the old spelling of members, settings and selections that mean the same."""
    given = {"members": OWN, "email_server_profile": ONLINE, "process_email_received_after": "2026-11-01"}
    olds = inputs(given)
    members = {key.upper().replace("USER:", "user:"): it for key, it in reversed([*OWN.items()])}
    other = {
        "members": members,
        "email_server_profile": ONLINE.upper(),
        "process_email_received_after": "2026-11-01T00:00Z",
    }
    selected = inputs({"selection": {"of": "users", "team": "Sales"}})

    assert inputs(other, olds) == olds
    assert inputs({"selection": {"of": "users", "team": "SALES"}}, selected) == selected


def test_what_is_not_known_yet_is_judged_later() -> None:
    """A profile that is made in the same run, or a list of members that another resource tells."""
    found = inputs({"members": OWN, "email_server_profile": UNKNOWN})
    assert found["email_server_profile"] is UNKNOWN
    own = inputs({"members": {ANNA: {"email_server_profile": UNKNOWN}}})
    assert own["members"] == {ANNA: {"email_server_profile": UNKNOWN}}
    later = inputs({"members": UNKNOWN, **METHODS})
    assert (later["members"], later["generations"]) == (UNKNOWN, UNKNOWN)
    raised = inputs({"members": {ANNA: {"email_server_profile": UNKNOWN}}, "email_server_profile": UNKNOWN}, own)
    assert (raised["generations"], raised["template_generation"]) == ({ANNA: UNKNOWN}, UNKNOWN)


@pytest.mark.parametrize(
    "change", [{"members": MEMBERS}, {ACT: "none"}, {"members": UNKNOWN}, {"on_delete": "disable"}]
)
def test_a_change_is_a_difference(change: Props) -> None:
    olds = inputs({"members": OWN, **METHODS})

    assert diff(KIND, offline(), "sales", olds, inputs({"members": OWN, **METHODS, **change}, olds)).changes is None
    assert diff(KIND, offline(), "sales", olds, olds).changes is False


@pytest.mark.parametrize("name", ["failed", "waiting"])
def test_who_is_behind_is_a_difference_without_a_path(name: str) -> None:
    """A stack of which something is not achieved is not 'nothing to change'."""
    olds = inputs({"members": OWN, **METHODS})

    assert diff(KIND, offline(), "sales", {**olds, name: {ANNA: "No."}}, olds).changes is True


def limited(limits: Limits) -> Run:
    """Return the memory of a run that may go so far."""
    return Run(Target(None, None, offline().target.connect, limits), NoReport())


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"email_server_profile": "Other"}, True),
        ({"email_server_profile": ONLINE.upper()}, False),
        ({"members": {**MEMBERS, ANNA: {"email_server_profile": "Other"}}}, False),
        ({"members": {key: {"email_server_profile": "Other"} for key in MEMBERS}}, True),
        ({"members": {SUPPORT: {}}, "email_server_profile": "Other"}, False),
        ({"email_server_profile": None}, False),
    ],
    ids=str,
)
def test_more_moves_than_the_limit_fail_in_the_preview(change: Props, *, refused: bool) -> None:
    """Counted member by member: who stays, and has another profile than before."""
    olds = inputs({"members": MEMBERS, "email_server_profile": ONLINE})
    found = faults({"members": MEMBERS, "email_server_profile": ONLINE, **change}, olds, limited(Limits(moved=2)))

    assert [it.startswith("email_server_profile: this run would move 3 mailboxes") for it in found] == [True] * refused


def test_while_synchronization_is_off_no_member_is_synchronized() -> None:
    """Neither by the settings of all, nor by one's own."""
    run = limited(Limits(synchronization=False))
    members = {**MEMBERS, BEN: {ACT: "server_side_synchronization", "username": "ben"}}
    found, _ = check(KIND, run, {}, {"set_id": "sales", "members": members, **METHODS})

    assert [found[name] for name in METHODS] == ["none"] * 3
    assert found["members"] == {**MEMBERS, BEN: {"username": "ben"}}


def test_a_date_that_moves_back_is_warned_of() -> None:
    """Old mail comes in for all members: said once, not for each."""
    told = Warnings()
    run = Run(Target(None, None, offline().target.connect), told)
    olds = inputs({"members": MEMBERS, "process_email_received_after": "2026-11-01"})
    check(KIND, run, olds, {"set_id": "sales", "members": MEMBERS, "process_email_received_after": "2026-10-01"})

    (warning,) = told
    assert warning.startswith("MailboxSet 'sales': process_email_received_after moves back from 2026-11-01 to 2026-10-")


@pytest.mark.parametrize(
    ("before", "after", "whose"),
    [
        ({BEN: {DATE: "2026-11-01"}, ANNA: {}}, {BEN: {DATE: "2026-10-01"}, ANNA: {}}, f"1 member, {BEN}"),
        ({BEN: {DATE: "2026-11-01"}, ANNA: {DATE: "2026-11-02"}}, {BEN: {}, ANNA: {}}, f"2 members, {ANNA}, {BEN}"),
        ({BEN: {DATE: "2026-11-01"}}, {BEN: {DATE: CLEAR}}, f"1 member, {BEN}"),
        ({BEN: {DATE: "2026-11-01"}}, {BEN: {DATE: "2026-11-02"}, ANNA: {DATE: "2026-01-01"}}, ""),
    ],
    ids=["its own", "that of all", "none", "later"],
)
def test_dates_of_single_members_that_move_back_are_warned_of(before: Props, after: Props, whose: str) -> None:
    """Said once for all of them, whether they get an earlier one of their own or that of all."""
    told = Warnings()
    run = Run(Target(None, None, offline().target.connect), told)
    olds = inputs({"members": before, DATE: "2026-09-01"})
    check(KIND, run, olds, {"set_id": "sales", "members": after, DATE: "2026-09-01"})

    assert [it.partition(": mail since")[0] for it in told] == (
        [f"MailboxSet 'sales': {DATE} moves back for {whose}"] if whose else []
    )
