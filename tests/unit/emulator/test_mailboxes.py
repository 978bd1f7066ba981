import pytest

from tests.unit.emulator.dataverse import ANNA, SUPPORT, Dataverse

PENDING = 2


def test_a_user_is_born_with_a_mailbox(dataverse: Dataverse) -> None:
    user = dataverse.make("systemusers", firstname="Dora", lastname="Lind", internalemailaddress="dora@contoso.com")

    row = dataverse.get(f"systemusers({user})?$expand=defaultmailbox")
    mailbox = row["defaultmailbox"]
    assert row["fullname"] == "Dora Lind" == mailbox["name"]
    assert user == mailbox["_regardingobjectid_value"] == mailbox["_ownerid_value"]
    assert mailbox["emailaddress"] == "dora@contoso.com"
    assert mailbox["isforwardmailbox"] is False
    methods = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod")
    assert [mailbox[method] for method in methods] == [0, 0, 2]
    assert mailbox["emailrouteraccessapproval"] == PENDING


def test_a_queue_is_born_with_a_mailbox_of_its_owner(dataverse: Dataverse) -> None:
    queue = dataverse.make("queues", name="Press", emailaddress="press@contoso.com")

    mailbox = dataverse.mailbox("press@contoso.com")
    assert ("Press", queue) == (mailbox["name"], mailbox["_regardingobjectid_value"])
    assert mailbox["_ownerid_value"] == dataverse.get(f"queues({queue})")["_ownerid_value"]


def test_the_default_profile_comes_with_server_side_synchronization_only(dataverse: Dataverse) -> None:
    dataverse.make("queues", name="A", emailaddress="a@contoso.com", incomingemaildeliverymethod=2)
    dataverse.make("queues", name="B", emailaddress="b@contoso.com")

    default = dataverse.get("organizations")["value"][0]["_defaultemailserverprofileid_value"]
    assert dataverse.mailbox("a@contoso.com")["_emailserverprofile_value"] == default
    assert dataverse.mailbox("b@contoso.com")["_emailserverprofile_value"] is None


def test_deleting_the_owner_deletes_the_mailbox(dataverse: Dataverse) -> None:
    user = dataverse.mailbox(ANNA)["_regardingobjectid_value"]
    queue = dataverse.mailbox(SUPPORT)["_regardingobjectid_value"]

    assert dataverse.call("DELETE", f"systemusers({user})").status_code == 204
    assert dataverse.call("DELETE", f"queues({queue})").status_code == 204

    assert not {ANNA, SUPPORT} & {row["emailaddress"] for row in dataverse.get("mailboxes")["value"]}


@pytest.mark.parametrize("address", [ANNA, SUPPORT])
def test_the_mailbox_of_a_user_or_queue_cannot_be_deleted(dataverse: Dataverse, address: str) -> None:
    path = f"mailboxes({dataverse.mailbox(address)['mailboxid']})"

    assert dataverse.error("DELETE", path) == (400, "0x8005E200")


def test_a_posted_mailbox_is_a_forward_mailbox(dataverse: Dataverse) -> None:
    mailbox = dataverse.make("mailboxes", name="Forward", emailaddress="forward@contoso.com")

    row = dataverse.get(f"mailboxes({mailbox})")
    assert (row["isforwardmailbox"], row["_regardingobjectid_value"]) == (True, None)
    assert dataverse.call("DELETE", f"mailboxes({mailbox})").status_code == 204


def test_a_mailbox_needs_a_name(dataverse: Dataverse) -> None:
    assert dataverse.error("POST", "mailboxes", {"emailaddress": "x@contoso.com"}) == (400, "0x80040200")


def test_a_mailbox_cannot_be_given_to_somebody_else(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)
    queue = dataverse.mailbox(SUPPORT)["_regardingobjectid_value"]

    dataverse.change(
        f"mailboxes({mailbox['mailboxid']})", **{"regardingobjectid_queue@odata.bind": f"/queues({queue})"}
    )

    assert dataverse.mailbox(ANNA)["_regardingobjectid_value"] == mailbox["_regardingobjectid_value"]


def test_an_address_edited_on_the_mailbox_is_the_owners_too(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)

    dataverse.change(f"mailboxes({mailbox['mailboxid']})", emailaddress="anna.weber@contoso.com")

    user = dataverse.get(f"systemusers({mailbox['_regardingobjectid_value']})")
    assert user["internalemailaddress"] == "anna.weber@contoso.com"


def test_an_address_edited_on_the_owner_is_the_mailboxs_too(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(SUPPORT)

    dataverse.change(f"queues({mailbox['_regardingobjectid_value']})", emailaddress="help@contoso.com")

    assert dataverse.get(f"mailboxes({mailbox['mailboxid']})")["emailaddress"] == "help@contoso.com"


def test_a_changed_address_has_to_be_approved_again(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    dataverse.change(path, emailrouteraccessapproval=1)

    dataverse.change(path, emailaddress=ANNA.upper())
    assert dataverse.get(path)["emailrouteraccessapproval"] == 1
    dataverse.change(path, emailaddress="other@contoso.com")
    assert dataverse.get(path)["emailrouteraccessapproval"] == PENDING


def test_deleting_a_profile_unlinks_its_mailboxes_and_the_default(dataverse: Dataverse) -> None:
    organization = dataverse.get("organizations")["value"][0]
    profile = organization["_defaultemailserverprofileid_value"]
    before = dataverse.mailbox(ANNA)
    link = {"emailserverprofile@odata.bind": f"/emailserverprofiles({profile})"}
    dataverse.change(f"mailboxes({before['mailboxid']})", **link)

    assert dataverse.call("DELETE", f"emailserverprofiles({profile})").status_code == 204

    after = dataverse.mailbox(ANNA)
    assert after["_emailserverprofile_value"] is None
    assert after["versionnumber"] > before["versionnumber"]
    assert dataverse.get("organizations")["value"][0]["_defaultemailserverprofileid_value"] is None
