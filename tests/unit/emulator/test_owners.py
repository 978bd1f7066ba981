"""Who owns a mailbox, and by what columns it is found.

Microsoft Learn, "User (SystemUser) table/entity reference" and "Create forward mailboxes or edit mailboxes".
"""

import pytest

from tests.unit.emulator.dataverse import Dataverse

OWN = "12345678-0000-4000-8000-000000000001"
PEOPLE = ["Anna Weber", "Ben Ortiz", "Chris Park"]
APPLICATION = "# pulumi-dataverse-email"
CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("domainname eq 'BEN@contoso.com'", ["Ben Ortiz"]),
        ("internalemailaddress eq 'Ben@Contoso.com'", ["Ben Ortiz"]),
        ("azureactivedirectoryobjectid eq {object_id}", ["Ben Ortiz"]),
        ("systemuserid eq {user_id} or azureactivedirectoryobjectid eq {user_id}", ["Ben Ortiz"]),
        ("isdisabled eq true", ["Chris Park"]),
        ("islicensed eq true", PEOPLE),
        ("islicensed eq false", [APPLICATION]),
        ("accessmode eq 4", [APPLICATION]),
        (f"applicationid eq {CLIENT}", [APPLICATION]),
        ("applicationid eq null and accessmode eq 0", PEOPLE),
    ],
)
def test_a_user_is_found(dataverse: Dataverse, condition: str, found: list[str]) -> None:
    """By name, address, both ids, and what tells a person from an application, or one who left."""
    users = {row["fullname"]: row for row in dataverse.get("systemusers")["value"]}
    dataverse.change(f"systemusers({users['Chris Park']['systemuserid']})", isdisabled=True)
    ben = users["Ben Ortiz"]
    ids = {"user_id": ben["systemuserid"], "object_id": ben["azureactivedirectoryobjectid"]}

    answer = dataverse.get(f"systemusers?$select=fullname&$orderby=fullname&$filter={condition.format(**ids)}")

    assert [row["fullname"] for row in answer["value"]] == found


def test_some_columns_of_a_user_are_the_services(dataverse: Dataverse) -> None:
    """The id in Entra cannot be written, and nobody is born disabled or approved."""
    columns = {"azureactivedirectoryobjectid": OWN, "isdisabled": True, "emailrouteraccessapproval": 1}
    user = dataverse.make("systemusers", lastname="Lind", internalemailaddress="lind@contoso.com", **columns)

    row = dataverse.get(f"systemusers({user})")
    assert (row["azureactivedirectoryobjectid"], row["isdisabled"], row["islicensed"]) == (None, False, False)
    assert row["emailrouteraccessapproval"] == 2


@pytest.mark.parametrize("condition", ["name eq 'SUPPORT'", "emailaddress eq 'Support@contoso.com'"])
def test_a_queue_is_found(dataverse: Dataverse, condition: str) -> None:
    (row,) = dataverse.get(f"queues?$filter={condition}&$expand=defaultmailbox($select=emailaddress)")["value"]

    assert (row["name"], row["defaultmailbox"]["emailaddress"]) == ("Support", "support@contoso.com")


def test_a_forward_mailbox_is_made_under_an_own_id(dataverse: Dataverse) -> None:
    """It is made once, belongs to nobody, sends nothing, and can be deleted."""
    path, columns = f"mailboxes({OWN})", {"name": "Archive", "emailaddress": "archive@contoso.com"}

    assert dataverse.call("PATCH", path, columns, If_None_Match="*").status_code == 204
    assert dataverse.error("PATCH", path, columns, If_None_Match="*") == (412, "0x80040237")
    row = dataverse.get(path)
    assert (row["isforwardmailbox"], row["_regardingobjectid_value"]) == (True, None)
    dataverse.change(path, processanddeleteemails=True, incomingemaildeliverymethod=2)
    assert dataverse.error("PATCH", path, {"outgoingemaildeliverymethod": 2}) == (400, "0x8005E225")
    assert dataverse.call("DELETE", path).status_code == 204
    assert dataverse.call("GET", path).status_code == 404


def test_a_team_of_a_business_unit_owns_a_mailbox(dataverse: Dataverse) -> None:
    """The row then is its unit's too."""
    root = dataverse.get("businessunits")["value"][0]["businessunitid"]
    unit = dataverse.make(
        "businessunits", name="Sales", **{"parentbusinessunitid@odata.bind": f"/businessunits({root})"}
    )
    team = dataverse.make("teams", name="Sales", **{"businessunitid@odata.bind": f"/businessunits({unit})"})
    mailbox = dataverse.make("mailboxes", name="Archive", **{"ownerid@odata.bind": f"/teams({team})"})

    row = dataverse.get(f"mailboxes({mailbox})")
    assert [row[f"_{name}_value"] for name in ("ownerid", "owningteam", "owninguser")] == [team, team, None]
    assert row["_owningbusinessunit_value"] == unit
