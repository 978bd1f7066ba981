"""Server-side synchronization of Dynamics 365 / Dataverse, declared with Pulumi.

What a program sees, and only that: the kinds, their arguments, the choices, `Provider`, and the errors.
"""

from .declare import CLEAR
from .errors import (
    DataverseEmailError,
    DataverseError,
    DeadlineExceeded,
    Failed,
    Forbidden,
    KeyNotFound,
    LoginError,
    NotDataverse,
    Refused,
    RowChanged,
    RowConflict,
    RowExists,
    RowNotFound,
    SettingsError,
    Throttled,
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
    "DeadlineExceeded",
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
    "RowChanged",
    "RowConflict",
    "RowExists",
    "RowNotFound",
    "ServerType",
    "SettingsError",
    "Throttled",
    "UnknownOutcome",
    "Unreachable",
    "WrongEnvironment",
]
