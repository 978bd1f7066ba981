"""Who goes first, and what follows where nobody can."""

from tests.system.emulated import Dataverse

from .story import (
    Group,
    account,
    forget_tests,
    hire,
    mailbox,
    on_premises,
    prepare,
    those_tested,
)

PEOPLE = ("anna", "ben", "chris")


def test_a_named_canary_that_cannot_be_tested_does_not_let_all_others_go_at_once(
    group: Group, dataverse: Dataverse
) -> None:
    """Others go first in its place: a wrong password never meets a whole wave."""
    profile = on_premises(dataverse)
    names = hire(dataverse, 8)
    arguments = {"mailboxes": prepare(dataverse, profile, names), "profiles": {"one": profile}}
    group.up(**arguments, profile_generations={"one": 1}, canaries=["p005"])
    account(dataverse, password="the new one")
    dataverse.edit("mailboxes", mailbox(dataverse, "p005"), emailaddress=None)
    forget_tests(dataverse)
    outputs = group.up(**arguments, profile_generations={"one": 2}, canaries=["p005"], retest="all")

    assert those_tested(dataverse) == {"p000", "p001"}
    assert "no canary of its profile could be enabled" in outputs["left_out"]["p007"]


def test_a_profile_without_a_named_canary_has_canaries_too(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])
    others = prepare(dataverse, on_premises(dataverse, name="Other", incomingpassword="wrong"), hire(dataverse, 8))
    group.up(mailboxes=mailboxes | others, canaries=["anna"])

    assert those_tested(dataverse) == {"anna", "p000", "p001"}


def test_the_rest_is_told_that_the_time_was_over_where_the_canaries_took_it(group: Group, dataverse: Dataverse) -> None:
    """It is not said that no canary could be enabled while their tests go on."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 4))
    dataverse.control("PATCH", "switches", {"test_seconds": 300})
    outputs = group.up(mailboxes=mailboxes, timeout=60)

    assert "60 seconds were over before its turn" in outputs["left_out"]["p003"]


def test_a_changed_profile_whose_canaries_cannot_be_tested_today_is_not_taken_for_proved(
    group: Group, dataverse: Dataverse
) -> None:
    """They were tested often enough for a day: the next run tests them once the day is over."""
    profile = on_premises(dataverse)
    arguments = {"mailboxes": prepare(dataverse, profile, PEOPLE), "profiles": {"one": profile}, "canaries": ["ben"]}
    for generation in (1, 2, 3, 4):
        forget_tests(dataverse)
        outputs = group.up(**arguments, profile_generations={"one": generation})
    assert those_tested(dataverse) == set()
    assert "tested 3 times within a day" in outputs["left_out"]["ben"]
    assert outputs["unfinished"] == ["ben"]

    dataverse.control("POST", "clock", {"advance": 86_400})
    group.up(**arguments, profile_generations={"one": 4})
    assert those_tested(dataverse) == {"ben"}


def test_a_canary_that_meets_a_passing_trouble_holds_up_nobody_once_another_one_is_enabled(
    group: Group, dataverse: Dataverse
) -> None:
    """The service repeats its test for up to an hour: the profile is proved without it."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 4))
    dataverse.edit("mailboxes", mailbox(dataverse, "p000"), testemailconfigurationscheduled=True)
    moments: list[float] = []

    def trouble() -> None:
        row = mailbox(dataverse, "p000")
        if len(group.clock.pauses) < 15:
            dataverse.edit("mailboxes", row, testemailconfigurationscheduled=True)
            dataverse.edit("mailboxes", row, testemailconfigurationretrycount=1)
        if mailbox(dataverse, "p003")["testandenablelastattemptedon"]:
            moments.append(group.clock.now())

    group.clock.then = trouble
    outputs = group.up(mailboxes=mailboxes)

    assert set(outputs["statuses"].values()) == {"success"}
    assert moments[0] < 200
