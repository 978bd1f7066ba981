"""An emulator in a process of its own, as its users run it."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

LAST = "SSL_CERT_FILE"
"""The last variable that the command prints without a proxy around it."""

SECONDS = 60
"""How long an answer may take before a client gives up: the storm is a hundred clients on any machine."""


@dataclass(frozen=True)
class Served:
    """Where the emulator is, and its process."""

    settings: dict[str, str]
    process: "subprocess.Popen[str]"

    def client(self, token: str = "") -> "Client":
        """Return a client with a connection of its own, and a token of its own unless it is given one."""
        return Client(self.settings, token)


class Client:
    """A plain client of the Web API."""

    def __init__(self, settings: dict[str, str], token: str = "") -> None:
        self._url = settings["DATAVERSE_URL"]
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = settings["REQUESTS_CA_BUNDLE"]
        self.token = token or self._token(settings)
        self._session.headers["Authorization"] = f"Bearer {self.token}"

    def _token(self, settings: dict[str, str]) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": settings["ARM_CLIENT_ID"],
            "client_secret": settings["ARM_CLIENT_SECRET"],
            "scope": f"{self._url}/.default",
        }
        answer = self._session.post(f"{self._url}/{settings['ARM_TENANT_ID']}/oauth2/v2.0/token", form, timeout=SECONDS)
        return str(answer.json()["access_token"])

    def call(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        """Call the Web API; in the names of headers, `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._session.request(
            method, f"{self._url}/api/data/v9.2/{path}", json=body, headers=named, timeout=SECONDS
        )

    def post(self, path: str, body: bytes, content_type: str) -> requests.Response:
        """Send what is no JSON to the Web API."""
        return self._session.post(
            f"{self._url}/api/data/v9.2/{path}", body, headers={"Content-Type": content_type}, timeout=SECONDS
        )

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Read a collection."""
        found: list[dict[str, Any]] = self.call("GET", path).json()["value"]
        return found

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """Serve the default organization out of a folder, until the block ends."""
    command = [sys.executable, "-m", "pulumi_dataverse_email.cli", "emulator", "serve", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        try:
            settings: dict[str, str] = {}
            for line in process.stdout or ():
                name, _, value = line.strip().removeprefix("export ").partition("=")
                settings[name] = "".join(shlex.split(value))
                if name == LAST:
                    break
            yield Served(settings, process)
        finally:
            process.terminate()
