"""Which credentials go with which mail system, what user names and passwords need, and what expires."""

import re
from collections.abc import Mapping
from uuid import UUID

from ...declare import Rule, Values
from ..dates import expires
from ..sources import BASIC_AUTHENTICATION, BEST_PRACTICES, CODES, CROSS_TENANT, HYBRID, POP_AND_SMTP, SUPPORTED
from .choices import CredentialRetrieval as Retrieval
from .choices import ServerType
from .server_rules import MAIL_ONLY, RETRIEVALS

ONLINE = (Retrieval.SERVER_TO_SERVER_AUTHENTICATION, Retrieval.OAUTH_WITH_MICROSOFT_ENTRA_ID)
WITH_PASSWORD = (
    Retrieval.CREDENTIALS_SPECIFIED_BY_A_USER_OR_QUEUE,
    Retrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE,
)
ONLINE_HOSTS = ("outlook.office365.com", "outlook.office.com")
"""Where Exchange Online of the worldwide cloud takes Exchange Web Services, POP3 and IMAP."""

FOREIGN: Mapping[object, tuple[Retrieval, ...]] = {
    ServerType.EXCHANGE_SERVER: (*ONLINE, Retrieval.GMAIL_OAUTH),
    ServerType.EXCHANGE_ONLINE: (Retrieval.EXCHANGE_HYBRID_MODERN_AUTH, Retrieval.GMAIL_OAUTH),
    ServerType.OTHER: (*ONLINE, Retrieval.EXCHANGE_HYBRID_MODERN_AUTH),
    ServerType.IMAP_SMTP: (*ONLINE, Retrieval.EXCHANGE_HYBRID_MODERN_AUTH),
}
"""The credentials that no form offers for a server type."""


def _retrieved(profile: Values) -> set[object]:
    return {profile.get(name) for name in RETRIEVALS} - {None}


def _own_outgoing_is_whole(profile: Values) -> bool:
    own = (
        profile.get("use_same_settings_for_outgoing_connections") is False
        and profile.get("outgoing_credential_retrieval") == WITH_PASSWORD[1]
        and not profile.get("adopt")
    )
    return not own or None not in (profile.get("outgoing_username"), profile.get("outgoing_password"))


def _uses_the_same(profile: Values) -> bool:
    """Whether outgoing mail uses the incoming settings, as in a new row that says nothing about it."""
    same = profile.get("use_same_settings_for_outgoing_connections")
    return not profile.get("adopt") if same is None else bool(same)


def _is_exchange_online(location: object) -> bool:
    host = re.split(r"[/:]", str(location).casefold().rpartition("://")[2])[0]
    return host in ONLINE_HOSTS


def _is_guid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return value is None
    return True


CREDENTIAL_RULES = (
    Rule(
        reads=("outgoing_username", "outgoing_password"),
        blames="outgoing_username",
        says="a password needs an outgoing_username; give both or neither",
        source=BEST_PRACTICES,
        holds=lambda profile: profile.get("outgoing_password") is None or profile.get("outgoing_username") is not None,
    ),
    Rule(
        reads=(
            "use_same_settings_for_outgoing_connections",
            "outgoing_credential_retrieval",
            "outgoing_username",
            "outgoing_password",
            "adopt",
        ),
        blames="outgoing_credential_retrieval",
        says="outgoing credentials in the profile need outgoing_username and outgoing_password",
        source=CODES,
        holds=_own_outgoing_is_whole,
    ),
    Rule(
        reads=(
            "use_same_settings_for_outgoing_connections",
            "outgoing_username",
            "outgoing_password",
            "incoming_user_name",
            "adopt",
        ),
        blames="use_same_settings_for_outgoing_connections",
        says=(
            "outgoing mail uses the incoming credentials: "
            "leave out outgoing_username and outgoing_password, or set this to False"
        ),
        source=CODES,
        holds=lambda profile: (
            not _uses_the_same(profile)
            or (
                profile.get("outgoing_password") is None
                and profile.get("outgoing_username") in (None, profile.get("incoming_user_name"))
            )
        ),
    ),
    Rule(
        reads=("server_type", *RETRIEVALS),
        blames="incoming_credential_retrieval",
        says=(
            "Exchange Online takes no user name and password any more; "
            "use 'server_to_server_authentication', or for another tenant 'oauth_with_microsoft_entra_id'"
        ),
        source=SUPPORTED,
        holds=lambda profile: (
            profile.get("server_type") != ServerType.EXCHANGE_ONLINE or _retrieved(profile).isdisjoint(WITH_PASSWORD)
        ),
    ),
    Rule(
        reads=("incoming_server_location", "incoming_credential_retrieval"),
        blames="incoming_server_location",
        says=(
            "Exchange Online, where this location is, takes no user name and password any more; use a profile with "
            "server_type='exchange_online' and incoming_credential_retrieval='server_to_server_authentication'"
        ),
        source=BASIC_AUTHENTICATION,
        holds=lambda profile: (
            profile.get("incoming_credential_retrieval") not in WITH_PASSWORD
            or not _is_exchange_online(profile.get("incoming_server_location"))
        ),
        severity="warning",
    ),
    Rule(
        reads=RETRIEVALS,
        blames="incoming_credential_retrieval",
        says=(
            "Dataverse online refuses Windows integrated authentication and connections without credentials; "
            "choose another way to log in"
        ),
        source=CODES,
        holds=lambda profile: _retrieved(profile).isdisjoint(
            (Retrieval.WINDOWS_INTEGRATED_AUTHENTICATION, Retrieval.WITHOUT_CREDENTIALS)
        ),
    ),
    # A published code refuses this for POP3; the page on IMAP servers has a form that offers it.
    Rule(
        reads=("server_type", "incoming_credential_retrieval"),
        blames="incoming_credential_retrieval",
        says=(
            "a POP3 or IMAP server is opened with each mailbox's own credentials, and Dataverse may refuse all others; "
            f"use '{Retrieval.CREDENTIALS_SPECIFIED_BY_A_USER_OR_QUEUE}'"
        ),
        source=POP_AND_SMTP,
        holds=lambda profile: (
            profile.get("server_type") not in MAIL_ONLY
            or profile.get("incoming_credential_retrieval") != WITH_PASSWORD[1]
        ),
        severity="warning",
    ),
    Rule(
        reads=("server_type", *RETRIEVALS),
        blames="incoming_credential_retrieval",
        says="the admin center offers no such credentials for this server_type; the mail server will refuse them",
        source=SUPPORTED,
        holds=lambda profile: _retrieved(profile).isdisjoint(FOREIGN.get(profile.get("server_type"), ())),
        severity="warning",
    ),
    Rule(
        reads=("exchange_online_tenant_id",),
        blames="exchange_online_tenant_id",
        says="is no GUID; copy the Directory (tenant) ID from the tenant's overview in Microsoft Entra ID",
        source=CROSS_TENANT,
        holds=lambda profile: _is_guid(profile.get("exchange_online_tenant_id")),
        severity="warning",
    ),
    Rule(
        reads=("oauth_client_id", "incoming_credential_retrieval"),
        blames="oauth_client_id",
        says="is no GUID; copy the Application (client) ID from the app registration in Microsoft Entra ID",
        source=CROSS_TENANT,
        holds=lambda profile: (
            profile.get("incoming_credential_retrieval") in (None, Retrieval.GMAIL_OAUTH)
            or _is_guid(profile.get("oauth_client_id"))
        ),
        severity="warning",
    ),
    Rule(
        reads=("server_type", "incoming_credential_retrieval"),
        blames="incoming_credential_retrieval",
        says=(
            "Exchange Web Services of Exchange Online let in listed applications alone since October 2026 and end by "
            "April 2027: have the tenant list the application, and grant it the permissions of Microsoft Graph"
        ),
        source=CROSS_TENANT,
        holds=lambda profile: (
            profile.get("server_type") != ServerType.EXCHANGE_ONLINE
            or profile.get("incoming_credential_retrieval") != Retrieval.OAUTH_WITH_MICROSOFT_ENTRA_ID
        ),
        severity="warning",
    ),
    *expires(
        "incoming_password_expires_on",
        "the password of the account",
        "have it changed where the account is kept, then state the new incoming_password and its date here",
        BEST_PRACTICES,
    ),
    *expires(
        "outgoing_password_expires_on",
        "the password of the account that sends mail",
        "have it changed where the account is kept, then state the new outgoing_password and its date here",
        BEST_PRACTICES,
    ),
    *expires(
        "oauth_client_secret_expires_on",
        "the application's secret",
        "make another one in the app registration, then state the new oauth_client_secret and its date here",
        CROSS_TENANT,
    ),
    *expires(
        "key_vault_certificate_expires_on",
        "the certificate in the key vault",
        "renew it there and upload it to the app registration, then state the date of the new one here",
        HYBRID,
    ),
)
