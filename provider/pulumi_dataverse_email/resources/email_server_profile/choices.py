"""The choices of an email server profile."""

from ...declare import Choice, Learnt
from ..tables import PROFILES

BUILT_IN = "Microsoft Exchange Online"
"""The profile that Dataverse makes where the tenant has Exchange Online."""


class ServerType(Choice):
    """The mail system behind a profile."""

    EXCHANGE_SERVER = "exchange_server", 0
    OTHER = "other", 1
    EXCHANGE_SERVER_HYBRID = "exchange_server_hybrid", 2
    EXCHANGE_ONLINE_HYBRID = "exchange_online_hybrid", 3
    IMAP_SMTP = "imap_smtp", 4
    EXCHANGE_ONLINE = "exchange_online", Learnt(PROFILES, BUILT_IN, "servertype")


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


class AuthenticationProtocol(Choice):
    """How a user name and a password are handed to a mail server."""

    AUTO_DETECT = "auto_detect", 0
    NEGOTIATE = "negotiate", 1
    NTLM = "ntlm", 2
    BASIC = "basic", 3
    OAUTH = "oauth", 4


class ExchangeVersion(Choice):
    """The version of an Exchange Server; Microsoft supports 2013 and later."""

    EXCHANGE_2007 = "exchange_2007", 0
    EXCHANGE_2007_SP1 = "exchange_2007_sp1", 1
    EXCHANGE_2010 = "exchange_2010", 2
    EXCHANGE_2010_SP1 = "exchange_2010_sp1", 3
    EXCHANGE_2010_SP2 = "exchange_2010_sp2", 4
    EXCHANGE_2013 = "exchange_2013", 5


class ServerAuthority(Choice):
    """The cloud whose Microsoft Entra ID answers for the mail server."""

    PUBLIC_GCC = "public_gcc", 0
    US_GOVERNMENT_GCC_HIGH_AND_DOD = "us_government_gcc_high_and_dod", 1
    CHINA_21VIANET = "china_21vianet", 2
    AUTOMATIC = "automatic", 3


class LastTestStatus(Choice):
    """How the last test of a profile ended."""

    FAILURE = "failure", 0
    SUCCESS = "success", 1
    WARNING = "warning", 2


class LastAuthorizationStatus(Choice):
    """How the authorization in the last test of a profile ended."""

    FAILURE = "failure", 0
    SUCCESS = "success", 1
