from uuid import uuid4

import pytest
import requests

from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse

UNAVAILABLE = {"status": 503, "headers": {"Retry-After": "1"}, "body": "<html>busy</html>"}


def test_a_fault_before_the_write_leaves_the_row_alone(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({uuid4()})"
    dataverse.fail(method="PATCH", path="emailserverprofiles", answer=UNAVAILABLE)

    answer = dataverse.call("PATCH", path, {"name": "A"})

    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (503, "1", "<html>busy</html>")
    assert dataverse.call("GET", path).status_code == 404


def test_a_fault_after_the_write_hides_that_it_succeeded(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({uuid4()})"
    dataverse.fail(method="PATCH", path="emailserverprofiles", when="after", answer=UNAVAILABLE)

    assert dataverse.call("PATCH", path, {"name": "A"}).status_code == 503
    assert dataverse.get(path)["name"] == "A"


@pytest.mark.parametrize(("when", "found"), [("before", 404), ("after", 200)])
def test_a_connection_is_reset(dataverse: Dataverse, when: str, found: int) -> None:
    path = f"emailserverprofiles({uuid4()})"
    dataverse.fail(path="emailserverprofiles", when=when, answer={"reset": True})

    with pytest.raises(requests.ConnectionError):
        dataverse.call("PATCH", path, {"name": "A"})

    assert dataverse.call("GET", path).status_code == found
    statuses = [entry["status"] for entry in dataverse.control("GET", "requests")]
    assert [None, found] == statuses[-2:]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_late_answer_is_the_real_one(dataverse: Dataverse, when: str) -> None:
    dataverse.fail(path="WhoAmI", when=when, answer={"delay": 0.05})

    assert "UserId" in dataverse.get("WhoAmI")


def test_a_slow_answer_may_outlast_the_client(dataverse: Dataverse) -> None:
    dataverse.fail(path="WhoAmI", answer={"delay": 60})

    with pytest.raises(requests.ReadTimeout):
        dataverse.session.get(f"{dataverse.url}/api/data/v9.2/WhoAmI", headers=dataverse.headers, timeout=0.2)


def test_a_fault_is_used_up(dataverse: Dataverse) -> None:
    dataverse.fail(method="GET", path="WhoAmI", times=2, answer=UNAVAILABLE)

    statuses = []
    for _ in range(3):
        statuses.append(dataverse.call("GET", "WhoAmI").status_code)
        pending = [fault["times"] for fault in dataverse.control("GET", "faults")]

    assert (statuses, pending) == ([503, 503, 200], [])


def test_faults_wait_for_their_request_until_they_are_cleared(dataverse: Dataverse) -> None:
    dataverse.fail(method="DELETE", path="queues", answer=UNAVAILABLE)

    assert dataverse.call("GET", "queues").status_code == 200
    (fault,) = dataverse.control("GET", "faults")
    assert tuple(fault[name] for name in ("method", "path", "times", "when")) == ("DELETE", "queues", 1, "before")
    dataverse.control("DELETE", "faults")
    assert dataverse.control("GET", "faults") == []


def test_the_token_endpoint_may_fail_too(dataverse: Dataverse) -> None:
    dataverse.fail(path="/oauth2/v2.0/token", answer={"status": 500})

    assert [dataverse.token().status_code for _ in range(2)] == [500, 200]


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("POST", "faults", {"answer": {"status": 503}, "tims": 1}, "tims"),
        ("POST", "faults", {"answer": {"status": "503"}}, "status"),
        ("POST", "faults", {"answer": {}}, "answer"),
        ("POST", "faults", {"answer": {"reset": True}, "when": "during"}, "when"),
        ("POST", "faults", [], "the body"),
        ("PATCH", "organization", {"organisationid": NOBODY}, "organisationid"),
        ("PATCH", "organization", {"organizationtype": "Production"}, "organizationtype"),
        ("PUT", f"applications/{NOBODY}", {"member": True}, "secret"),
        ("PUT", f"applications/{NOBODY}", {"secret": "x", "roles": ["Typist"]}, "roles"),
        ("PUT", "applications/me", {"secret": "x"}, "me"),
        ("POST", "rows/queues", {"nmae": "x"}, "nmae"),
        ("POST", "rows/queues", {"name": 5}, "5"),
        ("POST", "rows/queues", {"versionnumber": 5}, "versionnumber"),
        ("POST", "rows/queues", {"_ownerid_value": NOBODY}, "_ownerid_value"),
        ("POST", "rows/queues", [], "object"),
        ("DELETE", f"rows/organizations/{NOBODY}", None, "organization"),
        ("POST", "rows/organizations", {"name": "another"}, "organization"),
        ("POST", "clock", {"now": 5}, "now"),
        ("POST", "clock", {"advance": "5"}, "advance"),
        ("POST", "clock", {"advance": True}, "advance"),
        ("PATCH", "organization", {"administrationmode": "yes"}, "administrationmode"),
    ],
)
def test_a_control_call_that_does_not_fit_says_what(
    dataverse: Dataverse, method: str, path: str, body: object, named: str
) -> None:
    answer = dataverse.session.request(method, f"{dataverse.url}/emulator/{path}", json=body, timeout=30)

    assert answer.status_code == 400
    assert named in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "rows/nonesuch", 404),
        ("GET", f"rows/queues/{NOBODY}", 404),
        ("DELETE", f"rows/queues/{NOBODY}", 404),
        ("GET", "nonesuch", 404),
        ("PUT", "faults", 405),
    ],
)
def test_a_control_call_that_leads_nowhere_is_refused(
    dataverse: Dataverse, method: str, path: str, status: int
) -> None:
    answer = dataverse.session.request(method, f"{dataverse.url}/emulator/{path}", timeout=30)

    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_row_is_edited_past_every_rule(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)
    profile = dataverse.make("emailserverprofiles", name="A")

    columns = {"mailboxstatus": 2, "isforwardmailbox": True, "_emailserverprofile_value": profile, "password": "p"}
    edited = dataverse.control("PATCH", f"rows/mailboxes/{mailbox['mailboxid']}", columns)

    assert edited == dataverse.control("GET", f"rows/mailboxes/{mailbox['mailboxid']}")
    assert (2, True, profile) == tuple(edited[name] for name in list(columns)[:3])
    assert (edited["password"], edited["ispasswordset"]) == (None, True)
    assert edited["versionnumber"] > mailbox["versionnumber"]


def test_a_row_keeps_its_id_and_has_it_alone(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)["mailboxid"]
    same, other = {"mailboxid": mailbox, "name": "x"}, {"mailboxid": NOBODY, "name": "x"}
    url = f"{dataverse.url}/emulator/rows/mailboxes"

    assert dataverse.session.post(url, json=same, timeout=30).status_code == 400
    assert dataverse.session.patch(f"{url}/{mailbox}", json=other, timeout=30).status_code == 400
    assert dataverse.control("PATCH", f"rows/mailboxes/{mailbox}", same)["name"] == "x"


def test_a_user_made_behind_the_back_gets_a_mailbox(dataverse: Dataverse) -> None:
    user = dataverse.control(
        "POST", "rows/systemusers", {"fullname": "Eva Roth", "internalemailaddress": "eva@contoso.com"}
    )

    assert dataverse.mailbox("eva@contoso.com")["mailboxid"] == user["_defaultmailbox_value"]


def test_a_mailbox_deleted_behind_the_back_leaves_its_owner(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)

    dataverse.control("DELETE", f"rows/mailboxes/{mailbox['mailboxid']}")

    user = dataverse.get(f"systemusers({mailbox['_regardingobjectid_value']})")
    assert user["_defaultmailbox_value"] is None


def test_another_organization_may_stand_behind_the_same_address(dataverse: Dataverse) -> None:
    dataverse.control("PATCH", "organization", {"organizationid": NOBODY, "organizationtype": "CustomerTest"})

    access = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
    detail = dataverse.get(f"RetrieveCurrentOrganization(AccessType={access})")["Detail"]
    assert (detail["OrganizationId"], detail["OrganizationType"]) == (NOBODY, "CustomerTest")
    assert dataverse.mailbox(ANNA)["_organizationid_value"] == NOBODY


def test_reset_goes_back_to_the_seed_and_keeps_the_organization(dataverse: Dataverse) -> None:
    organization = dataverse.get("WhoAmI")["OrganizationId"]
    before = dataverse.names("mailboxes?$orderby=name")
    dataverse.make("queues", name="Extra")
    dataverse.fail(path="WhoAmI", answer=UNAVAILABLE)

    dataverse.control("POST", "reset")

    assert dataverse.control("GET", "requests") == []
    assert dataverse.get("WhoAmI")["OrganizationId"] == organization
    assert dataverse.names("mailboxes?$orderby=name") == before


def test_the_log_holds_each_request_but_no_control_call(dataverse: Dataverse) -> None:
    dataverse.call("GET", "WhoAmI?a=b", x_ms_client_request_id="7")
    dataverse.token()

    first, second = dataverse.control("GET", "requests")
    assert {"time", "method", "url", "status", "client_request_id"} == set(first)
    assert (f"{dataverse.url}/api/data/v9.2/WhoAmI?a=b", 200, "7") == (
        first["url"],
        first["status"],
        first["client_request_id"],
    )
    assert (second["method"], second["client_request_id"]) == ("POST", None)
    dataverse.control("DELETE", "requests")
    assert dataverse.control("GET", "requests") == []
