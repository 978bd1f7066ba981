"""The arguments and results of `EmailServerProfile`."""

from typing import Annotated, Literal, Required

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, ChoiceInput, ClearableInput, Column, Input, Moment, Policy
from ..ownership import OwnershipArgs
from ..sources import ACCESS, BEST_PRACTICES, ON_PREMISES
from .choices import ExchangeVersion, LastAuthorizationStatus, LastTestStatus, ServerType
from .identities import IdentityArgs
from .incoming import CredentialsArgs, IncomingArgs
from .outgoing import OutgoingArgs

UNSUPPORTED_VERSIONS = tuple(version for version in ExchangeVersion if version is not ExchangeVersion.EXCHANGE_2013)


@with_config(INPUTS)
class WhatArgs(TypedDict, total=False):
    """What the profile is, and from when on: what each set-up settles by itself, or asks for."""

    name: Required[
        Annotated[Input[str], Field(min_length=1, max_length=100), Column("name", "Name", restorable=False, makes=True)]
    ]
    """The profile's name; no two profiles of an environment share one."""

    server_type: Required[Annotated[ChoiceInput[ServerType], Column("servertype", "Email Server Type", immutable=True)]]
    """The mail system behind the profile; a change needs a new profile.

    The code of `exchange_online` is published nowhere: it is read from the built-in profile Microsoft Exchange Online.
    """

    process_emails_received_after: Annotated[
        ClearableInput[Moment],
        Column(
            "processemailsreceivedafter",
            "Process Emails From",
            clearable=True,
            moved_back=(
                "mailboxes that are synchronized for the first time get their old mail since then pulled in, too; "
                "use a profile of its own for them to prevent that"
            ),
            source=BEST_PRACTICES,
        ),
    ]
    """The moment before which mail is not read, at a mailbox's first synchronization; UTC where no offset is given."""


@with_config(INPUTS)
class ServerArgs(TypedDict, total=False):
    """How the mail system is found and used."""

    description: Annotated[
        ClearableInput[str], Field(min_length=1, max_length=2000), Column("description", "Description", clearable=True)
    ]
    """What the profile is for, in words for other administrators."""

    use_auto_discover: Annotated[
        Input[bool],
        Column("useautodiscover", "Auto Discover Server Location", retest=True, default=False, source=ON_PREMISES),
    ]
    """Whether the server's addresses are found by Exchange's auto discover."""

    default_server_location: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=2084),
        Column("defaultserverlocation", "Default Email Server Location", clearable=True, retest=True, source=ACCESS),
    ]
    """Address that is used where none is found; in China the partner's Exchange Web Services endpoint."""

    exchange_version: Annotated[
        ChoiceInput[ExchangeVersion],
        Column("exchangeversion", "Exchange Version", retired=UNSUPPORTED_VERSIONS, retest=True),
    ]
    """The version of the Exchange Server; those before 2013 are no longer supported."""

    max_concurrent_connections: Annotated[
        ClearableInput[int],
        Field(ge=1, le=300),
        Column("maxconcurrentconnections", "Maximum Concurrent Connections", clearable=True, source=BEST_PRACTICES),
    ]
    """Connections to the mail server at a time for each account that logs in; 10 where none is set."""

    min_polling_interval_in_minutes: Annotated[
        ClearableInput[int],
        Field(ge=0, le=1440),
        Column("minpollingintervalinminutes", "Minimum Polling Interval In Minutes", clearable=True),
    ]
    """Least minutes between two looks into a mailbox."""

    timeout_mailbox_connection: Annotated[
        Input[bool],
        Column("timeoutmailboxconnection", "Timeout Mailbox Connection to Exchange", default=True),
    ]
    """Whether a connection to a single mailbox is given up after `timeout_mailbox_connection_after_amount`."""

    timeout_mailbox_connection_after_amount: Annotated[
        ClearableInput[int],
        Field(ge=0, le=100_000),
        Column(
            "timeoutmailboxconnectionafteramount",
            "Timeout a Single Mailbox Connection After this Amount of Milliseconds",
            clearable=True,
        ),
    ]
    """Milliseconds after which a connection to a single mailbox is given up."""

    encoding_code_page: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=100),
        Column("encodingcodepage", "Encoding Code Page", clearable=True),
    ]
    """Code page in which mail is encoded, such as `65001` for UTF-8."""

    move_undelivered_emails: Annotated[
        Input[bool],
        Column("moveundeliveredemails", "Move Undelivered Emails to the Undeliverable Folder", default=False),
    ]
    """Whether incoming mail that could not be taken over moves to the folder Undeliverable in Exchange."""

    send_email_alert: Annotated[
        Input[bool],
        Column(
            "sendemailalert",
            "Send an alert email to the owner of the email server profile reporting on major events",
            default=False,
        ),
    ]
    """Whether the profile's owner is told by mail when more than half of its mailboxes failed within an hour."""


@with_config(INPUTS)
class LifeArgs(TypedDict, total=False):
    """How the provider treats the row."""

    adopt: Annotated[bool | None, Policy(fixed=True)]
    """Whether to take over the profile that has this name, instead of making one; it is never renamed then."""

    allow_replacement: Annotated[bool | None, Policy()]
    """Whether a change of an immutable column may replace the profile by a new one."""

    on_delete: Annotated[Literal["delete", "retain", "restore"] | None, Policy()]
    """What happens to the profile when its declaration goes: `delete` (default; refused while it is used) or `retain`.

    An adopted one: `retain` (default), or `restore` what was there before.
    """


@with_config(INPUTS)
class FurtherArgs(ServerArgs, IncomingArgs, OutgoingArgs, IdentityArgs, OwnershipArgs, LifeArgs, total=False):
    """What a program may add to every set-up."""


@with_config(INPUTS)
class EmailServerProfileArgs(WhatArgs, CredentialsArgs, FurtherArgs, total=False):
    """The arguments of `EmailServerProfile`; one that is left out, or `None`, stays as the server has it."""


@with_config(INPUTS)
class EmailServerProfileResults(TypedDict, total=False):
    """What a refresh, or the adoption of a profile, tells about it."""

    is_incoming_password_set: Annotated[
        bool, Column("isincomingpasswordset", "Is Incoming Password Set", default=False)
    ]
    """Whether Dataverse stores a password for incoming mail."""

    is_outgoing_password_set: Annotated[
        bool, Column("isoutgoingpasswordset", "Is Outgoing Password Set", default=False)
    ]
    """Whether Dataverse stores a password for outgoing mail."""

    is_oauth_client_secret_set: Annotated[
        bool, Column("isoauthclientsecretset", "Is OAuth Client Secret Set", default=False)
    ]
    """Whether Dataverse stores an application's secret."""

    email_server_type_name: Annotated[str, Column("emailservertypename", "Email Server Type Name")]
    """What the admin center calls the mail system behind the profile."""

    last_authorization_status: Annotated[
        LastAuthorizationStatus, Column("lastauthorizationstatus", "Last Test Authorization Status", default="success")
    ]
    """Whether the mail server took the credentials, when the profile was last tested."""

    last_test_execution_status: Annotated[
        LastTestStatus, Column("lasttestexecutionstatus", "Last Test Execution Status", default="success")
    ]
    """How the last test of the profile ended."""
