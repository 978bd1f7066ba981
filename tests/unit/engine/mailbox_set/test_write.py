"""A set: trouble in the middle of many writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from pulumi_dataverse_email.dataverse.rows import Operation, Outcome, Row, Rows, Select
from pulumi_dataverse_email.engine.mailbox_set.write import PORTION
from pulumi_dataverse_email.errors import LoginError
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS
from tests.unit.engine.stack import Stack

COUNT = 2 * PORTION + 5
DECLARED: dict[str, object] = {**METHODS, "on_delete": "restore"}


@pytest.fixture
def crowd(dataverse: Dataverse) -> dict[str, dict[str, object]]:
    """The members of a set of three requests."""
    names = [f"person{number}@contoso.com" for number in range(COUNT)]
    for name in names:
        dataverse.make("systemusers", domainname=name, lastname=name.partition("@")[0])
    dataverse.forget_requests()
    return {f"user:{name}": {} for name in names}


def synchronized(dataverse: Dataverse) -> int:
    """Return how many mailboxes are synchronized."""
    return sum(row["incomingemaildeliverymethod"] == 2 for row in dataverse.rows("mailboxes"))


def test_after_a_request_that_nobody_answers_none_is_sent(
    stack: Stack, dataverse: Dataverse, crowd: dict[str, dict[str, object]]
) -> None:
    """What was done is kept, the rest is said to be unsent, and the next update goes on with it."""
    dataverse.fault("$batch", {"reset": True}, times=20)
    stack.up("all", members=crowd, **DECLARED)

    failed = stack.state["all"].outputs["failed"]
    assert len(failed) == COUNT
    assert sum("was not sent, because of an earlier failure" in text for text in failed.values()) == COUNT - PORTION
    assert dataverse.data_requests().count("POST $batch") < 20
    dataverse.control("DELETE", "faults")
    stack.up("all", members=crowd, **DECLARED)
    assert synchronized(dataverse) == COUNT
    assert "failed" not in stack.state["all"].outputs


@dataclass
class Expiring:
    """The rows of an environment whose login ends after so many batches, or so many lists of mailboxes."""

    rows: Rows
    batches: int = COUNT
    lists: int = COUNT

    def __getattr__(self, name: str) -> object:
        """Be the rows for all else."""
        return getattr(self.rows, name)

    def batch(self, operations: Sequence[Operation], **options: bool) -> list[Outcome]:
        """Carry out as many as the login lasts."""
        self.batches -= 1
        if self.batches < 0:
            raise LoginError("the secret has expired")
        return self.rows.batch(operations, **options)

    def list(self, entity_set: str, select: Select, **options: Any) -> Iterator[Row]:  # noqa: ANN401  passed on
        """Answer as many as the login lasts."""
        self.lists -= entity_set == "mailboxes"
        if self.lists < 0:
            raise LoginError("the secret has expired")
        return self.rows.list(entity_set, select, **options)


def test_a_login_that_ends_midway_loses_no_record(
    stack: Stack, dataverse: Dataverse, crowd: dict[str, dict[str, object]]
) -> None:
    """Without the state of what was there before, nothing could be restored any more."""
    rows = stack.rows
    stack.rows = Expiring(rows, batches=1)  # type: ignore[assignment]  # it is the rows for all else
    stack.up("all", members=crowd, **DECLARED)

    outputs = stack.state["all"].outputs
    assert (len(outputs["failed"]), len(outputs["mailboxes"])) == (COUNT - PORTION, COUNT)
    assert synchronized(dataverse) == PORTION
    stack.rows = rows
    stack.up("all", members=crowd, **DECLARED)
    assert synchronized(dataverse) == COUNT
    assert {it["previous"]["act_delivery_method"] for it in stack.state["all"].outputs["mailboxes"].values()} == {
        "none"
    }


def test_a_login_that_ends_before_the_first_write_is_an_error(
    stack: Stack, dataverse: Dataverse, crowd: dict[str, dict[str, object]]
) -> None:
    stack.rows = Expiring(stack.rows, batches=0)  # type: ignore[assignment]  # it is the rows for all else
    with pytest.raises(LoginError):
        stack.up("all", members=crowd, **DECLARED)

    assert synchronized(dataverse) == 0


def test_a_login_that_ends_before_who_leaves_is_given_back_loses_no_record(
    stack: Stack, dataverse: Dataverse, crowd: dict[str, dict[str, object]]
) -> None:
    """Others joined in the same update: what they held before is recorded, and who left is given back later."""
    leaver, *others = crowd
    stack.up("all", members={leaver: {}}, **DECLARED)
    rows = stack.rows
    stack.rows = Expiring(rows, lists=1)  # type: ignore[assignment]  # it is the rows for all else
    stack.up("all", members={key: {} for key in others}, **DECLARED)

    outputs = stack.state["all"].outputs
    assert (outputs["failed"], len(outputs["mailboxes"])) == ({leaver: "the secret has expired"}, COUNT)
    stack.rows = rows
    stack.up("all", members={key: {} for key in others}, **DECLARED)
    assert synchronized(dataverse) == len(others)
    assert stack.state["all"].outputs["mailboxes"].keys() == {*others}
