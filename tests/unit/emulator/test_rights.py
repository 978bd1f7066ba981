import pytest

from tests.unit.emulator.dataverse import NOBODY, Dataverse

CLIENT, SECRET = "11111111-2222-4333-8444-555555555555", "another secret"


def _token(dataverse: Dataverse) -> str:
    answer = dataverse.token(client_id=CLIENT, client_secret=SECRET)
    return f"Bearer {answer.json()['access_token']}"


def test_an_application_without_a_user_is_no_member(dataverse: Dataverse) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "member": False})

    assert dataverse.error("GET", "WhoAmI", Authorization=_token(dataverse)) == (403, "0x80072560")


@pytest.mark.parametrize(
    ("method", "path", "body", "privilege"),
    [
        ("GET", "mailboxes", None, "prvReadMailbox"),
        ("GET", "systemusers/$count", None, "prvReadUser"),
        ("POST", "queues", {"name": "x"}, "prvCreateQueue"),
        ("PATCH", f"emailserverprofiles({NOBODY})", {"name": "x"}, "prvCreateEmailServerProfile"),
    ],
)
def test_an_application_user_without_a_role_lacks_the_privilege(
    dataverse: Dataverse, method: str, path: str, body: object, privilege: str
) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "roles": []})
    token = _token(dataverse)

    answer = dataverse.call(method, path, body, Authorization=token)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (403, "0x80040220")
    assert f"is missing {privilege} privilege" in error["message"]
    assert dataverse.call("GET", "WhoAmI", Authorization=token).status_code == 200


def test_a_role_may_be_given_and_membership_taken(dataverse: Dataverse) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "roles": []})
    token = _token(dataverse)

    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "roles": ["System Administrator"]})
    assert dataverse.call("GET", "mailboxes", Authorization=token).status_code == 200
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "member": False})
    assert dataverse.call("GET", "mailboxes", Authorization=token).status_code == 403


def test_a_disabled_application_user_is_refused(dataverse: Dataverse) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET})
    (user,) = [row for row in dataverse.control("GET", "rows/systemusers")["value"] if row["applicationid"] == CLIENT]

    dataverse.control("PATCH", f"rows/systemusers/{user['systemuserid']}", {"isdisabled": True})

    assert dataverse.call("GET", "mailboxes", Authorization=_token(dataverse)).status_code == 403


def test_a_removed_application_gets_no_token(dataverse: Dataverse) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET})
    dataverse.control("DELETE", f"applications/{CLIENT}")

    assert dataverse.token(client_id=CLIENT, client_secret=SECRET).json()["error"] == "unauthorized_client"
