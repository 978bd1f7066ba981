"""Mailboxes whose old Success must not be taken for the outcome of a test."""

import pytest

from tests.system.emulated import Dataverse

from .story import (
    ENABLED,
    LONG_AGO,
    Group,
    account,
    batches,
    forget_tests,
    mailbox,
    on_premises,
    prepare,
    those_tested,
)

PEOPLE = ("anna", "ben", "chris")


@pytest.mark.parametrize("fails", [False, True])
def test_a_test_under_way_is_waited_for_although_the_status_still_says_success(
    group: Group, dataverse: Dataverse, *, fails: bool
) -> None:
    """A run that was killed may have asked for it: the old statuses stay until it ends, and prove nothing."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE, **ENABLED, **LONG_AGO)
    if fails:
        account(dataverse, password="another")
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), testemailconfigurationscheduled=True)
    outputs = group.up(mailboxes=mailboxes)

    assert [*outputs.get("failed", {})] == (["ben"] if fails else [])
    assert outputs["statuses"]["anna"] == "success"
    assert dataverse.writes() == []


def test_a_profile_that_changed_while_a_test_was_under_way_is_tested_with_the_new_settings(
    group: Group, dataverse: Dataverse
) -> None:
    """With `retest="all"`: the test that the last run waited for says nothing about what was written after it."""
    profile = on_premises(dataverse)
    arguments = {"mailboxes": prepare(dataverse, profile, PEOPLE), "profiles": {"one": profile}, "retest": "all"}
    dataverse.control("PATCH", "switches", {"test_seconds": 300})
    group.up(**arguments, profile_generations={"one": 1}, timeout=60, canaries=3)
    dataverse.control("POST", "clock", {"advance": 300})
    forget_tests(dataverse)
    run = group.run()
    run.retest.add(profile)
    group.up(run, **arguments, profile_generations={"one": 2})

    assert those_tested(dataverse) == set(PEOPLE)


def test_canaries_that_are_under_test_already_stay_the_canaries(group: Group, dataverse: Dataverse) -> None:
    """A run that was killed had asked for their tests: no healthy mailbox is tested in their place."""
    profile = on_premises(dataverse)
    arguments = {"mailboxes": prepare(dataverse, profile, PEOPLE), "profiles": {"one": profile}}
    group.up(**arguments, profile_generations={"one": 1})
    forget_tests(dataverse)
    for name in ("ben", "chris"):
        dataverse.edit("mailboxes", mailbox(dataverse, name), testemailconfigurationscheduled=True)
    group.up(**arguments, profile_generations={"one": 2})

    assert dataverse.writes() == []


def test_a_new_test_and_enable_tests_everybody_once_where_the_program_says_so(
    group: Group, dataverse: Dataverse
) -> None:
    """Canaries first, although all are enabled."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE, **ENABLED, **LONG_AGO)
    group.up(mailboxes=mailboxes, retest="all")

    assert those_tested(dataverse) == set(PEOPLE)
    assert batches(dataverse) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_a_mailbox_that_is_given_by_its_resource_and_by_its_id_is_the_resource_s(
    group: Group, dataverse: Dataverse, order: int
) -> None:
    """A change of it calls for a test; it is one mailbox, tested once."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])
    row_id = mailboxes["anna"]
    both = dict.fromkeys(["anna", row_id][::order], row_id)
    for generation in (1, 2):
        forget_tests(dataverse)
        group.up(mailboxes=both, generations={"anna": generation})
        assert those_tested(dataverse) == {"anna"}
    assert group.outputs["statuses"] == {"anna": "success"}


def test_a_mailbox_that_was_left_out_when_its_settings_changed_is_tested_once_it_can_be(
    group: Group, dataverse: Dataverse
) -> None:
    """Its user was disabled then; a refresh sees that it may be tested, whatever its old status says."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE, **ENABLED, **LONG_AGO)
    user = dataverse.row("systemusers", "Ben Ortiz")
    dataverse.edit("systemusers", user, isdisabled=True)
    arguments = {"mailboxes": mailboxes, "generations": dict.fromkeys(PEOPLE, 1)}
    run = group.run()
    run.retest.update(mailboxes.values())
    group.up(run, **arguments)
    assert "statuses" not in group.refresh()

    dataverse.edit("systemusers", user, isdisabled=False)
    forget_tests(dataverse)
    assert group.refresh()["statuses"] == {"ben": "not tested"}
    group.up(**arguments)
    assert those_tested(dataverse) == {"ben"}
    group.refresh()
    assert group.plan(**arguments).changes is False
