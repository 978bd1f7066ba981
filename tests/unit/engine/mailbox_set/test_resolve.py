"""A set: whom its keys find, in how many requests."""

import pytest

from pulumi_dataverse_email.engine.mailbox_set.selection import FEW
from tests.system.emulated import Dataverse
from tests.unit.engine.mailbox import METHODS
from tests.unit.engine.stack import Stack

from .people import ANNA, BEN, mailbox_id

ORGANIZATION = "GET RetrieveCurrentOrganization"


@pytest.fixture
def many(dataverse: Dataverse) -> list[str]:
    """The members of a set of more than are asked for by their keys, all of one team."""
    team = dataverse.make("teams", name="Field")
    names = [f"person{number}@contoso.com" for number in range(FEW + 1)]
    for name in names:
        made = dataverse.make("systemusers", domainname=name, lastname=name.partition("@")[0])
        dataverse.make("teammemberships", teamid=team["teamid"], systemuserid=made["systemuserid"])
    return [f"user:{name}" for name in names]


def test_each_key_of_an_owner_finds_its_mailbox(stack: Stack, dataverse: Dataverse) -> None:
    """Whatever its case and spelling, in one list for users and one for queues."""
    ids = {name: dataverse.row("systemusers", name) for name in ("Anna Weber", "Ben Ortiz", "Chris Park")}
    queue = dataverse.row("queues", "Support")
    braced = "{" + ids["Anna Weber"]["systemuserid"].upper() + "}"
    members: dict[str, object] = {
        f"user:{braced}": {},
        f"user:{ids['Ben Ortiz']['azureactivedirectoryobjectid'].replace('-', '')}": {},
        "user:CHRIS@contoso.com": {},
        f"queue:{queue['queueid']}": {},
        "queue:SALES@contoso.com": {},
    }
    stack.up("all", members=members, verbose_logging_enabled=5)

    found = [it["id"] for it in stack.state["all"].outputs["mailboxes"].values()]
    assert len(found) == len(members)
    assert found[:2] == [mailbox_id(dataverse, ANNA), mailbox_id(dataverse, BEN)]
    reads = ["GET systemusers", "GET queues", "GET mailboxes"]
    assert dataverse.data_requests() == [ORGANIZATION, *reads, "POST $batch"]


def test_many_members_are_found_in_a_list_of_all(stack: Stack, dataverse: Dataverse, many: list[str]) -> None:
    """Two requests, and one more where somebody is not among all."""
    dataverse.forget_requests()
    stack.up("all", members={key: {} for key in [*many, "user:nobody@contoso.com"]}, **METHODS)

    batches = ["POST $batch"] * 5
    assert dataverse.data_requests() == [ORGANIZATION, "GET systemusers", "GET systemusers", "GET mailboxes", *batches]
    outputs = stack.state["all"].outputs
    assert (outputs["mailboxes"].keys(), list(outputs["failed"])) == ({*many}, ["user:nobody@contoso.com"])
    ids = {row["_regardingobjectid_value"]: row["mailboxid"] for row in dataverse.rows("mailboxes")}
    users = {f"user:{row['domainname']}": row["systemuserid"] for row in dataverse.rows("systemusers")}
    assert {key: it["id"] for key, it in outputs["mailboxes"].items()} == {key: ids[users[key]] for key in many}


def test_a_team_of_many_is_found_in_lists_too(stack: Stack, dataverse: Dataverse, many: list[str]) -> None:
    dataverse.forget_requests()
    stack.up("all", selection={"of": "users", "team": "Field"}, verbose_logging_enabled=0)

    assert stack.state["all"].outputs["mailboxes"].keys() == {*many}
    lists = ["GET teams", "GET teammemberships", "GET systemusers", "GET mailboxes"]
    assert dataverse.data_requests() == [ORGANIZATION, *lists]
