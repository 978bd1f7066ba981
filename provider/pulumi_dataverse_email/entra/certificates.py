"""Certificates from files, in the form that msal takes."""

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)


class UnusableCertificate(Exception):
    """A certificate cannot be used; the text says why, and what to do."""


def credential(path: str, password: str) -> dict[str, str]:
    """Read a private key and its certificate.

    msal sends the certificate along (`x5c`), so that Entra may know it by its subject and issuer too.
    Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials

    Args:
        path: a PEM file with both, or a PFX file.
        password: of the key or the file; empty where there is none.

    Raises:
        UnusableCertificate: there is no such file, or it holds something else, or the password is wrong.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise UnusableCertificate(
            f"the file {path} cannot be read ({error.strerror}).\nCheck clientCertificatePath."
        ) from error
    read = _from_pem if b"-----BEGIN " in content else _from_pfx
    key, certificate = read(path, content, password.encode() or None)
    if not isinstance(key, RSAPrivateKey):
        raise UnusableCertificate(
            f"the key in {path} is no RSA key.\nMake a certificate with an RSA key: Entra takes no other."
        )
    if key.public_key() != certificate.public_key():
        raise UnusableCertificate(
            f"the private key in {path} belongs to another certificate.\n"
            "Put the application's certificate and its own key into the file of clientCertificatePath."
        )
    return {
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "public_certificate": certificate.public_bytes(Encoding.PEM).decode(),
    }


def _from_pem(path: str, content: bytes, password: bytes | None) -> tuple[object, x509.Certificate]:
    if b"PRIVATE KEY-----" not in content or b"-----BEGIN CERTIFICATE-----" not in content:
        raise UnusableCertificate(
            f"{path} does not hold both a certificate and its private key.\n"
            "Put both into the file of clientCertificatePath, one after the other, as PEM."
        )
    sealed = b"ENCRYPTED" in content
    if sealed and password is None:
        raise UnusableCertificate(f"the key in {path} is encrypted.\nGive its passphrase as clientCertificatePassword.")
    try:
        return load_pem_private_key(content, password if sealed else None), x509.load_pem_x509_certificate(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        wrong = "the passphrase does not open the key in it" if sealed else "it is not PEM as it should be"
        raise UnusableCertificate(
            f"{path} cannot be used: {wrong}.\nCheck clientCertificatePath and clientCertificatePassword."
        ) from error


def _from_pfx(path: str, content: bytes, password: bytes | None) -> tuple[object, x509.Certificate]:
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableCertificate(
            f"{path} cannot be opened: it is neither PEM nor PFX, or the password is wrong or missing.\n"
            "Check clientCertificatePath and clientCertificatePassword."
        ) from error
    if key is None or certificate is None:
        raise UnusableCertificate(
            f"{path} does not hold both a certificate and its private key.\nExport the certificate with its key."
        )
    return key, certificate
