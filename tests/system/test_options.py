"""Pulumi's resource options behave as for any resource."""

import pytest

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE, options
from .stack import FAILED, Stack


@pytest.fixture
def made(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack with a profile and a mailbox, whose requests are forgotten."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    dataverse.forget_requests()
    return stack


def test_ignored_changes_are_not_sent(made: Stack, dataverse: Dataverse) -> None:
    """`ignore_changes` keeps what state has, against the program and against an edit in the admin center."""
    changed = options(PROFILE.replace("=443", "=993"), 'ignore_changes=["incoming_port_number"]')
    made.program(changed + MAILBOX)
    made.clean()
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingportnumber=587)
    made.up("--refresh")

    assert dataverse.writes() == []
    assert dataverse.profile()["incomingportnumber"] == 587


def test_a_protected_resource_is_not_deleted(made: Stack, dataverse: Dataverse) -> None:
    """`protect` refuses the deletion before anything is asked; without it the resource goes."""
    made.program(PROFILE + options(MAILBOX, "protect=True"))
    made.up()
    made.program(PROFILE)

    assert "protect" in made.up(status=FAILED).text
    assert "anna" in made.state()
    assert dataverse.writes() == []
    made.program(PROFILE + MAILBOX)
    made.up()
    made.program(PROFILE)
    made.up()
    assert "anna" not in made.state()


def test_a_retained_resource_leaves_the_state_alone(made: Stack, dataverse: Dataverse) -> None:
    """`retain_on_delete` forgets the mailbox and the profile without a request, whatever `on_delete` says."""
    made.program(options(PROFILE, "retain_on_delete=True") + options(MAILBOX, "retain_on_delete=True"))
    made.up()
    made.program("")
    made.up()

    assert made.state() == {}
    assert dataverse.writes() == []
    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]


def test_dependents_wait_and_go_first(stack: Stack, dataverse: Dataverse) -> None:
    """`depends_on` orders creations one way and deletions the other way round."""
    second = PROFILE.replace('"one-account"', '"second"').replace("Contoso Exchange", "Second")
    stack.program(PROFILE + options(second, "depends_on=[profile]"))
    stack.up()
    made = [str(it["url"]) for it in dataverse.requests() if it["method"] == "PATCH"]
    ids = [dataverse.row("emailserverprofiles", it)["emailserverprofileid"] for it in ("Contoso Exchange", "Second")]
    assert [ids[0] in made[0], ids[1] in made[1]] == [True, True]
    stack.destroy()

    deleted = [str(it["url"]) for it in dataverse.requests() if it["method"] == "DELETE"]
    assert [ids[1] in deleted[0], ids[0] in deleted[1]] == [True, True]


def test_a_replacement_on_changes_is_planned(made: Stack) -> None:
    """`replace_on_changes` plans a replacement where that column changes, and none where another does."""
    wanted = 'replace_on_changes=["incoming_port_number"]'
    made.program(options(PROFILE.replace("crm-sync", "crm-second"), wanted) + MAILBOX)
    assert made.steps()["one-account"]["op"] == "update"
    made.program(options(PROFILE.replace("=443", "=993"), wanted) + MAILBOX)

    assert made.steps()["one-account"]["replaceReasons"] == ["incoming_port_number"]
