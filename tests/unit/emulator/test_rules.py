import pytest

from pulumi_dataverse_email.emulator.schema import TABLES
from pulumi_dataverse_email.emulator.validation import RULES
from tests.unit.emulator.dataverse import ANNA, NOBODY, SUPPORT, Dataverse

ON_PREMISES = {
    "name": "P", "servertype": 0, "incomingcredentialretrieval": 1, "incomingusername": "u", "incomingpassword": "p",
    "incomingserverlocation": "https://a/EWS", "outgoingserverlocation": "https://a/EWS",
}  # fmt: skip
IMAP = {
    "name": "P", "servertype": 4, "incomingserverlocation": "imap.contoso.com", "incomingportnumber": 993,
    "outgoingserverlocation": "smtp.contoso.com", "outgoingportnumber": 587,
}  # fmt: skip
OWN = {"usesamesettingsforoutgoingconnections": False, "outgoingcredentialretrieval": 1}
OAUTH = {"incomingcredentialretrieval": 7, "usedefaulttenantid": False, "exchangeonlinetenantid": NOBODY}

PROFILE_CASES = [
    ("0x8005E23E", ON_PREMISES, {"incomingusessl": False}),
    ("0x8005E23F", ON_PREMISES, {"outgoingusessl": False}),
    ("0x8005E240", ON_PREMISES, {"incomingserverlocation": "http://a/EWS"}),
    ("0x8005E241", ON_PREMISES, {"outgoingserverlocation": "http://a/EWS"}),
    ("0x8005E23D", IMAP, {"incomingusessl": False, "incomingauthenticationprotocol": 3}),
    ("0x8005E201", IMAP, {"outgoingusessl": False}),
    ("0x8005E203", ON_PREMISES, {"incomingcredentialretrieval": 4}),
    ("0x8005E202", ON_PREMISES, {"outgoingcredentialretrieval": 3}),
    ("0x8005E204", IMAP, {"useautodiscover": True}),
    ("0x8005E205", ON_PREMISES, {"useautodiscover": True}),
    ("0x8005E20A", ON_PREMISES, {"incomingserverlocation": "mail server"}),
    ("0x8005E235", IMAP, {"outgoingautograntdelegateaccess": True}),
    ("0x8005E236", IMAP, {"incominguseimpersonation": True}),
    ("0x8005E23B", IMAP, {"incomingauthenticationprotocol": 2}),
    ("0x8005E23C", ON_PREMISES, {"incomingauthenticationprotocol": 1}),
    ("0x8005E238", ON_PREMISES, {"outgoingusername": "other"}),
    ("0x8005E242", ON_PREMISES, {"exchangeversion": 2}),
    ("0x8005E24B", ON_PREMISES, {"incomingserverlocation": None}),
    ("0x8005E24C", IMAP, {"outgoingserverlocation": None}),
    ("0x8005E24F", IMAP, {"incomingportnumber": None}),
    ("0x8005E256", IMAP, {"outgoingportnumber": None}),
    ("0x8005E251", ON_PREMISES, {"incomingusername": None}),
    ("0x8005E24E", ON_PREMISES, {"incomingpassword": None, "incominguseimpersonation": True}),
    ("0x8005E253", ON_PREMISES, {"incomingpassword": None}),
    ("0x8005E252", ON_PREMISES | OWN | {"outgoingpassword": "p", "outgoingusername": "u"}, {"outgoingusername": None}),
    ("0x8005E254", ON_PREMISES | OWN | {"outgoingpassword": "p", "outgoingusername": "u"}, {"outgoingpassword": None}),
    ("0x8005E25A", ON_PREMISES | OAUTH, {"exchangeonlinetenantid": None}),
    ("0x8004A117", ON_PREMISES, {"incomingcredentialretrieval": 6}),
    ("0x8004A114", ON_PREMISES, {"incomingcredentialretrieval": 8}),
]


@pytest.mark.parametrize(("code", "kept", "broken"), PROFILE_CASES)
def test_a_profile_keeps_the_rules_at_create_and_at_update(
    dataverse: Dataverse, code: str, kept: dict[str, object], broken: dict[str, object]
) -> None:
    dataverse.switch(rules_off=[])

    assert dataverse.error("POST", "emailserverprofiles", kept | broken) == (400, code)
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', **kept)})"
    assert dataverse.error("PATCH", path, broken) == (400, code)
    dataverse.change(path, description="nothing that a rule reads")


MAILBOX_CASES = [
    ("0x8005E208", ANNA, {"emailaddress": "other@contoso.com"}),
    ("0x8005E210", SUPPORT, {"incomingemaildeliverymethod": 1}),
    ("0x8005E210", SUPPORT, {"outgoingemaildeliverymethod": 1}),
    ("0x8005E210", SUPPORT, {"actdeliverymethod": 1}),
    ("0x8005E233", ANNA, {"processanddeleteemails": True}),
    ("0x8005E222", ANNA, {"testemailconfigurationscheduled": True}),
]


@pytest.mark.parametrize(("code", "address", "broken"), MAILBOX_CASES)
def test_a_mailbox_keeps_the_rules(dataverse: Dataverse, code: str, address: str, broken: dict[str, object]) -> None:
    path = f"mailboxes({dataverse.mailbox(address)['mailboxid']})"
    dataverse.switch(rules_off=[])
    assert dataverse.error("PATCH", path, broken) == (400, code)

    dataverse.switch(rules_off=[code])
    dataverse.change(path, **broken)


def test_a_forward_mailbox_sends_nothing_but_may_delete(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.make('mailboxes', name='F', processanddeleteemails=True)})"

    assert dataverse.error("PATCH", path, {"outgoingemaildeliverymethod": 2}) == (400, "0x8005E225")


def test_appointments_need_an_exchange(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", **IMAP)
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    link = {"emailserverprofile@odata.bind": f"/emailserverprofiles({profile})"}
    dataverse.change(path, **link)

    assert dataverse.error("PATCH", path, {"actdeliverymethod": 1}) == (400, "0x8005E247")


def test_own_credentials_need_a_user_name(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", **IMAP)
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    link = {"emailserverprofile@odata.bind": f"/emailserverprofiles({profile})"}
    allowed = {"allowemailconnectortousecredentials": True}

    dataverse.change(path, **link)
    assert dataverse.error("PATCH", path, allowed) == (400, "0x8005E209")
    dataverse.change(path, username="anna", password="p", **allowed)


def test_the_tenant_of_a_profile_stays(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', **ON_PREMISES | OAUTH)})"

    assert dataverse.error("PATCH", path, {"exchangeonlinetenantid": "another"}) == (400, "0x8005E25C")


def test_no_test_of_what_is_inactive(dataverse: Dataverse) -> None:
    profile = dataverse.on_premises()
    path = dataverse.synchronize(ANNA, profile)
    asked = {"testemailconfigurationscheduled": True}

    dataverse.change(path, statecode=1)
    assert dataverse.error("PATCH", path, asked) == (400, "0x8005E219")
    dataverse.change(f"emailserverprofiles({profile})", statecode=1)
    assert dataverse.error("PATCH", path, asked) == (400, "0x8005E228")


def test_the_status_of_these_faults_is_a_switch(dataverse: Dataverse) -> None:
    dataverse.switch(fault_status=403)

    assert dataverse.error("POST", "emailserverprofiles", IMAP | {"useautodiscover": True}) == (403, "0x8005E204")


def test_what_is_written_past_every_rule_is_not_asked(dataverse: Dataverse) -> None:
    dataverse.control("POST", "rows/emailserverprofiles", IMAP | {"useautodiscover": True})


def test_each_rule_has_a_source_and_reads_columns_that_exist() -> None:
    for table, rules in RULES.items():
        assert len({rule.code for rule in rules}) == len(rules)
        for rule in rules:
            assert rule.source
            assert rule.text
            assert set(rule.reads) <= TABLES[table].properties.keys()
