"""The token endpoint of Entra, for applications with a secret.

Microsoft Learn, "OAuth 2.0 client credentials flow" and "Microsoft Entra authentication and authorization error codes".
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote_plus
from uuid import uuid4

from .environment import Environment
from .errors import EntraError
from .seed import Application
from .tokens import LIFETIME

Document = dict[str, object]
"""A JSON object."""

HOST_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""The environment answers to each of them, on one port."""

_SCOPE = re.compile(r"(https://([^/\s]+))/{1,2}\.default")


def openid_configuration(environment: Environment, tenant: str, base: str) -> Document:
    """Return where this tenant's endpoints are; `base` is the URL that the client used, without path.

    Raises:
        EntraError: there is no such tenant.
    """
    _check_tenant(environment, tenant)
    authority = f"{base}/{tenant}"
    return {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
    }


def token(environment: Environment, tenant: str, host: str, headers: Mapping[str, str], body: bytes) -> Document:
    """Answer a token request; `host` is where the environment stands.

    Raises:
        EntraError: no token for this request.
    """
    form = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    client_id, secret = _credentials(headers, form)
    _check_tenant(environment, tenant)
    if form.get("grant_type") != "client_credentials" or "client_assertion" in form:
        raise EntraError(501, "not_emulated", 70003, "Only client_credentials with a client secret is emulated.")
    application = environment.application(client_id)
    if application is None:
        text = f"Application with identifier '{client_id}' was not found in the directory '{tenant}'."
        raise EntraError(400, "unauthorized_client", 700016, text)
    _check_secret(secret, application)
    scope = _SCOPE.fullmatch(form.get("scope", ""))
    port = host.rpartition(":")[2]
    if scope is None or scope[2].lower() not in {f"{name}:{port}" for name in HOST_NAMES}:
        asked = form.get("scope")
        text = f"The provided value for the input parameter 'scope' is not valid. The scope {asked} is not valid."
        raise EntraError(400, "invalid_scope", 70011, text)
    issued = environment.signer.issue(str(application.client_id), tenant.lower(), scope[1].lower())
    lifetime = {"expires_in": LIFETIME, "ext_expires_in": LIFETIME}
    return {"token_type": "Bearer", **lifetime, "access_token": issued}


def refusal(error: EntraError) -> Document:
    """Return the body of a refusal."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    trace, correlation = str(uuid4()), str(uuid4())
    known_by = f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"
    return {
        "error": error.error,
        "error_description": f"AADSTS{error.number}: {error.text} {known_by}",
        "error_codes": [error.number],
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={error.number}",
    }


def _check_tenant(environment: Environment, tenant: str) -> None:
    if tenant.lower() != environment.tenant_id():
        text = f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
        raise EntraError(400, "invalid_request", 90002, text)


def _check_secret(secret: str, application: Application) -> None:
    if not secret:
        text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise EntraError(401, "invalid_client", 7000218, text)
    if not hmac.compare_digest(secret.encode(), application.secret.encode()):
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{application.client_id}'."
        )
        raise EntraError(401, "invalid_client", 7000215, text)


def _credentials(headers: Mapping[str, str], form: Mapping[str, str]) -> tuple[str, str]:
    """Return client id and secret from HTTP Basic, else from the form."""
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote_plus(client_id), unquote_plus(secret)
    return form.get("client_id", ""), form.get("client_secret", "")
