"""A set: when each member's mailbox was last written with what calls for a new test-and-enable."""

from typing import Any

import pytest

from pulumi_dataverse_email.engine.props import WRITTEN_ON
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS
from tests.unit.engine.stack import Stack

from .people import ANNA, BEN, CHRIS, MEMBERS, mailbox_id, refuse


def told(stack: Stack) -> dict[str, Any]:
    """Return member -> when it was written, of those that were."""
    records = stack.state["sales"].outputs["mailboxes"]
    return {key: record[WRITTEN_ON] for key, record in records.items() if WRITTEN_ON in record}


def test_each_member_says_when_it_was_written_and_whoever_was_only_taken_over_says_nothing(
    stack: Stack, dataverse: Dataverse
) -> None:
    """It outlasts other updates and a refresh, and the next run knows it."""
    stack.up("sales", members={ANNA: METHODS, BEN: {}, CHRIS: {}})
    first = told(stack)
    assert first.keys() == {ANNA}

    stack.up("sales", members={ANNA: METHODS, BEN: METHODS, CHRIS: {"verbose_logging_enabled": 1}})
    stack.refresh("sales")
    process = stack.process()
    stack.plan("sales", process, members={ANNA: METHODS, BEN: METHODS, CHRIS: {"verbose_logging_enabled": 1}})
    assert told(stack).keys() == {ANNA, BEN}
    assert told(stack)[ANNA] == first[ANNA]
    assert process.run.written_on == {mailbox_id(dataverse, key): it for key, it in told(stack).items()}


@pytest.mark.parametrize("joined", [False, True], ids=["joins", "was a member"])
def test_whose_answer_was_lost_counts_as_written(stack: Stack, dataverse: Dataverse, *, joined: bool) -> None:
    """The next update finds the mailbox as declared and sends nothing: nobody else would know that it is untested."""
    if joined:
        stack.up("sales", members={BEN: {}})
    dataverse.fault("$batch", {"reset": True}, when="after", times=20)
    stack.up("sales", members={BEN: METHODS})
    assert told(stack).keys() == {BEN}

    dataverse.control("DELETE", "faults")
    stack.up("sales", members={BEN: METHODS})
    assert "failed" not in stack.state["sales"].outputs
    assert told(stack).keys() == {BEN}


def test_who_was_refused_was_not_written(stack: Stack, dataverse: Dataverse) -> None:
    """So a mailbox that may not be written is not tested for it, run after run."""
    refuse(dataverse, BEN)
    process = stack.up("sales", members=MEMBERS, **METHODS)

    assert told(stack).keys() == {ANNA, CHRIS}
    assert process.run.retest == {mailbox_id(dataverse, key) for key in (ANNA, CHRIS)}
