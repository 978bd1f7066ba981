"""What breaks each rule, and what keeps it: the kind, how the rule's sentence begins, breaking and keeping values."""

from pulumi_dataverse_email.declare import CLEAR

Values = dict[str, object]
Case = tuple[str, str, list[Values], list[Values]]

ONE_ACCOUNT = "credentials_specified_in_email_server_profile"
OUTLOOK = "microsoft_dynamics_365_for_outlook"
SYNC = "server_side_synchronization"
METHODS = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")

CASES: tuple[Case, ...] = (
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
        "new mailboxes get the profile that the organization has",
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
)
