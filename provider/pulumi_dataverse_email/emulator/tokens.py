"""Access tokens: issued by the token endpoint, checked on every call of the Web API."""

import time
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from .errors import EmulatorError, ODataError

LIFETIME = 3599
"""Seconds a token is good for; Entra's own figure for a client-credentials token."""

ALGORITHM = "RS256"


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
        return {"keys": [{**public, "use": "sig", "kid": "emulator"}]}

    def issue(self, client_id: str, tenant_id: str, audience: str) -> str:
        """Return a token for an application."""
        now = int(time.time())
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "appid": client_id,
            "idtyp": "app",
            "oid": str(uuid5(NAMESPACE_URL, client_id)),
            "tid": tenant_id,
            "uti": uuid4().hex,
            "ver": "1.0",
        }
        return jwt.encode(claims, self._key, ALGORITHM, headers={"kid": "emulator"})

    def client_of(self, token: str, host: str) -> str:
        """Return the client id that a token was issued to.

        Raises:
            ODataError: 401, for a token that is forged, too old or meant for another environment than `host`.
        """
        if not token:
            raise ODataError(401, "0x80044302", "The request carries no token (RequestIsNotAuthenticated).")
        audience = f"https://{host}"
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._key.public_key(), [ALGORITHM], audience=[audience, f"{audience}/"]
            )
        except jwt.ExpiredSignatureError:
            raise ODataError(401, "0x80044302", "The token is expired (ExpiredAuthTicket).") from None
        except jwt.InvalidTokenError as error:
            raise ODataError(401, "0x80044302", f"The token is not valid here (BadAuthTicket): {error}.") from None
        return str(claims.get("appid", ""))


def _read(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise EmulatorError(f"{path} holds no RSA key; remove it, and a new one is made.")
    return key
