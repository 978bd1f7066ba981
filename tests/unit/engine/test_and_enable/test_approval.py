"""Addresses that nobody has approved."""

from collections.abc import Sequence
from typing import Any

import pytest

from pulumi_dataverse_email.dataverse.rows import Operation, Outcome, Rows
from pulumi_dataverse_email.engine.test_and_enable.approve import approve
from pulumi_dataverse_email.engine.test_and_enable.mailbox import Mailbox
from pulumi_dataverse_email.errors import DataverseError, Throttled, Unreachable
from tests.system.emulated import Dataverse

from .story import Group, batches, forget_tests, mailbox, on_premises, prepare, those_tested

PEOPLE = ("anna", "ben", "chris")
NOBODY = {"emailrouteraccessapproval": 2, "isemailaddressapprovedbyo365admin": False}
CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"

ONLINE = {"incomingcredentialretrieval": 2}
ADMINISTRATOR = ["System Administrator"]
READER = ["Mailbox Tester"]
PRIVILEGES = ["Read", "Write"]

REFUSALS = {
    "no privilege": (READER, "refuse", "the privilege 'Approve Email Addresses for Users or Queues'"),
    "no role": (ADMINISTRATOR, "refuse", "a role is missing. It takes the role System Administrator and"),
    "in silence": (ADMINISTRATOR, "ignore", "answered the approval like a success, and kept the address unapproved"),
}


def grant(dataverse: Dataverse, roles: list[str]) -> None:
    """Give the application these roles alone."""
    tables = ("mailbox", "emailserverprofile", "systemuser", "queue", "tracelog", "organization")
    names = {"mailbox": "Mailbox", "emailserverprofile": "EmailServerProfile", "systemuser": "User", "queue": "Queue"}
    granted = [f"prv{verb}{names.get(table, table.title())}" for table in tables for verb in PRIVILEGES]
    dataverse.control("PUT", f"roles/{READER[0]}", {"privileges": [it for it in granted if "Tracelog" not in it]})
    body = {"name": "deployer", "secret": "emulated-client-secret", "roles": roles}
    dataverse.control("PUT", f"applications/{CLIENT}", body)


def test_an_unapproved_address_is_listed_and_taken_up_later(group: Group, dataverse: Dataverse) -> None:
    """By default nothing is approved: the path in the admin center is named, and the others are enabled."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), **NOBODY)
    outputs = group.up(mailboxes=mailboxes)
    assert "Settings > Email > Mailboxes > 'Ben Ortiz' > Approve Email" in outputs["not_approved"]["ben"]
    assert those_tested(dataverse) == {"anna", "chris"}

    forget_tests(dataverse)
    assert group.plan(mailboxes=mailboxes).changes is True
    group.up(mailboxes=mailboxes)
    assert those_tested(dataverse) == set()
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), emailrouteraccessapproval=1)
    outputs = group.up(mailboxes=mailboxes)
    assert (those_tested(dataverse), "not_approved" in outputs) == ({"ben"}, False)


@pytest.mark.parametrize("profile", [{}, ONLINE], ids=["on premises", "online"])
def test_an_address_is_approved_where_the_program_says_so(
    group: Group, dataverse: Dataverse, profile: dict[str, object]
) -> None:
    """Approval goes in a batch of its own, is read back, and comes before the test."""
    mailboxes = prepare(dataverse, on_premises(dataverse, **profile), PEOPLE, **NOBODY)
    dataverse.forget_requests()
    outputs = group.up(mailboxes=mailboxes, approval="approve", canaries=0)

    assert outputs["statuses"] == dict.fromkeys(PEOPLE, "success")
    sent = dataverse.data_requests()[:5]
    assert sent == ["GET RetrieveCurrentOrganization", "GET mailboxes", "POST $batch", "GET mailboxes", "POST $batch"]


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_approval_says_why(group: Group, dataverse: Dataverse, case: str) -> None:
    """Three refusals, three true sentences; nothing else changes, and approved mailboxes are enabled."""
    roles, answer, words = REFUSALS[case]
    mailboxes = prepare(dataverse, on_premises(dataverse, **ONLINE), PEOPLE)
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), **NOBODY)
    dataverse.control("PATCH", "switches", {"approval_without_rights": answer})
    grant(dataverse, roles)
    outputs = group.up(mailboxes=mailboxes, approval="approve")

    assert words in outputs["not_approved"]["ben"]
    assert "'Ben Ortiz' > Approve Email" in outputs["not_approved"]["ben"]
    assert [text for _, _, text in REFUSALS.values() if text in outputs["not_approved"]["ben"]] == [words]
    assert those_tested(dataverse) == {"anna", "chris"}
    assert mailbox(dataverse, "ben")["emailrouteraccessapproval"] == 2


def test_another_refusal_is_told_in_dataverse_s_words(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"], **NOBODY)
    body = '{"error": {"code": "0x80040265", "message": "A plug-in says no."}}'
    dataverse.fault("mailboxes(", {"status": 400, "body": body}, method="PATCH")
    outputs = group.up(mailboxes=mailboxes, approval="approve")

    assert "A plug-in says no." in outputs["not_approved"]["anna"]


def test_an_approval_that_cannot_be_read_back_does_not_count(group: Group, dataverse: Dataverse) -> None:
    """Nobody is tested whose approval is not certain."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"], **NOBODY)
    run = group.run()
    rows, there = run.rows(), Mailbox("anna", mailboxes["anna"], {"name": "Anna Weber"})
    dataverse.fault("/mailboxes", {"status": 400}, method="GET", times=5)
    ended = approve(rows, [there])

    assert ended.approved == []
    assert "could not be read back" in ended.refused["anna"]


def test_an_organization_that_asks_for_no_approval_is_believed(group: Group, dataverse: Dataverse) -> None:
    """With `ignore` the address is not looked at, but for Exchange Online, which asks for it always."""
    organization = dataverse.rows("organizations")[0]
    dataverse.edit("organizations", organization, requireapprovalforuseremail=False)
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"], **NOBODY)
    mailboxes |= prepare(dataverse, on_premises(dataverse, name="Online", **ONLINE), ["ben"], **NOBODY)
    outputs = group.up(mailboxes=mailboxes, approval="ignore")

    assert outputs["statuses"]["anna"] == "success"
    assert outputs["not_approved"]["ben"].startswith("Exchange Online asks for an administrator's approval: ")


def test_the_approval_of_somebody_who_is_no_administrator_does_not_do_for_exchange_online(
    group: Group, dataverse: Dataverse
) -> None:
    """The status alone says approved; the flag beside it says by whom."""
    half = {"emailrouteraccessapproval": 1, "isemailaddressapprovedbyo365admin": False}
    mailboxes = prepare(dataverse, on_premises(dataverse, **ONLINE), ["anna"], **half)
    grant(dataverse, ADMINISTRATOR)
    outputs = group.up(mailboxes=mailboxes, approval="approve")

    assert "not by an administrator of the tenant" in outputs["not_approved"]["anna"]
    assert batches(dataverse) == 1


class Lost:
    """Rows whose writes do not arrive."""

    def __init__(self, rows: Rows, error: DataverseError) -> None:
        self._rows, self._error = rows, error

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the rows have
        """Do as the rows do."""
        return getattr(self._rows, name)

    def batch(self, operations: Sequence[Operation], *, atomic: bool = False) -> list[Outcome]:  # noqa: ARG002  none is
        """Answer each with the error."""
        return [Outcome(it, error=self._error) for it in operations]


@pytest.mark.parametrize("kind", [Throttled, Unreachable])
def test_an_approval_that_nobody_refused_is_not_called_refused(
    group: Group, dataverse: Dataverse, kind: type[DataverseError]
) -> None:
    """Trouble on the way says nothing about rights; what became of it is read, and the next run sends it again."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"], **NOBODY)
    rows, group.rows = group.rows, Lost(group.rows, kind("approve", "no answer came"))
    outputs = group.up(mailboxes=mailboxes, approval="approve")

    assert "the approval did not arrive: no answer came; the next `pulumi up`" in outputs["not_approved"]["anna"]
    group.rows = rows
    assert "not_approved" not in group.up(mailboxes=mailboxes, approval="approve")


def test_an_approval_whose_answer_alone_was_lost_is_found_by_reading(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])
    anna = Mailbox("anna", mailboxes["anna"], {})

    found = approve(Lost(group.rows, Unreachable("approve", "no answer came")), [anna])

    assert [it.name for it in found.approved] == ["anna"]
