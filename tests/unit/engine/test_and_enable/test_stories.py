"""Stories of groups of mailboxes, against the emulator."""

from collections.abc import Callable

import pytest

from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.errors import ReachExceeded, WrongEnvironment
from tests.system.emulated import Dataverse

from .story import (
    APPROVED,
    ENABLED,
    LONG_AGO,
    PASSWORD,
    Group,
    account,
    batches,
    forget_tests,
    hire,
    mailbox,
    on_premises,
    prepare,
    those_tested,
)

PEOPLE = ("anna", "ben", "chris")
FIVE = (*PEOPLE, "p000", "p001")


def test_a_group_is_enabled_and_then_left_alone(group: Group, dataverse: Dataverse) -> None:
    """From nothing to three times Success in one list, one batch for the canaries, one for the wave; then nothing."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.forget_requests()
    outputs = group.up(mailboxes=mailboxes)

    assert outputs["statuses"] == dict.fromkeys(PEOPLE, "success")
    assert not {"failed", "left_out", "not_approved", "unfinished"} & outputs.keys()
    assert batches(dataverse) == 2
    polls = len(group.clock.pauses)
    assert dataverse.data_requests().count("GET mailboxes") == 1 + polls
    dataverse.forget_requests()
    assert group.plan(mailboxes=mailboxes).changes is False
    assert dataverse.data_requests() == []


def _scope(dataverse: Dataverse) -> Callable[[], object]:
    account(dataverse, impersonates=[f"{it}@contoso.com" for it in FIVE if it != "chris"])
    return lambda: account(dataverse, impersonates="all")


def _unapproved(dataverse: Dataverse) -> Callable[[], object]:
    dataverse.edit("mailboxes", mailbox(dataverse, "chris"), emailrouteraccessapproval=2)
    return lambda: _approve(dataverse, "chris")


def _held(dataverse: Dataverse) -> Callable[[], object]:
    link = {"address": "chris@contoso.com", "organizationid": "22222222-0000-4000-8000-000000000001"}
    dataverse.control("POST", "exchange-links", link)
    return lambda: dataverse.edit("mailboxes", mailbox(dataverse, "chris"), orgmarkedasprimaryforexchangesync=True)


def _password(dataverse: Dataverse) -> Callable[[], object]:
    profile = on_premises(dataverse, name="Own credentials", incomingcredentialretrieval=0)
    server = dataverse.control("GET", "mail-servers")["servers"][0]
    accounts = [{"user_name": "CONTOSO\\crm-sync", "password": PASSWORD, "impersonates": "all"}]
    accounts.append({"user_name": "chris", "password": "right", "address": "chris@contoso.com"})
    dataverse.control("PUT", "mail-servers", {"servers": [{**server, "accounts": accounts}]})
    own = {"_emailserverprofile_value": profile, "username": "chris", "allowemailconnectortousecredentials": True}
    dataverse.edit("mailboxes", mailbox(dataverse, "chris"), **own, password="wrong", actdeliverymethod=2)
    return lambda: dataverse.edit("mailboxes", mailbox(dataverse, "chris"), password="right")


def _approve(dataverse: Dataverse, name: str) -> None:
    dataverse.edit("mailboxes", mailbox(dataverse, name), **APPROVED)


TROUBLES = {
    "credentials": (_password, "failed", "credentials"),
    "scope": (_scope, "failed", "insufficient permissions"),
    "approval": (_unapproved, "not_approved", "'Chris Park' > Approve Email"),
    "held": (_held, "failed", "act failure: The email address of the mailbox Chris Park is configured with another"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("verb", ["create", "update"])
def test_one_of_five_fails(group: Group, dataverse: Dataverse, trouble: str, verb: str) -> None:
    """Four are enabled, the fifth is named with what to do; after the repair the next run touches only the fifth."""
    hire(dataverse, 2)
    mailboxes = prepare(dataverse, on_premises(dataverse), FIVE)
    if verb == "update":
        group.up(mailboxes={"anna": mailboxes["anna"]})
    bring, output, words = TROUBLES[trouble]
    repair = bring(dataverse)
    outputs = group.up(mailboxes=mailboxes)

    assert [name for name, it in outputs["statuses"].items() if it == "success"] == [it for it in FIVE if it != "chris"]
    assert outputs["unfinished"] == list(outputs[output]) == ["chris"]
    assert words in outputs[output]["chris"]
    assert group.plan(mailboxes=mailboxes).changes is True
    repair()
    forget_tests(dataverse)
    outputs = group.up(mailboxes=mailboxes)
    assert (those_tested(dataverse), batches(dataverse)) == ({"chris"}, 1)
    assert outputs["statuses"]["chris"] == "success"
    assert group.plan(mailboxes=mailboxes).changes is False


def test_a_mailbox_is_taken_from_another_organization_where_the_program_says_so(
    group: Group, dataverse: Dataverse
) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), ["chris"])
    _held(dataverse)
    group.up(mailboxes=mailboxes, sync_from_this_organization_only=True)

    assert group.outputs["statuses"] == {"chris": "success"}


def test_a_healthy_organization_is_adopted_without_a_test(group: Group, dataverse: Dataverse) -> None:
    """What this program never wrote counts by its Success alone."""
    mailboxes = prepare(dataverse, on_premises(dataverse), hire(dataverse, 20), **ENABLED, **LONG_AGO)
    dataverse.forget_requests()
    group.up(mailboxes=mailboxes, generations=dict.fromkeys(mailboxes, 1))

    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "GET mailboxes"]
    assert those_tested(dataverse) == set()


def test_a_mailbox_that_this_run_wrote_is_tested_although_its_status_says_success(
    group: Group, dataverse: Dataverse
) -> None:
    """An old Success proves nothing about new settings."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE, **ENABLED, **LONG_AGO)
    run = group.run()
    run.retest.add(mailboxes["ben"])
    group.up(run, mailboxes=mailboxes)

    assert those_tested(dataverse) == {"ben"}


def test_a_risen_generation_tests_that_mailbox_alone(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    generations = dict.fromkeys(PEOPLE, 1)
    group.up(mailboxes=mailboxes, generations=generations)
    forget_tests(dataverse)
    group.up(mailboxes=mailboxes, generations={**generations, "ben": 2})

    assert those_tested(dataverse) == {"ben"}


@pytest.mark.parametrize("kind", ["CustomerTest", "Developer", "Trial"])
def test_nothing_is_sent_outside_production(group: Group, dataverse: Dataverse, kind: str) -> None:
    """A test in a copy takes mailboxes away from production."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.control("PATCH", "organization", {"organizationtype": kind})
    dataverse.forget_requests()
    with pytest.raises(WrongEnvironment, match=f"{kind}(.|\n)*Nothing was sent(.|\n)*synchronization to off"):
        group.up(mailboxes=mailboxes)

    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization"]
    assert group.up(mailboxes=mailboxes, allow_outside_production=True)["statuses"]["anna"] == "success"


@pytest.mark.parametrize("given_as", ["name", "code"])
@pytest.mark.parametrize("kind", ["Customer", "Secondary", "Default"])
def test_production_is_known_however_the_service_writes_it(
    group: Group, dataverse: Dataverse, kind: str, given_as: str
) -> None:
    dataverse.control("PATCH", "switches", {"organization_type_as": given_as})
    dataverse.control("PATCH", "organization", {"organizationtype": kind})
    mailboxes = prepare(dataverse, on_premises(dataverse), ["anna"])

    assert group.up(mailboxes=mailboxes)["statuses"] == {"anna": "success"}


def test_nothing_is_tested_while_synchronization_is_off(group: Group, dataverse: Dataverse) -> None:
    """Neither approved nor tested, and the preview is quiet; switched on, all is done."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.limits = Limits(synchronization=False)
    dataverse.control("PATCH", "organization", {"organizationtype": "CustomerTest"})
    group.up(mailboxes=mailboxes)
    assert ["synchronization is off" in text for text in group.told] == [True]
    assert (those_tested(dataverse), group.plan(mailboxes=mailboxes).changes) == (set(), False)

    group.limits = Limits()
    dataverse.control("PATCH", "organization", {"organizationtype": "Customer"})
    assert group.plan(mailboxes=mailboxes).changes is True
    assert group.up(mailboxes=mailboxes)["statuses"] == dict.fromkeys(PEOPLE, "success")


def test_what_changed_while_synchronization_was_off_is_tested_afterwards(group: Group, dataverse: Dataverse) -> None:
    """Generations rise with the methods, off and on again; an old Success does not count, and failures are not told."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.edit("mailboxes", mailbox(dataverse, "chris"), emailrouteraccessapproval=2)
    group.up(mailboxes=mailboxes, generations={"anna": 1, "ben": 1})
    group.limits = Limits(synchronization=False)
    outputs = group.up(mailboxes=mailboxes, generations={"anna": 2, "ben": 1})
    assert not {"unfinished", "not_approved", "failed"} & outputs.keys()

    group.limits = Limits()
    forget_tests(dataverse)
    group.up(mailboxes=mailboxes, generations={"anna": 3, "ben": 1})
    assert (those_tested(dataverse), group.outputs["unfinished"]) == ({"anna"}, ["chris"])


def test_a_run_tests_no_more_than_it_may(group: Group, dataverse: Dataverse) -> None:
    """The limit is looked at before the first write; mailboxes that are enabled already do not count."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    dataverse.edit("mailboxes", mailbox(dataverse, "anna"), emailrouteraccessapproval=0)
    group.limits = Limits(tested=2)
    dataverse.forget_requests()
    with pytest.raises(ReachExceeded, match=r"would test 3 mailboxes(.|\n)*maxTestedMailboxes"):
        group.up(mailboxes=mailboxes, approval="approve")

    assert dataverse.writes() == []
    assert len(group.up(mailboxes=mailboxes)["not_approved"]) == 1


def test_no_mailbox_is_tested_more_than_three_times_a_day(group: Group, dataverse: Dataverse) -> None:
    """The fourth run leaves it out, and says from when on it is tested again."""
    mailboxes = prepare(dataverse, on_premises(dataverse, incomingpassword="wrong"), ["anna"])
    for _ in range(3):
        assert "credentials" in group.up(mailboxes=mailboxes)["failed"]["anna"]
    forget_tests(dataverse)
    outputs = group.up(mailboxes=mailboxes)
    assert "tested 3 times within a day" in outputs["left_out"]["anna"]
    assert (those_tested(dataverse), outputs["unfinished"]) == (set(), ["anna"])

    dataverse.control("POST", "clock", {"advance": 86_400})
    group.up(mailboxes=mailboxes)
    assert those_tested(dataverse) == {"anna"}


def test_a_queue_with_a_backlog_is_warned_about(group: Group, dataverse: Dataverse) -> None:
    """Mail of more than a week comes in with the first cycle: the date is shown before."""
    profile = on_premises(dataverse)
    queue = {"actdeliverymethod": 2}
    mailboxes = prepare(dataverse, profile, ["support"], **queue, processemailreceivedafter="2026-01-01T00:00:00Z")
    mailboxes |= prepare(dataverse, profile, ["sales"], **queue, processemailreceivedafter="2126-01-01T00:00:00Z")
    mailboxes |= prepare(dataverse, profile, ["anna"])
    group.up(mailboxes=mailboxes)

    assert [text for text in group.told if "7 days" in text and "support" in text and "sales" not in text]
