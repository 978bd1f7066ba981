"""One request for a token, in each of the ways; nothing is remembered here but what msal puts into a given cache."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import compile as pattern
from typing import Any

import msal
from msal.exceptions import MsalError

from ..errors import LoginError
from ..log import LOG
from . import azure_cli, certificates
from .assertions import NoAssertion, assertion
from .azure_cli import NoCliToken
from .certificates import UnusableCertificate
from .refusals import REACH, UNREACHED, explained
from .session import EntraSession
from .ways import AzureCli, Certificate, ClientSecret, DeviceCode, Federated, ManagedIdentity, Way, secrets

STRANGE = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MsalError)
"""What msal raises where no answer comes (requests' errors among them), or one that is not Entra's."""

_PRINTABLE = pattern(r"[\x21-\x7e]+")

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Token:
    """An access token and its lifetime in seconds."""

    text: str
    lifetime: float

    def __repr__(self) -> str:
        return f"Token(lifetime={self.lifetime})"


class Refusal(Exception):
    """Entra itself, or what stands before it on this machine, said no: asking again at once is of no use."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted: a token of a resource, from a tenant.

    Args:
        resource: https and host, or an application's id.
        authority: address of the tenant; of no meaning to a managed identity.
        claims: what the resource demands of a new token (JSON); empty for nothing.
        cache: keeps what renews a person's login.
        tell: shows a person what to do.
    """

    resource: str
    authority: str
    claims: str
    cache: msal.TokenCache
    tell: Callable[[str], None]

    @property
    def scopes(self) -> list[str]:
        """The resource, as Entra's second version wants it."""
        return [f"{self.resource}/.default"]

    @property
    def challenge(self) -> str | None:
        """The claims, as msal wants them."""
        return self.claims or None


def ask(way: Way, wanted: Wanted) -> Token:
    """Ask for a new token.

    Raises:
        Refusal: there is none for this login.
        LoginError: no usable answer came.
    """
    tried = _tried(way, wanted.authority)
    hidden = list(secrets(way))
    try:
        with EntraSession(direct=isinstance(way, ManagedIdentity)) as session:
            answer = _answer(way, wanted, session, hidden)
        text = answer.get("access_token")
        if text and not _PRINTABLE.fullmatch(text):
            raise ValueError("this is no token")
        if text:
            token = Token(text, float(answer.get("expires_in") or 0))
            LOG.debug("%s: a token of %s for %.0f seconds", tried, wanted.resource, token.lifetime)
            return token
        error, description = (str(answer.get(it) or "") for it in ("error", "error_description"))
    except (UnusableCertificate, NoAssertion, NoCliToken) as cause:
        raise Refusal(f"{tried}: {cause}") from None
    except STRANGE as cause:
        advice = UNREACHED.get(type(way), REACH)
        raise LoginError(f"{tried}: no usable answer ({type(cause).__name__}).\n{advice}") from cause
    raise Refusal(f"{tried}: {explained(error, description, way, hidden)}")


def _answer(way: Way, wanted: Wanted, session: EntraSession, hidden: list[str]) -> Answer:
    match way:
        case ClientSecret(client_id, secret):
            return _for_application(client_id, secret, wanted, session)
        case Certificate(client_id, path, password):
            return _for_application(client_id, certificates.credential(path, password), wanted, session)
        case Federated(client_id, source):
            token = assertion(source, session)
            hidden.append(token)
            return _for_application(client_id, {"client_assertion": lambda: token}, wanted, session)
        case ManagedIdentity(client_id):
            return _for_machine(client_id, wanted, session)
        case AzureCli():
            return _for_cli(wanted)
        case DeviceCode(client_id):
            return _for_person(client_id, wanted, session)


def _for_application(client_id: str, credential: object, wanted: Wanted, session: EntraSession) -> Answer:
    application = msal.ConfidentialClientApplication(
        client_id,
        authority=wanted.authority,
        client_credential=credential,
        # The authority is the person's own setting: asking a public list about it would break isolated clouds and
        # previews behind a firewall.
        instance_discovery=False,
        http_client=session,
    )
    answer: Answer = application.acquire_token_for_client(wanted.scopes, claims_challenge=wanted.challenge)
    return answer


def _for_machine(client_id: str | None, wanted: Wanted, session: EntraSession) -> Answer:
    identity = (
        msal.UserAssignedManagedIdentity(client_id=client_id) if client_id else msal.SystemAssignedManagedIdentity()
    )
    client = msal.ManagedIdentityClient(identity, http_client=session)
    answer: Answer = client.acquire_token_for_client(resource=wanted.resource)
    return answer


def _for_cli(wanted: Wanted) -> Answer:
    tenant = wanted.authority.rpartition("/")[2]
    if wanted.claims:
        raise NoCliToken(
            "Dataverse demands a fresh login of the person.\n"
            f"Run `az logout` and `az login --tenant {tenant}`, then try again."
        )
    return azure_cli.ask(wanted.resource, tenant)


def _for_person(client_id: str, wanted: Wanted, session: EntraSession) -> Answer:
    application = msal.PublicClientApplication(
        client_id,
        authority=wanted.authority,
        token_cache=wanted.cache,
        instance_discovery=False,
        http_client=session,
    )
    for account in application.get_accounts():
        renewed: Answer | None = application.acquire_token_silent(
            wanted.scopes, account, force_refresh=True, claims_challenge=wanted.challenge
        )
        if renewed:
            return renewed
    flow: dict[str, Any] = application.initiate_device_flow(wanted.scopes)
    if "user_code" not in flow:
        return flow
    wanted.tell(str(flow["message"]))
    answer: Answer = application.acquire_token_by_device_flow(flow, claims_challenge=wanted.challenge)
    return answer


def _tried(way: Way, authority: str) -> str:
    match way:
        case ManagedIdentity(client_id):
            return f"log in with the managed identity of this machine{f' ({client_id})' if client_id else ''}"
        case AzureCli():
            return f"log in at {authority} with the Azure CLI"
        case DeviceCode(client_id):
            return f"log in at {authority} with a device code, through application {client_id}"
        case ClientSecret(client_id) | Certificate(client_id) | Federated(client_id):
            return f"log in at {authority} as application {client_id}"
