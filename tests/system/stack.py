"""A Pulumi project under test, and the emulated Dataverse that it leads to: the words that the tests are told in."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from pulumi_dataverse_email.emulator import RunningEmulator

SECRET = "Str0ng-and-secret-Passw0rd"
"""The password that programs of these tests state; it may be nowhere in clear."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a command of the CLI did."""

    status: int
    text: str
    """Standard output and standard error."""

    @property
    def json(self) -> Json:
        """The JSON object on standard output."""
        found: Json = json.loads(self.text[self.text.index("{") : self.text.rindex("}") + 1])
        return found


@dataclass
class Stack:
    """A Pulumi project of its own, with a program, a state and a home in one folder."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    """Environment variables that lead to an environment; empty: none at all."""

    printed: list[str] = field(default_factory=list)
    """All that the CLI has printed so far."""

    def __post_init__(self) -> None:
        for name in ("home", "state"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "Pulumi.yaml").write_text("name: pipeline\nruntime: python\n")
        self.program("")
        self.pulumi("stack", "init", "test")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that a command runs with: nothing of the person's own."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_CONFIG") if name in os.environ}
        kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        return kept | {
            "HOME": str(self.folder / "home"),
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": (self.folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
            "NO_COLOR": "1",
            **self.settings,
        }

    def program(self, text: str) -> None:
        """Write the program: `text` after the imports that all of them share."""
        (self.folder / "__main__.py").write_text(
            "import pulumi\nfrom pulumi import Output, ResourceOptions\nfrom pulumi_dataverse_email import *\n" + text
        )

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of the CLI."""
        return ["pulumi", "--non-interactive", *arguments]

    def pulumi(self, *arguments: str, status: int = 0) -> Outcome:
        """Run a command of the CLI and expect its exit status."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        self.printed.append(done.stdout)
        assert done.returncode == status, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        return Outcome(done.returncode, done.stdout)

    def preview(self, *arguments: str, status: int = 0) -> Outcome:
        """Run `pulumi preview --diff`."""
        return self.pulumi("preview", "--diff", *arguments, status=status)

    def steps(self, *arguments: str) -> dict[str, Json]:
        """Run `pulumi preview --json` and return its steps by logical name, without those that change nothing."""
        found = self.pulumi("preview", "--json", *arguments).json["steps"]
        return {step["urn"].rsplit("::", 1)[1]: step for step in found if step["op"] != "same"}

    def up(self, *arguments: str, status: int = 0) -> Outcome:
        """Run `pulumi up`."""
        return self.pulumi("up", "--yes", "--skip-preview", "--diff", *arguments, status=status)

    def destroy(self, *arguments: str, status: int = 0) -> Outcome:
        """Run `pulumi destroy`."""
        return self.pulumi("destroy", "--yes", "--skip-preview", *arguments, status=status)

    def clean(self, *arguments: str) -> None:
        """Expect that a preview has nothing to change."""
        self.pulumi("preview", "--diff", "--expect-no-changes", *arguments)

    def state(self) -> dict[str, Json]:
        """Return the resources in state by logical name."""
        exported = self.pulumi("stack", "export").json
        return {it["urn"].rsplit("::", 1)[1]: it for it in exported["deployment"].get("resources", [])}


@dataclass(frozen=True)
class Dataverse:
    """An emulated environment and its control API."""

    emulator: RunningEmulator

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables that lead to it."""
        return dict(self.emulator.environment)

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON of any shape
        """Call the control API and return its JSON answer."""
        url = f"{self.settings['DATAVERSE_EMULATOR_URL']}/{path}"
        answer = requests.request(method, url, json=body, timeout=30, verify=self.settings["REQUESTS_CA_BUNDLE"])
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def rows(self, entity_set: str) -> list[Json]:
        """Return all rows of a set, past every right."""
        found: list[Json] = self.control("GET", f"rows/{entity_set}")["value"]
        return found

    def row(self, entity_set: str, name: str) -> Json:
        """Return the one row with that name."""
        (found,) = [row for row in self.rows(entity_set) if row["name"] == name]
        return found

    def edit(self, entity_set: str, row_id: str, **columns: object) -> None:
        """Edit a row behind the provider's back, past every rule."""
        self.control("PATCH", f"rows/{entity_set}/{row_id}", columns)

    def delete(self, entity_set: str, row_id: str) -> None:
        """Delete a row behind the provider's back."""
        self.control("DELETE", f"rows/{entity_set}/{row_id}")

    def requests(self) -> list[Json]:
        """Return the requests since the last `forget_requests`, tokens included."""
        found: list[Json] = self.control("GET", "requests")
        return found

    def forget_requests(self) -> None:
        """Empty the request log."""
        self.control("DELETE", "requests")

    def data_requests(self) -> list[str]:
        """Return `METHOD set` of each request to the Web API since `forget_requests`; keys and queries left out."""
        found = []
        for request in self.requests():
            _, sign, rest = request["url"].partition("/api/data/v9.2/")
            if sign:
                found.append(f"{request['method']} {rest.split('(')[0].split('?')[0]}")
        return found


PROFILE = f"""
profile = EmailServerProfile("one-account", name="Contoso Exchange", server_type="exchange_server",
    use_auto_discover=True,
    incoming_credential_retrieval="credentials_specified_in_email_server_profile",
    incoming_user_name="CONTOSO\\\\crm-sync", incoming_password={SECRET!r}, incoming_use_impersonation=True,
    use_same_settings_for_outgoing_connections=True, process_emails_received_after="2026-11-01T00:00:00Z",
    incoming_port_number=443)
"""

MAILBOX = """
anna = Mailbox("anna", user="anna@contoso.com", email_server_profile=profile,
    incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="restore")
"""
