"""Operations that are carried out all together, or not at all."""

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Create, Delete, Operation, Outcome, Read, Select, Update
from pulumi_dataverse_email.emulator import batch
from pulumi_dataverse_email.errors import Failed, Refused, RowExists, RowNotFound, Throttled, UnknownOutcome
from tests.system.emulated import Dataverse

from .many import BATCH, BUSY, DONE, EXISTS, PROFILES, creates, errors, made, multipart, row_id
from .stub import Answer, Stub


def test_all_are_carried_out_in_one_request(rows: Client, dataverse: Dataverse) -> None:
    operations = creates(3)
    outcomes = rows.batch(operations, atomic=True)

    assert outcomes == [Outcome(operation) for operation in operations]
    assert (made(dataverse), dataverse.data_requests()) == (3, [BATCH])


@pytest.mark.parametrize("form", [True, False], ids=["a set with the failure", "the failure alone"])
def test_none_is_carried_out_where_one_fails(
    rows: Client, dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch, *, form: bool
) -> None:
    """In either form of the answer, the one that is to blame has the service's words, and the others say which."""
    monkeypatch.setattr(batch, "FAILED_SET_IS_MULTIPART", form)
    rows.batch(creates(1))
    operations: list[Operation] = [
        *creates(1, first=1),
        Update(PROFILES, row_id(9), {"name": "a"}),
        Delete(PROFILES, row_id(0)),
    ]
    outcomes = rows.batch(operations, atomic=True)

    assert errors(outcomes) == [Refused, RowNotFound, Refused]
    assert str(outcomes[1].error).startswith(f"update {PROFILES}({row_id(9)}): HTTP 404")
    for outcome in (outcomes[0], outcomes[2]):
        blamed = f"was not carried out, because all are or none: update {PROFILES}({row_id(9)}): HTTP 404"
        assert str(outcome.error).startswith(f"{outcome.operation.tried}: {blamed}")
    assert dataverse.names(PROFILES).count("Profile 0") == made(dataverse) == 1


@pytest.mark.parametrize(
    "operations", [creates(51), [*creates(1), Read(PROFILES, row_id(0), Select(("name",)))]], ids=["too many", "a read"]
)
def test_what_cannot_be_together_is_not_sent(rows: Client, dataverse: Dataverse, operations: list[Operation]) -> None:
    """A change set is never split: half of it might be all."""
    with pytest.raises(Refused, match="Nothing was sent"):
        rows.batch(operations, atomic=True)

    assert dataverse.data_requests() == []


def test_a_lost_change_set_is_settled(rows: Client, dataverse: Dataverse) -> None:
    """It was carried out and nobody said so: the second try meets its own work, and every row says the same."""
    rows.batch(creates(2))
    dataverse.forget_requests()
    dataverse.fault("$batch", {"reset": True}, when="after")
    operations = [
        *creates(1, first=5),
        Update(PROFILES, row_id(0), {"name": "Profile new"}),
        Delete(PROFILES, row_id(1)),
    ]
    outcomes = rows.batch(operations, atomic=True)

    assert errors(outcomes) == [None] * 3
    assert made(dataverse) == 2
    assert dataverse.data_requests() == [BATCH, BATCH, *[f"GET {PROFILES}"] * 3]


def test_a_lost_change_set_that_met_another_row_is_not(rows: Client, dataverse: Dataverse) -> None:
    """It was never carried out, and somebody else's row has the id: nothing is called done."""
    dataverse.make(PROFILES, emailserverprofileid=row_id(1), name="Theirs", servertype=2)
    dataverse.fault("$batch", {"reset": True})
    outcomes = rows.batch(creates(3), atomic=True)

    assert errors(outcomes) == [UnknownOutcome, RowExists, UnknownOutcome]
    assert made(dataverse) == 0


def test_a_refusal_that_does_not_say_for_what_is_everybodys(client: Client, stub: Stub) -> None:
    """Without a content id, nobody knows which operation is to blame."""
    stub.answers = [multipart(EXISTS)]
    outcomes = client.batch(creates(2), atomic=True)

    assert all("Twin." in str(outcome.error) for outcome in outcomes)
    assert [outcome.error and outcome.error.tried for outcome in outcomes] == [it.operation.tried for it in outcomes]


@pytest.mark.parametrize(
    ("answers", "kinds", "requests"),
    [
        ([multipart(DONE, DONE)], [None, None], 1),
        ([multipart(BUSY), multipart(DONE, DONE)], [None, None], 2),
        ([multipart(BUSY)], [Throttled, Throttled], 11),
        ([multipart(DONE)], [UnknownOutcome, UnknownOutcome], 1),
        ([multipart("500 Error\r\n\r\n{}")], [Failed, Failed], 1),
    ],
    ids=["done", "busy", "busy for ever", "half an answer", "failed"],
)
def test_a_change_set_has_one_outcome(
    client: Client, stub: Stub, answers: list[Answer], kinds: list[object], requests: int
) -> None:
    """All done or none, or nobody knows."""
    stub.answers = answers
    outcomes = client.batch(creates(2), atomic=True)

    assert (errors(outcomes), len(stub.requests)) == (kinds, requests)
    assert all(isinstance(outcome.operation, Create) for outcome in outcomes)
