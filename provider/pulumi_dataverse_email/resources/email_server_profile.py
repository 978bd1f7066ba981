"""`EmailServerProfile`: how Dataverse reaches a mail server, and with whose credentials."""

from typing import Annotated, ClassVar, Literal, Required, Unpack

from pulumi import Output, ResourceOptions
from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ..declare import (
    INPUTS,
    Choice,
    ChoiceInput,
    Clearable,
    ClearableInput,
    Column,
    Input,
    Kind,
    Moment,
    Policy,
    Rule,
    Use,
    Values,
)
from ..resource import Resource
from .tables import MAILBOXES, ORGANIZATIONS, PROFILES

BEST_PRACTICES = "https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization"
ON_PREMISES = "https://learn.microsoft.com/power-platform/admin/connect-exchange-server-on-premises"
REFERENCE = "https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile"


class ServerType(Choice):
    """The mail system behind a profile."""

    EXCHANGE_SERVER = "exchange_server", 0
    OTHER = "other", 1
    EXCHANGE_SERVER_HYBRID = "exchange_server_hybrid", 2
    EXCHANGE_ONLINE_HYBRID = "exchange_online_hybrid", 3
    IMAP_SMTP = "imap_smtp", 4


class CredentialRetrieval(Choice):
    """Where the credentials for a mail server come from."""

    CREDENTIALS_SPECIFIED_BY_A_USER_OR_QUEUE = "credentials_specified_by_a_user_or_queue", 0
    CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE = "credentials_specified_in_email_server_profile", 1
    SERVER_TO_SERVER_AUTHENTICATION = "server_to_server_authentication", 2
    WINDOWS_INTEGRATED_AUTHENTICATION = "windows_integrated_authentication", 3
    WITHOUT_CREDENTIALS = "without_credentials", 4
    GMAIL_OAUTH = "gmail_oauth", 5
    EXCHANGE_HYBRID_MODERN_AUTH = "exchange_hybrid_modern_auth", 6
    OAUTH_WITH_MICROSOFT_ENTRA_ID = "oauth_with_microsoft_entra_id", 7
    POWER_PLATFORM_MANAGED_IDENTITY_AUTH = "power_platform_managed_identity_auth", 8


@with_config(INPUTS)
class EmailServerProfileArgs(TypedDict, total=False):
    """The arguments of `EmailServerProfile`; one that is left out, or `None`, stays as the server has it."""

    name: Required[Annotated[Input[str], Field(min_length=1, max_length=100), Column("name", "Name", restorable=False)]]
    """The profile's name; no two profiles of an environment share one."""

    server_type: Required[Annotated[ChoiceInput[ServerType], Column("servertype", "Email Server Type", immutable=True)]]
    """The mail system behind the profile; a change needs a new profile."""

    incoming_credential_retrieval: Annotated[
        ChoiceInput[CredentialRetrieval],
        Column("incomingcredentialretrieval", "Authenticate Using", retest=True),
    ]
    """Where the credentials for incoming mail come from."""

    incoming_user_name: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=250),
        Column("incomingusername", "User Name", clearable=True, retest=True),
    ]
    """The account that opens the mailboxes."""

    incoming_password: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=250),
        Column(
            "incomingpassword",
            "Password",
            secret=True,
            set_flag="isincomingpasswordset",
            clearable=True,
            restorable=False,
            retest=True,
        ),
    ]
    """The account's password; Dataverse stores it and never shows it again."""

    incoming_use_impersonation: Annotated[
        Input[bool],
        Column("incominguseimpersonation", "Use Impersonation", retest=True, source=BEST_PRACTICES),
    ]
    """Whether one account opens all mailboxes by impersonation; without it, by delegation."""

    use_same_settings_for_outgoing_connections: Annotated[
        Input[bool],
        Column(
            "usesamesettingsforoutgoingconnections",
            "Use same settings for Outgoing",
            retest=True,
            source=BEST_PRACTICES,
        ),
    ]
    """Whether outgoing mail uses the credentials of incoming mail."""

    process_emails_received_after: Annotated[
        ClearableInput[Moment],
        Column("processemailsreceivedafter", "Process Emails From", clearable=True, source=BEST_PRACTICES),
    ]
    """The moment before which mail is not read, at a mailbox's first synchronization; UTC where no offset is given."""

    use_auto_discover: Annotated[
        Input[bool], Column("useautodiscover", "Auto Discover Server Location", retest=True, source=ON_PREMISES)
    ]
    """Whether the server's addresses are found by Exchange's auto discover."""

    incoming_server_location: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=2084),
        Column("incomingserverlocation", "Incoming Server Location", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """Address of the incoming server, such as `https://mail.contoso.com/EWS/Exchange.asmx`."""

    outgoing_server_location: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=2084),
        Column("outgoingserverlocation", "Outgoing Server Location", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """Address of the outgoing server."""

    incoming_port_number: Annotated[
        ClearableInput[int],
        Field(ge=0, le=65535),
        Column("incomingportnumber", "Incoming Port", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """TCP port of the incoming server, 443 for Exchange Web Services."""

    outgoing_port_number: Annotated[
        ClearableInput[int],
        Field(ge=0, le=65535),
        Column("outgoingportnumber", "Outgoing Port", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """TCP port of the outgoing server, 443 for Exchange Web Services."""

    incoming_use_ssl: Annotated[
        Input[bool], Column("incomingusessl", "Use SSL for Incoming Connection", retest=True, source=ON_PREMISES)
    ]
    """Whether the connection to the incoming server is encrypted."""

    outgoing_use_ssl: Annotated[
        Input[bool], Column("outgoingusessl", "Use SSL for Outgoing Connection", retest=True, source=ON_PREMISES)
    ]
    """Whether the connection to the outgoing server is encrypted."""

    adopt: Annotated[bool | None, Policy(fixed=True)]
    """Whether to take over the profile that has this name, instead of making one; it is never renamed then."""

    allow_replacement: Annotated[bool | None, Policy()]
    """Whether a change of an immutable column may replace the profile by a new one."""

    on_delete: Annotated[Literal["delete", "retain", "restore"] | None, Policy()]
    """What happens to the profile when its declaration goes: `delete` (default; refused while it is used) or `retain`.

    An adopted one: `retain` (default), or `restore` what was there before.
    """


def _one_account(profile: Values) -> bool:
    in_profile = CredentialRetrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE
    return profile.get("incoming_credential_retrieval") == in_profile


def _has_its_account(profile: Values) -> bool:
    return None not in (profile.get("incoming_user_name"), profile.get("incoming_password"))


def _can_be_found(profile: Values) -> bool:
    return bool(profile.get("use_auto_discover")) or profile.get("incoming_server_location") is not None


RULES = (
    Rule(
        reads=("incoming_user_name", "incoming_password"),
        blames="incoming_user_name",
        says="a password needs an incoming_user_name; give both or neither",
        source=BEST_PRACTICES,
        holds=lambda profile: profile.get("incoming_password") is None or _has_its_account(profile),
    ),
    Rule(
        reads=("incoming_credential_retrieval", "incoming_user_name", "incoming_password", "adopt"),
        blames="incoming_credential_retrieval",
        says="credentials in the profile need incoming_user_name and incoming_password",
        source=ON_PREMISES,
        holds=lambda profile: bool(profile.get("adopt")) or not _one_account(profile) or _has_its_account(profile),
    ),
    Rule(
        reads=("server_type", "use_auto_discover", "incoming_server_location", "adopt"),
        blames="server_type",
        says="an on-premises Exchange Server needs use_auto_discover=True or an incoming_server_location",
        source=ON_PREMISES,
        holds=lambda profile: (
            bool(profile.get("adopt"))
            or profile.get("server_type") != ServerType.EXCHANGE_SERVER
            or _can_be_found(profile)
        ),
    ),
    Rule(
        reads=("adopt", "on_delete"),
        blames="on_delete",
        says="a profile made here is 'delete' or 'retain'; an adopted one is 'retain' or 'restore'",
        source=REFERENCE,
        holds=lambda profile: profile.get("on_delete") != ("delete" if profile.get("adopt") else "restore"),
    ),
    Rule(
        reads=("adopt", "allow_replacement"),
        blames="allow_replacement",
        says="an adopted profile is not replaced; only one that was made here can be",
        source=REFERENCE,
        holds=lambda profile: not (profile.get("adopt") and profile.get("allow_replacement")),
    ),
    Rule(
        reads=("incoming_credential_retrieval", "incoming_use_impersonation"),
        blames="incoming_use_impersonation",
        says=(
            "one account for all mailboxes works by impersonation; without it Dataverse uses delegation, "
            "which appointments, contacts and tasks do not support"
        ),
        source=BEST_PRACTICES,
        holds=lambda profile: not _one_account(profile) or bool(profile.get("incoming_use_impersonation")),
        severity="warning",
    ),
)

KIND = Kind(
    "EmailServerProfile",
    PROFILES,
    EmailServerProfileArgs,
    rules=RULES,
    results={"is_incoming_password_set": "isincomingpasswordset"},
    source=REFERENCE,
    uses=(
        Use(
            MAILBOXES,
            "emailserverprofile",
            "mailboxes use it",
            "Give them another profile first (a Mailbox with on_delete='restore' or another email_server_profile), "
            "or keep the profile: on_delete='retain', then `pulumi up`, then destroy.",
        ),
        Use(
            ORGANIZATIONS,
            "defaultemailserverprofileid",
            "organization has it as its default",
            "Set another default profile for new mailboxes first, or keep the profile: on_delete='retain'.",
        ),
    ),
)


class EmailServerProfile(Resource):
    """A row of emailserverprofiles: how Dataverse reaches a mail server, and with whose credentials.

    The built-in profile `Microsoft Exchange Online` needs no resource: a mailbox names it.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile
    """

    kind: ClassVar[Kind] = KIND
    payload: ClassVar[str] = (
        "gASVRAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMGkVtYWlsU2VydmVyUHJvZmlsZVByb3ZpZGVylJOUKYGULg=="
    )

    name: Output[str]
    server_type: Output[str]
    incoming_credential_retrieval: Output[str | None]
    incoming_user_name: Output[Clearable[str]]
    incoming_password: Output[Clearable[str]]
    incoming_use_impersonation: Output[bool | None]
    use_same_settings_for_outgoing_connections: Output[bool | None]
    process_emails_received_after: Output[Clearable[str]]
    use_auto_discover: Output[bool | None]
    incoming_server_location: Output[Clearable[str]]
    outgoing_server_location: Output[Clearable[str]]
    incoming_port_number: Output[Clearable[int]]
    outgoing_port_number: Output[Clearable[int]]
    incoming_use_ssl: Output[bool | None]
    outgoing_use_ssl: Output[bool | None]
    adopt: Output[bool | None]
    allow_replacement: Output[bool | None]
    on_delete: Output[str | None]
    is_incoming_password_set: Output[bool | None]

    def __init__(
        self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[EmailServerProfileArgs]
    ) -> None:
        super().__init__(resource_name, opts, dict(args))
