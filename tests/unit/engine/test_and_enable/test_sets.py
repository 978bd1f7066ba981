"""Stories of sets of mailboxes that are tested and enabled together."""

from collections.abc import Mapping

from tests.system.emulated import Dataverse
from tests.unit.engine.stack import Stack

from .story import Group, forget_tests, on_premises, prepare, those_tested

PEOPLE = ("anna", "ben", "chris")
KEYS = {name: f"user:{name}@contoso.com" for name in PEOPLE}
OWN: Mapping[str, object] = {key: {} for key in KEYS.values()}
ONES = dict.fromkeys(KEYS.values(), 1)


def named(members: Mapping[str, int], template: int = 1, **more: object) -> dict[str, object]:
    """Return the inputs by which a test-and-enable knows a set."""
    return {
        "mailboxes": {"sales": "set:sales"},
        "generations": {"sales": template},
        "members": {"sales": dict(members)},
        **more,
    }


def test_the_members_that_this_process_knows_cost_no_look_up(group: Group, stack: Stack, dataverse: Dataverse) -> None:
    """A set comes before what tests it: whom it took over is known then."""
    prepare(dataverse, on_premises(dataverse), PEOPLE)
    process = stack.up("sales", members=OWN, verbose_logging_enabled=5)
    run = group.run()
    run.members.update(process.run.members)
    dataverse.forget_requests()
    outputs = group.up(run, **named(ONES))

    assert outputs["statuses"] == dict.fromkeys(KEYS.values(), "success")
    assert "GET systemusers" not in dataverse.data_requests()
    assert group.plan(**named(ONES)).changes is False


def test_members_are_found_where_the_set_was_not_looked_at(group: Group, dataverse: Dataverse) -> None:
    """In one list of users; who is not there is told, and taken up again."""
    prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.forget_requests()
    outputs = group.up(**named({**ONES, "user:dora@contoso.com": 1}))

    assert dataverse.data_requests().count("GET systemusers") == 1
    assert outputs["statuses"] == dict.fromkeys(KEYS.values(), "success")
    assert outputs["unfinished"] == ["user:dora@contoso.com"]
    assert "no user has" in outputs["left_out"]["user:dora@contoso.com"]


def test_a_selection_is_who_meets_it(group: Group, dataverse: Dataverse) -> None:
    prepare(dataverse, on_premises(dataverse), PEOPLE)
    outputs = group.up(**named({}, selections={"sales": {"of": "users", "name_starts_with": "anna"}}))

    assert outputs["statuses"] == {KEYS["anna"]: "success"}


def test_one_member_s_change_tests_that_member_and_the_settings_of_all_test_all(
    group: Group, dataverse: Dataverse
) -> None:
    """Each member has a number of its own, and the set has one: whatever rises calls for a test."""
    prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(**named(ONES))
    forget_tests(dataverse)
    group.up(**named({**ONES, KEYS["ben"]: 2}))
    assert those_tested(dataverse) == {"ben"}

    forget_tests(dataverse)
    group.up(**named({**ONES, KEYS["ben"]: 2}, template=2))
    assert those_tested(dataverse) == {*PEOPLE}
    forget_tests(dataverse)
    assert group.plan(**named({**ONES, KEYS["ben"]: 2}, template=2)).changes is False


def test_a_refresh_sees_which_member_fell(group: Group, dataverse: Dataverse) -> None:
    prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(**named(ONES))
    row = dataverse.row("mailboxes", "Ben Ortiz")
    dataverse.edit("mailboxes", row, incomingemailstatus=2)

    assert list(group.refresh()["statuses"]) == [KEYS["ben"]]
    assert group.plan(**named(ONES)).changes is None
