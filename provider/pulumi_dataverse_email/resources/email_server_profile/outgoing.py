"""The arguments of a profile about the outgoing server and its credentials."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, ChoiceInput, ClearableInput, Column, Input, Moment, Note
from ..sources import BEST_PRACTICES, ON_PREMISES, POP_AND_SMTP
from .choices import AuthenticationProtocol, CredentialRetrieval


@with_config(INPUTS)
class OutgoingArgs(TypedDict, total=False):
    """How outgoing mail is handed over."""

    use_same_settings_for_outgoing_connections: Annotated[
        Input[bool],
        Column(
            "usesamesettingsforoutgoingconnections",
            "Use same settings for Outgoing",
            retest=True,
            default=True,
            source=BEST_PRACTICES,
        ),
    ]
    """Whether outgoing mail uses the credentials of incoming mail."""

    outgoing_credential_retrieval: Annotated[
        ChoiceInput[CredentialRetrieval],
        Column("outgoingcredentialretrieval", "Authenticate Using (outgoing)", retest=True, source=POP_AND_SMTP),
    ]
    """Where the credentials for outgoing mail come from, if not from the incoming settings."""

    outgoing_username: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=250),
        Column("outgoingusername", "User Name (outgoing)", clearable=True, retest=True, source=POP_AND_SMTP),
    ]
    """The account that sends mail; Microsoft spells this one `Username`, the incoming one `UserName`."""

    outgoing_password: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=250),
        Column(
            "outgoingpassword",
            "Password (outgoing)",
            secret=True,
            set_flag="isoutgoingpasswordset",
            goes_with="outgoing_username",
            clearable=True,
            restorable=False,
            retest=True,
            source=POP_AND_SMTP,
        ),
    ]
    """The password of the account that sends mail; Dataverse stores it and never shows it again."""

    outgoing_password_expires_on: Annotated[Input[Moment], Note()]
    """When that password expires; previews warn from 30 days before. Kept in the state, never sent."""

    outgoing_use_impersonation: Annotated[
        Input[bool],
        Column(
            "outgoinguseimpersonation",
            "Use Impersonation (outgoing)",
            retest=True,
            default=False,
            source=BEST_PRACTICES,
        ),
    ]
    """Whether one account sends for all mailboxes by impersonation."""

    outgoing_auto_grant_delegate_access: Annotated[
        Input[bool],
        Column(
            "outgoingautograntdelegateaccess",
            "Auto Grant Delegate Access for Outgoing Email",
            retest=True,
            default=False,
        ),
    ]
    """Whether Dataverse grants itself delegate access to a mailbox when sending needs it; goes with delegation."""

    outgoing_authentication_protocol: Annotated[
        ChoiceInput[AuthenticationProtocol],
        Column(
            "outgoingauthenticationprotocol",
            "Outgoing Authentication Protocol",
            retest=True,
            default="auto_detect",
            source=ON_PREMISES,
        ),
    ]
    """How user name and password are handed to the outgoing server."""

    outgoing_server_location: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=2084),
        Column("outgoingserverlocation", "Outgoing Server Location", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """Address of the outgoing server."""

    outgoing_port_number: Annotated[
        ClearableInput[int],
        Field(ge=0, le=65535),
        Column("outgoingportnumber", "Outgoing Port", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """TCP port of the outgoing server, 443 for Exchange Web Services."""

    outgoing_use_ssl: Annotated[
        Input[bool],
        Column("outgoingusessl", "Use SSL for Outgoing Connection", retest=True, default=True, source=ON_PREMISES),
    ]
    """Whether the connection to the outgoing server is encrypted."""
