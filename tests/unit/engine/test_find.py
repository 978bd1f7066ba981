"""A mailbox: keys that programs give."""

import pytest

from pulumi_dataverse_email.errors import KeyNotFound, RowConflict
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, NOBODY, ONLINE, codes, owner
from .stack import Stack


@pytest.mark.parametrize("key", ["domainname", "systemuserid", "azureactivedirectoryobjectid"])
@pytest.mark.parametrize("spelled", [str.lower, str.upper])
def test_a_user_is_found_by_each_of_its_keys(stack: Stack, dataverse: Dataverse, key: str, spelled: type[str]) -> None:
    """Principal name, Entra object id and Dataverse's own id lead to one mailbox, whatever their case."""
    stack.up("anna", user=spelled(owner(dataverse)[key]), **METHODS)

    assert stack.state["anna"].row_id == dataverse.anna()["mailboxid"]
    assert stack.state["anna"].outputs["owner_id"] == owner(dataverse)["systemuserid"]
    assert codes(dataverse) == (2, 2, 1)


@pytest.mark.parametrize("key", ["name", "queueid"])
def test_a_queue_is_found_by_name_or_id(stack: Stack, dataverse: Dataverse, key: str) -> None:
    queue = dataverse.row("queues", "Support")
    stack.up("support", queue=queue[key])

    assert stack.state["support"].row_id == queue["_defaultmailbox_value"]
    assert stack.state["support"].outputs["current_email_address"] == "support@contoso.com"


@pytest.mark.parametrize("key", ["nobody@contoso.com", NOBODY])
def test_a_user_that_is_not_there_is_named(stack: Stack, dataverse: Dataverse, key: str) -> None:
    with pytest.raises(KeyNotFound, match=f"find the mailbox of user '{key}': no user has (.|\n)*spelling"):
        stack.up("anna", user=key, **METHODS)

    assert dataverse.writes() == []


def test_a_name_of_two_queues_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Nobody guesses which is meant: the ids of both are named."""
    dataverse.make("queues", name="Support")
    ids = [row["queueid"] for row in dataverse.rows("queues") if row["name"] == "Support"]
    with pytest.raises(RowConflict, match=r"2 rows share that key(.|\n)*Give one of these ids instead") as caught:
        stack.up("support", queue="Support")

    assert all(it in str(caught.value) for it in ids)


def test_an_owner_without_a_mailbox_is_named(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.delete("mailboxes", dataverse.anna())
    with pytest.raises(KeyNotFound, match="the user has no mailbox"):
        stack.up("anna", user=ANNA)


@pytest.mark.parametrize("key", ["name", "id", "ID"])
def test_a_profile_is_given_by_name_or_id(stack: Stack, dataverse: Dataverse, key: str) -> None:
    """However it is given, the output holds the id."""
    profile = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    given = {"name": ONLINE.upper(), "id": profile, "ID": profile.upper()}[key]
    stack.up("anna", user=ANNA, email_server_profile=given)

    assert dataverse.anna()["_emailserverprofile_value"] == profile
    assert stack.state["anna"].outputs["email_server_profile_id"] == profile


def test_a_profile_that_is_not_there_is_named(stack: Stack, dataverse: Dataverse) -> None:
    with pytest.raises(KeyNotFound, match="find email server profile 'Nowhere': none has that name"):
        stack.up("anna", user=ANNA, email_server_profile="Nowhere")

    assert dataverse.writes() == []


def test_a_profile_name_of_two_rows_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    for _ in range(2):
        dataverse.make("emailserverprofiles", name="Twin")
    with pytest.raises(RowConflict, match=r"find email server profile 'Twin': 2 rows share that key"):
        stack.up("anna", user=ANNA, email_server_profile="Twin")


def test_a_profile_s_name_is_looked_up_once_a_run(stack: Stack, dataverse: Dataverse) -> None:
    process = stack.up("anna", user=ANNA, email_server_profile=ONLINE, **METHODS)
    stack.up("ben", process, user="ben@contoso.com", email_server_profile=ONLINE, **METHODS)

    assert dataverse.data_requests().count("GET emailserverprofiles") == 1


@pytest.mark.parametrize("spelling", ["{%s}", "%s"], ids=["braces", "plain"])
@pytest.mark.parametrize("bare", [True, False], ids=["bare", "hyphens"])
def test_a_guid_is_found_in_every_spelling(stack: Stack, dataverse: Dataverse, spelling: str, *, bare: bool) -> None:
    """Tools and people write GUIDs in several ways; Dataverse takes one."""
    profile = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    user = owner(dataverse)["systemuserid"]
    spelt = [spelling % (it.replace("-", "") if bare else it).upper() for it in (user, profile)]
    stack.up("anna", user=spelt[0], email_server_profile=spelt[1])

    assert dataverse.anna()["_emailserverprofile_value"] == profile
