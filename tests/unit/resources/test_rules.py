"""Each rule: what breaks it, what keeps it, and what is not known yet."""

import pytest

from pulumi_dataverse_email.declare import CLEAR, UNKNOWN, Kind, Rule
from pulumi_dataverse_email.resources import KINDS

Values = dict[str, object]

ONE_ACCOUNT = "credentials_specified_in_email_server_profile"
OUTLOOK = "microsoft_dynamics_365_for_outlook"
SYNC = "server_side_synchronization"
METHODS = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")

CASES: list[tuple[str, str, list[Values], list[Values]]] = [
    (
        "EmailServerProfile",
        "a password needs an incoming_user_name",
        [{"incoming_password": "x"}, {"incoming_password": "x", "incoming_user_name": CLEAR}],
        [{"incoming_password": "x", "incoming_user_name": "crm"}, {"incoming_user_name": "crm"}, {}],
    ),
    (
        "EmailServerProfile",
        "credentials in the profile need",
        [
            {"incoming_credential_retrieval": ONE_ACCOUNT},
            {"incoming_credential_retrieval": ONE_ACCOUNT, "incoming_user_name": "crm"},
            {"incoming_credential_retrieval": ONE_ACCOUNT, "incoming_user_name": "crm", "incoming_password": CLEAR},
        ],
        [
            {"incoming_credential_retrieval": ONE_ACCOUNT, "incoming_user_name": "crm", "incoming_password": "x"},
            {"incoming_credential_retrieval": ONE_ACCOUNT, "adopt": True},
            {"incoming_credential_retrieval": "without_credentials"},
        ],
    ),
    (
        "EmailServerProfile",
        "an on-premises Exchange Server needs",
        [{"server_type": "exchange_server"}, {"server_type": "exchange_server", "use_auto_discover": False}],
        [
            {"server_type": "exchange_server", "use_auto_discover": True},
            {"server_type": "exchange_server", "incoming_server_location": "https://mail.contoso.com"},
            {"server_type": "exchange_server", "adopt": True},
            {"server_type": "imap_smtp"},
        ],
    ),
    (
        "EmailServerProfile",
        "a profile made here is 'delete' or 'retain'",
        [{"on_delete": "restore"}, {"adopt": True, "on_delete": "delete"}],
        [{"on_delete": "delete"}, {"on_delete": "retain"}, {"adopt": True, "on_delete": "restore"}, {"adopt": True}],
    ),
    (
        "EmailServerProfile",
        "an adopted profile is not replaced",
        [{"adopt": True, "allow_replacement": True}],
        [{"adopt": True}, {"allow_replacement": True}],
    ),
    (
        "EmailServerProfile",
        "one account for all mailboxes works by impersonation",
        [
            {"incoming_credential_retrieval": ONE_ACCOUNT},
            {"incoming_credential_retrieval": ONE_ACCOUNT, "incoming_use_impersonation": False},
        ],
        [
            {"incoming_credential_retrieval": ONE_ACCOUNT, "incoming_use_impersonation": True},
            {"incoming_credential_retrieval": "without_credentials"},
        ],
    ),
    (
        "Mailbox",
        "give exactly one of user, queue and forward_mailbox",
        [{}, {"user": "anna@contoso.com", "queue": "Support"}, {"queue": "Support", "forward_mailbox": "Leads"}],
        [{"user": "anna@contoso.com"}, {"queue": "Support"}, {"forward_mailbox": "Leads"}],
    ),
    (
        "Mailbox",
        "a forward mailbox sends nothing",
        [{"forward_mailbox": "Leads"}, {"forward_mailbox": "Leads", METHODS[1]: SYNC}],
        [{"forward_mailbox": "Leads", METHODS[1]: "none"}, {"user": "anna@contoso.com"}],
    ),
    (
        "Mailbox",
        "a forward mailbox has no appointments",
        [{"forward_mailbox": "Leads", METHODS[2]: SYNC}],
        [{"forward_mailbox": "Leads"}, {"forward_mailbox": "Leads", METHODS[2]: "none"}],
    ),
    (
        "Mailbox",
        "a forward mailbox has no user or queue to take its address from",
        [{"forward_mailbox": "Leads"}],
        [{"forward_mailbox": "Leads", "email_address": "leads@contoso.com"}, {"queue": "Support"}],
    ),
    (
        "Mailbox",
        "forward_mailbox is the mailbox's name",
        [{"forward_mailbox": "Leads", "name": "Leads"}],
        [{"forward_mailbox": "Leads"}, {"queue": "Support", "name": "Leads"}],
    ),
    (
        "Mailbox",
        "a forward mailbox is made here",
        [{"forward_mailbox": "Leads", "on_delete": "restore"}, {"forward_mailbox": "Leads", "when_missing": "wait"}],
        [{"forward_mailbox": "Leads", "on_delete": "retain"}, {"queue": "Support", "when_missing": "wait"}],
    ),
    (
        "Mailbox",
        "a password needs a username",
        [{"password": "x"}, {"password": "x", "username": CLEAR}],
        [{"password": "x", "username": "anna"}, {"username": "anna"}],
    ),
    (
        "Mailbox",
        "a queue's mailbox knows no delivery by",
        [{"queue": "Support", method: OUTLOOK} for method in METHODS],
        [{"user": "anna@contoso.com", METHODS[0]: OUTLOOK}, {"queue": "Support", METHODS[0]: "none"}],
    ),
    (
        "OrganizationEmailSettings",
        "a mailbox without a profile is not synchronized",
        [{METHODS[0]: SYNC}, {METHODS[2]: SYNC}, {METHODS[0]: SYNC, "default_email_server_profile": CLEAR}],
        [{METHODS[0]: SYNC, "default_email_server_profile": "Contoso"}, {METHODS[0]: "none"}, {}],
    ),
    (
        "OrganizationEmailSettings",
        "Microsoft Dynamics 365 for Outlook is retired",
        [{method: OUTLOOK} for method in METHODS],
        [{METHODS[0]: "none"}, {}],
    ),
    (
        "OrganizationEmailSettings",
        "without the requirement any address is synchronized",
        [{"require_approval_for_user_email": False}, {"require_approval_for_queue_email": False}],
        [{"require_approval_for_user_email": True}, {}],
    ),
    (
        "EmailServerProfile",
        "a row has one owner",
        [{"owning_user": "anna@contoso.com", "owning_team": "Mail"}],
        [{"owning_user": "anna@contoso.com"}, {"owning_team": "Mail"}, {}],
    ),
    (
        "Mailbox",
        "a row has one owner",
        [{"owning_user": "anna@contoso.com", "owning_team": "Mail"}],
        [{"owning_user": "anna@contoso.com"}, {"owning_team": "Mail"}, {}],
    ),
]


def rule_of(kind: Kind, says: str) -> Rule:
    """Return the one rule that says so."""
    (found,) = [rule for rule in kind.rules if rule.says.startswith(says)]
    return found


def broken(kind: Kind, says: str, values: Values) -> bool:
    """Say whether those values break that rule."""
    rule = rule_of(kind, says)
    return rule in kind.broken_rules(values, rule.severity)


BREAKING = [(kind, says, values) for kind, says, breaking, _ in CASES for values in breaking]
KEEPING = [(kind, says, values) for kind, says, _, keeping in CASES for values in keeping]


@pytest.mark.parametrize(("kind", "says", "values"), BREAKING)
def test_a_rule_is_broken(kind: str, says: str, values: Values) -> None:
    assert broken(KINDS[kind], says, values)


@pytest.mark.parametrize(("kind", "says", "values"), KEEPING)
def test_a_rule_is_kept(kind: str, says: str, values: Values) -> None:
    assert not broken(KINDS[kind], says, values)


@pytest.mark.parametrize(("kind", "says", "values"), BREAKING)
def test_a_rule_waits_for_what_is_unknown(kind: str, says: str, values: Values) -> None:
    """While one of the values that a rule reads is unknown, the rule is not judged."""
    for name in rule_of(KINDS[kind], says).reads:
        assert not broken(KINDS[kind], says, {**values, name: UNKNOWN})


def test_every_rule_has_its_cases() -> None:
    spoken = {(kind, rule_of(KINDS[kind], says).says) for kind, says, _, _ in CASES}

    assert spoken == {(kind.name, rule.says) for kind in KINDS.values() for rule in kind.rules}


def test_best_practices_are_warnings() -> None:
    """What works, but not as Microsoft recommends, stops nobody."""
    profile = KINDS["EmailServerProfile"]
    values: Values = {
        "name": "Contoso",
        "server_type": "other",
        "incoming_credential_retrieval": ONE_ACCOUNT,
        "incoming_user_name": "crm",
        "incoming_password": "x",
    }

    assert profile.parse(values)[1] == []
    assert [rule.blames for rule in profile.broken_rules(values, "warning")] == ["incoming_use_impersonation"]
