"""What to do about each refusal of Entra."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..redaction import blot
from .ways import AzureCli, Certificate, ClientSecret, DeviceCode, Federated, ManagedIdentity, Way

CODES = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust"
CONDITIONAL_ACCESS = "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity"
CERTIFICATES = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"
CONSENT = "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview"
IDENTITIES = "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview"
APPLICATIONS = "https://learn.microsoft.com/power-platform/admin/manage-application-users"
CLOUDS = "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud"


@dataclass(frozen=True)
class Advice:
    """What to do, one sentence, and Microsoft's page about it."""

    text: str
    page: str = CODES

    def __str__(self) -> str:
        return f"{self.text} See {self.page}"


_PERSON = "An application without a person is not asked for this: use a client secret, a certificate or federation."

ADVICE: Mapping[str, Advice] = {
    "The key used is expired": Advice(
        "The certificate has expired: make a new one, add it to the application, and point clientCertificatePath at "
        "it.",
        CERTIFICATES,
    ),
    "Identity not found": Advice(
        "Assign a managed identity to this machine, or check clientId: it names a user-assigned one.", IDENTITIES
    ),
    "AADSTS7000215:": Advice("Check clientSecret: it is the secret's value, not the secret's id."),
    "AADSTS7000222:": Advice("The client secret has expired: make a new one and give it as clientSecret."),
    "AADSTS7000218:": Advice(
        "Allow public client flows in the app registration (Authentication), or log in with a secret."
    ),
    "AADSTS7000112:": Advice("The application is disabled: enable it in Entra, under Enterprise applications."),
    "AADSTS7000229:": Advice(
        "The application has no service principal in this tenant: let its administrator consent to it.", CONSENT
    ),
    "AADSTS700016:": Advice("Check clientId and tenantId: the tenant does not know this application."),
    "AADSTS700027:": Advice(
        "The application does not know this certificate: add it in Entra (Certificates & secrets), or point "
        "clientCertificatePath at the one it knows.",
        CERTIFICATES,
    ),
    "AADSTS700024:": Advice(
        "The assertion is too old or too new: check this machine's clock, and that the federated token is fresh."
    ),
    "AADSTS700021:": Advice("Check clientId: the federated token is another application's own."),
    "AADSTS70021:": Advice(
        "No federated credential of the application matches: compare issuer, subject and audience.", FEDERATION
    ),
    "AADSTS700211:": Advice(
        "No federated credential of the application has this issuer: add one for where this runs.", FEDERATION
    ),
    "AADSTS700212:": Advice(
        "No federated credential of the application has this audience: it should be api://AzureADTokenExchange.",
        FEDERATION,
    ),
    "AADSTS700213:": Advice(
        "No federated credential of the application has this subject: it names the repository and branch, "
        "environment, service connection or service account that may log in.",
        FEDERATION,
    ),
    "AADSTS7002138:": Advice(
        "The subject of the federated credential differs in upper and lower case: write it as the token does.",
        FEDERATION,
    ),
    "AADSTS50013:": Advice("The federated token's signature is not valid: check what issues it.", FEDERATION),
    "AADSTS50027:": Advice("The federated token is no token: check oidcToken or oidcTokenFilePath.", FEDERATION),
    "AADSTS90002:": Advice(
        "Check tenantId: there is no such tenant; and environment or authorityHost, in sovereign clouds.", CLOUDS
    ),
    "AADSTS900023:": Advice("Check tenantId: it is neither a GUID nor a domain name of a tenant."),
    "AADSTS900382:": Advice("Check environment or authorityHost: the application is of another cloud.", CLOUDS),
    "AADSTS500011:": Advice(
        "Check environmentUrl and tenantId: the tenant knows no environment with that address.", CLOUDS
    ),
    "AADSTS70011:": Advice("Check environmentUrl: no token is given for that address."),
    "AADSTS65001:": Advice("Nobody has consented to this: let an administrator of the tenant consent.", CONSENT),
    "AADSTS650057:": Advice(
        "Add the permission user_impersonation of Dynamics CRM (Dataverse) to the app registration.", CONSENT
    ),
    "AADSTS50105:": Advice("Assign the user or application under Enterprise applications: it demands assignment."),
    "AADSTS50020:": Advice("This person is no member of the tenant: check tenantId, or invite them."),
    "AADSTS50034:": Advice("The tenant knows no such person: check tenantId and who logs in."),
    "AADSTS50076:": Advice(f"Entra demands a second factor. {_PERSON}"),
    "AADSTS50079:": Advice(f"Entra demands that the person sets up a second factor. {_PERSON}"),
    "AADSTS50158:": Advice(f"Entra demands another step of the person. {_PERSON}"),
    "AADSTS50173:": Advice("The login was revoked: log in again."),
    "AADSTS70043:": Advice("The login is too old for the tenant's rules: log in again."),
    "AADSTS70020:": Advice("The code has expired before somebody typed it in: run again."),
    "AADSTS53003:": Advice(
        "A Conditional Access policy forbids this login: let an administrator look at the sign-in log, and allow this "
        "application or the addresses that it runs from.",
        CONDITIONAL_ACCESS,
    ),
    "AADSTS53000:": Advice("A Conditional Access policy demands a managed device: log in from one."),
    "AADSTS530003:": Advice("A Conditional Access policy demands a managed device: log in from one."),
    "AADSTS53004:": Advice("Entra thinks that this login is risky: let an administrator look at the sign-in log."),
    "authorization_declined": Advice("The person declined: run again, and approve."),
    "expired_token": Advice("The code has expired before somebody typed it in: run again."),
}
"""What a refusal's text holds, and what to do; the first that fits counts.

Codes may change, says Microsoft, so that each is only a reason to say more than Entra itself does.
"""

_BY_WAY: Mapping[type[Way], Advice] = {
    ClientSecret: Advice("Check tenantId, clientId and clientSecret."),
    Certificate: Advice("Check tenantId, clientId and clientCertificatePath.", CERTIFICATES),
    Federated: Advice("Check tenantId, clientId and the application's federated credentials.", FEDERATION),
    ManagedIdentity: Advice("Check that this machine has a managed identity, and clientId if it is given.", IDENTITIES),
    AzureCli: Advice("Run `az login`, then try again."),
    DeviceCode: Advice("Check tenantId and clientId, and run again."),
}

UNREACHED: Mapping[type[Way], str] = {
    ManagedIdentity: "Run this on a machine in Azure that has a managed identity, or state another way to log in.",
    Federated: "Check tenantId and authorityHost, and that this machine reaches them and the token service.",
}
"""What to do where no usable answer comes; `REACH` for every other way."""

REACH = "Check tenantId and authorityHost, and that this machine reaches them."


def explained(error: str, description: str, way: Way, secrets: Iterable[str]) -> str:
    """Return a refusal in Entra's own words, with every secret blotted out, and what to do about it.

    Args:
        error: the kind of error, such as `invalid_client`.
        description: Entra's sentence, which begins with its code; may be empty.
        way: how the login was tried.
        secrets: texts that it must not repeat.
    """
    reason = next(iter(description.splitlines()), "") or error or "no reason given"
    advice = next((it for mark, it in ADVICE.items() if mark in f"{error} {reason}"), _BY_WAY[type(way)])
    return f"{blot(reason, secrets)}\n{advice}"
