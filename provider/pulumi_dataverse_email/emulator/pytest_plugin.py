"""The emulator as a fixture: `pytest_plugins = ["pulumi_dataverse_email.emulator.pytest_plugin"]` in a conftest.py."""

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from .errors import EmulatorError
from .server import RunningEmulator, running

TIMEOUT = 60
"""Seconds for a call of the control API: a reset of 50,000 mailboxes takes some."""


@dataclass(frozen=True)
class DataverseEmulator:
    """A running emulator in the hands of a test."""

    url: str
    """The environment's URL, https with host and port only."""
    environment: dict[str, str]
    """Environment variables that point clients at it; they are set while a test runs."""

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON of any shape
        """Call the control API, by the path after `/emulator/`, and return its JSON answer, if there is one.

        Raises:
            EmulatorError: the call is refused; the text says why.
        """
        context = ssl.create_default_context(cafile=self.environment["SSL_CERT_FILE"])
        connection = HTTPSConnection(urlsplit(self.url).netloc, timeout=TIMEOUT, context=context)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, f"/emulator/{quote(path, safe='/@')}", sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        found: Any = json.loads(content) if content else None
        if answer.status >= 400:  # noqa: PLR2004 - where HTTP's refusals begin
            raise EmulatorError(f"{method} /emulator/{path}: {answer.status} {found['error']['message']}")
        return found

    def fail(self, **fault: object) -> None:
        """Let the next requests that match meet a fault: `answer`, and perhaps `method`, `path`, `times`, `when`."""
        self.control("POST", "faults", fault)

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock on."""
        self.control("POST", "clock", {"advance": seconds})

    def requests(self) -> list[dict[str, Any]]:
        """Return the requests of this test so far, those to the control API aside."""
        found: list[dict[str, Any]] = self.control("GET", "requests")
        return found


@pytest.fixture(scope="session")
def dataverse_seed() -> Path | None:
    """Name the YAML file of the organization to start with; a fixture of your own takes the place of this one."""
    return None


@pytest.fixture(scope="session")
def _dataverse_emulator(dataverse_seed: Path | None) -> Iterator[RunningEmulator]:
    with running(seed_file=dataverse_seed) as emulator:
        yield emulator


@pytest.fixture
def dataverse_emulator(_dataverse_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch) -> DataverseEmulator:
    """Put an emulated Dataverse back at its seed, and set the environment variables that lead clients to it."""
    emulator = DataverseEmulator(_dataverse_emulator.url, _dataverse_emulator.environment)
    emulator.control("POST", "reset")
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    return emulator
