"""The ways to log in, as data: what a person states. No secret is part of a `repr`.

Two that are equal are one login, which has one token.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ClientSecret:
    """An application with a secret."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Certificate:
    """An application with a certificate and its private key, in one PEM or PFX file."""

    client_id: str
    path: str
    password: str = field(default="", repr=False)
    """Of the key or the file; empty where it has none."""


@dataclass(frozen=True)
class TokenText:
    """A federated token, as it is."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class TokenFile:
    """A file with a federated token, which somebody else keeps fresh: it is read anew for each login."""

    path: str


@dataclass(frozen=True)
class GitHubActions:
    """A job in GitHub Actions, whose service gives a federated token."""

    url: str
    request_token: str = field(repr=False)


@dataclass(frozen=True)
class AzureDevOps:
    """A job in Azure Pipelines, whose service gives a federated token for a service connection."""

    url: str
    request_token: str = field(repr=False)
    service_connection_id: str


Source = TokenText | TokenFile | GitHubActions | AzureDevOps


@dataclass(frozen=True)
class Federated:
    """An application that trusts the tokens of another issuer."""

    client_id: str
    source: Source


@dataclass(frozen=True)
class ManagedIdentity:
    """The identity of a machine in Azure."""

    client_id: str | None
    """Of a user-assigned identity; the system-assigned one where there is none."""


@dataclass(frozen=True)
class AzureCli:
    """Whoever is logged in to the Azure CLI on this machine."""


@dataclass(frozen=True)
class DeviceCode:
    """A person who types a code into a browser."""

    client_id: str
    """Of an application that allows public client flows."""


Way = ClientSecret | Certificate | Federated | ManagedIdentity | AzureCli | DeviceCode


def secrets(way: Way) -> tuple[str, ...]:
    """Return the texts of a way that nothing may repeat."""
    match way:
        case ClientSecret(secret=text) | Certificate(password=text) | Federated(source=TokenText(token=text)):
            return (text,)
        case Federated(source=GitHubActions(request_token=text) | AzureDevOps(request_token=text)):
            return (text,)
        case _:
            return ()
