"""Tokens: issued in the name of Entra and of the issuers it trusts, checked wherever they are shown."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from .errors import EmulatorError, ODataError

LIFETIME = 3599
"""Seconds a token is good for; Entra's own figure for a client-credentials token."""

ALGORITHM = "RS256"
KEY_ID = "emulator"


class Signer:
    """The key pair of the emulated Entra."""

    def __init__(self, path: Path) -> None:
        """Read the key from `path`, or make one and keep it there.

        Raises:
            EmulatorError: the file holds no RSA key.
        """
        if path.exists():
            self._key = _read(path)
            return
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(pem)

    @cached_property
    def public_keys(self) -> dict[str, Any]:
        """The JSON web key set that the OpenID configuration points to."""
        public: dict[str, Any] = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "use": "sig", "kid": KEY_ID}]}

    def issue(self, claims: Mapping[str, object], lifetime: int, now: float) -> str:
        """Return a token that says `claims` for `lifetime` seconds from `now`, in seconds since 1970."""
        issued = int(now)
        stamps = {"iat": issued, "nbf": issued, "exp": issued + lifetime, "uti": uuid4().hex}
        return jwt.encode({**stamps, **claims}, self._key, ALGORITHM, headers={"kid": KEY_ID})

    def read(self, token: str, audiences: Iterable[str], now: float) -> dict[str, Any]:
        """Return what a token says.

        Raises:
            jwt.InvalidTokenError: it is forged, too old at `now`, or meant for nobody of `audiences`.
        """
        public, meant_for = self._key.public_key(), list(audiences)
        claims: dict[str, Any] = jwt.decode(
            token,
            public,
            [ALGORITHM],
            {"verify_exp": False, "verify_nbf": False, "verify_iat": False},  # by the emulator's clock instead
            audience=meant_for,
        )
        if claims["exp"] <= now:
            raise jwt.ExpiredSignatureError("Signature has expired")
        return claims

    def claims_for(self, token: str, host: str, tenant: str, now: float) -> dict[str, Any]:
        """Return what a token for the environment at `host` says.

        Raises:
            ODataError: 401, for a token that is forged, too old or meant for another environment or tenant.
        """
        if not token:
            raise ODataError(401, "0x80044302", "The request carries no token (RequestIsNotAuthenticated).")
        audience = f"https://{host}"
        try:
            claims = self.read(token, (audience, f"{audience}/"), now)
        except jwt.ExpiredSignatureError:
            raise ODataError(401, "0x80044302", "The token is expired (ExpiredAuthTicket).") from None
        except jwt.InvalidTokenError as error:
            raise ODataError(401, "0x80044302", f"The token is not valid here (BadAuthTicket): {error}.") from None
        if claims.get("tid") != tenant:
            raise ODataError(401, "0x80044302", "The token is of another tenant (BadAuthTicket).")
        return claims


def holder(token: str) -> str | None:
    """Return whom a token speaks of, unchecked; None when it cannot be read."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    name = claims.get("oid") or claims.get("appid")
    return str(name) if name else None


def _read(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise EmulatorError(f"{path} holds no RSA key; remove it, and a new one is made.")
    return key
