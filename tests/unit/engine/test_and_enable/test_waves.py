"""How tests are asked for and waited for."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pulumi_dataverse_email.dataverse.deadline import CLOCK
from pulumi_dataverse_email.dataverse.rows import Operation, Outcome, Rows
from pulumi_dataverse_email.errors import LoginError
from tests.system.emulated import Dataverse

from .story import (
    Group,
    account,
    batches,
    forget_tests,
    hire,
    mailbox,
    on_premises,
    prepare,
    those_tested,
)

PEOPLE = ("anna", "ben", "chris")


def unreachable(dataverse: Dataverse, *, reachable: bool = False) -> None:
    """Let the mail server meet a passing trouble."""
    server = dataverse.control("GET", "mail-servers")["servers"][0]
    accounts = [{"user_name": "CONTOSO\\crm-sync", "password": "for-the-emulator-and-previews-only"}]
    accounts[0] |= {"impersonates": "all"}
    changed = {**server, "accounts": accounts, "reachable": reachable}
    dataverse.control("PUT", "mail-servers", {"servers": [changed]})


@pytest.mark.parametrize(("size", "sent"), [(50, 1), (3, 3), (1, 8)])
def test_waves_follow_each_other(group: Group, dataverse: Dataverse, size: int, sent: int) -> None:
    """Two canaries first, then no more at a time than the program says."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 10))
    under_test: list[int] = []
    group.clock.then = lambda: under_test.append(
        sum(bool(it["testemailconfigurationscheduled"]) for it in dataverse.rows("mailboxes"))
    )
    group.up(mailboxes=mailboxes, wave_size=size)

    assert batches(dataverse) == 1 + sent
    assert max(under_test) <= max(size, 2)
    assert set(group.outputs["statuses"].values()) == {"success"}


def test_the_looks_become_fewer(group: Group, dataverse: Dataverse) -> None:
    """A minute's test is looked for soon, then more seldom, never more seldom than twice a minute."""
    dataverse.control("PATCH", "switches", {"test_seconds": 120})
    group.up(mailboxes=prepare(dataverse, on_premises(dataverse), ["anna"]))

    assert group.clock.pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_person_sees_how_far_it_is(group: Group, dataverse: Dataverse) -> None:
    """Status lines count all of the group, those that were enabled before too."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 6))
    group.up(mailboxes={"p000": mailboxes["p000"]})
    account(dataverse, impersonates=["p001@contoso.com", "p002@contoso.com", "p003@contoso.com"])
    group.up(mailboxes=mailboxes)

    assert group.told.lines[0] == "1 of 6 enabled, 0 failed"
    assert group.told.lines[-1] == "4 of 6 enabled, 2 failed"
    assert len(group.told.lines) < len(group.clock.pauses)


def test_too_many_failures_end_the_run(group: Group, dataverse: Dataverse) -> None:
    """After five the rest stays untouched; a healthy canary alone does not let the others fail for nothing."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 12))
    account(dataverse, impersonates=["p000@contoso.com"])
    outputs = group.up(mailboxes=mailboxes, wave_size=4)

    assert those_tested(dataverse) == {f"p{number:03}" for number in range(6)}
    assert set(outputs["failed"]) == {f"p{number:03}" for number in range(1, 6)}
    assert outputs["left_out"]["p011"] == "it was not tested: the run stopped after 5 failures"
    assert len(outputs["unfinished"]) == 11


def test_a_passing_trouble_holds_up_nobody_else(group: Group, dataverse: Dataverse) -> None:
    """The service repeats such a test by itself: the next wave begins, and the run ends when all tests have."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 3))
    other = on_premises(dataverse, name="Exchange Online", incomingcredentialretrieval=2)
    mailboxes |= prepare(dataverse, other, ["sales", "support"], actdeliverymethod=2)
    unreachable(dataverse)
    group.clock.then = lambda: unreachable(dataverse, reachable=sum(group.clock.pauses) > 500)
    outputs = group.up(mailboxes=mailboxes, canaries=0, wave_size=3)

    assert set(outputs["statuses"].values()) == {"success"}
    assert sum(group.clock.pauses) > 500


def test_what_has_not_ended_in_time_is_waited_for_by_the_next_run(group: Group, dataverse: Dataverse) -> None:
    """It is named, and no second test is asked for, whether the first one ends before the next run or in it."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.control("PATCH", "switches", {"test_seconds": 300})
    outputs = group.up(mailboxes=mailboxes, timeout=60, canaries=0, generations={"ben": 1})
    assert outputs["unfinished"] == sorted(PEOPLE)
    assert "60 s" in outputs["left_out"]["anna"]
    assert sum(group.clock.pauses) == 60

    forget_tests(dataverse)
    outputs = group.up(mailboxes=mailboxes, timeout=60, canaries=0, generations={"ben": 1})
    assert outputs["unfinished"] == sorted(PEOPLE)
    dataverse.control("POST", "clock", {"advance": 300})
    outputs = group.up(mailboxes=mailboxes, timeout=60, canaries=0, generations={"ben": 1})
    assert set(outputs["statuses"].values()) == {"success"}
    assert dataverse.writes() == []


def test_the_rest_is_told_that_the_time_was_over(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 4))
    dataverse.control("PATCH", "switches", {"test_seconds": 300})
    outputs = group.up(mailboxes=mailboxes, timeout=60, canaries=0, wave_size=2)

    assert "60 seconds were over before its turn" in outputs["left_out"]["p003"]


def test_a_time_that_pulumi_bounds_is_heeded(group: Group, dataverse: Dataverse) -> None:
    """`custom_timeouts` ends the waiting like `timeout`: what was done is recorded."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])
    dataverse.control("PATCH", "switches", {"test_seconds": 300})
    group.up(mailboxes=mailboxes, timeouts={"create": 30})

    assert sum(group.clock.pauses) == 30


def test_a_test_under_way_is_joined(group: Group, dataverse: Dataverse) -> None:
    """Two stacks, or an interrupted run: no second test is asked for, and its outcome counts."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    for name in PEOPLE:
        dataverse.edit("mailboxes", mailbox(dataverse, name), testemailconfigurationscheduled=True)
    dataverse.forget_requests()
    outputs = group.up(mailboxes=mailboxes)

    assert (outputs["statuses"], dataverse.writes()) == (dict.fromkeys(PEOPLE, "success"), [])


def test_a_test_that_another_stack_asked_for_first_is_joined(group: Group, dataverse: Dataverse) -> None:
    """Between our look and our request another one came: 0x8005E248 is no failure, and no attempt of ours."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])
    dataverse.fault("mailboxes(", {"status": 400, "body": _error("0x8005E248")}, method="PATCH")
    row = mailbox(dataverse, "anna")
    _once(group, lambda: dataverse.edit("mailboxes", row, testemailconfigurationscheduled=True))
    outputs = group.up(mailboxes=mailboxes)

    assert outputs["statuses"] == {"anna": "success"}
    assert "attempts" not in outputs


def test_nobody_is_tested_in_administration_mode(group: Group, dataverse: Dataverse) -> None:
    """Dataverse says so at the first request: nothing more is asked for, and all are listed."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.control("PATCH", "organization", {"administrationmode": True})
    outputs = group.up(mailboxes=mailboxes)

    assert (those_tested(dataverse), batches(dataverse)) == (set(), 1)
    assert outputs["unfinished"] == sorted(PEOPLE)
    assert all("administration mode" in outputs["left_out"][name] for name in ("anna", "ben"))
    assert group.clock.pauses == []


def test_a_mailbox_that_is_deleted_while_it_is_tested_is_named(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    user = dataverse.row("systemusers", "Ben Ortiz")
    _once(group, lambda: dataverse.delete("systemusers", user))
    outputs = group.up(mailboxes=mailboxes)

    assert outputs["left_out"] == {"ben": "the mailbox was deleted while it was tested"}
    assert (outputs["statuses"]["anna"], outputs["unfinished"]) == ("success", ["ben"])


def test_throttling_in_a_wave_is_waited_out(group: Group, dataverse: Dataverse) -> None:
    """The parts that were refused go again, and no others."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 6))
    busy = {"status": 429, "headers": {"Retry-After": "3"}}
    dataverse.fault("mailboxes(", busy, method="PATCH", times=2)
    outputs = group.up(mailboxes=mailboxes, canaries=0)

    assert set(outputs["statuses"].values()) == {"success"}
    assert {len(times) for times in outputs["attempts"].values()} == {1}


def test_throttling_that_lasts_leaves_the_rest_for_the_next_run(group: Group, dataverse: Dataverse) -> None:
    """What was tested is recorded; no further wave is sent."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 8))
    busy = {"status": 429, "headers": {"Retry-After": "9000"}}
    _once(group, lambda: dataverse.fault("$batch", busy, method="POST", times=10))
    outputs = group.up(mailboxes=mailboxes, wave_size=3)
    assert those_tested(dataverse) == {"p000", "p001"}
    assert len(outputs["unfinished"]) == 6
    assert "429" in outputs["left_out"]["p007"]

    dataverse.control("DELETE", "faults")
    CLOCK.pause(9000)
    outputs = group.up(mailboxes=mailboxes)
    assert set(outputs["statuses"].values()) == {"success"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_is_settled_by_looking(group: Group, dataverse: Dataverse, when: str) -> None:
    """Whether the request was carried out or not, the mailbox is enabled once the runs are through."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.fault("$batch", {"reset": True}, method="POST", when=when, times=20 if when == "before" else 1)
    group.up(mailboxes=mailboxes, canaries=0)
    dataverse.control("DELETE", "faults")
    outputs = group.up(mailboxes=mailboxes, canaries=0)

    assert outputs["statuses"] == dict.fromkeys(PEOPLE, "success")


def test_trouble_while_looking_does_not_end_the_waiting(group: Group, dataverse: Dataverse) -> None:
    """The tests go on all the same."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    _once(group, lambda: dataverse.fault("mailboxes", {"status": 503}, method="GET", times=9))
    outputs = group.up(mailboxes=mailboxes)

    assert set(outputs["statuses"].values()) == {"success"}


def test_a_refusal_while_looking_is_recorded_not_raised(group: Group, dataverse: Dataverse) -> None:
    """What is under test is remembered: the next run waits for it, and asks for no second test."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    refusal = {"status": 403, "body": _error("0x80040220")}
    _once(group, lambda: dataverse.fault("mailboxes", refusal, method="GET", times=9))
    outputs = group.up(mailboxes=mailboxes, canaries=0)
    assert outputs["unfinished"] == sorted(PEOPLE)

    dataverse.control("DELETE", "faults")
    dataverse.forget_requests()
    outputs = group.up(mailboxes=mailboxes, canaries=0)
    assert (set(outputs["statuses"].values()), dataverse.writes()) == ({"success"}, [])


def test_a_refused_request_is_the_mailbox_s_own_failure(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.fault("mailboxes(", {"status": 400, "body": _error("0x8005E219")}, method="PATCH")
    outputs = group.up(mailboxes=mailboxes)

    assert list(outputs["failed"]) == outputs["unfinished"] == ["anna"]
    assert "0x8005E219" in outputs["failed"]["anna"]


@pytest.mark.parametrize("canaries", [0, 1])
def test_a_login_that_is_refused_is_raised_only_where_nothing_was_done(
    group: Group, dataverse: Dataverse, canaries: int
) -> None:
    """Before the first request nothing is to be recorded; after it, what was done must be."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.rows = NoLogin(group.rows, after=canaries)
    if not canaries:
        with pytest.raises(LoginError):
            group.up(mailboxes=mailboxes, canaries=0)
        return
    outputs = group.up(mailboxes=mailboxes, canaries=1)
    assert outputs["statuses"]["anna"] == "success"
    assert outputs["left_out"]["ben"] == "it was not tested: the secret has expired"


class NoLogin:
    """Rows whose login is refused from the batch after so many on."""

    def __init__(self, rows: Rows, *, after: int) -> None:
        self._rows, self._left = rows, after

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the rows have
        """Do as the rows do."""
        return getattr(self._rows, name)

    def batch(self, operations: Sequence[Operation], *, atomic: bool = False) -> list[Outcome]:
        """Refuse, or do as the rows do."""
        if not self._left:
            raise LoginError("the secret has expired")
        self._left -= 1
        return self._rows.batch(operations, atomic=atomic)


def _error(code: str) -> str:
    return f'{{"error": {{"code": "{code}", "message": "No."}}}}'


def _once(group: Group, do: Callable[[], object]) -> None:
    """Do something to the environment during the next pause."""

    def then() -> None:
        group.clock.then = lambda: None
        do()

    group.clock.then = then
