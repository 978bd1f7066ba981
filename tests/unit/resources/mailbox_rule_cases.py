"""Cases of the rules about mailboxes, as in `rule_cases`."""

from .rule_cases import METHODS, OUTLOOK, SYNC, Case, Values
from .server_rule_cases import TODAY

ANNA: Values = {"user": "anna@contoso.com"}
ALLOW = "allow_email_connector_to_use_credentials"
DATE = "process_email_received_after"

CASES: tuple[Case, ...] = (
    (
        "Mailbox",
        "a queue has no appointments",
        [{"queue": "Support", METHODS[2]: SYNC}],
        [{"queue": "Support", METHODS[2]: "none"}, {**ANNA, METHODS[2]: SYNC}],
    ),
    (
        "Mailbox",
        "Dataverse refuses to delete mail",
        [{**ANNA, "process_and_delete_emails": True}],
        [{"queue": "Support", "process_and_delete_emails": True}, {**ANNA, "process_and_delete_emails": False}],
    ),
    (
        "Mailbox",
        "Microsoft Dynamics 365 for Outlook is retired",
        [{**ANNA, method: OUTLOOK} for method in METHODS],
        [{**ANNA, METHODS[0]: SYNC}, ANNA],
    ),
    (
        "Mailbox",
        "the mailbox is to use its own credentials",
        [{ALLOW: True}, {ALLOW: True, "username": "anna"}],
        [{ALLOW: True, "username": "anna", "password": "x"}, {ALLOW: False}, {}],
    ),
    (
        "Mailbox",
        "the mailbox's own credentials are used only",
        [{"username": "anna"}, {"username": "anna", "password": "x", ALLOW: False}],
        [{"username": "anna", "password": "x", ALLOW: True}, {}],
    ),
    (
        "Mailbox",
        "the address is written through",
        [{**ANNA, "email_address": "anna@contoso.com"}],
        [{"queue": "Support", "email_address": "support@contoso.com"}, ANNA],
    ),
    (
        "Mailbox",
        "the date is in the future",
        [{DATE: "2026-11-26", **TODAY}],
        [{DATE: "2026-11-25", **TODAY}, {**TODAY}],
    ),
)
