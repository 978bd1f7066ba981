"""Settings that are newer than the last test of their mailbox, whichever run wrote them."""

from datetime import timedelta

import pytest

from pulumi_dataverse_email.engine.check import diff
from pulumi_dataverse_email.engine.props import WRITTEN_ON
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.system.emulated import Dataverse
from tests.unit.engine.stack import Stack

from .story import ENABLED, LONG_AGO, Group, forget_tests, mailbox, on_premises, prepare, those_tested

MAILBOX = TABLE_KINDS["Mailbox"]
PEOPLE = ("anna", "ben", "chris")
METHOD = {"incoming_email_delivery_method": "server_side_synchronization"}


def test_mailboxes_that_a_run_wrote_which_recorded_no_test_are_tested(group: Group, dataverse: Dataverse) -> None:
    """State says when each was written: an older success says nothing, a later one does, and a healthy one stays so."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE, **ENABLED, **LONG_AGO)
    run = group.run()
    run.written_on |= {mailboxes["anna"]: "2026-01-02T00:00:00+00:00", mailboxes["ben"]: "2025-12-31T00:00:00+00:00"}
    group.up(run, mailboxes=mailboxes)
    assert those_tested(dataverse) == {"anna"}

    forget_tests(dataverse)
    again = group.run()
    again.written_on |= run.written_on
    group.up(again, mailboxes=mailboxes, wave_size=10)
    assert those_tested(dataverse) == set()


def test_state_says_when_what_calls_for_a_test_was_written(stack: Stack) -> None:
    """Nothing of a mailbox that was only taken over; it outlasts other updates, a refresh and a replacement."""
    stack.up("anna", user="anna@contoso.com", verbose_logging_enabled=1)
    assert WRITTEN_ON not in stack.state["anna"].outputs

    stack.up("anna", user="anna@contoso.com", **METHOD)
    written_on = stack.state["anna"].outputs[WRITTEN_ON]
    stack.up("anna", user="anna@contoso.com", verbose_logging_enabled=2, **METHOD)
    stack.refresh("anna")
    for replace in (stack.replace, stack.replace_on_demand):
        replace("anna", user="anna@contoso.com", verbose_logging_enabled=2, **METHOD)
    assert stack.state["anna"].outputs[WRITTEN_ON] == written_on

    process = stack.process()
    state = stack.state["anna"]
    diff(MAILBOX, process.run, state.row_id, state.outputs, state.inputs)
    assert process.run.written_on == {state.row_id: written_on}


def test_a_profile_that_a_run_wrote_which_recorded_no_test_has_its_canaries_tested(
    group: Group, dataverse: Dataverse
) -> None:
    """Once: the test that a canary has had since says that it works."""
    profile = on_premises(dataverse)
    mailboxes = prepare(dataverse, profile, PEOPLE, **ENABLED, **LONG_AGO)
    for tested in (2, 0):
        forget_tests(dataverse)
        run = group.run()
        run.written_on[profile] = "2026-01-02T00:00:00+00:00"
        group.outputs = {}
        group.up(run, mailboxes=mailboxes)
        assert len(those_tested(dataverse)) == tested


def test_a_profile_that_is_named_by_its_text_and_changed_in_this_run_has_its_canaries_tested(
    group: Group, dataverse: Dataverse
) -> None:
    """Although no resource of the group tells of the change."""
    profile = on_premises(dataverse)
    mailboxes = prepare(dataverse, profile, PEOPLE, **ENABLED, **LONG_AGO)
    run = group.run()
    run.retest.add(profile)
    group.up(run, mailboxes=mailboxes)

    assert len(those_tested(dataverse)) == 2


def test_a_test_that_began_before_this_run_wrote_the_mailbox_is_followed_by_another(
    group: Group, dataverse: Dataverse
) -> None:
    """It is waited for, and says nothing about what the mailbox holds now."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"], **ENABLED, **LONG_AGO)
    dataverse.edit("mailboxes", mailbox(dataverse, "anna"), testemailconfigurationscheduled=True)
    run = group.run()
    run.retest.add(mailboxes["anna"])
    outputs = group.up(run, mailboxes=mailboxes)

    assert outputs["statuses"] == {"anna": "success"}
    assert those_tested(dataverse) == {"anna"}
    assert len(outputs["attempts"]["anna"]) == 1


def test_a_test_that_is_called_off_is_not_waited_for(group: Group, dataverse: Dataverse) -> None:
    """Somebody else took the request back: the run says so soon, and the next one asks again."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])
    dataverse.control("PATCH", "switches", {"test_seconds": 3000})

    def call_off() -> None:
        dataverse.edit("mailboxes", mailbox(dataverse, "anna"), testemailconfigurationscheduled=False)

    group.clock.then = call_off
    outputs = group.up(mailboxes=mailboxes)

    assert "called off" in outputs["left_out"]["anna"]
    assert outputs["unfinished"] == ["anna"]
    assert sum(group.clock.pauses) < timedelta(minutes=1).total_seconds()


@pytest.mark.parametrize("people", [PEOPLE, ("anna",)])
def test_the_last_line_says_how_it_ended(group: Group, dataverse: Dataverse, people: tuple[str, ...]) -> None:
    """However soon it comes after the one before."""
    group.up(mailboxes=prepare(dataverse, on_premises(dataverse), people))

    assert group.told.lines[-1] == f"{len(people)} of {len(people)} enabled, 0 failed"
