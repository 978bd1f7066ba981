"""Each rule across resources: what breaks it, what keeps it, and what is not known yet."""

import pytest

from pulumi_dataverse_email.declare import UNKNOWN, CrossRule
from pulumi_dataverse_email.resources import TABLE_KINDS

from .rule_cases import ONE_ACCOUNT, SYNC, Values

Situation = tuple[Values, Values, list[Values]]
"""A mailbox, its profile, and the profile's mailboxes before it."""

MAILBOX = TABLE_KINDS["Mailbox"]
ACT: Values = {"act_delivery_method": SYNC}
RETRIEVAL = "incoming_credential_retrieval"
BY_OWNER: Values = {RETRIEVAL: "credentials_specified_by_a_user_or_queue"}
ACCOUNT: Values = {RETRIEVAL: ONE_ACCOUNT}
ALLOW: Values = {"allow_email_connector_to_use_credentials": True}
REFUSE: Values = {"allow_email_connector_to_use_credentials": False}
TWO: Values = {**BY_OWNER, "max_concurrent_connections": 2}


def dates(own: str, profile: str) -> Situation:
    """Return a mailbox and a profile with those processing dates."""
    return {"process_email_received_after": own}, {"process_emails_received_after": profile}, []


CASES: list[tuple[str, list[Situation], list[Situation]]] = [
    (
        "a POP3 or IMAP profile synchronizes no",
        [(ACT, {"server_type": "other"}, []), (ACT, {"server_type": "imap_smtp"}, [])],
        [(ACT, {"server_type": "exchange_server"}, []), ({}, {"server_type": "other"}, [])],
    ),
    (
        "the profile's account works by delegation",
        [(ACT, ACCOUNT, []), (ACT, {**ACCOUNT, "incoming_use_impersonation": False}, [])],
        [
            (ACT, {**ACCOUNT, "incoming_use_impersonation": True}, []),
            (ACT, {**ACCOUNT, "adopt": True}, []),
            (ACT, BY_OWNER, []),
            ({}, ACCOUNT, []),
        ],
    ),
    (
        "the profile does not use the mailboxes' own",
        [(ALLOW, ACCOUNT, [])],
        [
            (ALLOW, BY_OWNER, []),
            (ALLOW, {**ACCOUNT, "outgoing_credential_retrieval": BY_OWNER[RETRIEVAL]}, []),
            (ALLOW, {}, []),
            ({}, ACCOUNT, []),
        ],
    ),
    (
        "the profile asks each mailbox for its own",
        [(REFUSE, BY_OWNER, [])],
        [(ALLOW, BY_OWNER, []), (REFUSE, ACCOUNT, []), ({}, BY_OWNER, [])],
    ),
    (
        "more mailboxes with credentials of their own",
        [(ALLOW, TWO, [ALLOW, REFUSE, ALLOW]), (ALLOW, BY_OWNER, [ALLOW] * 10)],
        [
            (ALLOW, TWO, [ALLOW, {"allow_email_connector_to_use_credentials": UNKNOWN}]),
            (ALLOW, TWO, [ALLOW] * 3),
            (REFUSE, TWO, [ALLOW] * 2),
            (ALLOW, {**BY_OWNER, "adopt": True}, [ALLOW] * 10),
            (ALLOW, {**ACCOUNT, "max_concurrent_connections": 2}, [ALLOW] * 2),
            (ALLOW, {**TWO, "server_type": "other"}, [ALLOW] * 2),
        ],
    ),
    (
        "more than 20 mailboxes with credentials",
        [(ALLOW, {**BY_OWNER, "max_concurrent_connections": 300}, [ALLOW] * 20), (ALLOW, BY_OWNER, [ALLOW] * 20)],
        [
            (ALLOW, BY_OWNER, [ALLOW] * 19),
            (ALLOW, BY_OWNER, [ALLOW] * 21),
            (ALLOW, ACCOUNT, [ALLOW] * 20),
            (ALLOW, {**BY_OWNER, "server_type": "imap_smtp"}, [ALLOW] * 20),
        ],
    ),
    (
        "the profile's process_emails_received_after is later",
        [dates("2026-01-01", "2026-02-01"), dates("2026-02-01T00:30:00+01:00", "2026-02-01")],
        [
            dates("2026-02-01", "2026-02-01"),
            dates("2026-03-01", "2026-02-01"),
            ({}, {"process_emails_received_after": "2026-02-01"}, []),
            ({"process_email_received_after": "2026-02-01"}, {}, []),
        ],
    ),
]

BREAKING = [(says, situation) for says, breaking, _ in CASES for situation in breaking]
KEEPING = [(says, situation) for says, _, keeping in CASES for situation in keeping]


def rule_of(says: str) -> CrossRule:
    """Return the one rule that says so."""
    (found,) = [rule for rule in MAILBOX.across if rule.says.startswith(says)]
    return found


def broken(says: str, situation: Situation) -> bool:
    """Say whether that situation breaks that rule."""
    return rule_of(says) in MAILBOX.broken_across("email_server_profile", *situation)


@pytest.mark.parametrize(("says", "situation"), BREAKING)
def test_a_rule_is_broken(says: str, situation: Situation) -> None:
    assert broken(says, situation)


@pytest.mark.parametrize(("says", "situation"), KEEPING)
def test_a_rule_is_kept(says: str, situation: Situation) -> None:
    assert not broken(says, situation)


@pytest.mark.parametrize(("says", "situation"), BREAKING)
def test_a_rule_waits_for_what_is_unknown(says: str, situation: Situation) -> None:
    """While a value that a rule reads, of the mailbox or of the profile, is unknown, the rule is not judged."""
    mailbox, profile, earlier = situation
    for name in rule_of(says).reads:
        assert not broken(says, ({**mailbox, name: UNKNOWN}, profile, earlier))
    for name in rule_of(says).reads_there:
        assert not broken(says, (mailbox, {**profile, name: UNKNOWN}, earlier))


def test_every_rule_has_its_cases() -> None:
    assert {rule_of(says).says for says, _, _ in CASES} == {rule.says for rule in MAILBOX.across}


def test_rules_read_arguments_that_there_are() -> None:
    """What a rule reads and blames is an argument, and the page it cites is Microsoft's."""
    for rule in MAILBOX.across:
        assert {rule.through, rule.blames, *rule.reads} <= MAILBOX.arguments.keys()
        assert set(rule.reads_there) <= TABLE_KINDS["EmailServerProfile"].arguments.keys()
        assert rule.source.startswith("https://learn.microsoft.com/")
