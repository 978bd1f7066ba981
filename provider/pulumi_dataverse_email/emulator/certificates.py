"""The emulator's certificate authority, and what makes a client trust it."""

import os
import ssl
from pathlib import Path

import certifi
import trustme

from .errors import EmulatorError

NAMES = ("localhost", "127.0.0.1", "::1")
"""What the emulator's own certificate is good for."""

BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""Where clients look for the authorities they trust; the first that is set is what the emulator's is added to."""


class Authority:
    """A certificate authority kept in a folder, so that a client may go on trusting it after a restart."""

    def __init__(self, home: Path) -> None:
        """Read the authority from `home`, or make one there.

        Raises:
            EmulatorError: its files or the client's own bundle cannot be read.
        """
        certificate, key = home / "authority.pem", home / "authority-key.pem"
        if certificate.exists() and key.exists():
            try:
                self._authority = trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
            except ValueError:
                raise EmulatorError(
                    f"{certificate} and {key.name} are no certificate authority; remove both."
                ) from None
        else:
            self._authority = trustme.CA()
            key.touch(mode=0o600)
            key.write_bytes(self._authority.private_key_pem.bytes())
            certificate.write_bytes(self._authority.cert_pem.bytes())
        self.bundle = home / "ca-bundle.pem"
        """What the client trusted before, and this authority."""
        self.bundle.write_bytes(_trusted_before(self.bundle) + b"\n" + self._authority.cert_pem.bytes())

    def context(self) -> ssl.SSLContext:
        """Return what a server needs to speak TLS under this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*NAMES).configure_cert(context)
        return context


def _trusted_before(ours: Path) -> bytes:
    variable = next((name for name in BUNDLE_VARIABLES if os.environ.get(name)), None)
    path = Path(os.environ[variable]) if variable else Path(certifi.where())
    if path == ours:  # an emulator inside another one's `run`, on the same folder
        path = Path(certifi.where())
    try:
        return path.read_bytes()
    except OSError as error:
        raise EmulatorError(f"{variable} names {path}, which cannot be read: {error.strerror}.") from None
