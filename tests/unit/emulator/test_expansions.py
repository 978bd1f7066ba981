"""What `$expand` shows beside a row."""

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, SUPPORT, Dataverse


@pytest.fixture
def profile(dataverse: Dataverse) -> str:
    """The path of a profile with two mailboxes."""
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"
    for address in (ANNA, SUPPORT):
        row = dataverse.mailbox(address)
        dataverse.change(f"mailboxes({row['mailboxid']})", **{"emailserverprofile@odata.bind": path})
    return path


def test_expansions_are_part_of_the_context(dataverse: Dataverse, profile: str) -> None:
    expand = "$expand=createdby($select=fullname),emailserverprofile_mailbox($select=name)"

    row = dataverse.get(f"{profile}?$select=name&{expand}")

    shape = "(name,createdby(fullname),emailserverprofile_mailbox(name))/$entity"
    assert row["@odata.context"].endswith(f"$metadata#emailserverprofiles{shape}")


def test_a_row_behind_a_lookup_has_an_etag_beside_one_row_but_not_in_a_list(dataverse: Dataverse, profile: str) -> None:
    expand = "$select=name&$expand=createdby($select=fullname)"

    assert "@odata.etag" in dataverse.get(f"{profile}?{expand}")["createdby"]
    listed = dataverse.get(f"emailserverprofiles?{expand}&$filter=name eq 'A'")["value"]
    assert set(listed[0]["createdby"]) == {"fullname", "systemuserid", "ownerid"}


def test_a_collection_ends_with_a_link_even_when_it_is_complete(dataverse: Dataverse, profile: str) -> None:
    row = dataverse.get(f"{profile}?$select=name&$expand=emailserverprofile_mailbox($select=name;$orderby=name;$top=1)")

    (mailbox,) = row["emailserverprofile_mailbox"]
    assert set(mailbox) == {"@odata.etag", "name", "mailboxid", "_emailserverprofile_value"}
    link = row["emailserverprofile_mailbox@odata.nextLink"]
    collection = f"{dataverse.url}/api/data/v9.2/{profile}/emailserverprofile_mailbox"
    assert link == f"{collection}?$select=name&$orderby=name&$top=1"
    assert dataverse.names(link) == ["Anna Weber"]


def test_an_expansion_may_hold_another_one(dataverse: Dataverse, profile: str) -> None:
    inner = "regardingobjectid($select=fullname;$expand=businessunitid($select=name))"
    expand = f"$expand=emailserverprofile_mailbox($select=name;$filter=startswith(name,'A');$expand={inner})"

    (mailbox,) = dataverse.get(f"{profile}?$select=name&{expand}")["emailserverprofile_mailbox"]

    assert set(mailbox) == {"name", "mailboxid", "regardingobjectid"}
    assert mailbox["regardingobjectid"]["businessunitid"]["name"] == "Contoso"


def test_a_nested_query_pages_its_collections_too(dataverse: Dataverse, profile: str) -> None:
    expand = "$expand=emailserverprofile_mailbox($select=name;$expand=createdby($select=fullname))"
    prefer = "odata.maxpagesize=1"

    row = dataverse.get(f"{profile}?$select=name&{expand}", Prefer=prefer)
    rest = dataverse.get(row["emailserverprofile_mailbox@odata.nextLink"], Prefer=prefer)

    names = [mailbox["name"] for mailbox in row["emailserverprofile_mailbox"] + rest["value"]]
    assert sorted(names) == ["Anna Weber", "Support"]
    assert all("createdby" in mailbox for mailbox in rest["value"])


def test_a_link_is_shown_instead_of_the_row_behind_a_lookup(dataverse: Dataverse, profile: str) -> None:
    (row,) = dataverse.get("mailboxes?$select=name&$expand=emailserverprofile/$ref&$filter=name eq 'Support'")["value"]

    assert row["emailserverprofile"] == {"@odata.id": f"{dataverse.url}/api/data/v9.2/{profile}"}
    assert profile == f"emailserverprofiles({row['_emailserverprofile_value']})"


def test_an_owner_is_shown_whatever_its_table(dataverse: Dataverse, profile: str) -> None:
    team = dataverse.get("teams")["value"][0]["teamid"]
    dataverse.change(profile, **{"ownerid@odata.bind": f"teams({team})"})

    assert dataverse.get(f"{profile}?$expand=ownerid")["ownerid"]["teamid"] == team
    assert dataverse.get(f"{profile}?$select=name&$expand=ownerid($select=ownerid)")["ownerid"]["ownerid"] == team


def test_alerts_are_expanded_from_what_they_are_about(dataverse: Dataverse, profile: str) -> None:
    bind = {"regardingobjectid_emailserverprofile@odata.bind": profile}
    dataverse.make("tracelogs", text="401", level=3, tracecode=5, **bind)
    path = f"{profile}?$select=name&$expand=tracelog_EmailServerProfile($select=text,level)"

    (alert,) = dataverse.get(path)["tracelog_EmailServerProfile"]

    assert (alert["text"], alert["level"]) == ("401", 3)
    mailbox = dataverse.mailbox(ANNA)["mailboxid"]
    assert dataverse.get(f"mailboxes({mailbox})?$select=name&$expand=tracelog_Mailbox")["tracelog_Mailbox"] == []


@pytest.mark.parametrize(
    ("expand", "refusal"),
    [
        ("emailserverprofile_mailbox/$ref", (400, "0x80060888")),
        ("createdby/$count", (400, "0x80060888")),
        ("createdby($top=1)", (400, "0x80060888")),
        ("createdby($levels=2)", (400, "0x80060888")),
        ("createdby($filter=fullname eq 'x')", (501, "0x80040219")),
        ("createdby(fullname)", (400, "0x80060888")),
        ("createdby($select=nonesuch)", (400, "0x0")),
        ("ownerid($select=fullname)", (400, "0x0")),
        ("ownerid($expand=createdby)", (400, "0x80060888")),
        ("emailserverprofile_mailbox($count=true)", (400, "0x80060888")),
        ("emailserverprofile_mailbox($skip=1)", (400, "0x80060888")),
        ("emailserverprofile_mailbox($top=1;$expand=createdby)", (400, "0x80060888")),
        ("emailserverprofile_mailbox($orderby=name),createdby($expand=businessunitid)", (400, "0x80060888")),
        (",".join(["createdby"] * 16), (400, "0x80060888")),
        (",".join(["createdby($expand=businessunitid)"] * 8), (400, "0x80060888")),
        ("keyvaultreferenceid", (501, "0x80040219")),
        ("", (400, "0x0")),
    ],
)
def test_an_expansion_that_is_not_offered_is_refused(
    dataverse: Dataverse, expand: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error("GET", f"emailserverprofiles?$expand={expand}")


def test_as_many_expansions_are_answered_as_may_be_joined(dataverse: Dataverse, profile: str) -> None:
    expand = ",".join(["createdby($select=fullname)"] * 15)

    assert dataverse.get(f"{profile}?$select=name&$expand={expand}")["createdby"]
    assert dataverse.error("GET", f"emailserverprofiles({NOBODY})?$expand={expand}") == (404, "0x80040217")
