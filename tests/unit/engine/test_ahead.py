"""Many mailboxes in one run: the first owners are looked up one by one, all others in one list."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_dataverse_email.engine import owners
from pulumi_dataverse_email.engine.create import create
from pulumi_dataverse_email.engine.owners import SINGLES
from pulumi_dataverse_email.errors import KeyNotFound, RowConflict
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.system.emulated import Dataverse

from .mailbox import METHODS, ONLINE
from .stack import Process, Stack

MAILBOX = TABLE_KINDS["Mailbox"]
MANY = 300
THREADS = 8


@pytest.fixture
def people(dataverse: Dataverse) -> list[str]:
    """The principal names of more users than are looked up one by one."""
    return hired(dataverse, SINGLES + 5)


def hired(dataverse: Dataverse, count: int) -> list[str]:
    """Make users and return their principal names."""
    names = [f"person{number}@contoso.com" for number in range(count)]
    for name in names:
        dataverse.make("systemusers", domainname=name, internalemailaddress=name, lastname=name.partition("@")[0])
    return names


def checked(stack: Stack, process: Process, users: list[str]) -> list[dict[str, object]]:
    """Let a run check its mailboxes, as the engine does before it makes them."""
    return [
        stack.checked(process, user, MAILBOX, {}, {"user": user, "email_server_profile": ONLINE, **METHODS})
        for user in users
    ]


def test_many_mailboxes_cost_little_more_than_their_writes(stack: Stack, dataverse: Dataverse) -> None:
    """At most N + 50 + 12 requests, however many threads, and each mailbox is the right one.

    The engine checks a few resources ahead of those that it makes: the provider never knows whom it will be asked for.
    """
    people = hired(dataverse, MANY)
    process = stack.process()
    dataverse.forget_requests()
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(lambda it: create(MAILBOX, process.run, *checked(stack, process, [it])), people))
    requests = dataverse.data_requests()

    assert requests.count("PATCH mailboxes") == len(people)
    assert len(requests) <= len(people) + SINGLES + 12
    mailboxes = {row["mailboxid"]: row for row in dataverse.rows("mailboxes")}
    owners = {row["domainname"]: row["systemuserid"] for row in dataverse.rows("systemusers")}
    for user, (row_id, outputs) in zip(people, done, strict=True):
        assert mailboxes[row_id]["_regardingobjectid_value"] == owners[user] == outputs["owner_id"]
        assert mailboxes[row_id]["incomingemaildeliverymethod"] == 2


def test_a_run_of_few_mailboxes_looks_each_up_alone(stack: Stack, dataverse: Dataverse, people: list[str]) -> None:
    process = stack.process()
    dataverse.forget_requests()
    for it in checked(stack, process, people[:3]):
        create(MAILBOX, process.run, it)

    assert dataverse.data_requests().count("GET systemusers") == 3


def test_whoever_the_list_lacks_is_an_error_of_its_own(stack: Stack, dataverse: Dataverse, people: list[str]) -> None:
    """It is asked for alone, for the service takes more spellings for equal; the others are not held up."""
    process = stack.process()
    inputs = checked(stack, process, [*people[: SINGLES + 5], "nobody@contoso.com"])
    *others, nobody = inputs
    for it in others[:SINGLES]:
        create(MAILBOX, process.run, it)
    dataverse.forget_requests()
    with pytest.raises(KeyNotFound, match=r"nobody@contoso\.com"):
        create(MAILBOX, process.run, nobody)
    for it in others[SINGLES:]:
        create(MAILBOX, process.run, it)

    assert dataverse.data_requests().count("GET systemusers") == 2


def test_what_was_looked_up_ahead_is_forgotten_when_the_row_is_written(
    stack: Stack, dataverse: Dataverse, people: list[str]
) -> None:
    """Another resource wrote the row meanwhile: its mailbox is read again, not taken from memory."""
    process = stack.process()
    inputs = checked(stack, process, people[: SINGLES + 3])
    for it in inputs[: SINGLES + 1]:
        create(MAILBOX, process.run, it)
    row = next(it for it in dataverse.rows("systemusers") if it["domainname"] == people[SINGLES + 1])
    process.run.rows().update("mailboxes", row["_defaultmailbox_value"], {"username": "else"})
    dataverse.forget_requests()
    for it in inputs[SINGLES + 1 :]:
        create(MAILBOX, process.run, it)

    assert dataverse.data_requests().count("GET systemusers") == 1


def test_two_of_a_list_who_share_a_key_are_a_conflict(stack: Stack, dataverse: Dataverse, people: list[str]) -> None:
    """A list is read to its end before anybody is taken from it: the second may be the last."""
    dataverse.make("systemusers", domainname="twin@contoso.com", internalemailaddress=people[-1], lastname="Twin")
    process = stack.process()
    *others, shared = checked(stack, process, people)
    for it in others:
        create(MAILBOX, process.run, it)
    dataverse.forget_requests()
    with pytest.raises(RowConflict, match="2 rows share that key"):
        create(MAILBOX, process.run, shared)

    assert dataverse.data_requests() == []


@pytest.mark.parametrize("trouble", ["too many", "refused"])
def test_without_a_list_each_is_looked_up_alone(
    stack: Stack, dataverse: Dataverse, people: list[str], monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """An organization may have more users than are kept in memory, or refuse to list them: nobody is worse off."""
    process = stack.process()
    inputs = checked(stack, process, people)
    for it in inputs[:SINGLES]:
        create(MAILBOX, process.run, it)
    if trouble == "too many":
        monkeypatch.setattr(owners, "MOST", 10)
    else:
        dataverse.fault("/systemusers", {"status": 400, "body": "{}"}, method="GET")
    dataverse.forget_requests()
    for it in inputs[SINGLES:]:
        create(MAILBOX, process.run, it)

    assert dataverse.data_requests().count("GET systemusers") == 1 + len(people) - SINGLES
