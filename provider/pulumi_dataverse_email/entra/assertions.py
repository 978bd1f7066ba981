"""Federated tokens: what another issuer says about this job, file or cluster.

Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation
"""

from pathlib import Path

import requests

from .ways import AzureDevOps, GitHubActions, Source, TokenFile, TokenText

AUDIENCE = "api://AzureADTokenExchange"
"""What a federated token is meant for, in all clouds but where an application's credential says otherwise."""

OK = 200


class NoAssertion(Exception):
    """There is no federated token; the text says what came instead, and what to do."""


def assertion(source: Source, session: requests.Session) -> str:
    """Return a federated token, fetched or read anew.

    Raises:
        NoAssertion: the file or the service gives none.
        requests.RequestException: the service does not answer.
    """
    match source:
        case TokenText(token):
            return token
        case TokenFile(path):
            return _read(path)
        case GitHubActions():
            return _from_github(source, session)
        case AzureDevOps():
            return _from_azure_devops(source, session)


def _read(path: str) -> str:
    try:
        token = Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds no text"
        raise NoAssertion(
            f"the token file {path} cannot be read ({reason}).\n"
            "Check oidcTokenFilePath; in a cluster, that the pod carries the label azure.workload.identity/use."
        ) from error
    if not token:
        raise NoAssertion(f"the token file {path} is empty.\nCheck oidcTokenFilePath, and what writes that file.")
    return token


def _from_github(source: GitHubActions, session: requests.Session) -> str:
    """Source: https://docs.github.com/actions/reference/security/oidc."""
    answer = session.get(
        source.url, params={"audience": AUDIENCE}, headers={"Authorization": f"Bearer {source.request_token}"}
    )
    return _found(answer, "value", "GitHub's token service", "Give the job the permission `id-token: write`.")


def _from_azure_devops(source: AzureDevOps, session: requests.Session) -> str:
    """Source: https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create."""
    answer = session.post(
        source.url,
        params={"api-version": "7.1", "serviceConnectionId": source.service_connection_id},
        headers={
            "Authorization": f"Bearer {source.request_token}",
            "Content-Type": "application/json",
            "X-TFS-FedAuthRedirect": "Suppress",  # a refusal, not a page to log in
        },
    )
    advice = (
        "Check adoServiceConnectionId, that the pipeline may use that service connection, and that the step has "
        "SYSTEM_ACCESSTOKEN: $(System.AccessToken) in its env."
    )
    return _found(answer, "oidcToken", "the token service of Azure DevOps", advice)


def _found(answer: requests.Response, name: str, service: str, advice: str) -> str:
    try:
        body = answer.json()
    except ValueError:
        body = None
    token = body.get(name) if isinstance(body, dict) else None
    if answer.status_code != OK or not isinstance(token, str) or not token:
        raise NoAssertion(f"{service} answered HTTP {answer.status_code} without a token.\n{advice}")
    return token
