"""Creates whose body holds the rows around the new one."""

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, SUPPORT, Dataverse

FORWARD = {"name": "Archive", "emailaddress": "archive@contoso.com"}


def test_a_profile_is_made_with_its_mailboxes(dataverse: Dataverse) -> None:
    mailboxes = [FORWARD, {**FORWARD, "name": "Journal"}]

    profile = dataverse.make("emailserverprofiles", name="A", emailserverprofile_mailbox=mailboxes)

    collection = f"emailserverprofiles({profile})/emailserverprofile_mailbox?$orderby=name"
    assert dataverse.names(collection) == ["Archive", "Journal"]


def test_a_mailbox_is_made_with_its_profile(dataverse: Dataverse) -> None:
    mailbox = dataverse.make("mailboxes", **FORWARD, emailserverprofile={"name": "B"})

    assert dataverse.get(f"mailboxes({mailbox})/emailserverprofile")["name"] == "B"


def test_a_profile_is_made_for_mailboxes_that_are_there(dataverse: Dataverse) -> None:
    there = [f"/mailboxes({dataverse.mailbox(address)['mailboxid']})" for address in (ANNA, SUPPORT)]
    body = {"name": "A", "emailserverprofile_mailbox@odata.bind": there}
    expand = "$expand=emailserverprofile_mailbox($select=name;$orderby=name)"

    answer = dataverse.call("POST", f"emailserverprofiles?$select=name&{expand}", body, Prefer="return=representation")

    assert answer.status_code == 201
    assert [row["name"] for row in answer.json()["emailserverprofile_mailbox"]] == ["Anna Weber", "Support"]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"emailserverprofile_mailbox": {}}, (400, "0x80048d19")),
        ({"emailserverprofile_mailbox": [5]}, (400, "0x80048d19")),
        ({"emailserverprofile_mailbox": [{"nonesuch": 1}]}, (400, "0x80048d19")),
        ({"emailserverprofile_mailbox@odata.bind": [f"mailboxes({NOBODY})"]}, (404, "0x80040217")),
        ({"emailserverprofile_mailbox@odata.bind": ["queues"]}, (400, "0x80060888")),
        ({"emailserverprofile_mailbox@odata.bind": "x"}, (400, "0x80048d19")),
        ({"ownerid": {"lastname": "x"}}, (400, "0x80048d19")),
        ({"organizationid": {"name": "x"}}, (400, "0x80040800")),
        ({"keyvaultreferenceid": {"name": "x"}}, (400, "0x80048d19")),
    ],
)
def test_a_nested_row_that_does_not_fit_makes_nothing(
    dataverse: Dataverse, body: dict[str, object], refusal: tuple[int, str]
) -> None:
    before = dataverse.get("emailserverprofiles?$select=name")["value"]

    assert refusal == dataverse.error("POST", "emailserverprofiles", {"name": "A", **body})
    assert before == dataverse.get("emailserverprofiles?$select=name")["value"]


def test_a_nested_row_whose_id_is_taken_makes_nothing(dataverse: Dataverse) -> None:
    taken = {**FORWARD, "mailboxid": dataverse.mailbox(ANNA)["mailboxid"].upper()}
    body = {"name": "A", "emailserverprofile_mailbox": [taken]}

    assert dataverse.error("POST", "emailserverprofiles", body) == (412, "0x80040237")
    assert dataverse.names("emailserverprofiles?$filter=name eq 'A'") == []


def test_rows_are_not_nested_without_end(dataverse: Dataverse) -> None:
    body: dict[str, object] = {"name": "the innermost"}
    for level in range(40):
        nested = [body] if level % 2 else body
        body = {"name": "x", ("emailserverprofile_mailbox" if level % 2 else "emailserverprofile"): nested}

    assert dataverse.error("POST", "emailserverprofiles", body) == (400, "0x80048d19")


def test_an_update_takes_no_nested_rows(dataverse: Dataverse) -> None:
    profile = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"

    for body in ({"emailserverprofile_mailbox": [FORWARD]}, {"owninguser": {"lastname": "x"}}):
        assert dataverse.error("PATCH", profile, body) == (400, "0x80048d19")
