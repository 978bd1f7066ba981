"""A set: mailboxes that move into it, out of it, and from one to another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import pytest

from pulumi_dataverse_email.dataverse.rows import Operation, Outcome, Row, Rows, Select
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS
from tests.unit.engine.stack import Stack

from .people import ALL, ANNA, BEN, CHRIS, MEMBERS, NONE, mailbox_id, methods, written

LEFT: Mapping[str, object] = {ANNA: {}, CHRIS: {}}
ONE: Mapping[str, object] = {"user": "ben@contoso.com", **METHODS}
TEAM: Mapping[str, object] = {"members": {BEN: {}}, **METHODS}
SELECTED: Mapping[str, object] = {"selection": {"of": "users", "name_starts_with": "ben"}, **METHODS}
OTHERS = {"a mailbox": ONE, "a set": TEAM, "a selection": SELECTED}

others = pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)


@others
@pytest.mark.parametrize("before", [ONE, TEAM], ids=["from a mailbox", "from a set"])
def test_a_delete_that_comes_late_leaves_who_moved(
    stack: Stack, dataverse: Dataverse, before: Mapping[str, object], other: Mapping[str, object]
) -> None:
    """The run that moved the mailbox ended before its deletes: the next one only compares who has it now."""
    stack.up("before", **before, on_delete="disable")
    stack.up("after", **other)
    process = stack.up("after", stack.process(), **other)
    stack.destroy("before", process)

    assert methods(dataverse)[BEN] == ALL
    assert any("left alone" in it for it in process.warnings)


@pytest.mark.parametrize("before", [ONE, TEAM], ids=["from a mailbox", "from a set"])
def test_who_moves_and_fails_there_is_left_alone(
    stack: Stack, dataverse: Dataverse, before: Mapping[str, object]
) -> None:
    """A profile that is misspelt stops no mail that comes today."""
    stack.up("before", **before, on_delete="disable")
    process = stack.up("after", stack.process(), members={BEN: {"email_server_profile": "Nowhere"}, ANNA: {}})
    stack.destroy("before", process)

    assert methods(dataverse)[BEN] == ALL
    assert stack.state["after"].outputs["failed"].keys() == {BEN}


@others
def test_who_has_a_mailbox_that_left_a_set_writes_it_again(
    stack: Stack, dataverse: Dataverse, other: Mapping[str, object]
) -> None:
    """Recorded in a run that ended before the set's update; in the next one the set comes first."""
    stack.up("sales", members=MEMBERS, on_delete="disable", **METHODS)
    stack.up("other", **other)
    process = stack.up("sales", stack.process(), members=LEFT, on_delete="disable", **METHODS)
    stack.up("other", process, **other)

    assert methods(dataverse)[BEN] == ALL
    assert mailbox_id(dataverse, BEN) in process.run.retest
    with written(dataverse) as who:
        stack.up("sales", members=LEFT, on_delete="disable", **METHODS)
        stack.up("other", **other)
    assert who == []


@others
def test_who_takes_a_mailbox_that_left_a_set_knows_what_it_held_first(
    stack: Stack, dataverse: Dataverse, other: Mapping[str, object]
) -> None:
    """Whatever order they come in; a restore leads to what was there before both."""
    stack.up("sales", members=MEMBERS, on_delete="disable", **METHODS)
    dataverse.edit("mailboxes", dataverse.row("mailboxes", "Ben Ortiz"), username="ben")
    process = stack.up("sales", stack.process(), members=LEFT, on_delete="disable", **METHODS)
    stack.up("other", process, **other, on_delete="restore")
    assert methods(dataverse)[BEN] == ALL

    stack.destroy("other")
    assert methods(dataverse)[BEN] == NONE


@dataclass
class Meanwhile:
    """The rows of an environment where something else is done once a batch is to be sent."""

    rows: Rows
    begin: Callable[[], object]
    read: Event

    def __getattr__(self, name: str) -> object:
        """Be the rows for all else."""
        return getattr(self.rows, name)

    def batch(self, operations: Sequence[Operation], **options: bool) -> list[Outcome]:
        """Carry out a batch after the other one has read what is there."""
        if not self.read.is_set():
            self.begin()
            assert self.read.wait(60)
        return self.rows.batch(operations, **options)

    def list(self, entity_set: str, select: Select, **options: Any) -> Iterator[Row]:  # noqa: ANN401  passed on
        """Answer, and say so once users have been read."""
        found = list(self.rows.list(entity_set, select, **options))
        if entity_set == "systemusers":
            self.read.set()
        return iter(found)


def test_who_reads_a_mailbox_before_it_is_given_back_writes_it_afterwards(stack: Stack, dataverse: Dataverse) -> None:
    """The engine carries out several steps at once: the mailbox looks as declared until the set's write arrives."""
    stack.up("sales", members=MEMBERS, on_delete="disable", **METHODS)
    process = stack.process()
    other = Thread(target=lambda: stack.up("ben", process, **ONE))
    stack.rows = Meanwhile(stack.rows, other.start, Event())  # type: ignore[assignment]  # it is the rows for all else
    stack.up("sales", process, members=LEFT, on_delete="disable", **METHODS)
    other.join()

    assert methods(dataverse)[BEN] == ALL
