"""Functions that hang on no row, and one that hangs on a user."""

import pytest

from tests.unit.emulator.dataverse import BEN, NOBODY, Dataverse

PRIVILEGES = "Microsoft.Dynamics.CRM.RetrieveUserPrivileges"


def test_the_version_is_told_with_and_without_parentheses(dataverse: Dataverse) -> None:
    for path in ("RetrieveVersion", "RetrieveVersion()"):
        found = dataverse.get(path)
        assert found["@odata.context"].endswith("$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse")
        assert found["Version"].startswith("9.2.")


@pytest.mark.parametrize(
    "path",
    [
        'RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["queue","tracelog"]',
        "RetrieveTotalRecordCount(EntityNames=@p1)?@p1=['queue','tracelog']",
        'RetrieveTotalRecordCount(EntityNames=["queue","tracelog"])',
    ],
)
def test_rows_of_tables_are_counted(dataverse: Dataverse, path: str) -> None:
    found = dataverse.get(path)["EntityRecordCountCollection"]

    assert found == {"Count": 2, "IsReadOnly": False, "Keys": ["queue", "tracelog"], "Values": [2, 0]}


def test_a_user_is_told_what_it_may_do(dataverse: Dataverse) -> None:
    me = dataverse.get("WhoAmI")

    privileges = dataverse.get(f"systemusers({me['UserId']})/{PRIVILEGES}()")["RolePrivileges"]

    granted = {entry["PrivilegeName"] for entry in privileges}
    assert {"prvReadMailbox", "prvAppendToEmailServerProfile", "prvActOnBehalfOfAnotherUser"} < granted
    assert {(entry["Depth"], entry["BusinessUnitId"]) for entry in privileges} == {("Global", me["BusinessUnitId"])}
    anna = dataverse.mailbox(BEN)["_regardingobjectid_value"]
    assert dataverse.get(f"systemusers({anna})/{PRIVILEGES}()")["RolePrivileges"] == []


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "RetrieveTotalRecordCount(EntityNames=@p1)", (400, "0x80060888")),
        ("GET", "RetrieveTotalRecordCount(EntityNames=@p1)?@p1=mailbox", (400, "0x80060888")),
        ("GET", "RetrieveTotalRecordCount()", (400, "0x80060888")),
        ("GET", "RetrieveTotalRecordCount(mailbox)", (400, "0x80060888")),
        ("GET", 'RetrieveTotalRecordCount(EntityNames=["nonesuch"])', (400, "0x80041102")),
        ("GET", "RetrieveTotalRecordCount(EntityNames=[[]])", (400, "0x80060888")),
        ("POST", 'RetrieveTotalRecordCount(EntityNames=["mailbox"])', (404, "")),
        ("GET", "retrieveversion()", (404, "0x8006088a")),
        ("GET", f"systemusers({NOBODY})/RetrieveUserPrivileges()", (400, "0x80060888")),
        ("GET", f"systemusers({NOBODY})/{PRIVILEGES}()", (404, "0x80040217")),
        ("POST", f"systemusers({NOBODY})/{PRIVILEGES}()", (404, "0x8006088a")),
        ("GET", f"mailboxes({NOBODY})/{PRIVILEGES}()", (404, "0x8006088a")),
        ("GET", f"systemusers({NOBODY})/{PRIVILEGES}()/x", (404, "0x8006088a")),
        ("GET", f"systemusers({NOBODY})/Microsoft.Dynamics.CRM.Nonesuch()", (404, "0x8006088a")),
        ("POST", "mailboxes/Microsoft.Dynamics.CRM.CreateMultiple", (404, "0x8006088a")),
    ],
)
def test_a_function_that_cannot_be_called_so_is_refused(
    dataverse: Dataverse, method: str, path: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error(method, path, {} if method == "POST" else None)
