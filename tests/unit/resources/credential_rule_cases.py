"""Cases of the rules about credentials, as in `rule_cases`."""

from pulumi_dataverse_email.declare import CLEAR

from .rule_cases import ONE_ACCOUNT, Case, Values

PROFILE = "EmailServerProfile"
LOCATION = "incoming_server_location"
INCOMING, OUTGOING = "incoming_credential_retrieval", "outgoing_credential_retrieval"
BY_OWNER = "credentials_specified_by_a_user_or_queue"
OAUTH, SERVER = "oauth_with_microsoft_entra_id", "server_to_server_authentication"
HYBRID, MANAGED = "exchange_hybrid_modern_auth", "power_platform_managed_identity_auth"
GMAIL = "gmail_oauth"
GUID = "5f0c2a10-0000-4000-8000-00000000c070"
SAME = "use_same_settings_for_outgoing_connections"
OWN: Values = {SAME: False, OUTGOING: ONE_ACCOUNT}


def needs(retrieval: str, name: str) -> Case:
    """Return the case of credentials that need another argument."""
    return (
        PROFILE,
        f"is needed where incoming_credential_retrieval is '{retrieval}'",
        [{INCOMING: retrieval}],
        [{INCOMING: retrieval, name: "Contoso"}, {INCOMING: retrieval, "adopt": True}, {INCOMING: SERVER}],
    )


def asks_for(retrieval: str, name: str) -> Case:
    """Return the case of credentials whose form asks for another argument."""
    return (
        PROFILE,
        f"'{retrieval}' does not work without {name}:",
        [{INCOMING: retrieval}, {INCOMING: retrieval, name: CLEAR}],
        [{INCOMING: retrieval, name: GUID}, {INCOMING: retrieval, "adopt": True}, {INCOMING: SERVER}, {}],
    )


CASES: tuple[Case, ...] = (
    *(asks_for(retrieval, name) for retrieval in (OAUTH, GMAIL) for name in ("oauth_client_id", "oauth_client_secret")),
    *(asks_for(HYBRID, name) for name in ("oauth_client_id", "exchange_online_tenant_id", "aad_resource_id")),
    (
        PROFILE,
        "may have no effect: a new profile has use_default_tenant_id=True",
        [
            {INCOMING: OAUTH, "exchange_online_tenant_id": GUID},
            {INCOMING: OAUTH, "exchange_online_tenant_id": GUID, "use_default_tenant_id": True, "adopt": True},
        ],
        [
            {INCOMING: OAUTH, "exchange_online_tenant_id": GUID, "use_default_tenant_id": False},
            {INCOMING: OAUTH, "exchange_online_tenant_id": GUID, "adopt": True},
            {INCOMING: OAUTH},
            {INCOMING: HYBRID, "exchange_online_tenant_id": GUID},
        ],
    ),
    (
        PROFILE,
        "Exchange Online, where this location is",
        [
            {INCOMING: ONE_ACCOUNT, LOCATION: "https://outlook.office365.com/EWS/Exchange.asmx"},
            {INCOMING: BY_OWNER, LOCATION: "Outlook.Office365.com"},
        ],
        [
            {INCOMING: OAUTH, LOCATION: "https://outlook.office365.com/EWS/Exchange.asmx"},
            {INCOMING: ONE_ACCOUNT, LOCATION: "https://mail.contoso.com/outlook.office365.com"},
            {LOCATION: "outlook.office365.com"},
            {INCOMING: ONE_ACCOUNT},
        ],
    ),
    (
        PROFILE,
        "a password needs an outgoing_username",
        [{"outgoing_password": "x"}],
        [{"outgoing_password": "x", "outgoing_username": "crm"}, {"outgoing_username": "crm"}, {}],
    ),
    (
        PROFILE,
        "outgoing credentials in the profile need",
        [OWN, {**OWN, "outgoing_username": "crm"}],
        [
            {**OWN, "outgoing_username": "crm", "outgoing_password": "x"},
            {**OWN, "adopt": True},
            {OUTGOING: ONE_ACCOUNT},
        ],
    ),
    (
        PROFILE,
        "outgoing mail uses the incoming credentials",
        [
            {SAME: True, "outgoing_username": "crm"},
            {SAME: True, "outgoing_username": "crm", "incoming_user_name": "other"},
            {SAME: True, "outgoing_username": "crm", "incoming_user_name": "crm", "outgoing_password": "x"},
            {"outgoing_username": "crm"},
        ],
        [
            {SAME: True},
            {SAME: True, "outgoing_username": "crm", "incoming_user_name": "crm"},
            {SAME: False, "outgoing_username": "crm"},
            {"adopt": True, "outgoing_username": "crm"},
        ],
    ),
    (
        PROFILE,
        "Exchange Online takes no user name",
        [
            {"server_type": "exchange_online", INCOMING: ONE_ACCOUNT},
            {"server_type": "exchange_online", OUTGOING: BY_OWNER},
        ],
        [
            {"server_type": "exchange_online", INCOMING: SERVER},
            {"server_type": "exchange_server", INCOMING: ONE_ACCOUNT},
        ],
    ),
    (
        PROFILE,
        "a POP3 or IMAP server is opened with",
        [{"server_type": "other", INCOMING: ONE_ACCOUNT}, {"server_type": "imap_smtp", INCOMING: ONE_ACCOUNT}],
        [
            {"server_type": "imap_smtp", INCOMING: BY_OWNER, OUTGOING: ONE_ACCOUNT},
            {"server_type": "imap_smtp", INCOMING: "gmail_oauth"},
            {"server_type": "exchange_server", INCOMING: ONE_ACCOUNT},
        ],
    ),
    (
        PROFILE,
        "Dataverse online refuses Windows",
        [{INCOMING: "windows_integrated_authentication"}, {OUTGOING: "without_credentials"}],
        [{INCOMING: SERVER}, {}],
    ),
    (
        PROFILE,
        "the admin center offers no such",
        [
            {"server_type": "other", INCOMING: SERVER},
            {"server_type": "imap_smtp", OUTGOING: OAUTH},
            {"server_type": "exchange_online", INCOMING: "gmail_oauth"},
            {"server_type": "exchange_server", INCOMING: OAUTH},
        ],
        [
            {"server_type": "imap_smtp", INCOMING: "gmail_oauth"},
            {"server_type": "exchange_server", INCOMING: HYBRID},
            {"server_type": "exchange_online", INCOMING: SERVER},
        ],
    ),
    needs(HYBRID, "key_vault_reference"),
    needs(MANAGED, "power_platform_managed_identity"),
    (
        PROFILE,
        "is needed where use_default_tenant_id is False",
        [{INCOMING: OAUTH, "use_default_tenant_id": False}],
        [
            {INCOMING: OAUTH, "use_default_tenant_id": False, "exchange_online_tenant_id": GUID},
            {INCOMING: OAUTH, "use_default_tenant_id": False, "adopt": True},
            {INCOMING: OAUTH},
        ],
    ),
    (
        PROFILE,
        "is no GUID; copy the Directory",
        [{"exchange_online_tenant_id": "contoso.com"}],
        [{"exchange_online_tenant_id": GUID}, {}],
    ),
    (
        PROFILE,
        "is no GUID; copy the Application",
        [{INCOMING: OAUTH, "oauth_client_id": "mail-sync"}],
        [
            {INCOMING: OAUTH, "oauth_client_id": GUID},
            {INCOMING: "gmail_oauth", "oauth_client_id": "1.apps.googleusercontent.com"},
            {INCOMING: OAUTH},
        ],
    ),
    (
        PROFILE,
        "Exchange Web Services of Exchange Online",
        [{"server_type": "exchange_online", INCOMING: OAUTH}],
        [{"server_type": "exchange_online", INCOMING: SERVER}, {"server_type": "exchange_server", INCOMING: OAUTH}],
    ),
)
