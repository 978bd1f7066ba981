"""Each rule: what breaks it, what keeps it, and what is not known yet."""

import pytest

from pulumi_dataverse_email.declare import UNKNOWN, Kind, Rule
from pulumi_dataverse_email.resources import KINDS

from . import (
    credential_rule_cases,
    enable_rule_cases,
    expiry_rule_cases,
    location_rule_cases,
    mailbox_rule_cases,
    mailbox_set_rule_cases,
    rule_cases,
    scope_rule_cases,
    server_rule_cases,
    set_up_rule_cases,
)
from .rule_cases import ONE_ACCOUNT, Values
from .server_rule_cases import TODAY

CASES = (
    *rule_cases.CASES,
    *server_rule_cases.CASES,
    *location_rule_cases.CASES,
    *credential_rule_cases.CASES,
    *set_up_rule_cases.CASES,
    *mailbox_rule_cases.CASES,
    *mailbox_set_rule_cases.CASES,
    *expiry_rule_cases.CASES,
    *enable_rule_cases.CASES,
    *scope_rule_cases.CASES,
)


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


def test_a_rule_names_the_date() -> None:
    """What expires is said with its date, as the program writes it."""
    profile, date = KINDS["EmailServerProfile"], "2026-11-30T12:00:00+01:00"
    values: Values = {"incoming_password_expires_on": date, **TODAY}
    (rule,) = profile.broken_rules(values, "warning")

    assert rule.told(values).startswith(f"the password of the account expires on {date}, in 30 days or less: have it")


def test_best_practices_are_warnings() -> None:
    """What works, but not as Microsoft recommends, stops nobody."""
    profile = KINDS["EmailServerProfile"]
    values: Values = {
        "name": "Contoso",
        "server_type": "exchange_online_hybrid",
        "incoming_credential_retrieval": ONE_ACCOUNT,
        "incoming_user_name": "crm",
        "incoming_password": "x",
        "process_emails_received_after": "2026-11-01",
    }

    assert profile.parse(values)[1] == []
    assert [rule.blames for rule in profile.broken_rules(values, "warning")] == ["incoming_use_impersonation"]
