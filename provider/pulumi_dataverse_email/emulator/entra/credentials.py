"""How an application proves that it is itself: by a secret, by a certificate, by the token of another issuer.

Microsoft Learn, "Microsoft identity platform application authentication certificate credentials", "Workload identity
federation" and "Microsoft Entra authentication and authorization error codes".
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ..errors import EntraError
from ..tokens import Signer
from .directory import EXCHANGE_AUDIENCE, FederatedCredential, Registration, is_expired

ALGORITHMS = ("RS256", "PS256")

LEEWAY = 300
"""Seconds by which the client's clock may be wrong; Entra's own figure for assertions."""

_DOCUMENTS = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"


def check_secret(secret: str, application: Registration, now: float) -> None:
    """Refuse a secret that is not one of the application's, or too old.

    Raises:
        EntraError: 401, invalid_client.
    """
    if not secret:
        text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise _refused(7000218, text)
    equal = [known for known in application.all_secrets if hmac.compare_digest(secret.encode(), known.value.encode())]
    if not equal:
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{application.client_id}'."
        )
        raise _refused(7000215, text)
    if all(is_expired(known, now) for known in equal):
        text = (
            f"The provided client secret keys for app '{application.client_id}' are expired. Visit the Azure portal to "
            "create new keys for your app, or consider using certificate credentials for added security."
        )
        raise _refused(7000222, text)


def check_assertion(
    assertion: str, application: Registration, audiences: Iterable[str], signer: Signer, now: float
) -> None:
    """Refuse an assertion that proves nothing about the application.

    Its own assertions are judged by the machine's clock, which is the one that the client wrote them by; certificates,
    and tokens of the emulated issuers, by the emulator's.

    Args:
        assertion: the JWT.
        application: who it is said to be.
        audiences: the names of the token endpoint.
        signer: holds the key of the emulated issuers.
        now: the emulator's moment, in seconds since 1970.

    Raises:
        EntraError: 401, invalid_client.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise EntraError(400, "invalid_request", 50027, "JWT token is invalid or malformed.") from None
    client_id = str(application.client_id)
    if claims.get("iss") == client_id:
        if claims.get("sub") != client_id:
            raise _refused(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
        _check_own(assertion, header, application, audiences, now)
    elif claims.get("iss") == claims.get("sub"):
        raise _refused(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
    else:
        _check_federated(assertion, claims, application, signer, now)


def _check_own(
    assertion: str, header: dict[str, Any], application: Registration, audiences: Iterable[str], now: float
) -> None:
    certificate = _registered(header, application) or _trusted(header, application)
    if certificate is None:
        thumbprint = str(header.get("x5t#S256") or header.get("x5t") or "")
        text = (
            "The certificate with identifier used to sign the client assertion is not registered on application. "
            f"[Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}']"
        )
        raise _refused(700027, text)
    if certificate.not_valid_after_utc <= datetime.fromtimestamp(now, UTC):
        text = (
            "Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used "
            f"by client: '{_sha1(certificate)}', Found key 'Start={certificate.not_valid_before_utc:%m/%d/%Y %H:%M:%S},"
            f" End={certificate.not_valid_after_utc:%m/%d/%Y %H:%M:%S}']"
        )
        raise _refused(700027, text)
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise _refused(700027, "Client assertion failed signature validation. [Reason - The key is no RSA key.]")
    try:
        jwt.decode(assertion, key, ALGORITHMS, audience=list(audiences), leeway=LEEWAY)
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        text = (
            "Client assertion is not within its valid time range. Current time: "
            f"{datetime.fromtimestamp(time.time(), UTC):%Y-%m-%dT%H:%M:%SZ}."
        )
        raise _refused(700024, text) from None
    except jwt.InvalidAudienceError:
        raise _refused(700023, "Client assertion audience claim does not match Realm issuer.") from None
    except jwt.InvalidTokenError:
        text = (
            "Client assertion contains an invalid signature. [Reason - The key was found, but the signature is wrong.]"
        )
        raise _refused(700027, text) from None


def _registered(header: dict[str, Any], application: Registration) -> x509.Certificate | None:
    """Return the registered certificate that the header names by thumbprint."""
    for known in application.certificates:
        certificate = x509.load_pem_x509_certificate(known.pem.encode())
        if _names(header, certificate):
            return certificate
    return None


def _trusted(header: dict[str, Any], application: Registration) -> x509.Certificate | None:
    """Return the certificate that the header carries, if a trusted subject and issuer vouch for it."""
    chain = header.get("x5c")
    if not isinstance(chain, list) or not chain:
        return None
    try:
        leaf = x509.load_der_x509_certificate(base64.b64decode(str(chain[0])))
    except ValueError:
        return None
    names = {str(name.value) for name in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
    for trusted in application.trusted_subjects:
        issuer = x509.load_pem_x509_certificate(trusted.issuer_pem.encode())
        try:
            leaf.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            continue
        if trusted.subject in names and _names(header, leaf):
            return leaf
    return None


def _names(header: dict[str, Any], certificate: x509.Certificate) -> bool:
    """Whether the thumbprint in a header is this certificate's."""
    der = certificate.public_bytes(Encoding.DER)
    thumbprints = {"x5t": hashlib.sha1(der).digest(), "x5t#S256": hashlib.sha256(der).digest()}  # noqa: S324 - a name
    given = {name: str(header[name]).rstrip("=") for name in thumbprints if name in header}  # msal pads
    return bool(given) and all(value == _base64url(thumbprints[name]) for name, value in given.items())


def _sha1(certificate: x509.Certificate) -> str:
    return hashlib.sha1(certificate.public_bytes(Encoding.DER)).hexdigest().upper()  # noqa: S324 - a name


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _check_federated(
    assertion: str, claims: dict[str, Any], application: Registration, signer: Signer, now: float
) -> None:
    known = application.federated_credentials
    issuer, subject, audience = (str(claims.get(name)) for name in ("iss", "sub", "aud"))
    if not known or all(credential.issuer != issuer for credential in known):
        raise _no_match(700211, "issuer", issuer, "")
    known = tuple(credential for credential in known if credential.issuer == issuer)
    _check_subject(subject, known)
    if all((credential.subject, credential.audience) != (subject, audience) for credential in known):
        raise _no_match(700212, "audience", audience, f" The audience is usually {EXCHANGE_AUDIENCE}.")
    try:
        signer.read(assertion, (audience,), now)
    except jwt.ExpiredSignatureError:
        raise _refused(700024, "Client assertion is not within its valid time range.") from None
    except jwt.InvalidTokenError:
        raise _refused(50013, "Assertion failed signature validation. [Reason - The key was not found.]") from None


def _check_subject(subject: str, known: tuple[FederatedCredential, ...]) -> None:
    if subject in {credential.subject for credential in known}:
        return
    if subject.casefold() in {credential.subject.casefold() for credential in known}:
        raise _no_match(7002138, "subject", subject, " The comparison is case-sensitive.")
    raise _no_match(700213, "subject", subject, "")


def _no_match(number: int, part: str, value: str, hint: str) -> EntraError:
    text = (
        f"No matching federated identity record found for presented assertion {part} '{value}'.{hint} Check your "
        f"federated identity credential Subject, Audience and Issuer against the presented assertion. {_DOCUMENTS}"
    )
    return _refused(number, text)


def _refused(number: int, text: str) -> EntraError:
    return EntraError(401, "invalid_client", number, text)
