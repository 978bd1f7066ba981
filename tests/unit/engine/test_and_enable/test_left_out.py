"""Mailboxes that cannot be tested as they are."""

import pytest

from tests.system.emulated import Dataverse

from .story import (
    Group,
    mailbox,
    on_premises,
    prepare,
    those_tested,
)

PEOPLE = ("anna", "ben", "chris")


NONE = {"incomingemaildeliverymethod": 0, "outgoingemaildeliverymethod": 0, "actdeliverymethod": 2}
LEFT_OUT: dict[str, tuple[dict[str, object], str]] = {
    "inactive": ({"statecode": 1, "statuscode": 2}, "the mailbox is inactive"),
    "no profile": ({"_emailserverprofile_value": None}, "no email server profile"),
    "no address": ({"emailaddress": None}, "no email address"),
    "no direction": ({**NONE}, "none of its delivery methods"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_mailbox_that_cannot_be_tested_is_listed(group: Group, dataverse: Dataverse, case: str) -> None:
    """It is left out with its reason, and until it changes, there is nothing to do and nothing to report."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    columns, reason = LEFT_OUT[case]
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), **columns)
    outputs = group.up(mailboxes=mailboxes)

    assert those_tested(dataverse) == {"anna", "chris"}
    assert reason in outputs["left_out"]["ben"]
    assert "unfinished" not in outputs
    assert "statuses" not in group.refresh()
    assert group.plan(mailboxes=mailboxes).changes is False


def test_a_mailbox_of_a_disabled_user_is_left_out_until_the_user_is_enabled(group: Group, dataverse: Dataverse) -> None:
    """A refresh sees that it can be tested now."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    ben = dataverse.row("systemusers", "Ben Ortiz")
    dataverse.edit("systemusers", ben, isdisabled=True)
    assert "disabled" in group.up(mailboxes=mailboxes)["left_out"]["ben"]

    dataverse.edit("systemusers", ben, isdisabled=False)
    assert group.refresh()["statuses"] == {"ben": "incoming not run, outgoing not run, act not run"}
    assert group.plan(mailboxes=mailboxes).changes is None
    assert group.up(mailboxes=mailboxes)["statuses"]["ben"] == "success"


def test_a_profile_that_is_inactive_leaves_its_mailboxes_out(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    row = dataverse.row("emailserverprofiles", "On premises")
    dataverse.edit("emailserverprofiles", row, statecode=1, statuscode=2)

    assert "'On premises' is inactive" in group.up(mailboxes=mailboxes)["left_out"]["ben"]
