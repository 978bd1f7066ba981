"""A stub and a client that speaks with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.transport import Transport

from .stub import Stub, Token, serving


@pytest.fixture(scope="session")
def _authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def stub(_authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A server whose certificate this process trusts."""
    bundle = tmp_path / "authority.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with serving(_authority, bundle) as found:
        yield found


@pytest.fixture
def client(stub: Stub) -> Client:
    """The client under test."""
    return Client(Transport(stub.url, Token()))
