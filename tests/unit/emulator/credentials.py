"""Keys and certificates of an application, made on the spot, in the forms that msal takes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

TODAY = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def key(number: int) -> rsa.RSAPrivateKey:
    """Return the key of that number."""
    assert number >= 0
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    private: rsa.RSAPrivateKey

    @property
    def pem(self) -> str:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        """The key, in clear."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def thumbprint(self) -> str:
        """SHA-1, in hexadecimal digits."""
        return self.certificate.fingerprint(hashes.SHA1()).hex()  # noqa: S303 - the name of a certificate

    def pfx(self, passphrase: str) -> bytes:
        """Return both in one file."""
        encryption = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"app", self.private, self.certificate, None, encryption)


def identity(name: str = "app", *, number: int = 0, issuer: Identity | None = None, days: int = 36500) -> Identity:
    """Make a certificate, good for `days` from the first of 2026, signed by itself or by `issuer`."""
    private = key(number)
    signer = issuer.private if issuer else private
    signed_by = issuer.certificate.subject if issuer else _name(name)
    built = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(signed_by)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY)
        .not_valid_after(TODAY + timedelta(days=days))
        .sign(signer, hashes.SHA256())
    )
    return Identity(built, private)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
