"""What a refresh finds, and what a preview makes of it."""

from pulumi_dataverse_email.engine.check import Difference
from tests.system.emulated import Dataverse

from .story import Group, forget_tests, hire, mailbox, on_premises, prepare, those_tested

PEOPLE = ("anna", "ben", "chris")


def test_a_status_that_fell_is_drift_with_its_name(group: Group, dataverse: Dataverse) -> None:
    """The input says how it is, check wants it back, and the update tests that mailbox alone."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(mailboxes=mailboxes)
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), actstatus=2)
    assert group.refresh()["statuses"] == {"ben": "act failure"}
    assert group.outputs["statuses"]["ben"] == "act failure"
    assert group.checked({"mailboxes": mailboxes})["statuses"] == {"ben": "success"}
    assert group.plan(mailboxes=mailboxes) == Difference(None)

    forget_tests(dataverse)
    group.up(mailboxes=mailboxes)
    assert those_tested(dataverse) == {"ben"}
    assert group.plan(mailboxes=mailboxes).changes is False
    assert group.refresh()["statuses"] == {"ben": "success"}
    assert group.plan(mailboxes=mailboxes).changes is False


def test_a_refresh_of_an_enabled_group_changes_nothing(group: Group, dataverse: Dataverse) -> None:
    """Inputs and outputs stay as they are, for one list."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(mailboxes=mailboxes)
    before = (dict(group.inputs), dict(group.outputs))
    dataverse.forget_requests()
    group.refresh()

    assert (group.inputs, group.outputs) == before
    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "GET mailboxes"]


def test_a_mailbox_that_becomes_untestable_is_drift_once(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(mailboxes=mailboxes)
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), statecode=1, statuscode=2)
    assert group.refresh()["statuses"] == {"ben": "left out: the mailbox is inactive"}

    assert group.up(mailboxes=mailboxes)["left_out"] == {"ben": "the mailbox is inactive"}
    group.refresh()
    assert group.plan(mailboxes=mailboxes).changes is False


def test_a_mailbox_that_is_gone_is_drift(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(mailboxes=mailboxes)
    dataverse.delete("systemusers", dataverse.row("systemusers", "Ben Ortiz"))
    assert group.refresh()["statuses"] == {"ben": "gone"}

    assert "there is no mailbox" in group.up(mailboxes=mailboxes)["left_out"]["ben"]
    del mailboxes["ben"]
    group.up(mailboxes=mailboxes)
    assert group.plan(mailboxes=mailboxes).changes is False
    assert "statuses" not in group.inputs


def test_who_joins_or_leaves_a_profile_is_drift_with_the_address(group: Group, dataverse: Dataverse) -> None:
    """All mailboxes of a profile: without a refresh nothing is asked; with one, each is named, until an update."""
    profile = on_premises(dataverse)
    mailboxes = prepare(dataverse, profile, PEOPLE)
    arguments = {"profile": profile, "all_mailboxes": True}
    outputs = group.up(**arguments)
    assert outputs["statuses"] == {f"{name}@contoso.com": "success" for name in PEOPLE}

    dataverse.edit("mailboxes", {"mailboxid": mailboxes["anna"]}, _emailserverprofile_value=None)
    prepare(dataverse, profile, hire(dataverse, 1))
    assert group.plan(**arguments).changes is False
    for _ in range(2):
        assert group.refresh()["statuses"] == {
            "anna@contoso.com": "left",
            "p000@contoso.com": "incoming not run, outgoing not run, act not run",
        }
    assert group.checked(arguments)["statuses"] == {"p000@contoso.com": "success"}
    outputs = group.up(**arguments)
    assert outputs["statuses"] == {f"{name}@contoso.com": "success" for name in ("ben", "chris", "p000")}
    assert group.plan(**arguments).changes is False


def test_an_enabled_mailbox_that_joins_is_drift_too(group: Group, dataverse: Dataverse) -> None:
    profile = on_premises(dataverse)
    prepare(dataverse, profile, ["anna"])
    group.up(profile="On premises", all_mailboxes=True)
    prepare(dataverse, profile, ["ben"], incomingemailstatus=1, outgoingemailstatus=1, actstatus=1)

    assert group.refresh()["statuses"] == {"ben@contoso.com": "joined"}
    assert group.plan(profile="On premises", all_mailboxes=True).changes is None


def test_two_mailboxes_with_one_address_are_told_apart(group: Group, dataverse: Dataverse) -> None:
    profile = on_premises(dataverse)
    mailboxes = prepare(dataverse, profile, PEOPLE, emailaddress="shared@contoso.com")
    outputs = group.up(profile=profile, all_mailboxes=True)

    assert set(outputs["statuses"]) == {f"shared@contoso.com ({it})" for it in mailboxes.values()}


def test_a_profile_without_mailboxes_is_no_failure(group: Group, dataverse: Dataverse) -> None:
    outputs = group.up(profile=on_premises(dataverse), all_mailboxes=True)

    assert not {"statuses", "unfinished", "left_out"} & outputs.keys()


def test_the_resource_of_a_mailbox_that_was_waited_for_leads_to_it(group: Group, dataverse: Dataverse) -> None:
    """Its id is the key that it was declared with; while there is no such user, it is listed."""
    prepare(dataverse, on_premises(dataverse), ["ben"])
    mailboxes = {"ben": "user:ben@contoso.com", "dora": "user:dora@contoso.com"}
    outputs = group.up(mailboxes=mailboxes)

    assert outputs["statuses"] == {"ben": "success"}
    assert "no user has" in outputs["left_out"]["dora"]
    assert (outputs["unfinished"], group.plan(mailboxes=mailboxes).changes) == (["dora"], True)


def test_a_refresh_asks_nothing_while_synchronization_is_off(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    group.up(mailboxes=mailboxes)
    group.limits = type(group.limits)(synchronization=False)
    dataverse.forget_requests()
    before = dict(group.outputs)
    group.refresh()

    assert (group.outputs, dataverse.data_requests()) == (before, [])
