"""Changed profiles: a rotated password, and healthy mailboxes."""

from tests.system.emulated import Dataverse

from .story import (
    Group,
    account,
    batches,
    forget_tests,
    hire,
    on_premises,
    prepare,
    those_tested,
)

PEOPLE = ("anna", "ben", "chris")


def rotated(group: Group, dataverse: Dataverse, count: int, password: str) -> dict[str, object]:
    """Let a password expire that has enabled so many people, and the profile get a new one; return the arguments."""
    profile = on_premises(dataverse)
    arguments: dict[str, object] = {
        "mailboxes": prepare(dataverse, profile, hire(dataverse, count)),
        "profiles": {"one-account": profile},
    }
    group.up(**arguments, profile_generations={"one-account": 1})
    account(dataverse, password="expired")
    dataverse.control("POST", "cycle")
    account(dataverse, password="the new one")
    row = dataverse.row("emailserverprofiles", "On premises")
    dataverse.edit("emailserverprofiles", row, incomingpassword=password)
    forget_tests(dataverse)
    group.clock.pauses.clear()
    return {**arguments, "profile_generations": {"one-account": 2}}


def test_a_rotated_password_brings_all_back(group: Group, dataverse: Dataverse) -> None:
    """The service switched off all forty; the canaries come back first, then all others."""
    arguments = rotated(group, dataverse, 40, "the new one")
    assert group.plan(**arguments).changes is None
    outputs = group.up(**arguments)

    assert (len(those_tested(dataverse)), batches(dataverse)) == (40, 2)
    assert set(outputs["statuses"].values()) == {"success"}
    assert group.plan(**arguments).changes is False


def test_a_wrong_new_password_stops_at_the_canaries(group: Group, dataverse: Dataverse) -> None:
    """The rest is left untouched and told why; once the password is right, the same program brings all back."""
    arguments = rotated(group, dataverse, 10, "a typing error")
    outputs = group.up(**arguments)

    assert those_tested(dataverse) == set(outputs["failed"]) == {"p000", "p001"}
    assert "no canary of its profile could be enabled" in outputs["left_out"]["p009"]
    assert len(outputs["unfinished"]) == 10
    row = dataverse.row("emailserverprofiles", "On premises")
    dataverse.edit("emailserverprofiles", row, incomingpassword="the new one")
    assert set(group.up(**arguments)["statuses"].values()) == {"success"}


def test_healthy_mailboxes_are_not_touched_by_a_changed_profile_but_for_the_canaries(
    group: Group, dataverse: Dataverse
) -> None:
    profile = on_premises(dataverse)
    arguments = {"mailboxes": prepare(dataverse, profile, PEOPLE), "profiles": {"one": profile}}
    group.up(**arguments, profile_generations={"one": 1})
    forget_tests(dataverse)
    group.up(**arguments, profile_generations={"one": 2})
    assert those_tested(dataverse) == {"anna", "ben"}

    forget_tests(dataverse)
    group.up(**arguments, profile_generations={"one": 3}, canaries=["chris"])
    assert those_tested(dataverse) == {"chris"}


def test_healthy_mailboxes_are_tested_where_the_program_says_so(group: Group, dataverse: Dataverse) -> None:
    """`retest="all"` tests all once, and again with each change of their profile."""
    profile = on_premises(dataverse)
    arguments = {"mailboxes": prepare(dataverse, profile, PEOPLE), "profiles": {"one": profile}}
    group.up(**arguments, profile_generations={"one": 1})
    for generation in (1, 2):
        forget_tests(dataverse)
        group.up(**arguments, profile_generations={"one": generation}, retest="all")
        assert those_tested(dataverse) == set(PEOPLE)
    assert group.plan(**arguments, profile_generations={"one": 2}, retest="all").changes is False
