import pytest

from tests.unit.emulator.dataverse import ACCOUNT, ANNA, BEN, PASSWORD, SUPPORT, Dataverse, statuses

ASKED = {"testemailconfigurationscheduled": True}
MAIL_SERVER = {
    "kind": "exchange",
    "auto_discover": True,
    "accounts": [{"user_name": ACCOUNT, "password": PASSWORD, "impersonates": "all"}],
}


def test_a_test_is_pending_until_its_time_has_come(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    before = dataverse.get(path)

    dataverse.change(path, **ASKED)
    dataverse.advance(30)
    pending = dataverse.get(path)
    dataverse.advance(30)
    done = dataverse.get(path)

    assert pending["testemailconfigurationscheduled"] is True
    assert pending["testmailboxaccesscompletedon"] == before["testmailboxaccesscompletedon"] == "1900-01-01T00:00:00Z"
    assert statuses(pending) == (0, 0, 0, 0)
    assert pending["_testandenablelastattemptedby_value"] == dataverse.get("WhoAmI")["UserId"]
    assert pending["testandenablelastattemptedon"]
    assert done["testemailconfigurationscheduled"] is False
    assert done["testmailboxaccesscompletedon"] > pending["testandenablelastattemptedon"]
    assert statuses(done) == (1, 1, 1, 1)
    assert dataverse.alerts(path) == ["The mailbox Anna Weber was tested and enabled."]


@pytest.mark.parametrize("address", [ANNA, SUPPORT])
def test_the_built_in_profile_opens_every_approved_mailbox(dataverse: Dataverse, address: str) -> None:
    path = dataverse.synchronize(address, dataverse.built_in_profile(), act=1 if address == ANNA else 2)

    assert statuses(dataverse.tested(path)) == ((1, 1, 1, 1) if address == ANNA else (1, 1, 0, 1))


def test_only_the_directions_of_server_side_synchronization_are_tested(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises(), act=0)
    dataverse.change(path, outgoingemaildeliverymethod=1)

    row = dataverse.tested(path)

    assert statuses(row) == (1, 0, 0, 1)


def test_a_second_request_is_refused_while_one_waits(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.change(path, **ASKED)

    assert dataverse.error("PATCH", path, ASKED) == (400, "0x8005E248")
    dataverse.advance(60)
    dataverse.change(path, **ASKED)


def test_a_waiting_test_may_be_called_off(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.change(path, **ASKED)
    dataverse.change(path, testemailconfigurationscheduled=False)

    dataverse.advance(60)

    assert dataverse.get(path)["testmailboxaccesscompletedon"] == "1900-01-01T00:00:00Z"


def test_no_test_in_administration_mode(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.control("PATCH", "organization", {"administrationmode": True})

    assert dataverse.error("PATCH", path, ASKED) == (400, "0x8005E257")
    dataverse.control("PATCH", "organization", {"administrationmode": False})
    dataverse.change(path, **ASKED)


def test_an_unapproved_address_fails(dataverse: Dataverse) -> None:
    online = dataverse.synchronize(ANNA, dataverse.built_in_profile(), approved=False)
    on_premises = dataverse.synchronize(BEN, dataverse.on_premises(), approved=False)

    assert statuses(dataverse.tested(online)) == (2, 2, 2, 2)
    assert statuses(dataverse.tested(on_premises)) == (2, 2, 2, 2)
    assert "requires approval by a Microsoft 365 administrator" in dataverse.alerts(online)[0]
    assert "has not been approved" in dataverse.alerts(on_premises)[0]


def test_what_the_organization_does_not_require_only_exchange_online_does(dataverse: Dataverse) -> None:
    (organization,) = dataverse.control("GET", "rows/organizations")["value"]
    dataverse.control(
        "PATCH", f"rows/organizations/{organization['organizationid']}", {"requireapprovalforuseremail": False}
    )
    online = dataverse.synchronize(ANNA, dataverse.built_in_profile(), approved=False)
    on_premises = dataverse.synchronize(BEN, dataverse.on_premises(), approved=False)

    assert statuses(dataverse.tested(online)) == (2, 2, 2, 2)
    assert statuses(dataverse.tested(on_premises)) == (1, 1, 1, 1)


def test_the_mailbox_of_a_disabled_user_fails(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.change(f"systemusers({dataverse.get(path)['_regardingobjectid_value']})", isdisabled=True)

    row = dataverse.tested(path)

    assert (row["statecode"], statuses(row)) == (0, (2, 2, 2, 2))
    assert "disabled" in dataverse.alerts(path)[0]


def test_a_server_out_of_reach_is_tried_ten_times_more(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "mail-servers", {"servers": [MAIL_SERVER | {"reachable": False}]})
    path = dataverse.synchronize(ANNA, dataverse.on_premises())

    first = dataverse.tested(path)
    dataverse.advance(9 * 300)
    tenth = dataverse.get(path)
    dataverse.advance(300)
    last = dataverse.get(path)

    assert (first["testemailconfigurationretrycount"], first["testemailconfigurationscheduled"]) == (1, True)
    assert first["postponetestemailconfigurationuntil"] > first["testandenablelastattemptedon"]
    assert (tenth["testemailconfigurationretrycount"], statuses(tenth)) == (10, (0, 0, 0, 0))
    assert (last["testemailconfigurationscheduled"], statuses(last)) == (False, (2, 2, 2, 2))
    assert len(dataverse.alerts(path)) == 1


def test_a_server_that_comes_back_is_found_at_the_next_try(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "mail-servers", {"servers": [MAIL_SERVER | {"reachable": False}]})
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.tested(path)
    dataverse.control("PUT", "mail-servers", {"servers": [MAIL_SERVER]})

    dataverse.advance(300)

    assert statuses(dataverse.get(path)) == (1, 1, 1, 1)


def test_statuses_outlive_a_change_unless_the_switch_resets_them(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises()
    path = dataverse.synchronize(ANNA, profile)
    dataverse.tested(path)

    dataverse.change(f"emailserverprofiles({profile})", incomingpassword="new")
    kept = dataverse.get(path)
    dataverse.switch(change_resets_statuses=True)
    dataverse.change(f"emailserverprofiles({profile})", incomingpassword="newer")
    by_profile = dataverse.get(path)
    dataverse.tested(path)
    dataverse.change(path, username="anna")
    by_mailbox = dataverse.get(path)

    assert statuses(kept) == (1, 1, 1, 1)
    assert statuses(by_profile) == statuses(by_mailbox) == (0, 0, 0, 0)


def test_a_mailbox_deleted_while_it_is_tested_is_no_trouble(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises())
    dataverse.change(path, **ASKED)
    dataverse.call("DELETE", f"systemusers({dataverse.get(path)['_regardingobjectid_value']})")

    dataverse.advance(60)

    assert dataverse.call("GET", path).status_code == 404


@pytest.mark.parametrize("column", ["errordetails", "traceparameterxml"])
def test_the_sentence_of_an_alert_may_stand_elsewhere(dataverse: Dataverse, column: str) -> None:
    dataverse.switch(alert_wording_in=column)
    dataverse.tested(dataverse.synchronize(ANNA, dataverse.on_premises(incomingpassword="wrong")))

    (alert,) = dataverse.get("tracelogs?$filter=level eq 3")["value"]
    assert alert["text"] is None
    assert "are incorrect" in alert[column]


def test_a_repeated_alert_is_a_new_row_or_not(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises(incomingpassword="wrong"))
    dataverse.tested(path)
    dataverse.tested(path)
    assert len(dataverse.alerts(path)) == 2

    dataverse.switch(repeated_alert="touch")
    dataverse.tested(path)
    assert len(dataverse.alerts(path)) == 2


def test_alerts_go_with_their_mailbox(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(SUPPORT, dataverse.on_premises(), act=2)
    dataverse.tested(path)

    dataverse.call("DELETE", f"queues({dataverse.get(path)['_regardingobjectid_value']})")

    assert dataverse.get("tracelogs")["value"] == []
