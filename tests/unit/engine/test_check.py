"""Check and diff: what is settled without asking anybody."""

from collections.abc import Mapping
from typing import Any

import pytest

from pulumi_dataverse_email.declare import UNKNOWN, Fault
from pulumi_dataverse_email.engine.check import check, diff, next_row_id
from pulumi_dataverse_email.engine.props import FAULTS, GENERATION
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.resources import TABLE_KINDS

from .mailbox import ANNA, METHODS, SECRET
from .stack import Warnings

PROFILE, MAILBOX = TABLE_KINDS["EmailServerProfile"], TABLE_KINDS["Mailbox"]
PROPOSED = "11111111-1111-5111-8111-111111111111"
LEAST = {"name": "Contoso Exchange", "server_type": "exchange_online_hybrid", "row_id": PROPOSED}


def offline() -> Run:
    """Return the memory of a run that knows no settings."""
    return Run(Target(None, None, lambda: pytest.fail("check and diff never touch the network")), Warnings())


def inputs(run: Run, olds: Mapping[str, object], **news: object) -> dict[str, Any]:
    """Return a profile's checked inputs, which have no faults."""
    found, faults = check(PROFILE, run, olds, {**LEAST, **news})
    assert faults == []
    return found


def generation(olds: Mapping[str, object], **news: object) -> object:
    """Return the generation of a mailbox."""
    return check(MAILBOX, offline(), olds, {"user": ANNA, **news})[0][GENERATION]


def test_a_row_keeps_its_id() -> None:
    """The id in state counts, whatever the program's side proposes."""
    olds = {**LEAST, "row_id": "22222222-2222-5222-8222-222222222222"}

    assert inputs(offline(), {})["row_id"] == PROPOSED
    assert inputs(offline(), olds)["row_id"] == olds["row_id"]


def test_a_replacement_gets_another_id() -> None:
    """The engine asks with an empty state for the replacement of what it showed before."""
    run = offline()
    inputs(run, LEAST)

    assert inputs(run, {})["row_id"] == inputs(run, {})["row_id"] == next_row_id(PROPOSED, PROPOSED)
    assert run.replaced == {next_row_id(PROPOSED, PROPOSED): PROPOSED}


def test_a_replacement_goes_on_counting() -> None:
    """A new row of the same resource calls for a new test: its generation is the next one."""
    run = offline()
    inputs(run, {**LEAST, GENERATION: 7})

    assert inputs(run, {})[GENERATION] == 8


def test_what_calls_for_a_new_test_raises_the_generation() -> None:
    """Profile, methods and credentials do; the processing date does not."""
    olds = {"user": ANNA, GENERATION: 3}

    assert generation({}) == 1
    assert generation(olds) == 3
    assert generation(olds, **METHODS) == 4
    assert generation(olds, username="anna", password=SECRET) == 4
    assert generation(olds, process_email_received_after="2026-11-01") == 3
    assert generation(olds, email_server_profile=UNKNOWN) is UNKNOWN


def test_a_state_without_a_generation_has_the_first() -> None:
    """A state that was made by an import file holds no more than its arguments."""
    assert generation({"user": ANNA}) == 1


def test_no_owner_is_a_fault_alone() -> None:
    """A mailbox of nobody is refused; nothing else breaks over it."""
    found, faults = check(MAILBOX, offline(), {}, {})

    assert (found, [fault.argument for fault in faults]) == ({GENERATION: 1}, ["user"])


@pytest.mark.parametrize("handed", [["one", "two"], "one"])
def test_what_the_program_s_side_found_comes_first(handed: list[str] | str) -> None:
    """Its faults blame no property; that an argument could not be sent is no further fault."""
    found, faults = check(PROFILE, offline(), {}, {"server_type": "exchange_online_hybrid", FAULTS: handed})

    texts = handed if isinstance(handed, list) else [handed]
    assert faults == [Fault("", text) for text in texts]
    assert FAULTS not in found


def test_adoption_is_settled_for_good() -> None:
    """Whether a row is ours or taken over is decided once: changing it says how."""
    olds = {**LEAST, "adopt": True}
    _, faults = check(PROFILE, offline(), olds, LEAST)

    assert [fault.argument for fault in faults] == ["adopt"]
    assert "on_delete='retain'" in faults[0].reason


def test_an_adopted_row_is_never_renamed() -> None:
    olds = {"name": "Contoso Exchange", "server_type": "exchange_online_hybrid", "adopt": True}
    _, faults = check(PROFILE, offline(), olds, {**olds, "name": "Another"})

    assert faults == [
        Fault("name", "an adopted email server profile is never renamed; it is called 'Contoso Exchange'")
    ]


def test_a_faulty_change_has_one_fault() -> None:
    """What is no value of the argument is not blamed for being another value, too."""
    _, faults = check(PROFILE, offline(), LEAST, {**LEAST, "server_type": "pigeon"})

    assert [fault.argument for fault in faults] == ["server_type"]


def test_an_unknown_change_is_not_judged() -> None:
    """Whether an immutable column changes is not known before its value is."""
    assert inputs(offline(), LEAST, server_type=UNKNOWN)["server_type"] is UNKNOWN


def test_a_row_is_renamed_where_it_is_ours() -> None:
    assert inputs(offline(), LEAST, name="Another")["name"] == "Another"


def test_unknown_replaces_nothing_it_need_not() -> None:
    """A preview plans the replacement that an unknown immutable column might need."""
    news = {**LEAST, "server_type": UNKNOWN}

    assert diff(PROFILE, offline(), PROPOSED, LEAST, news).replaces == ("server_type",)
