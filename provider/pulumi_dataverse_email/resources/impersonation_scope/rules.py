"""What relates the arguments of a scope, and the scope to its profile."""

from collections.abc import Callable, Sequence
from typing import Final

from ...declare import CrossRule, Rule, Values
from ...engine.impersonation_scope.members import KINDS
from ...engine.impersonation_scope.profile import DELEGATION_SAYS, SERVER_TO_SERVER_SAYS
from ..email_server_profile.choices import CredentialRetrieval as Retrieval
from ..sources import BEST_PRACTICES, CROSS_TENANT

APPLICATION_RBAC: Final = "https://learn.microsoft.com/exchange/permissions-exo/application-rbac"
MANAGEMENT_SCOPE: Final = "https://learn.microsoft.com/powershell/module/exchange/new-managementscope"
IMPERSONATION: Final = (
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-configure-impersonation"
)

ONLINE_ONLY: Final = ("application_id", "service_principal_object_id", "roles", "administrative_unit")
SERVER_ONLY: Final = ("recipient_root", "exclusive")
ACCOUNTS: Final = ("service_account", "security_group")


def _online(scope: Values) -> bool:
    return scope.get("platform") == "exchange_online"


def _server(scope: Values) -> bool:
    return scope.get("platform") == "exchange_server"


def _none_of(scope: Values, names: Sequence[str]) -> bool:
    return not any(scope.get(name) for name in names)


def _pair(holds: Callable[[Values, Values], bool]) -> Callable[[Values, Values, Sequence[Values]], bool]:
    return lambda scope, profile, _: holds(scope, profile)


RULES: Final = (
    Rule(
        reads=KINDS,
        blames=KINDS[0],
        says=f"exactly one way to say who the members are is needed, of {', '.join(KINDS)}",
        source=MANAGEMENT_SCOPE,
        holds=lambda scope: sum(bool(scope.get(name)) for name in KINDS) == 1,
    ),
    Rule(
        reads=("profile_mailboxes", "profile"),
        blames="profile_mailboxes",
        says="needs the profile whose mailboxes are meant",
        source=BEST_PRACTICES,
        holds=lambda scope: not scope.get("profile_mailboxes") or scope.get("profile") is not None,
    ),
    Rule(
        reads=("platform", *ACCOUNTS),
        blames="platform",
        says=(
            "Exchange Online has no accounts that impersonate: the role ApplicationImpersonation was removed in "
            "February 2025, after new assignments had been blocked since September 2024. Instead of service_account or "
            "security_group give application_id and service_principal_object_id of the profile's own application"
        ),
        source=APPLICATION_RBAC,
        holds=lambda scope: not _online(scope) or _none_of(scope, ACCOUNTS),
    ),
    Rule(
        reads=("platform", "application_id", "service_principal_object_id", *ACCOUNTS),
        blames="application_id",
        says="Exchange Online needs application_id and service_principal_object_id, both of the enterprise application",
        source=APPLICATION_RBAC,
        holds=lambda scope: (
            not _online(scope)
            or not _none_of(scope, ACCOUNTS)
            or (scope.get("application_id") is not None and scope.get("service_principal_object_id") is not None)
        ),
    ),
    Rule(
        reads=("platform", *SERVER_ONLY),
        blames="recipient_root",
        says=(
            "recipient_root and exclusive are for an Exchange Server: online a root binds no application, and an "
            "exclusive scope shuts administrators out and no application"
        ),
        source=APPLICATION_RBAC,
        holds=lambda scope: not _online(scope) or _none_of(scope, SERVER_ONLY),
    ),
    Rule(
        reads=("platform", *ACCOUNTS),
        blames="service_account",
        says="an Exchange Server needs service_account or security_group, one of the two",
        source=IMPERSONATION,
        holds=lambda scope: not _server(scope) or sum(bool(scope.get(name)) for name in ACCOUNTS) == 1,
    ),
    Rule(
        reads=("platform", *ONLINE_ONLY),
        blames="platform",
        says=f"{', '.join(ONLINE_ONLY)} are for Exchange Online: an Exchange Server limits an account by a filter",
        source=IMPERSONATION,
        holds=lambda scope: not _server(scope) or _none_of(scope, ONLINE_ONLY),
    ),
    Rule(
        reads=("exclusive",),
        blames="exclusive",
        says=(
            "an exclusive scope denies everybody else the mailboxes in it, administrators too, from the moment that "
            "it is made, even before anybody is assigned"
        ),
        source=MANAGEMENT_SCOPE,
        holds=lambda scope: not scope.get("exclusive"),
        severity="warning",
    ),
)

RETRIEVALS: Final = ("incoming_credential_retrieval", "outgoing_credential_retrieval")

PROFILE_RULES: Final = (
    CrossRule(
        through="profile",
        reads=(),
        reads_there=RETRIEVALS,
        blames="profile",
        says=SERVER_TO_SERVER_SAYS,
        source=BEST_PRACTICES,
        holds=_pair(
            lambda _, profile: all(
                profile.get(name) != Retrieval.SERVER_TO_SERVER_AUTHENTICATION for name in RETRIEVALS
            )
        ),
        severity="error",
    ),
    CrossRule(
        through="profile",
        reads=("platform",),
        reads_there=("incoming_credential_retrieval", "incoming_use_impersonation", "adopt"),
        blames="profile",
        says=DELEGATION_SAYS,
        source=BEST_PRACTICES,
        holds=_pair(
            lambda scope, profile: (
                not _server(scope)
                or bool(profile.get("adopt"))
                or profile.get("incoming_credential_retrieval")
                != Retrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE
                or bool(profile.get("incoming_use_impersonation"))
            )
        ),
        severity="error",
    ),
    CrossRule(
        through="profile",
        reads=("application_id",),
        reads_there=("oauth_client_id",),
        blames="application_id",
        says="the profile logs in as another application, its oauth_client_id: the scope would limit the wrong one",
        source=CROSS_TENANT,
        holds=_pair(
            lambda scope, profile: (
                None in (scope.get("application_id"), profile.get("oauth_client_id"))
                or str(scope["application_id"]).lower() == str(profile["oauth_client_id"]).lower()
            )
        ),
        severity="error",
    ),
)
