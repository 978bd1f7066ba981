"""Pages and the links between them."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.unit.emulator.dataverse import Dataverse, Json

TWO = "odata.maxpagesize=2"


@pytest.fixture
def twins(dataverse: Dataverse) -> Dataverse:
    """An environment with seven profiles, some of one name, some described."""
    for name in ("Twin", "twin", "TWIN", "Lone \"<&'+;#%", "Lone é"):
        dataverse.make("emailserverprofiles", name=name, description=None if "Lone" in name else name)
    dataverse.make("emailserverprofiles", name="Twin", description="Ä")
    return dataverse


def _pages(dataverse: Dataverse, path: str, prefer: str = TWO) -> list[Json]:
    pages = [dataverse.get(path, Prefer=prefer)]
    while link := pages[-1].get("@odata.nextLink"):
        pages.append(dataverse.get(link, Prefer=prefer))
    return pages


@pytest.mark.parametrize(
    "order",
    ["", "name", "name desc", "description", "description desc,name", "name,name desc", "incomingusessl,name",
     "_createdby_value,description desc", "createdon desc", "servertype,emailserverprofileid desc", "versionnumber"],
)  # fmt: skip
def test_every_row_is_on_one_page_in_the_order_of_all(twins: Dataverse, order: str) -> None:
    path = f"emailserverprofiles?$select=name{f'&$orderby={order}' if order else ''}"
    whole = [row["emailserverprofileid"] for row in twins.get(path)["value"]]

    pages = _pages(twins, path)

    assert [len(page["value"]) for page in pages] == [2, 2, 2, 1]
    assert whole == [row["emailserverprofileid"] for page in pages for row in page["value"]]


def test_a_row_that_goes_between_two_pages_hides_no_other_one(twins: Dataverse) -> None:
    path = "emailserverprofiles?$select=name&$orderby=name"
    whole = [row["emailserverprofileid"] for row in twins.get(path)["value"]]

    first = twins.get(path, Prefer=TWO)
    for row in first["value"]:
        twins.call("DELETE", f"emailserverprofiles({row['emailserverprofileid']})")
    rest = [row for page in _pages(twins, first["@odata.nextLink"]) for row in page["value"]]

    assert whole[2:] == [row["emailserverprofileid"] for row in rest]


def test_a_row_that_comes_between_two_pages_is_shown_once(twins: Dataverse) -> None:
    first = twins.get("emailserverprofiles?$select=name&$orderby=name", Prefer=TWO)
    twins.make("emailserverprofiles", name="0 comes first")
    twins.make("emailserverprofiles", name="Z comes last")

    rest = [row["name"] for page in _pages(twins, first["@odata.nextLink"]) for row in page["value"]]

    assert (rest[-1], len(rest)) == ("Z comes last", 6)


def test_a_next_link_looks_like_the_real_one(twins: Dataverse) -> None:
    page = twins.get("emailserverprofiles?$select=name", Prefer=TWO)
    link = page["@odata.nextLink"]

    assert link.startswith(f"{twins.url}/api/data/v9.2/emailserverprofiles?$select=name&$skiptoken=%3Ccookie%20")
    token = parse_qs(urlsplit(link).query)["$skiptoken"][0]
    cookie = re.fullmatch(r'<cookie pagenumber="2" pagingcookie="([^"]+)" istracking="False" />', token)
    assert cookie is not None
    last = page["value"][-1]["emailserverprofileid"]
    assert f'<emailserverprofileid last="{{{last.upper()}}}"' in unquote(cookie[1])


def test_a_next_link_keeps_every_option(twins: Dataverse) -> None:
    options = "$filter=startswith(name,@p1) or name eq '%2B%26%3B%23%25'&@p1='twin'&$orderby=name&$count=true"

    pages = _pages(twins, f"emailserverprofiles?{options}")

    assert [(page["@odata.count"], len(page["value"])) for page in pages] == [(4, 2), (4, 2)]


def test_the_size_of_a_page_is_not_in_its_link(twins: Dataverse) -> None:
    first = twins.get("emailserverprofiles?$select=name", Prefer=TWO)

    rest = twins.get(first["@odata.nextLink"])

    assert len(rest["value"]) == 5
    assert "@odata.nextLink" not in rest


def test_a_page_size_is_echoed(twins: Dataverse) -> None:
    both = f'{TWO}, odata.include-annotations="*"'

    for prefer, echo in ((TWO, TWO), (both, both), ("odata.maxpagesize=99999", "odata.maxpagesize=5000")):
        answer = twins.call("GET", "emailserverprofiles", Prefer=prefer)
        assert answer.headers["Preference-Applied"] == echo
    assert "Preference-Applied" not in twins.call("GET", "emailserverprofiles", Prefer="odata.maxpagesize=no").headers


def test_a_token_of_another_order_is_refused(twins: Dataverse) -> None:
    link = twins.get("emailserverprofiles?$orderby=name", Prefer=TWO)["@odata.nextLink"]

    for changed in (link.replace("$orderby=name", "$orderby=createdon"), link.replace("pagenumber", "number")):
        assert twins.error("GET", changed) == (400, "0x8004112A")


def test_a_token_that_was_tampered_with_is_refused(twins: Dataverse) -> None:
    link = twins.get("emailserverprofiles?$orderby=incomingusessl", Prefer=TWO)["@odata.nextLink"]
    assert "last%253D%25221%2522" in link

    assert twins.error("GET", link.replace("last%253D%25221%2522", "last%253D%2522x%2522")) == (400, "0x8004112A")


def test_no_count_is_asked_for_no_count_is_given(twins: Dataverse) -> None:
    prefer = 'odata.include-annotations="Microsoft.Dynamics.CRM.*"'

    without = twins.get("emailserverprofiles?$select=name", Prefer=prefer)
    counted = twins.get("emailserverprofiles?$select=name&$count=true", Prefer=prefer)

    assert without["@Microsoft.Dynamics.CRM.totalrecordcount"] == -1
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcount"] == counted["@odata.count"] == 7
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False


def test_none_of_nothing_is_a_page_without_a_link(twins: Dataverse) -> None:
    found = twins.get("emailserverprofiles?$top=0")

    assert (found["value"], "@odata.nextLink" in found) == ([], False)
