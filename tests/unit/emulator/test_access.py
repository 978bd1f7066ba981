import pytest

from tests.unit.emulator.dataverse import ACCOUNT, ANNA, BEN, NOBODY, PASSWORD, Dataverse, Json, statuses
from tests.unit.emulator.exchange import APP, Exchange

LOCATION = "https://mail.contoso.com/EWS/Exchange.asmx"
MAIL_SERVER = {
    "kind": "exchange",
    "auto_discover": True,
    "accounts": [{"user_name": ACCOUNT, "password": PASSWORD, "impersonates": "all"}],
}


def _enabled(row: Json) -> tuple[bool, ...]:
    return tuple(row[name] for name in ("enabledforincomingemail", "enabledforoutgoingemail", "enabledforact"))


@pytest.mark.parametrize("wrong", [{"incomingpassword": "expired"}, {"incomingusername": "CONTOSO\\nobody"}])
def test_wrong_credentials_fail_with_an_alert(dataverse: Dataverse, wrong: dict[str, str]) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises(**wrong))

    row = dataverse.tested(path)

    assert (statuses(row), _enabled(row)) == ((2, 2, 2, 2), (False, False, False))
    assert (row["lastsyncerrorcount"], row["lastsyncerrorcode"]) == (1, 1005)
    (alert,) = dataverse.get(f"{path}?$expand=tracelog_Mailbox")["tracelog_Mailbox"]
    assert (alert["level"], alert["tracestatus"]) == (3, False)
    assert "On premises" in alert["text"]
    assert "incorrect" in alert["text"]


def test_a_failed_mailbox_succeeds_once_the_password_is_right(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises(incomingpassword="expired")
    path = dataverse.synchronize(ANNA, profile)
    dataverse.tested(path)

    dataverse.change(f"emailserverprofiles({profile})", incomingpassword=PASSWORD)
    row = dataverse.tested(path)

    assert (statuses(row), _enabled(row)) == ((1, 1, 1, 1), (True, True, True))
    assert row["lastsyncerror"] is None


def test_a_location_leads_to_a_server_or_nowhere(dataverse: Dataverse) -> None:
    there = {"useautodiscover": False, "incomingserverlocation": LOCATION, "outgoingserverlocation": f"{LOCATION}/"}
    elsewhere = there | {"incomingserverlocation": "https://other.contoso.com/EWS"}
    anna = dataverse.synchronize(ANNA, dataverse.on_premises(**there))
    ben = dataverse.synchronize(BEN, dataverse.on_premises(**elsewhere))

    assert statuses(dataverse.tested(anna)) == (1, 1, 1, 1)
    assert statuses(dataverse.tested(ben)) == (2, 1, 2, 2)
    assert "could not be determined" in dataverse.alerts(ben)[0]


def test_impersonation_reaches_as_far_as_its_scope(dataverse: Dataverse) -> None:
    dataverse.control("PATCH", "mail-servers/account", {"user_name": ACCOUNT, "impersonates": [ANNA]})
    profile = dataverse.on_premises()
    anna, ben = (dataverse.synchronize(address, profile) for address in (ANNA, BEN))

    assert statuses(dataverse.tested(anna)) == (1, 1, 1, 1)
    assert statuses(dataverse.tested(ben)) == (2, 2, 2, 2)
    assert "insufficient permissions" in dataverse.alerts(ben)[0]


@pytest.mark.parametrize("assignee", ["User", "SecurityGroup"])
def test_impersonation_by_role_reaches_as_far_as_exchange_says(dataverse: Dataverse, assignee: str) -> None:
    """The account of a mail server may be one that the emulated Exchange limits, itself or by a group."""
    exchange, account, group = Exchange(dataverse), "sync@contoso.com", "syncs@contoso.com"
    exchange.switch(application_impersonation="present")
    dataverse.control("PUT", f"recipients/{account}", {"name": "sync"})
    members = {"name": "syncs", "type": "MailUniversalSecurityGroup", "members": [account]}
    dataverse.control("PUT", f"recipients/{group}", members)
    one = {"user_name": ACCOUNT, "password": PASSWORD, "address": account, "impersonates": "by_role"}
    dataverse.control("PUT", "mail-servers", {"servers": [MAIL_SERVER | {"accounts": [one]}]})
    profile = dataverse.on_premises()
    anna, ben = (dataverse.synchronize(address, profile) for address in (ANNA, BEN))
    assert statuses(dataverse.tested(anna)) == (2, 2, 2, 2)

    exchange.run("New-ManagementScope", Name="s", RecipientRestrictionFilter=f"PrimarySmtpAddress -eq '{ANNA}'")
    whom = {assignee: account if assignee == "User" else group}
    exchange.run("New-ManagementRoleAssignment", Role="ApplicationImpersonation", CustomRecipientWriteScope="s", **whom)

    assert statuses(dataverse.tested(anna)) == (1, 1, 1, 1)
    assert statuses(dataverse.tested(ben)) == (2, 2, 2, 2)


def test_delegation_does_not_do_for_appointments(dataverse: Dataverse) -> None:
    dataverse.control("PATCH", "mail-servers/account", {"user_name": ACCOUNT, "delegate_of": [ANNA]})
    path = dataverse.synchronize(ANNA, dataverse.on_premises(incominguseimpersonation=False))

    assert statuses(dataverse.tested(path)) == (1, 1, 2, 2)


def test_a_mailbox_opens_with_its_own_credentials(dataverse: Dataverse) -> None:
    own = {"user_name": "anna", "password": "hers", "address": ANNA}
    dataverse.control("PUT", "mail-servers", {"servers": [MAIL_SERVER | {"accounts": [own]}]})
    profile = dataverse.on_premises(
        incomingcredentialretrieval=0, incomingusername=None, incomingpassword=None, incominguseimpersonation=False
    )
    path = dataverse.synchronize(ANNA, profile)

    dataverse.change(path, allowemailconnectortousecredentials=True, username="ANNA", password="wrong")
    assert statuses(dataverse.tested(path)) == (2, 2, 2, 2)
    dataverse.change(path, password="hers")
    assert statuses(dataverse.tested(path)) == (1, 1, 1, 1)
    dataverse.change(path, allowemailconnectortousecredentials=False)
    assert statuses(dataverse.tested(path)) == (2, 2, 2, 2)


def test_outgoing_mail_may_have_credentials_of_its_own(dataverse: Dataverse) -> None:
    own = {
        "usesamesettingsforoutgoingconnections": False, "outgoingcredentialretrieval": 1,
        "outgoingusername": ACCOUNT, "outgoingpassword": "wrong", "outgoinguseimpersonation": True,
    }  # fmt: skip
    path = dataverse.synchronize(ANNA, dataverse.on_premises(**own))

    assert statuses(dataverse.tested(path)) == (1, 2, 1, 2)


def _own_application(dataverse: Dataverse, **columns: object) -> str:
    """Make a profile of an application of ours; return its id."""
    usual = {
        "name": "Own application", "servertype": 3, "incomingcredentialretrieval": 7, "oauthclientid": APP,
        "oauthclientsecret": "hush", "usedefaulttenantid": False,
        "exchangeonlinetenantid": dataverse.settings["ARM_TENANT_ID"],
    }  # fmt: skip
    return dataverse.make("emailserverprofiles", **{**usual, **columns})


def _consented(dataverse: Dataverse) -> None:
    """Make the application known, with Entra's consent to open every mailbox."""
    registration = {"secret": "hush", "member": False, "permissions": ["full_access_as_app"]}
    dataverse.control("PUT", f"applications/{APP}", registration)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, (1, 1, 1, 1)),
        ({"oauthclientsecret": "wrong"}, (2, 2, 2, 2)),
        ({"oauthclientid": NOBODY}, (2, 2, 2, 2)),
        ({"exchangeonlinetenantid": NOBODY}, (2, 2, 2, 2)),
    ],
)
def test_an_own_application_needs_its_secret_and_the_right_tenant(
    dataverse: Dataverse, columns: dict[str, object], expected: tuple[int, ...]
) -> None:
    _consented(dataverse)
    profile = _own_application(dataverse, **columns)

    assert statuses(dataverse.tested(dataverse.synchronize(ANNA, profile))) == expected


def test_an_own_application_without_consent_reaches_as_far_as_its_scope(dataverse: Dataverse) -> None:
    exchange = Exchange(dataverse)
    exchange.pointer()
    exchange.scope("Only Anna", f"PrimarySmtpAddress -eq '{ANNA}'")
    profile = _own_application(dataverse)
    anna, ben = (dataverse.synchronize(address, profile) for address in (ANNA, BEN))

    assert statuses(dataverse.tested(anna)) == (2, 2, 2, 2)
    exchange.assignment("Mailer", CustomResourceScope="Only Anna")
    assert statuses(dataverse.tested(anna)) == (1, 1, 1, 1)
    assert statuses(dataverse.tested(ben)) == (2, 2, 2, 2)


def test_the_tenant_may_count_only_without_the_default_one(dataverse: Dataverse) -> None:
    _consented(dataverse)
    profile = _own_application(dataverse, usedefaulttenantid=True, exchangeonlinetenantid=NOBODY)
    path = dataverse.synchronize(ANNA, profile)

    assert statuses(dataverse.tested(path)) == (2, 2, 2, 2)
    dataverse.switch(oauth_needs_own_tenant=True)
    assert statuses(dataverse.tested(path)) == (1, 1, 1, 1)


def test_exchange_online_opens_no_mailbox_that_it_does_not_have(dataverse: Dataverse) -> None:
    dataverse.make("queues", name="Press", emailaddress="press@contoso.com")
    path = dataverse.synchronize("press@contoso.com", dataverse.built_in_profile(), act=2)

    assert statuses(dataverse.tested(path)) == (2, 2, 0, 2)
    assert "could not be determined" in dataverse.alerts(path)[0]


def test_exchange_online_takes_no_password(dataverse: Dataverse) -> None:
    path = dataverse.synchronize(ANNA, dataverse.on_premises(servertype=3))

    assert statuses(dataverse.tested(path)) == (2, 2, 2, 2)


def test_an_untrusted_certificate_fails_at_once(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "mail-servers", {"servers": [MAIL_SERVER | {"trusted_certificate": False}]})
    path = dataverse.synchronize(ANNA, dataverse.on_premises())

    assert statuses(dataverse.tested(path)) == (2, 2, 2, 2)
    assert "secure connection" in dataverse.alerts(path)[0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "mail-servers", {"servers": [{"kind": "exchange", "port": 5}]}, 400),
        ("PUT", "mail-servers", {"servers": [{"accounts": [{"user_name": "x"}]}]}, 400),
        ("PATCH", "mail-servers/account", {"user_name": "nobody", "password": "x"}, 404),
        ("PATCH", "mail-servers/account", {"password": "x"}, 400),
    ],
)
def test_mail_servers_that_make_no_sense_are_refused(
    dataverse: Dataverse, method: str, path: str, body: object, status: int
) -> None:
    assert dataverse.refused(method, path, body)[0] == status


def test_the_passwords_of_mail_servers_are_not_shown(dataverse: Dataverse) -> None:
    shown = dataverse.control("GET", "mail-servers")

    assert shown["servers"][0]["accounts"] == [
        {"user_name": ACCOUNT, "address": None, "impersonates": "all", "delegate_of": []}
    ]
