"""URLs: keys, what may stand in them, and how long they may be."""

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse

NAMES = ",".join(['"mailbox"'] * 30)


def test_a_row_is_found_by_its_key_with_and_without_the_name(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)["mailboxid"]

    for key in (mailbox, mailbox.upper(), f"'{mailbox}'", f"mailboxid={mailbox}"):
        assert dataverse.get(f"mailboxes({key})")["mailboxid"] == mailbox
        assert dataverse.get(f"mailboxes({key})/name")["value"] == "Anna Weber"
    answer = dataverse.call("PATCH", f"mailboxes(mailboxid={mailbox})", {"username": "a"}, If_Match="*")
    assert answer.headers["OData-EntityId"].endswith(f"mailboxes({mailbox})")


@pytest.mark.parametrize(
    "key",
    ["", "name='Anna'", "name='a/b'", "5", f"emailserverprofileid={NOBODY}", f"{{{NOBODY}}}", "mailboxid=", "a=b=c"],
)
def test_a_key_that_the_table_does_not_define_is_refused(dataverse: Dataverse, key: str) -> None:
    for path in (f"mailboxes({key})", f"mailboxes({key})/name"):
        assert dataverse.error("GET", path) == (400, "0x80060890")


def test_a_row_is_bound_by_any_spelling_of_its_address(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", name="A")
    mailbox = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    for base in ("", "/", f"{dataverse.url}/api/data/v9.2/", f"{dataverse.url}/api/data/v9.0/", "/api/data/v9.2/"):
        for key in (profile, f"emailserverprofileid={profile}"):
            dataverse.change(mailbox, **{"emailserverprofile@odata.bind": f"{base}emailserverprofiles({key})"})
            assert dataverse.get(mailbox)["_emailserverprofile_value"] == profile
            dataverse.change(mailbox, **{"emailserverprofile@odata.bind": None})


def test_a_row_is_not_bound_by_a_key_that_the_table_does_not_define(dataverse: Dataverse) -> None:
    mailbox = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    body = {"emailserverprofile@odata.bind": "emailserverprofiles(name='A')"}

    assert dataverse.error("PATCH", mailbox, body) == (400, "0x80060890")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("mailboxes/" + "x" * 260, 404),
        ("mailboxes/" + "x" * 261, 400),
        (f"RetrieveTotalRecordCount(EntityNames=[{NAMES}])", 400),
        (f"RetrieveTotalRecordCount(EntityNames=@p)?@p=[{NAMES}]", 200),
        (f"mailboxes?$filter=name eq '{'x' * 32_000}'", 200),
        (f"mailboxes?$filter=name eq '{'x' * 32_768}'", 400),
    ],
)
def test_an_address_may_be_so_long_and_no_longer(dataverse: Dataverse, path: str, status: int) -> None:
    answer = dataverse.call("GET", path)

    assert (answer.status_code, "error" in answer.json()) == (status, status != 200)


def test_an_option_stands_in_an_address_once(dataverse: Dataverse) -> None:
    assert dataverse.error("GET", "mailboxes?$top=1&$top=2") == (400, "0x80060888")
    assert dataverse.error("GET", "mailboxes?$filter=name eq @p&@p='x'&@p='y'") == (400, "0x80060888")
    assert dataverse.get("mailboxes?tag=1&tag=2")["value"]


def test_tables_that_mailboxes_lean_on_are_read_too(dataverse: Dataverse) -> None:
    for entity_set in ("businessunits", "organizations", "roles", "systemusers", "teams", "tracelogs"):
        assert dataverse.get(f"{entity_set}?$top=1")["@odata.context"].endswith(f"#{entity_set}")
