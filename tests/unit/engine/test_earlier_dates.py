"""A processing date that moves back pulls old mail in: said by `check`, which alone knows both dates."""

from collections.abc import Mapping

import pytest

from pulumi_dataverse_email.declare import CLEAR, UNKNOWN, TableKind
from pulumi_dataverse_email.engine.check import check
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.contract.kinds import LEAST, name

from .mailbox import ANNA
from .stack import Stack, Warnings

DATES = [
    (kind, argument) for kind in TABLE_KINDS.values() for argument, column in kind.columns.items() if column.moved_back
]
EARLY, LATE = "2026-01-01", "2026-02-01T00:00:00Z"


def told(kind: TableKind, olds: Mapping[str, object], news: Mapping[str, object]) -> list[str]:
    """Return what check warns of, asked twice as in a run with its preview."""
    warnings = Warnings()
    run = Run(Target(None, None, lambda: pytest.fail("check never touches the network")), warnings)
    for _ in range(2):
        assert check(kind, run, {**LEAST[kind.name], **olds}, {**LEAST[kind.name], **news})[1] == []
    return warnings


def test_profiles_and_mailboxes_have_such_a_date() -> None:
    assert [(kind.name, argument) for kind, argument in DATES] == [
        ("EmailServerProfile", "process_emails_received_after"),
        ("Mailbox", "process_email_received_after"),
    ]


@pytest.mark.parametrize(("kind", "argument"), DATES, ids=name)
def test_a_date_that_moves_back_is_told_once(kind: TableKind, argument: str) -> None:
    (warning,) = told(kind, {argument: LATE}, {argument: EARLY})

    called = {"EmailServerProfile": "Contoso Exchange", "Mailbox": ANNA}[kind.name]
    assert warning.startswith(f"{kind.name} '{called}': {argument} moves back from {LATE} to {EARLY}: ")
    assert "pulled in" in warning
    assert warning.endswith("best-practices-server-side-synchronization)")


@pytest.mark.parametrize(("kind", "argument"), DATES, ids=name)
def test_a_date_that_is_cleared_moves_back(kind: TableKind, argument: str) -> None:
    (warning,) = told(kind, {argument: LATE}, {argument: CLEAR})

    assert f"{argument} moves back from {LATE} to none: " in warning


@pytest.mark.parametrize(("kind", "argument"), DATES, ids=name)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (EARLY, LATE),
        (LATE, "2026-02-01T01:00:00+01:00"),
        (None, EARLY),
        (LATE, None),
        (CLEAR, EARLY),
        (LATE, UNKNOWN),
    ],
)
def test_any_other_change_is_not(kind: TableKind, argument: str, old: object, new: object) -> None:
    """Later, the same in other words, newly stated, no longer stated, stated after none, or not known yet."""
    assert told(kind, {argument: old} if old else {}, {argument: new}) == []


def test_what_the_service_moved_forward_is_no_move_back(stack: Stack) -> None:
    """State keeps the declared date: only an edit of the program is told."""
    stack.up("anna", user=ANNA, process_email_received_after=EARLY)
    stack.refresh("anna")

    assert stack.up("anna", user=ANNA, process_email_received_after=EARLY).warnings == []
    assert len(stack.up("anna", user=ANNA, process_email_received_after="2025-12-01").warnings) == 1
