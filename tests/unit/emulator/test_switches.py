from importlib.resources import files
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import EmulatorError, running
from pulumi_dataverse_email.emulator.switches import Switches, described
from tests.unit.emulator.dataverse import ANNA, SUPPORT, Dataverse

BUILT_IN = "emailserverprofiles?$filter=name eq 'Microsoft Exchange Online'"


@pytest.mark.parametrize(("name", "facts"), described(Switches()).items())
def test_a_switch_says_why_it_stands_so_and_is_read_where_it_says(name: str, facts: dict[str, object]) -> None:
    text = files("pulumi_dataverse_email.emulator").joinpath(f"{facts['read_by']}.py").read_text("utf-8")

    assert f"switches.{name}" in text
    assert len(str(facts["why"])) > 40


def test_switches_are_shown_and_set_one_by_one(dataverse: Dataverse) -> None:
    dataverse.switch(test_seconds=5)
    dataverse.switch(delete_owned_mailbox="accept")

    shown = dataverse.control("GET", "switches")
    assert (shown["test_seconds"]["value"], shown["test_seconds"]["default"]) == (5, 60)
    assert shown["delete_owned_mailbox"]["value"] == "accept"


def test_a_reset_puts_switches_back(dataverse: Dataverse) -> None:
    dataverse.switch(test_seconds=5)

    dataverse.control("POST", "reset")

    assert dataverse.control("GET", "switches")["test_seconds"]["value"] == 60


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"test_second": 5}, "test_second"),
        ({"test_seconds": "5"}, "test_seconds"),
        ({"test_seconds": -5}, "test_seconds"),
        ({"built_in_profile_server_type": 5}, "built_in_profile_server_type"),
        ({"approval_without_rights": "perhaps"}, "approval_without_rights"),
        ({"rules_off": ["E205"]}, "rules_off"),
        ([], "the body"),
    ],
)
def test_a_switch_that_does_not_exist_or_fit_is_refused(dataverse: Dataverse, body: object, named: str) -> None:
    status, message = dataverse.refused("PATCH", "switches", body)

    assert status == 400
    assert named in message


def test_a_seed_sets_switches(tmp_path: Path) -> None:
    seed = "organization: {name: F, tenant_id: 11111111-0000-4000-8000-000000000001}\nswitches: {test_seconds: 7}\n"
    (tmp_path / "seed.yaml").write_text(seed)

    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        assert dataverse.control("GET", "switches")["test_seconds"]["value"] == 7
        dataverse.session.close()

    (tmp_path / "seed.yaml").write_text(seed.replace("7", "seven"))
    with pytest.raises(EmulatorError, match=r"switches\.test_seconds"), running(seed_file=tmp_path / "seed.yaml"):
        pass


def test_the_built_in_profile_has_the_server_type_of_its_switch(dataverse: Dataverse) -> None:
    before = dataverse.get(BUILT_IN)["value"][0]

    dataverse.switch(built_in_profile_server_type=0, built_in_profile_type_name="Exchange")

    after = dataverse.get(BUILT_IN)["value"][0]
    assert (before["servertype"], before["emailservertypename"]) == (3, "Exchange Online")
    assert (after["servertype"], after["emailservertypename"]) == (0, "Exchange")


@pytest.mark.parametrize(
    ("switch", "name"), [("delete_built_in_profile", "The built-in"), ("delete_default_profile", "The default")]
)
def test_the_built_in_and_the_default_profile_may_be_undeletable(dataverse: Dataverse, switch: str, name: str) -> None:
    dataverse.switch(**{switch: "refuse"})
    path = f"emailserverprofiles({dataverse.get(BUILT_IN)['value'][0]['emailserverprofileid']})"

    answer = dataverse.call("DELETE", path)

    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "0x80040227")
    assert answer.json()["error"]["message"].startswith(name)


def test_a_profile_in_use_may_be_undeletable(dataverse: Dataverse) -> None:
    dataverse.switch(delete_profile_in_use="refuse")
    profile = dataverse.on_premises()
    dataverse.synchronize(ANNA, profile)

    assert dataverse.error("DELETE", f"emailserverprofiles({profile})") == (405, "0x80040227")


def test_the_mailbox_of_a_queue_may_be_deletable(dataverse: Dataverse) -> None:
    dataverse.switch(delete_owned_mailbox="accept")

    assert dataverse.call("DELETE", f"mailboxes({dataverse.mailbox(SUPPORT)['mailboxid']})").status_code == 204


def test_forward_mailboxes_may_be_impossible_to_make(dataverse: Dataverse) -> None:
    dataverse.switch(post_forward_mailbox="refuse")

    assert dataverse.error("POST", "mailboxes", {"name": "F"}) == (400, "0x80040800")
    dataverse.make("queues", name="Born", emailaddress="born@contoso.com")
    assert dataverse.mailbox("born@contoso.com")


def test_a_read_only_column_may_be_refused(dataverse: Dataverse) -> None:
    dataverse.switch(read_only_columns="refuse")
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    assert dataverse.error("PATCH", path, {"mailboxstatus": 1}) == (400, "0x80040203")


def test_null_may_leave_a_secret_alone(dataverse: Dataverse) -> None:
    dataverse.switch(null_clears_secrets=False)
    path = f"emailserverprofiles({dataverse.on_premises()})"

    dataverse.change(path, incomingpassword=None)

    assert dataverse.get(path)["isincomingpasswordset"] is True


def test_the_server_type_may_be_fixed_once_mailboxes_use_the_profile(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises()
    dataverse.synchronize(ANNA, profile)
    path = f"emailserverprofiles({profile})"

    dataverse.change(path, servertype=2)
    dataverse.switch(change_server_type_in_use="refuse")

    assert dataverse.error("PATCH", path, {"servertype": 0}) == (400, "0x80040203")
    dataverse.change(path, servertype=2, name="Renamed")


def test_the_organization_type_may_be_a_number(dataverse: Dataverse) -> None:
    call = "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')"
    seen = []
    for name in ("Customer", "Secondary", "Default", "CustomerTest", "Developer", "Trial"):
        dataverse.control("PATCH", "organization", {"organizationtype": name})
        dataverse.switch(organization_type_as="name")
        assert dataverse.get(call)["Detail"]["OrganizationType"] == name
        dataverse.switch(organization_type_as="code")
        seen.append(dataverse.get(call)["Detail"]["OrganizationType"])

    assert seen == [0, 4, 12, 5, 13, 14]


def test_application_users_may_have_no_mailbox(dataverse: Dataverse) -> None:
    client = "11111111-2222-4333-8444-555555555555"
    dataverse.switch(application_users_have_mailboxes=False)

    dataverse.control("PUT", f"applications/{client}", {"secret": "s"})

    (user,) = [row for row in dataverse.control("GET", "rows/systemusers")["value"] if row["applicationid"] == client]
    assert user["_defaultmailbox_value"] is None


def test_the_default_profile_may_need_the_default_settings_too(dataverse: Dataverse) -> None:
    dataverse.switch(default_profile_needs_settings=True)
    dataverse.make("queues", name="A", emailaddress="a@contoso.com", incomingemaildeliverymethod=2)
    organization = dataverse.get("organizations")["value"][0]["organizationid"]
    dataverse.change(f"organizations({organization})", defaultemailsettings="<settings/>")
    dataverse.make("queues", name="B", emailaddress="b@contoso.com", incomingemaildeliverymethod=2)

    assert dataverse.mailbox("a@contoso.com")["_emailserverprofile_value"] is None
    assert dataverse.mailbox("b@contoso.com")["_emailserverprofile_value"]


def test_profiles_may_have_no_optimistic_concurrency(dataverse: Dataverse) -> None:
    dataverse.switch(profile_has_optimistic_concurrency=False)
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"
    version = dataverse.get(path)["@odata.etag"]

    assert dataverse.error("PATCH", path, {"name": "B"}, If_Match=version) == (400, "0x8006088D")
    assert dataverse.call("GET", path, If_None_Match=version).status_code == 200
    dataverse.change(path, name="B")


def test_headers_that_prints_leave_out_may_come(dataverse: Dataverse) -> None:
    dataverse.switch(etag_on_204=True, location_with_representation=True)

    made = dataverse.call("POST", "queues", {"name": "A"}, Prefer="return=representation")
    path = f"queues({made.json()['queueid']})"
    changed = dataverse.call("PATCH", path, {"name": "B"})

    assert made.headers["Location"].endswith(path)
    assert changed.headers["ETag"] == dataverse.get(path)["@odata.etag"]
