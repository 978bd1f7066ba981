from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.dataverse import ACCOUNT, ANNA, BEN, NOBODY, SUPPORT, Dataverse, Json


def _off(row: Json) -> list[bool]:
    return [row[f"enabledfor{direction}"] for direction in ("incomingemail", "outgoingemail", "act")]


def test_a_cycle_raises_the_version_of_live_mailboxes_only(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises()
    live = dataverse.synchronize(ANNA, profile)
    untested = dataverse.synchronize(BEN, profile)
    dataverse.tested(live)
    before = {path: dataverse.get(path)["versionnumber"] for path in (live, untested)}

    assert dataverse.control("POST", "cycle") == {"synchronized": 1, "switched_off": 0}

    assert dataverse.get(live)["versionnumber"] > before[live]
    assert dataverse.get(untested)["versionnumber"] == before[untested]
    assert dataverse.get(live)["lastsuccessfulsynccompletedon"]


def test_a_cycle_moves_the_processing_date_forward_and_never_back(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.change(path, processemailreceivedafter="2020-01-01T00:00:00Z")
    dataverse.tested(path)

    dataverse.control("POST", "cycle")
    moved = dataverse.get(path)["processemailreceivedafter"]
    dataverse.change(path, processemailreceivedafter="2150-01-01T00:00:00Z")
    dataverse.control("POST", "cycle")

    assert moved > "2026-01-01T00:00:00Z"
    assert dataverse.get(path)["processemailreceivedafter"] == "2150-01-01T00:00:00Z"


def test_without_incoming_mail_the_processing_date_stays(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.change(path, incomingemaildeliverymethod=0)
    dataverse.tested(path)

    dataverse.control("POST", "cycle")

    assert dataverse.get(path)["processemailreceivedafter"] == "1900-01-01T00:00:00Z"


def test_an_expired_password_switches_every_mailbox_off_at_the_next_cycle(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises()
    paths = [dataverse.synchronize(address, profile, act=act) for address, act in ((ANNA, 1), (BEN, 1), (SUPPORT, 2))]
    for path in paths:
        dataverse.tested(path)
    dataverse.control("PATCH", "mail-servers/account", {"user_name": ACCOUNT, "password": "new"})

    assert dataverse.control("POST", "cycle") == {"synchronized": 0, "switched_off": 3}

    assert [_off(dataverse.get(path))[:2] for path in paths] == [[False, False]] * 3
    assert all("incorrect" in dataverse.alerts(path)[-1] for path in paths)


def test_a_401_switches_every_mailbox_of_the_profile_off_at_once(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises()
    refused = dataverse.synchronize(ANNA, profile)
    other = dataverse.synchronize(BEN, dataverse.on_premises(name="Other"))
    for path in (refused, other):
        dataverse.tested(path)

    assert dataverse.control("POST", "unauthorized", {"profile": profile}) == {"switched_off": 1}

    row = dataverse.get(refused)
    assert (_off(row), row["mailboxstatus"]) == ([False, False, False], 2)
    assert _off(dataverse.get(other)) == [True, True, True]
    assert dataverse.get(f"emailserverprofiles({profile})")["lastauthorizationstatus"] == 0
    expanded = dataverse.get(f"emailserverprofiles({profile})?$expand=tracelog_EmailServerProfile")
    assert "401" in expanded["tracelog_EmailServerProfile"][0]["text"]


@pytest.mark.parametrize(("body", "status"), [({"profile": NOBODY}, 404), ({"profile": "x"}, 400), ({}, 400)])
def test_a_401_needs_a_profile(dataverse: Dataverse, body: object, status: int) -> None:
    assert dataverse.refused("POST", "unauthorized", body)[0] == status


def test_a_server_out_of_reach_switches_off_after_ten_cycles(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.tested(path)
    (server,) = dataverse.control("GET", "mail-servers")["servers"]
    dataverse.control("PUT", "mail-servers", {"servers": [server | {"reachable": False, "accounts": []}]})

    counts = [dataverse.control("POST", "cycle")["switched_off"] for _ in range(11)]

    assert counts == [0] * 10 + [1]
    assert _off(dataverse.get(path)) == [False, False, False]


def test_disabling_a_user_may_deactivate_the_mailbox(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)
    user, path = f"systemusers({mailbox['_regardingobjectid_value']})", f"mailboxes({mailbox['mailboxid']})"

    dataverse.change(user, isdisabled=True)
    assert dataverse.get(path)["statecode"] == 0
    dataverse.change(user, isdisabled=False)
    dataverse.switch(disabled_user_deactivates_mailbox=True)
    dataverse.change(user, isdisabled=True)
    assert (dataverse.get(path)["statecode"], dataverse.get(path)["statuscode"]) == (1, 2)
    dataverse.change(user, isdisabled=False)
    assert (dataverse.get(path)["statecode"], dataverse.get(path)["statuscode"]) == (0, 1)


def test_renaming_a_user_leaves_the_mailbox_alone(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)

    user = f"rows/systemusers/{mailbox['_regardingobjectid_value']}"
    dataverse.control("PATCH", user, {"domainname": "anna.ortiz@contoso.com", "lastname": "Ortiz"})

    assert dataverse.mailbox(ANNA) == mailbox


@pytest.fixture
def organizations(tmp_path: Path) -> Iterator[tuple[Dataverse, Dataverse]]:
    """Two organizations around one Exchange."""
    shared = tmp_path / "exchange.sqlite"
    with running(exchange=shared) as first, running(exchange=shared) as second:
        both = (Dataverse(first), Dataverse(second))
        yield both
        for one in both:
            one.session.close()


def test_the_copy_of_an_organization_has_its_rows_under_another_id(
    organizations: tuple[Dataverse, Dataverse],
) -> None:
    production, sandbox = organizations
    profile = production.on_premises()
    path = production.synchronize(ANNA, profile)

    copied = sandbox.control("POST", "copy", {"snapshot": production.control("GET", "snapshot")})

    own = production.get("WhoAmI")["OrganizationId"]
    assert copied["organizationid"] == sandbox.get("WhoAmI")["OrganizationId"] != own
    assert (copied["organizationtype"], copied["administrationmode"]) == ("CustomerTest", True)
    ours, theirs = production.get(path), sandbox.get(path)
    different = {name for name, value in ours.items() if theirs[name] != value}
    assert different == {"@odata.context", "_organizationid_value"}
    assert sandbox.get(f"emailserverprofiles({profile})")["isincomingpasswordset"] is True
    assert sandbox.error("PATCH", path, {"testemailconfigurationscheduled": True}) == (400, "0x8005E257")


def test_a_copys_rows_go_on_rising_in_version(organizations: tuple[Dataverse, Dataverse]) -> None:
    production, sandbox = organizations
    for _ in range(50):
        production.make("queues", name="x")
    sandbox.control("POST", "copy", {"snapshot": production.control("GET", "snapshot")})
    newest = max(row["versionnumber"] for row in sandbox.get("mailboxes")["value"])

    made = sandbox.make("queues", name="y")

    assert sandbox.get(f"queues({made})")["versionnumber"] > newest


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"snapshot": {}},
        {"snapshot": {"tables": {"nonesuch": [{}]}}},
        {"snapshot": {"tables": {}}},
        {"snapshot": {"tables": {"organization": []}}},
        {"snapshot": {"version": 10**30}},
    ],
)
def test_a_snapshot_that_is_none_is_refused_and_nothing_is_lost(dataverse: Dataverse, body: Json) -> None:
    if body.get("snapshot"):
        body = {"snapshot": dataverse.control("GET", "snapshot") | body["snapshot"]}

    assert dataverse.refused("POST", "copy", body)[0] == 400
    assert dataverse.mailbox(ANNA)


@pytest.mark.parametrize(
    "row", [{"nonesuch": 1}, {"mailboxid": None}, {"mailboxid": {"a": 1}}, {"mailboxid": 10**30}, {}]
)
def test_a_snapshot_with_a_damaged_row_is_refused(dataverse: Dataverse, row: Json) -> None:
    snapshot = dataverse.control("GET", "snapshot")
    snapshot["tables"]["mailbox"].append(row)

    assert dataverse.refused("POST", "copy", {"snapshot": snapshot})[0] == 400
    assert dataverse.mailbox(ANNA)


def test_a_test_takes_a_mailbox_over_only_with_the_override(organizations: tuple[Dataverse, Dataverse]) -> None:
    production, other = organizations
    ours, theirs = (one.synchronize(ANNA, one.on_premises()) for one in organizations)
    production.tested(ours)

    held = other.tested(theirs)
    assert (held["incomingemailstatus"], held["actstatus"]) == (1, 2)
    assert "another" in other.alerts(theirs)[0]
    other.change(theirs, orgmarkedasprimaryforexchangesync=True)
    assert other.tested(theirs)["actstatus"] == 1
    assert production.control("POST", "cycle") == {"synchronized": 1, "switched_off": 1}

    lost = production.get(ours)
    assert (lost["incomingemailstatus"], lost["actstatus"], _off(lost)) == (1, 2, [True, True, False])
    assert "another Microsoft Dynamics 365 organization" in production.alerts(ours)[-1]


def test_any_test_may_take_a_mailbox_over(organizations: tuple[Dataverse, Dataverse]) -> None:
    production, other = organizations
    ours, theirs = (one.synchronize(ANNA, one.on_premises()) for one in organizations)
    production.tested(ours)
    other.switch(link_needs_override=False)

    assert other.tested(theirs)["actstatus"] == 1
    assert production.control("POST", "cycle")["switched_off"] == 1


def test_a_mailbox_may_be_taken_by_an_organization_that_is_not_emulated(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.tested(path)

    dataverse.control("POST", "exchange-links", {"address": ANNA.upper(), "organizationid": NOBODY})

    assert dataverse.control("GET", "exchange-links") == {ANNA: NOBODY}
    assert dataverse.control("POST", "cycle")["switched_off"] == 1
    assert dataverse.get(path)["actstatus"] == 2
