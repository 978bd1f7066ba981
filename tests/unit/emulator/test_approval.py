import pytest

from tests.unit.emulator.dataverse import ANNA, SUPPORT, Dataverse

CLIENT, SECRET = "11111111-2222-4333-8444-555555555555", "another secret"
ADMINISTRATOR, APPROVER = "System Administrator", "Delegated Mailbox Approver"
STATUS = "emailrouteraccessapproval"


def _caller(dataverse: Dataverse, *roles: str) -> str:
    """Return the authorization of an application user with these roles."""
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "roles": list(roles)})
    return f"Bearer {dataverse.token(client_id=CLIENT, client_secret=SECRET).json()['access_token']}"


def test_an_approval_says_who_and_when(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile())

    row = dataverse.get(path)
    assert (row[STATUS], row["isemailaddressapprovedbyo365admin"]) == (1, True)
    assert row["_emailaddressapprovedby_value"] == dataverse.get("WhoAmI")["UserId"]
    assert row["emailaddressapprovedon"]
    user = dataverse.get(f"systemusers({row['_regardingobjectid_value']})")
    assert (user[STATUS], user["isemailaddressapprovedbyo365admin"]) == (1, True)


def test_an_approval_on_the_queue_is_the_mailboxs_too(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(SUPPORT)

    dataverse.change(f"queues({mailbox['_regardingobjectid_value']})", **{STATUS: 1})

    row = dataverse.mailbox(SUPPORT)
    assert (row[STATUS], row["isemailaddressapprovedbyo365admin"]) == (1, True)
    assert row["_emailaddressapprovedby_value"]


def test_a_changed_address_takes_the_stamps_away(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile())

    dataverse.change(path, emailaddress="other@contoso.com")

    row = dataverse.get(path)
    assert (row[STATUS], row["isemailaddressapprovedbyo365admin"]) == (2, False)
    assert (row["_emailaddressapprovedby_value"], row["emailaddressapprovedon"]) == (None, None)


@pytest.mark.parametrize(
    ("roles", "online", "on_premises"),
    [
        ((ADMINISTRATOR,), False, True),
        ((ADMINISTRATOR, APPROVER), True, True),
        ((ADMINISTRATOR, "Global Administrator"), True, True),
        ((ADMINISTRATOR, "Exchange Administrator"), True, True),
        (("Editor", APPROVER), False, False),
    ],
)
def test_who_may_approve_depends_on_roles_and_server(
    dataverse: Dataverse, roles: tuple[str, ...], *, online: bool, on_premises: bool
) -> None:
    editor = ["prvReadMailbox", "prvWriteMailbox", "prvApproveRejectEmailAddress"]
    dataverse.control("PUT", "roles/Editor", {"privileges": editor})
    token = _caller(dataverse, *roles)
    anna = dataverse.synchronize(ANNA, dataverse.built_in_profile(), approved=False)
    support = dataverse.synchronize(SUPPORT, dataverse.on_premises(), act=2, approved=False)

    for path, allowed in ((anna, online), (support, on_premises)):
        answer = dataverse.call("PATCH", path, {STATUS: 1}, Authorization=token)
        assert answer.status_code == (204 if allowed else 400)
        assert allowed or answer.json()["error"]["code"] == "0x8009000B"
        assert (dataverse.get(path)[STATUS] == 1) is allowed


def test_a_missing_privilege_is_named(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "roles/Editor", {"privileges": ["prvReadMailbox", "prvWriteMailbox"]})
    token = _caller(dataverse, "Editor", APPROVER)
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile(), approved=False)

    answer = dataverse.call("PATCH", path, {STATUS: 1}, Authorization=token)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "0x80040220")
    assert "prvApproveRejectEmailAddress" in answer.json()["error"]["message"]


def test_an_approval_without_rights_may_be_ignored_in_silence(dataverse: Dataverse) -> None:
    dataverse.switch(approval_without_rights="ignore")
    token = _caller(dataverse, ADMINISTRATOR)
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile(), approved=False)

    body = {STATUS: 1, "isemailaddressapprovedbyo365admin": True, "undeliverablefolder": "x"}
    answer = dataverse.call("PATCH", path, body, Authorization=token)

    row = dataverse.get(path)
    assert (answer.status_code, row["undeliverablefolder"]) == (204, "x")
    assert (row[STATUS], row["isemailaddressapprovedbyo365admin"]) == (2, False)


def test_application_users_may_be_unable_to_approve(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile(), approved=False)
    dataverse.switch(application_users_may_approve=False)

    assert dataverse.error("PATCH", path, {STATUS: 1}) == (400, "0x8009000B")


def test_what_is_approved_may_be_sent_again_by_anyone(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile())
    token = _caller(dataverse, ADMINISTRATOR)

    assert dataverse.call("PATCH", path, {STATUS: 1}, Authorization=token).status_code == 204


def test_a_rejection_asks_for_the_same_rights(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.built_in_profile())
    token = _caller(dataverse, ADMINISTRATOR)

    assert dataverse.error("PATCH", path, {STATUS: 3}, Authorization=token) == (400, "0x8009000B")
    dataverse.change(path, **{STATUS: 3})
    assert dataverse.get(path)["isemailaddressapprovedbyo365admin"] is False


def test_a_queue_made_as_approved_needs_the_right_too(dataverse: Dataverse) -> None:
    token = _caller(dataverse, ADMINISTRATOR)
    body = {"name": "Press", "emailaddress": "press@contoso.com", STATUS: 1}

    assert dataverse.error("POST", "queues", body, Authorization=token) == (400, "0x8009000B")
    dataverse.make("queues", **body)
    assert dataverse.mailbox("press@contoso.com")[STATUS] == 1


@pytest.mark.parametrize("column", ["requireapprovalforuseremail", "requireapprovalforqueueemail"])
def test_only_a_tenants_administrator_changes_what_the_organization_requires(dataverse: Dataverse, column: str) -> None:
    path = f"organizations({dataverse.get('organizations')['value'][0]['organizationid']})"
    token = _caller(dataverse, ADMINISTRATOR, APPROVER)

    assert dataverse.error("PATCH", path, {column: False}, Authorization=token) == (403, "0x80048405")
    dataverse.switch(approval_without_rights="ignore")
    assert dataverse.call("PATCH", path, {column: False}, Authorization=token).status_code == 204
    assert dataverse.get(path)[column] is True
    token = _caller(dataverse, ADMINISTRATOR, "Global Administrator")
    assert dataverse.call("PATCH", path, {column: False}, Authorization=token).status_code == 204
    assert dataverse.get(path)[column] is False


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("roles/Editor", {}),
        ("roles/Editor", {"privileges": [""]}),
        ("roles/System%20Administrator", {"privileges": []}),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(dataverse: Dataverse, path: str, body: object) -> None:
    assert dataverse.refused("PUT", path, body)[0] == 400
