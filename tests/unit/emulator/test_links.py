"""The rows behind lookups and collections, and the links to them."""

import pytest

from tests.unit.emulator.dataverse import ANNA, BEN, NOBODY, SUPPORT, Dataverse


@pytest.fixture
def mailbox(dataverse: Dataverse) -> str:
    """The path of Anna's mailbox."""
    return f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"


@pytest.fixture
def profile(dataverse: Dataverse) -> str:
    """The path of a profile that nobody uses."""
    return f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"


def test_the_row_behind_a_lookup_is_read(dataverse: Dataverse, mailbox: str) -> None:
    user = dataverse.get(f"{mailbox}/regardingobjectid?$select=fullname")

    assert user["@odata.context"].endswith("$metadata#systemusers(fullname)/$entity")
    assert user["fullname"] == "Anna Weber"
    assert "@odata.etag" in user
    assert dataverse.get(f"{mailbox}/regardingobjectid/fullname")["value"] == "Anna Weber"
    assert dataverse.get(f"{mailbox}/ownerid")["systemuserid"] == user["systemuserid"]


def test_a_lookup_that_leads_nowhere_has_no_content(dataverse: Dataverse, mailbox: str) -> None:
    for path in ("emailserverprofile", "emailserverprofile/$ref", "regardingobjectid_queue"):
        answer = dataverse.call("GET", f"{mailbox}/{path}")
        assert (answer.status_code, answer.content) == (204, b"")


def test_a_lookup_is_set_changed_and_cleared_by_its_link(dataverse: Dataverse, mailbox: str, profile: str) -> None:
    link = f"{mailbox}/emailserverprofile/$ref"
    absolute = f"{dataverse.url}/api/data/v9.2/{profile}"

    for url in (absolute, profile, f"/{profile}", profile.replace("(", "(emailserverprofileid=")):
        body = {"@odata.context": f"{dataverse.url}/api/data/v9.2/$metadata#$ref", "@odata.id": url}
        answer = dataverse.call("PUT", link, body)
        assert (answer.status_code, answer.content) == (204, b"")
        assert dataverse.get(link)["@odata.id"] == absolute
        assert dataverse.call("DELETE", link).status_code == 204
        assert dataverse.get(mailbox)["_emailserverprofile_value"] is None


def test_a_row_is_put_into_a_collection_and_taken_out(dataverse: Dataverse, mailbox: str, profile: str) -> None:
    collection = f"{profile}/emailserverprofile_mailbox"
    member = f"{collection}{mailbox.removeprefix('mailboxes')}"

    for way_out in (f"{member}/$ref", f"{collection}/$ref?$id={dataverse.url}/api/data/v9.2/{mailbox}"):
        answer = dataverse.call("POST", f"{collection}/$ref", {"@odata.id": mailbox}, Prefer="return=representation")
        assert (answer.status_code, answer.content) == (204, b"")
        assert dataverse.names(collection) == ["Anna Weber"]
        assert dataverse.get(member)["name"] == "Anna Weber"
        assert dataverse.call("DELETE", way_out).status_code == 204
        assert dataverse.names(collection) == []
        assert dataverse.error("DELETE", way_out) == (404, "0x80040217")


def test_a_collection_is_queried_counted_and_linked_to(dataverse: Dataverse, profile: str) -> None:
    for address in (ANNA, SUPPORT):
        mailbox = f"mailboxes({dataverse.mailbox(address)['mailboxid']})"
        dataverse.change(mailbox, **{"emailserverprofile@odata.bind": profile})
    collection = f"{profile}/emailserverprofile_mailbox"

    assert dataverse.names(f"{collection}?$orderby=name desc") == ["Support", "Anna Weber"]
    assert dataverse.names(f"{collection}?$filter=startswith(name,'a')&$select=name") == ["Anna Weber"]
    assert dataverse.call("GET", f"{collection}/$count").content.decode("utf-8-sig") == "2"
    links = dataverse.get(f"{collection}/$ref")
    assert links["@odata.context"].endswith("$metadata#Collection($ref)")
    assert all(link["@odata.id"].startswith(f"{dataverse.url}/api/data/v9.2/mailboxes(") for link in links["value"])


def test_a_collection_comes_in_pages(dataverse: Dataverse) -> None:
    unit = f"businessunits({dataverse.get('businessunits')['value'][0]['businessunitid']})"
    prefer = "odata.maxpagesize=2"

    page = dataverse.get(f"{unit}/business_unit_system_users?$select=fullname", Prefer=prefer)
    assert page["@odata.nextLink"].startswith(f"{dataverse.url}/api/data/v9.2/{unit}/business_unit_system_users?")
    rest = dataverse.get(page["@odata.nextLink"], Prefer=prefer)

    assert len({row["systemuserid"] for row in page["value"] + rest["value"]}) == 4


def test_a_role_is_given_and_taken_by_a_link(dataverse: Dataverse) -> None:
    (role,) = dataverse.get("roles?$select=name")["value"]
    user = f"systemusers({dataverse.mailbox(BEN)['_regardingobjectid_value']})"
    roles, link = f"{user}/systemuserroles_association", {"@odata.id": f"roles({role['roleid']})"}

    assert dataverse.names(roles) == []
    assert dataverse.call("POST", f"{roles}/$ref", link).status_code == 204
    assert dataverse.error("POST", f"{roles}/$ref", link) == (412, "0x80040237")
    assert dataverse.names(roles) == ["System Administrator"]
    expanded = dataverse.get(f"{user}?$select=fullname&$expand=systemuserroles_association($select=name)")
    assert expanded["systemuserroles_association"][0]["name"] == "System Administrator"
    users = dataverse.get(f"roles({role['roleid']})/systemuserroles_association?$select=fullname")["value"]
    assert "Anna Weber" in [row["fullname"] for row in users]
    assert dataverse.call("DELETE", f"{roles}({role['roleid']})/$ref").status_code == 204
    assert dataverse.error("DELETE", f"{roles}({role['roleid']})/$ref") == (404, "0x80040217")


def test_a_user_who_is_gone_has_no_roles(dataverse: Dataverse) -> None:
    (role,) = dataverse.get("roles?$select=name")["value"]
    before = dataverse.get(f"roles({role['roleid']})/systemuserroles_association")["value"]
    user = dataverse.mailbox(BEN)["_regardingobjectid_value"]
    link = {"@odata.id": f"roles({role['roleid']})"}
    dataverse.call("POST", f"systemusers({user})/systemuserroles_association/$ref", link)

    dataverse.control("DELETE", f"rows/systemusers/{user}")

    assert before == dataverse.get(f"roles({role['roleid']})/systemuserroles_association")["value"]


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (("PUT", "emailserverprofile/$ref", {"@odata.id": f"emailserverprofiles({NOBODY})"}), (404, "0x80040217")),
        (("PUT", "emailserverprofile/$ref", {"@odata.id": f"queues({NOBODY})"}), (400, "0x80060888")),
        (("PUT", "emailserverprofile/$ref", {"@odata.id": "emailserverprofiles(name='A')"}), (400, "0x80060890")),
        (("PUT", "emailserverprofile/$ref", {"@odata.id": 5}), (400, "0x80060888")),
        (("PUT", "emailserverprofile/$ref", {}), (400, "0x80060888")),
        (("POST", "emailserverprofile/$ref", {"@odata.id": "x"}), (405, "0x80060888")),
        (("DELETE", "emailserverprofile", None), (405, "0x80060888")),
        (("PATCH", "emailserverprofile", {"name": "x"}), (405, "0x80060888")),
        (("DELETE", "regardingobjectid/$ref", None), (400, "0x80048d19")),
        (("PUT", "regardingobjectid_queue/$ref", {"@odata.id": f"queues({NOBODY})"}), (400, "0x80048d19")),
        (("DELETE", "ownerid/$ref", None), (400, "0x80040200")),
        (("GET", "regardingobjectid/nonesuch", None), (404, "0x8006088a")),
        (("DELETE", f"tracelog_Mailbox({NOBODY})/$ref", None), (404, "0x80040217")),
        (("DELETE", "tracelog_Mailbox/$ref", None), (400, "0x80060888")),
        (("DELETE", "tracelog_Mailbox", None), (405, "0x80060888")),
        (("PUT", "tracelog_Mailbox/$ref", {"@odata.id": f"tracelogs({NOBODY})"}), (405, "0x80060888")),
        (("POST", "tracelog_Mailbox/$ref", {"@odata.id": f"queues({NOBODY})"}), (400, "0x80060888")),
        (("POST", "tracelog_Mailbox", {"text": "x"}), (501, "0x80040219")),
        (("GET", "tracelog_Mailbox/nonesuch", None), (404, "0x8006088a")),
    ],
)
def test_a_link_that_makes_no_sense_is_refused(
    dataverse: Dataverse, mailbox: str, request_: tuple[str, str, object], refusal: tuple[int, str]
) -> None:
    method, path, body = request_

    assert refusal == dataverse.error(method, f"{mailbox}/{path}", body)
