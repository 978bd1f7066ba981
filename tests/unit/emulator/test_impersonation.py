"""Calls in another user's name."""

import pytest

from tests.unit.emulator.dataverse import BEN, NOBODY, Dataverse, Json

CLIENT, SECRET = "11111111-2222-4333-8444-555555555555", "another secret"


@pytest.fixture
def anna(dataverse: Dataverse) -> Json:
    """Anna, who may do everything."""
    user = dataverse.get(f"systemusers({dataverse.mailbox(BEN)['_regardingobjectid_value']})")
    _promote(dataverse, user)
    return user


def _promote(dataverse: Dataverse, user: Json) -> None:
    (role,) = dataverse.get("roles")["value"]
    path = f"systemusers({user['systemuserid']})/systemuserroles_association/$ref"
    assert dataverse.call("POST", path, {"@odata.id": f"roles({role['roleid']})"}).status_code == 204


def _headers(user: Json) -> list[dict[str, str]]:
    return [{"CallerObjectId": user["azureactivedirectoryobjectid"]}, {"MSCRMCallerID": user["systemuserid"]}]


def test_a_row_tells_in_whose_name_and_by_whom_it_was_written(dataverse: Dataverse, anna: Json) -> None:
    me = dataverse.get("WhoAmI")["UserId"]

    for header in _headers(anna):
        answer = dataverse.call("POST", "emailserverprofiles", {"name": "A"}, **header)
        row = dataverse.get(answer.headers["OData-EntityId"])
        for name in ("createdby", "modifiedby", "owninguser"):
            assert row[f"_{name}_value"] == anna["systemuserid"]
        assert (row["_createdonbehalfby_value"], row["_modifiedonbehalfby_value"]) == (me, me)
        dataverse.change(answer.headers["OData-EntityId"], name="B")
        row = dataverse.get(answer.headers["OData-EntityId"])
        assert (row["_createdonbehalfby_value"], row["_modifiedonbehalfby_value"]) == (me, None)


def test_who_am_i_answers_the_other_user(dataverse: Dataverse, anna: Json) -> None:
    for header in _headers(anna):
        assert dataverse.get("WhoAmI", **header)["UserId"] == anna["systemuserid"]


def test_only_what_both_may_do_is_done(dataverse: Dataverse) -> None:
    user = dataverse.get(f"systemusers({dataverse.mailbox(BEN)['_regardingobjectid_value']})")

    for header in _headers(user):
        answer = dataverse.call("GET", "mailboxes", **header)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "0x80040220")
        assert "prvReadMailbox" in answer.json()["error"]["message"]


def test_a_caller_without_the_privilege_acts_for_nobody(dataverse: Dataverse, anna: Json) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"secret": SECRET, "roles": []})
    token = dataverse.token(client_id=CLIENT, client_secret=SECRET).json()["access_token"]

    for header in _headers(anna):
        answer = dataverse.call("GET", "mailboxes", Authorization=f"Bearer {token}", **header)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "0x80040220")
        assert "prvActOnBehalfOfAnotherUser" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("user", "refusal"),
    [(NOBODY, (403, "0x80072560")), ("anna", (400, "0x80060888")), ("", (400, "0x80060888"))],
)
@pytest.mark.parametrize("header", ["CallerObjectId", "MSCRMCallerID"])
def test_a_user_who_is_not_there_is_refused(
    dataverse: Dataverse, header: str, user: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error("GET", "WhoAmI", **{header: user})


def test_a_disabled_user_is_refused(dataverse: Dataverse, anna: Json) -> None:
    dataverse.control("PATCH", f"rows/systemusers/{anna['systemuserid']}", {"isdisabled": True})

    for header in _headers(anna):
        assert dataverse.error("GET", "WhoAmI", **header) == (403, "0x80040225")
