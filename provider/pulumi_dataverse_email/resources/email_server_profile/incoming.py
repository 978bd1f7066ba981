"""The arguments of a profile about the incoming server and its credentials."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, ChoiceInput, ClearableInput, Column, Input, Moment, Note
from ..sources import BEST_PRACTICES, ON_PREMISES
from .choices import AuthenticationProtocol, CredentialRetrieval


@with_config(INPUTS)
class CredentialsArgs(TypedDict, total=False):
    """Whose credentials open the mailboxes: what each set-up settles by itself, or asks for."""

    incoming_credential_retrieval: Annotated[
        ChoiceInput[CredentialRetrieval],
        Column(
            "incomingcredentialretrieval",
            "Authenticate Using",
            retest=True,
            default="credentials_specified_by_a_user_or_queue",
        ),
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
            goes_with="incoming_user_name",
            clearable=True,
            restorable=False,
            retest=True,
        ),
    ]
    """The account's password; Dataverse stores it and never shows it again."""

    incoming_password_expires_on: Annotated[Input[Moment], Note()]
    """When the password expires; previews warn from 30 days before. Kept in the state, never sent."""


@with_config(INPUTS)
class IncomingArgs(TypedDict, total=False):
    """How incoming mail is fetched."""

    incoming_use_impersonation: Annotated[
        Input[bool],
        Column("incominguseimpersonation", "Use Impersonation", retest=True, default=False, source=BEST_PRACTICES),
    ]
    """Whether one account opens all mailboxes by impersonation; without it, by delegation."""

    incoming_authentication_protocol: Annotated[
        ChoiceInput[AuthenticationProtocol],
        Column(
            "incomingauthenticationprotocol",
            "Incoming Authentication Protocol",
            retest=True,
            default="auto_detect",
            source=ON_PREMISES,
        ),
    ]
    """How user name and password are handed to the incoming server."""

    incoming_server_location: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=2084),
        Column("incomingserverlocation", "Incoming Server Location", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """Address of the incoming server, such as `https://mail.contoso.com/EWS/Exchange.asmx`."""

    incoming_port_number: Annotated[
        ClearableInput[int],
        Field(ge=0, le=65535),
        Column("incomingportnumber", "Incoming Port", clearable=True, retest=True, source=ON_PREMISES),
    ]
    """TCP port of the incoming server, 443 for Exchange Web Services."""

    incoming_use_ssl: Annotated[
        Input[bool],
        Column("incomingusessl", "Use SSL for Incoming Connection", retest=True, default=True, source=ON_PREMISES),
    ]
    """Whether the connection to the incoming server is encrypted."""
