"""Laws of check and diff, over every argument."""

from typing import Any

import pytest

from pulumi_dataverse_email.declare import UNKNOWN
from pulumi_dataverse_email.engine.check import Difference
from pulumi_dataverse_email.engine.props import FAULTS
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.engine.test_and_enable.settle import check, diff
from pulumi_dataverse_email.errors import WrongEnvironment
from tests.contract.kinds import offline

from .story import KIND, Told

ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
GROUP: dict[str, object] = {"mailboxes": {"anna": ONE, "ben": OTHER}}
OF_PROFILE: dict[str, object] = {"profile": "Contoso", "all_mailboxes": True}

VALUES: dict[str, tuple[dict[str, object], object, object]] = {
    "mailboxes": ({}, {"anna": ONE}, {"anna": OTHER}),
    "profile": (OF_PROFILE, "Contoso", "Fabrikam"),
    "all_mailboxes": (OF_PROFILE, True, None),
    "approval": (GROUP, "require", "approve"),
    "sync_from_this_organization_only": (GROUP, True, False),
    "allow_outside_production": (GROUP, True, False),
    "canaries": (GROUP, ["anna"], 3),
    "wave_size": (GROUP, 50, 20),
    "timeout": (GROUP, 600, 60),
    "stop_after_failures": (GROUP, 5, 1),
    "retest": (GROUP, "none", "all"),
    "impersonation_scope": (GROUP, "exchange_online/scope/one", "exchange_online/scope/other"),
    "scope_effective_after": (GROUP, "2026-11-01T00:00:00Z", "2026-11-01T02:00:00Z"),
    "on_failure": (GROUP, "fail", "warn"),
    "allowed_failures": (GROUP, 0, 2),
    "generations": (GROUP, {"anna": 1}, {"anna": 2}),
    "profiles": (GROUP, {"one": ONE}, {"one": OTHER}),
    "profile_generations": (GROUP, {"one": 1}, {"one": 2}),
}


def inputs(name: str, value: object, olds: dict[str, object] | None = None) -> dict[str, object]:
    """Return the checked inputs of a group with that argument."""
    checked, _ = check(KIND, olds or {}, {**VALUES[name][0], name: value})
    return checked


def test_every_argument_is_tried() -> None:
    assert KIND.arguments.keys() <= VALUES.keys()


@pytest.mark.parametrize("name", VALUES)
def test_a_change_is_a_change_and_no_change_is_none(name: str) -> None:
    """What is stated survives check; equals do not differ; a changed, removed or unknown value differs."""
    _, one, other = VALUES[name]
    olds = inputs(name, one)

    assert olds[name] == one
    assert diff(KIND, offline(), olds, inputs(name, one, olds)) == Difference(changes=False)
    for changed in (other, None, UNKNOWN):
        assert diff(KIND, offline(), olds, inputs(name, changed, olds)) == Difference(None)


def test_an_id_that_is_not_known_yet_is_no_fault() -> None:
    """A preview knows the names before the ids: the map stays, with what is known in it."""
    news: dict[str, Any] = {"mailboxes": {"anna": UNKNOWN, "ben": ONE}, "canaries": ["anna"]}
    checked, faults = check(KIND, {}, news)

    assert (checked, faults) == (news, [])


def test_what_the_program_found_is_refused() -> None:
    checked, faults = check(KIND, {}, {**GROUP, FAULTS: ["mailboxes: names 'anna' twice"]})

    assert [str(fault) for fault in faults] == ["mailboxes: names 'anna' twice"]
    assert FAULTS not in checked


def test_numbers_that_come_as_floats_are_whole() -> None:
    assert inputs("wave_size", 20.0) == {**GROUP, "wave_size": 20}


@pytest.mark.parametrize("outputs", [{"unfinished": ["anna"]}, {"switched_off": True}, {"timeouts": {"create": 5}}])
def test_what_is_not_achieved_is_tried_again(outputs: dict[str, object]) -> None:
    """The inputs are equal, so no path can be named: the stack is not "nothing to change" all the same."""
    assert diff(KIND, offline(), {**GROUP, **outputs}, GROUP) == Difference(changes=True)


def test_a_state_of_another_environment_is_refused() -> None:
    """Before anything is asked."""

    def nobody() -> None:
        raise AssertionError("nothing is asked")

    run = Run(Target("contoso.crm4.dynamics.com", None, nobody), Told())  # type: ignore[arg-type]  # opening the wire is the failure
    state = {**GROUP, "environment_host": "fabrikam.crm4.dynamics.com", "organization_id": ONE}
    with pytest.raises(WrongEnvironment):
        diff(KIND, run, state, GROUP)


def test_statuses_of_mailboxes_that_are_named_no_longer_go() -> None:
    """Who fell once stands in the inputs as long as the group has them; who left goes at once."""
    fallen = {"anna": "act failure", "dora": "success"}
    closed, _ = check(KIND, {**GROUP, "statuses": fallen}, GROUP)
    opened, _ = check(KIND, {**OF_PROFILE, "statuses": {**fallen, "ben": "left"}}, OF_PROFILE)

    assert closed["statuses"] == {"anna": "success"}
    assert opened["statuses"] == {"anna": "success", "dora": "success"}
