"""A Pulumi project under test: the words that the tests are told in."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]

FAILED = 1
"""Exit status of the CLI when a step of a run fails, a resource's check included."""

IMPORTS = "import pulumi\nfrom pulumi import Alias, Output, ResourceOptions\nfrom pulumi_dataverse_email import *\n"


@dataclass(frozen=True)
class Outcome:
    """What a command of the CLI printed."""

    text: str
    """Standard output and standard error."""

    @property
    def flat(self) -> str:
        """The text on one line, without the spaces that align it."""
        return " ".join(self.text.split()).replace(" : ", ": ")

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

    patience: float = 300
    """Seconds that a command may take before it counts as hung."""

    def __post_init__(self) -> None:
        for name in ("home", "state"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "Pulumi.yaml").write_text("name: pipeline\nruntime: python\n")
        self.program("")
        self.pulumi("stack", "init", "test")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that a command runs with: nothing of the person's own."""
        kept = {
            name: os.environ[name]
            for name in ("PYTHONPATH", "PATH", "LANG", "COVERAGE_PROCESS_CONFIG")
            if name in os.environ
        }
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
        (self.folder / "__main__.py").write_text(IMPORTS + text)

    def start(self, *arguments: str, before: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
        """Start a command of the CLI, or of the program `before` that runs it."""
        return subprocess.Popen(
            [*before, "pulumi", "--non-interactive", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pulumi(self, *arguments: str, status: int = 0, before: tuple[str, ...] = ()) -> Outcome:
        """Run a command of the CLI and expect its exit status."""
        with self.start(*arguments, before=before) as process:
            text, _ = process.communicate(timeout=self.patience)
        self.printed.append(text)
        assert process.returncode == status, f"{' '.join(arguments)} ended with {process.returncode}:\n{text}"
        return Outcome(text)

    def python(self, program: Path) -> str:
        """Run a Python program that speaks to Pulumi itself, and return what it printed."""
        done = subprocess.run(
            [sys.executable, str(program)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        self.printed.append(done.stdout + done.stderr)
        return done.stdout

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
        """Return the resources in state by logical name, without the stack itself and its providers."""
        exported = self.pulumi("stack", "export").json["deployment"].get("resources", [])
        ours = [it for it in exported if "dataverse-email" in it["type"]]
        return {it["urn"].rsplit("::", 1)[1]: it for it in ours}

    def urn(self, name: str) -> str:
        """Return the URN of a resource in state."""
        found: str = self.state()[name]["urn"]
        return found
