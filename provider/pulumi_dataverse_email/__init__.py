"""Server-side synchronization of Dynamics 365 / Dataverse, declared with Pulumi.

What a program sees, and only that: the kinds, their arguments, the choices, `Provider`, and the errors.
"""

from .declare import CLEAR
from .errors import (
    DataverseEmailError,
    DataverseError,
    DeadlineExceeded,
    ExchangeError,
    ExchangeExists,
    ExchangeForbidden,
    ExchangeMisrouted,
    ExchangeNotFound,
    ExchangeNotReady,
    ExchangeRefused,
    ExchangeThrottled,
    ExchangeUnsettled,
    Failed,
    Forbidden,
    KeyNotFound,
    LoginError,
    NotDataverse,
    ReachExceeded,
    Refused,
    RowChanged,
    RowConflict,
    RowExists,
    RowNotFound,
    ServiceError,
    SettingsError,
    Throttled,
    UnknownOutcome,
    Unreachable,
    WrongEnvironment,
)
from .provider import Provider
from .resources.email_server_profile import EmailServerProfile
from .resources.email_server_profile.arguments import EmailServerProfileArgs
from .resources.email_server_profile.choices import (
    AuthenticationProtocol,
    CredentialRetrieval,
    ExchangeVersion,
    ServerAuthority,
    ServerType,
)
from .resources.impersonation_scope import ImpersonationScope
from .resources.impersonation_scope.arguments import CustomAttribute, ImpersonationScopeArgs
from .resources.mailbox import Mailbox
from .resources.mailbox.arguments import MailboxArgs
from .resources.mailbox.choices import ActDeliveryMethod, IncomingEmailDeliveryMethod, OutgoingEmailDeliveryMethod
from .resources.mailbox_set import MailboxSet
from .resources.mailbox_set.arguments import CsvFile, MailboxSetArgs, MemberArgs
from .resources.mailbox_set.selection import SelectionArgs
from .resources.mailbox_test_and_enable import MailboxTestAndEnable
from .resources.mailbox_test_and_enable.arguments import MailboxTestAndEnableArgs
from .resources.organization_email_settings import OrganizationEmailSettings, OrganizationEmailSettingsArgs
from .resources.tables import State

__all__ = [
    "CLEAR",
    "ActDeliveryMethod",
    "AuthenticationProtocol",
    "CredentialRetrieval",
    "CsvFile",
    "CustomAttribute",
    "DataverseEmailError",
    "DataverseError",
    "DeadlineExceeded",
    "EmailServerProfile",
    "EmailServerProfileArgs",
    "ExchangeError",
    "ExchangeExists",
    "ExchangeForbidden",
    "ExchangeMisrouted",
    "ExchangeNotFound",
    "ExchangeNotReady",
    "ExchangeRefused",
    "ExchangeThrottled",
    "ExchangeUnsettled",
    "ExchangeVersion",
    "Failed",
    "Forbidden",
    "ImpersonationScope",
    "ImpersonationScopeArgs",
    "IncomingEmailDeliveryMethod",
    "KeyNotFound",
    "LoginError",
    "Mailbox",
    "MailboxArgs",
    "MailboxSet",
    "MailboxSetArgs",
    "MailboxTestAndEnable",
    "MailboxTestAndEnableArgs",
    "MemberArgs",
    "NotDataverse",
    "OrganizationEmailSettings",
    "OrganizationEmailSettingsArgs",
    "OutgoingEmailDeliveryMethod",
    "Provider",
    "ReachExceeded",
    "Refused",
    "RowChanged",
    "RowConflict",
    "RowExists",
    "RowNotFound",
    "SelectionArgs",
    "ServerAuthority",
    "ServerType",
    "ServiceError",
    "SettingsError",
    "State",
    "Throttled",
    "UnknownOutcome",
    "Unreachable",
    "WrongEnvironment",
]
