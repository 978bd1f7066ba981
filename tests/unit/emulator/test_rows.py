import re
from uuid import uuid4

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse


def test_a_posted_row_is_read_back(dataverse: Dataverse) -> None:
    answer = dataverse.call("POST", "emailserverprofiles", {"name": "On premises", "servertype": 0})

    url = answer.headers["OData-EntityId"]
    assert answer.status_code == 204
    assert re.fullmatch(rf"{dataverse.url}/api/data/v9.2/emailserverprofiles\([0-9a-f-]{{36}}\)", url)
    row = dataverse.get(url)
    assert (row["name"], row["servertype"], row["incomingusessl"]) == ("On premises", 0, True)
    assert row["@odata.context"].endswith("$metadata#emailserverprofiles/$entity")


def test_every_answer_carries_the_ids_of_the_request(dataverse: Dataverse) -> None:
    headers = dataverse.call("GET", "WhoAmI").headers

    assert headers["OData-Version"] == "4.0"
    assert headers["x-ms-service-request-id"].split(", ")[1] == headers["REQ_ID"]


def test_a_representation_is_returned_where_it_is_preferred(dataverse: Dataverse) -> None:
    body, prefer = {"name": "A", "servertype": 0}, "return=representation"

    created = dataverse.call("POST", "emailserverprofiles?$select=name", body, Prefer=prefer)

    row = created.json()
    assert created.status_code == 201
    assert created.headers["ETag"] == row["@odata.etag"]
    assert set(row) == {"@odata.context", "@odata.etag", "name", "emailserverprofileid"}
    path = f"emailserverprofiles({row['emailserverprofileid']})"
    updated = dataverse.call("PATCH", path, {"name": "B"}, Prefer=prefer)
    assert (updated.status_code, updated.json()["name"]) == (200, "B")


def test_the_client_may_choose_the_id(dataverse: Dataverse) -> None:
    row_id = str(uuid4())

    answer = dataverse.call("PATCH", f"emailserverprofiles({row_id.upper()})", {"name": "A"})

    assert answer.status_code == 204
    assert dataverse.get(f"emailserverprofiles({row_id})")["emailserverprofileid"] == row_id


def test_create_only_refuses_a_row_that_is_there(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({uuid4()})"

    assert dataverse.call("PATCH", path, {"name": "A"}, If_None_Match="*").status_code == 204
    assert dataverse.error("PATCH", path, {"name": "B"}, If_None_Match="*") == (412, "0x80040237")
    assert dataverse.get(path)["name"] == "A"


def test_update_only_does_not_make_a_row(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({uuid4()})"

    assert dataverse.error("PATCH", path, {"name": "A"}, If_Match="*") == (404, "0x80040217")
    assert dataverse.call("GET", path).status_code == 404


def test_the_word_null_is_no_condition(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({uuid4()})"

    answers = [dataverse.call("PATCH", path, {"name": "A"}, If_None_Match="null") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]


def test_an_update_of_a_version_that_has_passed_is_refused(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"
    etag = dataverse.get(path)["@odata.etag"]

    assert dataverse.call("PATCH", path, {"name": "B"}, If_Match=etag).status_code == 204
    assert dataverse.error("PATCH", path, {"name": "C"}, If_Match=etag) == (412, "0x80060882")
    assert dataverse.get(path)["name"] == "B"


def test_equal_values_raise_the_version_too(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    before = dataverse.get(path)

    dataverse.change(path, name=before["name"])

    after = dataverse.get(path)
    assert after["versionnumber"] > before["versionnumber"]
    assert after["@odata.etag"] == f'W/"{after["versionnumber"]}"'


def test_a_row_that_did_not_change_is_not_sent_again(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    etag = dataverse.get(path)["@odata.etag"]

    assert dataverse.call("GET", path, If_None_Match=etag).status_code == 304


def test_a_deleted_row_is_gone(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"

    assert dataverse.call("DELETE", path).status_code == 204
    assert dataverse.error("DELETE", path) == (404, "0x80040217")
    assert dataverse.error("GET", path) == (404, "0x80040217")


def test_one_property_is_read_by_itself(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    assert dataverse.get(f"{path}/emailaddress")["value"] == ANNA
    assert dataverse.call("GET", f"{path}/username").status_code == 204


def test_a_lookup_is_written_by_its_navigation_property(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", name="A")
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    for reference in (f"/emailserverprofiles({profile})", f"emailserverprofiles({profile})"):
        dataverse.change(path, **{"emailserverprofile@odata.bind": reference})
        assert dataverse.get(path)["_emailserverprofile_value"] == profile
        dataverse.change(path, **{"emailserverprofile@odata.bind": None})
        assert dataverse.get(path)["_emailserverprofile_value"] is None
    absolute = f"{dataverse.url}/api/data/v9.2/emailserverprofiles({profile})"
    dataverse.change(path, **{"emailserverprofile@odata.bind": absolute})
    dataverse.change(path, emailserverprofile=None)
    assert dataverse.get(path)["_emailserverprofile_value"] is None


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"_emailserverprofile_value": NOBODY}, (400, "0x80048d19")),
        ({"emailserverprofile@odata.bind": f"/emailserverprofiles({NOBODY})"}, (404, "0x80040217")),
        ({"emailserverprofile@odata.bind": f"/queues({NOBODY})"}, (400, "0x80048d19")),
        ({"emailserverprofile@odata.bind": 5}, (400, "0x80048d19")),
        ({"EmailServerProfile@odata.bind": None}, (400, "0x80048d19")),
        ({"emailserverprofile": {"name": "deep"}}, (400, "0x80048d19")),
    ],
)
def test_a_lookup_that_leads_nowhere_is_refused(
    dataverse: Dataverse, body: dict[str, object], refusal: tuple[int, str]
) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    assert refusal == dataverse.error("PATCH", path, body)


def test_the_owner_may_be_a_user_or_a_team(dataverse: Dataverse) -> None:
    profile = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"
    team = dataverse.get("teams")["value"][0]["teamid"]

    assert dataverse.get(profile)["_owninguser_value"] == dataverse.get("WhoAmI")["UserId"]
    dataverse.change(profile, **{"ownerid@odata.bind": f"/teams({team})"})

    row = dataverse.get(profile)
    assert (team, team, None) == tuple(row[f"_{name}_value"] for name in ("ownerid", "owningteam", "owninguser"))


def test_alerts_are_made_and_deleted_but_not_changed(dataverse: Dataverse) -> None:
    regarding = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    bind = {"regardingobjectid_mailbox@odata.bind": regarding}
    alert = f"tracelogs({dataverse.make('tracelogs', text='x', tracecode=1, **bind)})"

    assert dataverse.error("PATCH", alert, {"text": "y"}) == (400, "0x80040800")
    assert dataverse.call("DELETE", alert).status_code == 204


def test_a_state_brings_its_status_along(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    dataverse.change(path, statecode=1)

    assert dataverse.get(path)["statuscode"] == 2
    assert dataverse.error("PATCH", path, {"statecode": 0, "statuscode": 2}) == (400, "0x80048408")


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "nonesuch", (404, "0x8006088a")),
        ("GET", "Mailboxes", (404, "0x8006088a")),
        ("GET", f"mailboxes({NOBODY})", (404, "0x80040217")),
        ("GET", "mailboxes(name='x')", (400, "0x80060890")),
        ("GET", "mailboxes(5)", (400, "0x80060890")),
        ("GET", f"mailboxes({NOBODY})/nonesuch", (404, "0x8006088a")),
        ("PATCH", "mailboxes", (405, "0x80060888")),
        ("DELETE", "mailboxes", (405, "0x80060888")),
        ("POST", "WhoAmI", (404, "")),
        ("POST", "organizations", (400, "0x80040800")),
        ("GET", "solutions", (501, "0x80040219")),
        ("GET", "x" * 300, (400, "0x0")),
    ],
)
def test_what_is_unknown_or_not_emulated_is_refused_aloud(
    dataverse: Dataverse, method: str, path: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error(method, path, {"name": "x"} if method != "GET" else None)


def test_older_versions_answer_alike(dataverse: Dataverse) -> None:
    for version in ("v9.0", "v9.1"):
        answer = dataverse.call("GET", f"{dataverse.url}/api/data/{version}/WhoAmI")
        assert f"/api/data/{version}/$metadata" in answer.json()["@odata.context"]


def test_the_organization_says_who_it_is(dataverse: Dataverse) -> None:
    access = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"

    detail = dataverse.get(f"RetrieveCurrentOrganization(AccessType=@p)?@p={access}")["Detail"]

    assert detail == dataverse.get(f"RetrieveCurrentOrganization(AccessType={access})")["Detail"]
    assert detail["OrganizationId"] == dataverse.get("WhoAmI")["OrganizationId"]
    assert (detail["FriendlyName"], detail["OrganizationType"]) == ("Contoso", "Customer")
    assert detail["OrganizationVersion"] == dataverse.get("RetrieveVersion()")["Version"]
    assert dataverse.error("GET", "RetrieveCurrentOrganization(AccessType='x')") == (400, "0x80060888")
