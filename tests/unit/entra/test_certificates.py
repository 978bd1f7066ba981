"""Files that certificates are read from."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.entra.certificates import UnusableCertificate, credential
from tests.unit.emulator.credentials import identity

from .conftest import PASSWORD


def test_a_key_that_is_not_rsa_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (tmp_path / "app.pem").write_text(pem + identity().pem)

    with pytest.raises(UnusableCertificate, match="no RSA key"):
        credential(str(tmp_path / "app.pem"), "")


def test_a_pfx_file_without_a_key_is_refused(tmp_path: Path) -> None:
    content = pkcs12.serialize_key_and_certificates(b"app", None, identity().certificate, None, NoEncryption())
    (tmp_path / "app.pfx").write_bytes(content)

    with pytest.raises(UnusableCertificate, match="does not hold both"):
        credential(str(tmp_path / "app.pfx"), "")


def test_a_password_that_is_not_needed_does_no_harm(tmp_path: Path) -> None:
    known = identity()
    (tmp_path / "app.pem").write_text(known.pem + known.key_pem)

    assert credential(str(tmp_path / "app.pem"), PASSWORD)["public_certificate"] == known.pem


PEM = b"-----BEGIN PRIVATE KEY-----\n%b\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n%b"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.sampled_from(["", PASSWORD]))
@example(b"", "")
def test_any_other_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes, password: str) -> None:
    """Never a stranger's exception, and never the password."""
    for file in (content, PEM % (content, content), b"-----BEGIN ENCRYPTED PRIVATE KEY-----" + content):
        (tmp_path / "app").write_bytes(file)
        with pytest.raises(UnusableCertificate) as caught:
            credential(str(tmp_path / "app"), password)
        assert PASSWORD not in str(caught.value)
        assert "clientCertificate" in str(caught.value).splitlines()[-1]
