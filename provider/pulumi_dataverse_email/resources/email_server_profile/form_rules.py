"""What the forms of the admin center ask for with each way to log in that is no user name and password."""

from ...declare import Rule, Values
from ..sources import CODES, CROSS_TENANT, GMAIL, HYBRID
from .choices import CredentialRetrieval as Retrieval

RETRIEVAL = "incoming_credential_retrieval"
TENANT = "exchange_online_tenant_id"
OWN_TENANT = "use_default_tenant_id"

ASKED = (
    (Retrieval.OAUTH_WITH_MICROSOFT_ENTRA_ID, ("oauth_client_id", "oauth_client_secret"), CROSS_TENANT),
    (Retrieval.GMAIL_OAUTH, ("oauth_client_id", "oauth_client_secret"), GMAIL),
    (Retrieval.EXCHANGE_HYBRID_MODERN_AUTH, ("oauth_client_id", TENANT, "aad_resource_id"), HYBRID),
)
"""What no published code refuses to leave out: who keeps it out of the program may enter it in the form."""


def _is_given(profile: Values, retrieval: Retrieval, name: str) -> bool:
    """Say whether a profile that is made here, with credentials of that kind, has the argument."""
    return bool(profile.get("adopt")) or profile.get(RETRIEVAL) != retrieval or profile.get(name) is not None


def _needs(retrieval: Retrieval, name: str, source: str) -> Rule:
    return Rule(
        reads=(RETRIEVAL, name, "adopt"),
        blames=name,
        says=f"is needed where {RETRIEVAL} is '{retrieval}'",
        source=source,
        holds=lambda profile: _is_given(profile, retrieval, name),
    )


def _asks_for(retrieval: Retrieval, name: str, source: str) -> Rule:
    return Rule(
        reads=(RETRIEVAL, name, "adopt"),
        blames=name,
        says=f"'{retrieval}' does not work without {name}: state it, or enter it in the admin center",
        source=source,
        holds=lambda profile: _is_given(profile, retrieval, name),
        severity="warning",
    )


def _tenant_is_stated(profile: Values) -> bool:
    return profile.get(OWN_TENANT) is not False or _is_given(profile, Retrieval.OAUTH_WITH_MICROSOFT_ENTRA_ID, TENANT)


def _tenant_is_used(profile: Values) -> bool:
    own = profile.get(OWN_TENANT)
    stays = not profile.get("adopt") if own is None else bool(own)
    oauth = profile.get(RETRIEVAL) == Retrieval.OAUTH_WITH_MICROSOFT_ENTRA_ID
    return not (oauth and stays) or profile.get(TENANT) is None


FORM_RULES = (
    _needs(Retrieval.EXCHANGE_HYBRID_MODERN_AUTH, "key_vault_reference", HYBRID),
    _needs(Retrieval.POWER_PLATFORM_MANAGED_IDENTITY_AUTH, "power_platform_managed_identity", CODES),
    *(_asks_for(retrieval, name, source) for retrieval, names, source in ASKED for name in names),
    Rule(
        reads=(RETRIEVAL, OWN_TENANT, TENANT, "adopt"),
        blames=TENANT,
        says=f"is needed where {OWN_TENANT} is False: the Microsoft Entra tenant of the Exchange Online",
        source=CROSS_TENANT,
        holds=_tenant_is_stated,
    ),
    # No page tells which of the two columns wins.
    Rule(
        reads=(RETRIEVAL, OWN_TENANT, TENANT, "adopt"),
        blames=TENANT,
        says=f"may have no effect: a new profile has {OWN_TENANT}=True; for another tenant set that to False",
        source=CROSS_TENANT,
        holds=_tenant_is_used,
        severity="warning",
    ),
)
