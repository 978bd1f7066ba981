"""What breaks and what keeps each recommendation of Microsoft's set-ups."""

from pulumi_dataverse_email.declare import CLEAR

from .rule_cases import ONE_ACCOUNT, Case, Values

AUTO, DATE = "use_auto_discover", "process_emails_received_after"
IMPERSONATION, SAME = "incoming_use_impersonation", "use_same_settings_for_outgoing_connections"
ONLINE: Values = {"incoming_credential_retrieval": "server_to_server_authentication"}
ACCOUNT: Values = {"incoming_credential_retrieval": ONE_ACCOUNT}
OWN: Values = {"incoming_credential_retrieval": "credentials_specified_by_a_user_or_queue"}


def recommended(says: str, set_up: Values, name: str, *, value: bool) -> Case:
    """Return the case of a recommendation that a new profile follows, if it is not stated."""
    return (
        "EmailServerProfile",
        says,
        [{**set_up, name: not value}, {**set_up, name: not value, "adopt": True}],
        [
            {**set_up, name: value},
            set_up,
            {name: not value},
            {**set_up, name: not value, "server_type": "imap_smtp"},
            {**set_up, name: not value, "server_type": "other"},
        ],
    )


CASES: tuple[Case, ...] = (
    recommended("Exchange Online in the same tenant is found by", ONLINE, AUTO, value=True),
    recommended("Exchange Online in the same tenant works without", ONLINE, IMPERSONATION, value=False),
    recommended("Microsoft recommends True for one account's server", ACCOUNT, AUTO, value=True),
    recommended("Microsoft recommends True for one account:", ACCOUNT, SAME, value=True),
    recommended("Microsoft recommends True where each mailbox", OWN, AUTO, value=True),
    recommended("Microsoft recommends False for individual", OWN, IMPERSONATION, value=False),
    recommended("Microsoft recommends True for individual", OWN, SAME, value=True),
    (
        "EmailServerProfile",
        "one account for all mailboxes works by impersonation",
        [ACCOUNT, {**ACCOUNT, IMPERSONATION: False}, {**ACCOUNT, IMPERSONATION: False, "adopt": True}],
        [
            {**ACCOUNT, IMPERSONATION: True},
            {**ACCOUNT, "adopt": True},
            {**ACCOUNT, "server_type": "other"},
            {"incoming_credential_retrieval": "without_credentials"},
        ],
    ),
    (
        "EmailServerProfile",
        "Microsoft recommends to state from which date",
        [ONLINE, ACCOUNT, OWN, {**OWN, DATE: CLEAR}],
        [
            {**ONLINE, DATE: "2026-11-01"},
            {**ACCOUNT, "adopt": True},
            {**OWN, "server_type": "imap_smtp"},
            {"incoming_credential_retrieval": "gmail_oauth"},
            {},
        ],
    ),
)
