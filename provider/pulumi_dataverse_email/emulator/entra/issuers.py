"""The issuers whose tokens Entra may trust: GitHub Actions, Azure DevOps, a cluster with a token file.

GitHub Docs, "OpenID Connect in GitHub Actions"; Microsoft Learn, "Oidctoken - Create" (Azure DevOps) and "Use Microsoft
Entra Workload ID with AKS".
"""

from ..environment import Environment
from . import configuration
from .configuration import Configuration, Issuer
from .directory import EXCHANGE_AUDIENCE
from .identities import HEADER

LIFETIME = 3600
"""Seconds. GitHub's tokens live 5 minutes, those of Azure DevOps 10, a cluster's an hour; one figure serves all."""

GITHUB_REQUEST_TOKEN = "emulated-github-request-token"  # noqa: S105 - of nobody
AZURE_DEVOPS_ACCESS_TOKEN = "emulated-azure-devops-access-token"  # noqa: S105 - of nobody
GITHUB_PATH = "/issuers/github/idtoken"
AZURE_DEVOPS_PATH = "/issuers/azure-devops/oidctoken"
APP_SERVICE_PATH = "/identity/token"
TOKEN_FILE = "federated-token"  # noqa: S105 - a file's name


def settings(environment: Environment) -> Configuration:
    """Return what the issuers say now."""
    with environment.store.read() as transaction:
        return configuration.read(transaction)


def assertion(environment: Environment, issuer: Issuer, audience: str = EXCHANGE_AUDIENCE) -> str:
    """Return a token of an issuer."""
    claims = {"iss": issuer.issuer, "sub": issuer.subject, "aud": audience}
    return environment.signer.issue(claims, LIFETIME, environment.seconds())


def variables(environment: Environment, base: str) -> dict[str, dict[str, str]]:
    """Return, for each place that a program may run in, the environment variables it would find there.

    The token file is written anew, as a cluster does it.
    """
    path = environment.home / TOKEN_FILE
    path.touch(mode=0o600)
    path.write_text(assertion(environment, settings(environment).workload), "ascii")
    client_id, tenant = str(environment.first_application().client_id), environment.tenant_id()
    return {
        "github_actions": {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{base}{GITHUB_PATH}?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": GITHUB_REQUEST_TOKEN,
        },
        "azure_devops": {
            "SYSTEM_OIDCREQUESTURI": f"{base}{AZURE_DEVOPS_PATH}",
            "SYSTEM_ACCESSTOKEN": AZURE_DEVOPS_ACCESS_TOKEN,
        },
        "workload_identity": {
            "AZURE_FEDERATED_TOKEN_FILE": str(path),
            "AZURE_TENANT_ID": tenant,
            "AZURE_CLIENT_ID": client_id,
            "AZURE_AUTHORITY_HOST": f"{base}/",
        },
        "app_service": {"IDENTITY_ENDPOINT": f"{base}{APP_SERVICE_PATH}", "IDENTITY_HEADER": HEADER},
        "virtual_machine": {"AZURE_POD_IDENTITY_AUTHORITY_HOST": base},
    }
