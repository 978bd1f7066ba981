"""Server-side synchronization of Dynamics 365 / Dataverse, declared with Pulumi.

What a program sees, and only that: the kinds, their arguments, the choices, `Provider`, and the errors.
"""

from .declare import CLEAR
from .errors import (
    DataverseEmailError,
    DataverseError,
    Failed,
    Forbidden,
    KeyNotFound,
    LoginError,
    NotDataverse,
    Refused,
    RowConflict,
    RowExists,
    RowNotFound,
    SettingsError,
    UnknownOutcome,
    Unreachable,
    WrongEnvironment,
)
from .provider import Provider
from .resources.email_server_profile import CredentialRetrieval, EmailServerProfile, EmailServerProfileArgs, ServerType
from .resources.mailbox import (
    ActDeliveryMethod,
    IncomingEmailDeliveryMethod,
    Mailbox,
    MailboxArgs,
    OutgoingEmailDeliveryMethod,
)
from .resources.organization_email_settings import OrganizationEmailSettings, OrganizationEmailSettingsArgs

__all__ = [
    "CLEAR",
    "ActDeliveryMethod",
    "CredentialRetrieval",
    "DataverseEmailError",
    "DataverseError",
    "EmailServerProfile",
    "EmailServerProfileArgs",
    "Failed",
    "Forbidden",
    "IncomingEmailDeliveryMethod",
    "KeyNotFound",
    "LoginError",
    "Mailbox",
    "MailboxArgs",
    "NotDataverse",
    "OrganizationEmailSettings",
    "OrganizationEmailSettingsArgs",
    "OutgoingEmailDeliveryMethod",
    "Provider",
    "Refused",
    "RowConflict",
    "RowExists",
    "RowNotFound",
    "ServerType",
    "SettingsError",
    "UnknownOutcome",
    "Unreachable",
    "WrongEnvironment",
]
