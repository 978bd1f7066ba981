"""The token endpoint: who asks, by which grant, for what.

Microsoft Learn, "OAuth 2.0 client credentials flow", "OAuth 2.0 device authorization grant" and "Microsoft Entra
authentication and authorization error codes".
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote_plus
from uuid import uuid4

import jwt

from ..environment import Environment
from ..errors import EntraError
from ..store import Transaction
from . import configuration, credentials, devicecodes, directory, resources
from .devicecodes import Person
from .directory import Registration

Document = dict[str, object]
"""A JSON object."""

Form = Mapping[str, str]

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
JWT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOT_EMULATED_GRANTS = frozenset({
    "authorization_code", "password", "urn:ietf:params:oauth:grant-type:jwt-bearer",
})  # fmt: skip
"""Grants that Entra knows; any other is unknown there too."""

REFRESH_LIFETIME = 90 * 24 * 3600
"""Seconds; Microsoft Learn, "Refresh tokens": 90 days."""

_REFRESH_AUDIENCE = "entra:refresh"


def form_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form; of a repeated one, the last."""
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def token(environment: Environment, tenant: str, host: str, headers: Mapping[str, str], body: bytes) -> Document:
    """Answer a token request; `host` is where the environment stands.

    Raises:
        EntraError: no token for this request.
    """
    form = form_of(body)
    grant, store = form.get("grant_type"), environment.store
    with store.write() if grant == DEVICE_CODE else store.read() as transaction:  # a device code is used up
        request = _Request(environment, transaction, tenant, host, form)
        if grant is None:
            raise missing("grant_type")
        if grant == "client_credentials":
            return request.for_application(headers)
        if grant == DEVICE_CODE:
            return request.for_device(headers)
        if grant == "refresh_token":
            return request.for_refresh(headers)
    if grant in NOT_EMULATED_GRANTS:
        raise EntraError(501, "not_emulated", 70003, f"The grant type '{grant}' is not emulated.")
    text = f"The app requested an unsupported grant type '{grant}'."
    raise EntraError(400, "unsupported_grant_type", 70003, text)


class _Request:
    """One token request of one tenant."""

    def __init__(self, environment: Environment, transaction: Transaction, tenant: str, host: str, form: Form) -> None:
        self._environment = environment
        self._transaction = transaction
        self._name = tenant
        self._tenant = checked_tenant(transaction, tenant)
        self._host = host
        self._form = form
        self._now = environment.seconds()
        self._lifetime = configuration.read(transaction).token_lifetime

    def for_application(self, headers: Mapping[str, str]) -> Document:
        application = self._authenticated(headers)
        audience = resources.of_scope(self._form.get("scope"), self._host, self._name)
        issued = application_token(self._environment, application, self._tenant, audience, self._lifetime)
        return {"token_type": "Bearer", **self._lifetimes(), "access_token": issued}

    def for_device(self, headers: Mapping[str, str]) -> Document:
        application = self._authenticated(headers, people=True)
        if not (code := self._form.get("device_code")):
            raise missing("device_code")
        person, scope = devicecodes.redeem(self._transaction, code, str(application.client_id), self._now)
        return self._for_person(application, person, scope)

    def for_refresh(self, headers: Mapping[str, str]) -> Document:
        application = self._authenticated(headers, people=True)
        if not (refresh := self._form.get("refresh_token")):
            raise missing("refresh_token")
        try:
            claims = self._environment.signer.read(refresh, (_REFRESH_AUDIENCE,), self._now)
        except jwt.InvalidTokenError:
            claims = {}
        if (claims.get("appid"), claims.get("tid")) != (str(application.client_id), self._tenant):
            text = "The refresh token isn't valid or is expired."
            raise EntraError(400, "invalid_grant", 70000, text)
        person = Person(str(claims["upn"]), str(claims["oid"]))
        return self._for_person(application, person, self._form.get("scope") or str(claims["scope"]))

    def _authenticated(self, headers: Mapping[str, str], *, people: bool = False) -> Registration:
        client_id, secret = _credentials(headers, self._form)
        application = checked_application(self._transaction, client_id, self._tenant, self._name)
        assertion = self._form.get("client_assertion")
        if assertion is not None and self._form.get("client_assertion_type") == JWT_ASSERTION:
            names = {self._name, self._tenant, *directory.domains(self._transaction, self._tenant)}
            ends = ("/oauth2/v2.0/token", "/v2.0", "")
            audiences = [f"https://{self._host}/{name}{end}" for name in names for end in ends]
            credentials.check_assertion(assertion, application, audiences, self._environment.signer, self._now)
        elif secret or not (people and application.public):
            credentials.check_secret(secret, application, self._now)
        return application

    def _for_person(self, application: Registration, person: Person, scope: str) -> Document:
        audience = resources.of_delegated_scope(scope, self._host, self._name)
        issuer = f"https://{self._host}/{self._tenant}/v2.0"
        known = {"tid": self._tenant, "oid": person.object_id, "upn": person.principal_name}
        client_id = str(application.client_id)
        access = {
            **known,
            "aud": audience,
            "iss": f"https://sts.windows.net/{self._tenant}/",
            "appid": client_id,
            "idtyp": "user",
            "scp": "user_impersonation",
            "ver": "1.0",
        }
        identity = {
            **known,
            "aud": client_id,
            "iss": issuer,
            "sub": person.object_id,
            "preferred_username": person.principal_name,
        }
        refresh = {**known, "aud": _REFRESH_AUDIENCE, "appid": client_id, "scope": scope}
        issue = self._environment.signer.issue
        answer: Document = {
            "token_type": "Bearer",
            "scope": f"{audience}/user_impersonation",
            **self._lifetimes(),
            "access_token": issue(access, self._lifetime, self._now),
        }
        if "openid" in scope.split():
            answer["id_token"] = issue(identity, self._lifetime, self._now)
        if "offline_access" in scope.split():
            answer["refresh_token"] = issue(refresh, REFRESH_LIFETIME, self._now)
        if self._form.get("client_info"):
            who = json.dumps({"uid": person.object_id, "utid": self._tenant}).encode()
            answer["client_info"] = base64.urlsafe_b64encode(who).decode().rstrip("=")
        return answer

    def _lifetimes(self) -> Document:
        return {"expires_in": self._lifetime, "ext_expires_in": self._lifetime}


def application_token(
    environment: Environment, application: Registration, tenant: str, audience: str, lifetime: int
) -> str:
    """Return an access token for an application, `lifetime` seconds long."""
    claims: Document = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{tenant}/",
        "appid": str(application.client_id),
        "idtyp": "app",
        "oid": application.service_principal,
        "tid": tenant,
        "ver": "1.0",
    }
    if application.permissions:
        claims["roles"] = list(application.permissions)
    if roles := [template for role, template in directory.DIRECTORY_ROLES.items() if role in application.roles]:
        claims["wids"] = roles
    return environment.signer.issue(claims, lifetime, environment.seconds())


def checked_tenant(transaction: Transaction, tenant: str) -> str:
    """Return the id of the tenant that a URL names.

    Raises:
        EntraError: 400, there is no such tenant.
    """
    found = directory.tenant_named(transaction, tenant)
    if found is None:
        text = f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
        raise EntraError(400, "invalid_request", 90002, text)
    return found


def checked_application(transaction: Transaction, client_id: str, tenant_id: str, tenant: str) -> Registration:
    """Return the application of that id, which the tenant must know.

    Raises:
        EntraError: 400, it is not given, or unknown there.
    """
    if not client_id:
        raise missing("client_id")
    application = directory.find(transaction, client_id)
    organization = str(transaction.setting("organization")["tenantid"])
    if application is None or application.managed_identity or not application.is_in(tenant_id, organization):
        text = f"Application with identifier '{client_id}' was not found in the directory '{tenant}'."
        raise EntraError(400, "unauthorized_client", 700016, text)
    return application


def missing(parameter: str) -> EntraError:
    """Say that the body lacks a parameter."""
    text = f"The request body must contain the following parameter: '{parameter}'."
    return EntraError(400, "invalid_request", 900144, text)


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


def _credentials(headers: Mapping[str, str], form: Form) -> tuple[str, str]:
    """Return client id and secret from HTTP Basic, else from the form."""
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote_plus(client_id), unquote_plus(secret)
    return form.get("client_id", ""), form.get("client_secret", "")
