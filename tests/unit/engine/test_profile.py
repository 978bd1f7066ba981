"""A profile of our own, after it was made: changed, read, deleted."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.errors import RowConflict, RowNotFound
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, SECRET
from .stack import Stack

LEAST = {"name": "Contoso Exchange", "server_type": "exchange_server_hybrid"}
ADOPTED = {"name": "Microsoft Exchange Online", "server_type": "exchange_online_hybrid", "adopt": True}


def test_a_changed_secret_is_sent(stack: Stack, dataverse: Dataverse) -> None:
    """A secret is sent when it changes, and only then; the flag says whether one is stored."""
    stack.up("one", **LEAST, incoming_user_name="crm", incoming_password=SECRET)
    stack.up("one", **LEAST, incoming_user_name="crm", incoming_password="another")
    assert len(dataverse.writes()) == 2

    stack.up("one", **LEAST, incoming_user_name=CLEAR, incoming_password=CLEAR)
    assert not dataverse.profile()["isincomingpasswordset"]
    assert stack.state["one"].outputs["is_incoming_password_set"] is False


def test_a_policy_changes_without_a_request(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    dataverse.forget_requests()
    stack.up("one", **LEAST, on_delete="retain")

    assert dataverse.requests() == []
    assert stack.state["one"].outputs["on_delete"] == "retain"


def test_a_deleted_profile_is_not_made_anew_by_an_update(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    dataverse.delete("emailserverprofiles", dataverse.profile())
    with pytest.raises(RowNotFound, match="pulumi up --refresh"):
        stack.up("one", **LEAST, incoming_user_name="crm")

    assert "Contoso Exchange" not in dataverse.names("emailserverprofiles")


def test_a_deleted_profile_is_made_again_after_a_refresh(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    first = stack.state["one"].row_id
    dataverse.delete("emailserverprofiles", dataverse.profile())
    assert not stack.refresh("one")
    stack.up("one", **LEAST)

    assert dataverse.profile()["emailserverprofileid"] == first


def test_drift_of_an_immutable_column_is_repaired_by_a_replacement(stack: Stack, dataverse: Dataverse) -> None:
    """What somebody changed past every rule is put right where a replacement is allowed."""
    wanted = {**LEAST, "allow_replacement": True}
    stack.up("one", **wanted)
    dataverse.edit("emailserverprofiles", dataverse.profile(), servertype=4)
    stack.refresh("one")
    assert stack.state["one"].inputs["server_type"] == "imap_smtp"

    stack.up("one", **wanted)
    assert dataverse.profile()["servertype"] == 2


def test_a_code_without_a_word_is_drift(stack: Stack, dataverse: Dataverse) -> None:
    """A value that no word stands for shows as its code."""
    stack.up("one", **LEAST, incoming_port_number=443)
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingportnumber=993)
    stack.refresh("one")

    assert stack.state["one"].inputs["incoming_port_number"] == 993


def test_a_profile_is_deleted(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    stack.destroy("one")

    assert "Contoso Exchange" not in dataverse.names("emailserverprofiles")


def test_a_profile_that_is_gone_is_deleted_already(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    dataverse.delete("emailserverprofiles", dataverse.profile())

    assert stack.destroy("one").warnings == []


def test_a_profile_is_retained(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST, on_delete="retain")
    stack.destroy("one")

    assert "Contoso Exchange" in dataverse.names("emailserverprofiles")


def test_a_profile_in_use_is_not_deleted(stack: Stack, dataverse: Dataverse) -> None:
    """Dataverse would unlink its mailboxes silently: the refusal says how many, which, and the ways out."""
    stack.up("one", **LEAST)
    stack.up("anna", user=ANNA, email_server_profile=stack.state["one"].row_id, **METHODS)
    with pytest.raises(RowConflict, match=r"1 mailboxes use it: 'Anna Weber'(.|\n)*on_delete='retain'"):
        stack.destroy("one")

    assert "Contoso Exchange" in dataverse.names("emailserverprofiles")
    assert "one" in stack.state


def test_many_users_are_counted(stack: Stack, dataverse: Dataverse) -> None:
    """Ten are named; the rest is a number."""
    stack.up("one", **LEAST)
    for number in range(12):
        made = dataverse.make("queues", name=f"Queue {number:02}")
        mailbox = {"mailboxid": made["_defaultmailbox_value"]}
        dataverse.edit("mailboxes", mailbox, _emailserverprofile_value=stack.state["one"].row_id)
    with pytest.raises(RowConflict, match=r"12 mailboxes use it: 'Queue 00', .*'Queue 09' and 2 more"):
        stack.destroy("one")


def test_the_organization_s_default_is_not_deleted(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    (organization,) = dataverse.rows("organizations")
    profile = stack.state["one"].row_id
    path = f"rows/organizations/{organization['organizationid']}"
    dataverse.control("PATCH", path, {"_defaultemailserverprofileid_value": profile})
    with pytest.raises(RowConflict, match=r"1 organization has it as its default: 'Contoso'"):
        stack.destroy("one")


def test_an_adopted_profile_is_retained(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("online", **ADOPTED, incoming_use_impersonation=True)
    stack.destroy("online")

    assert dataverse.row("emailserverprofiles", "Microsoft Exchange Online")["incominguseimpersonation"]


def test_an_adopted_profile_is_restored(stack: Stack, dataverse: Dataverse) -> None:
    """Its numbers go back as whole ones, and its name is no matter of ours."""
    online = dataverse.row("emailserverprofiles", "Microsoft Exchange Online")
    dataverse.edit("emailserverprofiles", online, incomingportnumber=993)
    stack.up("online", **ADOPTED, on_delete="restore", incoming_port_number=443, incoming_use_impersonation=True)
    process = stack.destroy("online")

    row = dataverse.row("emailserverprofiles", "Microsoft Exchange Online")
    assert (row["incomingportnumber"], row["incominguseimpersonation"]) == (993, False)
    assert process.warnings == []
