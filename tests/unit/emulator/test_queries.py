import re

import pytest

from tests.unit.emulator.dataverse import ANNA, Dataverse

ANNOTATED = 'odata.include-annotations="*"'
FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP = "Microsoft.Dynamics.CRM.lookuplogicalname"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("name eq 'SALES'", ["Sales"]),
        ("name ne 'Sales' and endswith(emailaddress,'@contoso.com') and contains(name,'p')", ["Chris Park", "Support"]),
        ("startswith(name,'ANN') or startswith(name,'ben')", ["Anna Weber", "Ben Ortiz"]),
        ("not(contains(name,'a')) and emailaddress ne null", ["Ben Ortiz", "Support"]),
        ("emailaddress eq null", ["# pulumi-dataverse-email"]),
        ("emailaddress ne 'anna@contoso.com' and contains(name,'#')", ["# pulumi-dataverse-email"]),
        ("name gt 'Chris Park' and name le 'Support'", ["Sales", "Support"]),
        ("allowemailconnectortousecredentials eq true", []),
        ("isforwardmailbox eq false and (name eq 'Sales' or name eq 'Support')", ["Sales", "Support"]),
        ("actdeliverymethod ge 3", []),
        ("actdeliverymethod lt 2.0", []),
        ("createdon lt 2000-01-01T00:00:00Z", []),
        ("testmailboxaccesscompletedon eq 1900-01-01 and name eq 'Sales'", ["Sales"]),
        ("'Sales' eq name", ["Sales"]),
        ("name eq 'it''s'", []),
        ("contains(name,'s%t')", ["Support"]),
        ("startswith(name,'S_l')", ["Sales"]),
        ("emailaddress eq username", []),
    ],
)
def test_a_filter_finds_what_dataverse_would(dataverse: Dataverse, condition: str, found: list[str]) -> None:
    assert found == dataverse.names(f"mailboxes?$select=name&$orderby=name&$filter={condition.replace('#', '%23')}")


def test_letters_beyond_ascii_have_no_case_either(dataverse: Dataverse) -> None:
    dataverse.make("emailserverprofiles", name="Élan Ärger")

    assert dataverse.names("emailserverprofiles?$filter=name eq 'éLAN äRGER'")
    assert dataverse.names("emailserverprofiles?$filter=contains(name,'ÄRG')")


def test_a_lookup_is_filtered_by_id_with_and_without_quotes(dataverse: Dataverse) -> None:
    owner = dataverse.mailbox(ANNA)["_regardingobjectid_value"].upper()

    for guid in (owner, f"'{owner}'"):
        assert dataverse.names(f"mailboxes?$filter=_regardingobjectid_value eq {guid}") == ["Anna Weber"]


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ("$select=nonesuch", (400, "0x0")),
        ("$filter=nonesuch eq 1", (400, "0x0")),
        ("$orderby=nonesuch", (400, "0x0")),
        ("$expand=nonesuch", (400, "0x0")),
        ("$filter=name eq", (400, "0x80060888")),
        ("$filter=name eq 5", (400, "0x80060888")),
        ("$filter=actdeliverymethod eq 'x'", (400, "0x80060888")),
        ("$filter=_emailserverprofile_value eq 'x'", (400, "0x80060888")),
        ("$filter=actdeliverymethod eq 99999999999999999999", (400, "0x80060888")),
        ("$filter=name", (400, "0x80060888")),
        ("$filter=nonesuch(name)", (400, "0x80060888")),
        ("$filter=" + " or ".join(["name eq 'x'"] * 501), (400, "0x8004430C")),
        ("$filter=" + "not(" * 2000 + "name eq 'x'" + ")" * 2000, (400, "0x80060888")),
        ("$orderby=name sideways", (400, "0x80060888")),
        ("$top=-1", (400, "0x80060888")),
        ("$top=many", (400, "0x80060888")),
        ("$count=maybe", (400, "0x80060888")),
        ("$skip=5", (400, "0x80060888")),
        ("$skiptoken=rubbish", (400, "0x8004112A")),
        ("$expand=emailserverprofile($top=1)", (400, "0x80060888")),
        ("$expand=emailserverprofile(", (400, "0x80060888")),
        ("$apply=aggregate($count as n)", (501, "0x80040219")),
        ("fetchXml=<fetch/>", (501, "0x80040219")),
        ("$filter=contains(name,'[a-c]x')", (501, "0x80040219")),
        ("$filter=x/any(y:y/name eq 'x')", (501, "0x80040219")),
        ("$orderby=emailserverprofile/name", (501, "0x80040219")),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(
    dataverse: Dataverse, options: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error("GET", f"mailboxes?{options}")


def test_columns_are_selected_with_key_and_etag(dataverse: Dataverse) -> None:
    found = dataverse.get("mailboxes?$select=name,username&$filter=name eq 'Sales'")

    assert found["@odata.context"].endswith("$metadata#mailboxes(name,username)")
    assert list(found["value"][0]) == ["@odata.etag", "name", "username", "mailboxid"]


def test_rows_are_ordered_and_limited(dataverse: Dataverse) -> None:
    found = dataverse.get("mailboxes?$select=name&$orderby=emailaddress desc&$top=2")

    assert [row["name"] for row in found["value"]] == ["Support", "Sales"]
    assert "@odata.nextLink" not in found


def test_nothing_sorts_first(dataverse: Dataverse) -> None:
    assert dataverse.names("mailboxes?$orderby=emailaddress asc,name desc")[0] == "# pulumi-dataverse-email"


def test_rows_are_counted(dataverse: Dataverse) -> None:
    queues = "$filter=contains(name,'S') and endswith(name,'s') or name eq 'Support'"

    assert dataverse.get(f"mailboxes?{queues}&$count=true")["@odata.count"] == 2
    answer = dataverse.call("GET", f"mailboxes/$count?{queues}")
    assert (answer.headers["Content-Type"], answer.content.decode("utf-8-sig")) == ("text/plain", "2")


def test_pages_follow_each_other_until_all_is_shown(dataverse: Dataverse) -> None:
    prefer = "odata.maxpagesize=4"
    first = dataverse.get("mailboxes?$select=name&$filter=name ne 'Sales'", Prefer=prefer)
    assert first["@odata.nextLink"].startswith(f"{dataverse.url}/api/data/v9.2/mailboxes?")

    second = dataverse.get(first["@odata.nextLink"], Prefer=prefer)

    names = [row["name"] for row in first["value"] + second["value"]]
    assert (len(first["value"]), len(set(names))) == (4, 5)
    assert "@odata.nextLink" not in second


def test_a_page_size_overrides_top(dataverse: Dataverse) -> None:
    found = dataverse.get("mailboxes?$top=1", Prefer="odata.maxpagesize=3")

    assert len(found["value"]) == 3


def test_annotations_stand_before_their_property(dataverse: Dataverse) -> None:
    select = "$select=actdeliverymethod,_regardingobjectid_value,isforwardmailbox"
    (row,) = dataverse.get(f"mailboxes?{select}&$filter=name eq 'Sales'", Prefer=ANNOTATED)["value"]

    assert row[f"actdeliverymethod@{FORMATTED}"] == "None"
    assert row[f"isforwardmailbox@{FORMATTED}"] == "No"
    assert row[f"_regardingobjectid_value@{FORMATTED}"] == "Sales"
    assert row[f"_regardingobjectid_value@{LOOKUP}"] == "queue"
    keys = list(row)
    assert keys.index(f"actdeliverymethod@{FORMATTED}") == keys.index("actdeliverymethod") - 1


def test_numbers_and_times_are_formatted_as_people_write_them(dataverse: Dataverse) -> None:
    dataverse.make("emailserverprofiles", name="A", timeoutmailboxconnectionafteramount=12345)
    path = "emailserverprofiles?$select=timeoutmailboxconnectionafteramount,createdon,versionnumber&$filter=name eq 'A'"

    (row,) = dataverse.get(path, Prefer=ANNOTATED)["value"]

    assert row[f"timeoutmailboxconnectionafteramount@{FORMATTED}"] == "12,345"
    assert row[f"versionnumber@{FORMATTED}"] == f"{row['versionnumber']:,}"
    assert re.fullmatch(r"\d+/\d+/\d{4} \d+:\d\d [AP]M", row[f"createdon@{FORMATTED}"])


def test_annotations_may_be_chosen(dataverse: Dataverse) -> None:
    path = "mailboxes?$select=_regardingobjectid_value&$filter=name eq 'Sales'"

    (row,) = dataverse.get(path, Prefer=f"odata.include-annotations={LOOKUP}")["value"]

    assert ["@odata.etag", f"_regardingobjectid_value@{LOOKUP}", "_regardingobjectid_value", "mailboxid"] == list(row)


def test_several_annotations_may_be_asked_for_among_other_preferences(dataverse: Dataverse) -> None:
    path = "mailboxes?$select=_regardingobjectid_value&$filter=name eq 'Sales'"

    prefer = f'odata.maxpagesize=1, odata.include-annotations="{LOOKUP},{FORMATTED}"'
    (row,) = dataverse.get(path, Prefer=prefer)["value"]

    assert {f"_regardingobjectid_value@{name}" for name in (LOOKUP, FORMATTED)} < set(row)


def test_the_row_behind_a_lookup_is_expanded(dataverse: Dataverse) -> None:
    expand = "$expand=regardingobjectid($select=fullname),regardingobjectid_queue,emailserverprofile($select=name)"
    rows = dataverse.get(f"mailboxes?$select=name&{expand}&$orderby=name")["value"]

    anna = next(row for row in rows if row["name"] == "Anna Weber")
    sales = next(row for row in rows if row["name"] == "Sales")
    assert {"fullname", "systemuserid", "ownerid"} == set(anna["regardingobjectid"])
    assert (anna["regardingobjectid_queue"], anna["emailserverprofile"]) == (None, None)
    assert (sales["regardingobjectid"], sales["regardingobjectid_queue"]["name"]) == (None, "Sales")


def test_the_mailboxes_of_a_profile_are_expanded(dataverse: Dataverse) -> None:
    (profile,) = dataverse.get("emailserverprofiles")["value"]
    link = {"emailserverprofile@odata.bind": f"/emailserverprofiles({profile['emailserverprofileid']})"}
    for row in dataverse.get("mailboxes?$select=name&$filter=contains(name,'S')")["value"]:
        dataverse.change(f"mailboxes({row['mailboxid']})", **link)

    expand = "emailserverprofile_mailbox($select=name;$filter=startswith(name,'S');$orderby=name desc)"
    (found,) = dataverse.get(f"emailserverprofiles?$select=name&$expand={expand}")["value"]

    assert [mailbox["name"] for mailbox in found["emailserverprofile_mailbox"]] == ["Support", "Sales"]
    assert all("@odata.etag" in mailbox for mailbox in found["emailserverprofile_mailbox"])
