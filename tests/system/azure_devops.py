"""Runs the shell steps of a pipeline of Azure DevOps on this machine, and stands in for its pull requests."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

MACRO = re.compile(r"\$\(([\w.]+)\)")
ACCESS_TOKEN = "emulated-azure-devops-access-token"


class Threads(BaseHTTPRequestHandler):
    """The threads of one pull request, as far as the pipeline knows their REST API."""

    kept: list[dict[str, Any]]

    def do_GET(self) -> None:
        """List the threads."""
        self._answer({"value": self.kept})

    def do_POST(self) -> None:
        """Begin a thread."""
        self.kept.append({"id": len(self.kept) + 40, **self._body()})
        self._answer(self.kept[-1])

    def do_PATCH(self) -> None:
        """Rewrite the first comment of a thread."""
        number = int(self.path.split("/threads/")[1].split("/")[0])
        thread = next(it for it in self.kept if it["id"] == number)
        thread["comments"][0] |= self._body()
        self._answer(thread)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Say nothing."""

    def _body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return found

    def _answer(self, content: object) -> None:
        allowed = self.headers["Authorization"] == f"Bearer {ACCESS_TOKEN}"
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode() if allowed else b"{}")


@dataclass
class Agent:
    """A machine that runs jobs, each in a new checkout.

    Args:
        repository: a git repository with the pipeline.
        home: where checkouts and artifacts are kept.
        environment: what an agent has from the outside, such as PATH.
        variables: of the pipeline, the variable group and the system, by their names.
    """

    repository: Path
    home: Path
    environment: Mapping[str, str]
    variables: dict[str, str]
    printed: list[str] = field(default_factory=list)

    def run(self, stage: str, ref: str) -> bool:
        """Run the one job of a stage on a commit; say whether all its steps passed."""
        pipeline = yaml.safe_load((self.repository / "azure-pipelines.yml").read_text("utf-8"))
        (job,) = next(it for it in pipeline["stages"] if it["stage"] == stage)["jobs"]
        deploying = job.get("strategy", {}).get("runOnce", {}).get("deploy", {})
        folder = self.home / f"checkout-{len(list(self.home.iterdir()))}"
        subprocess.run(["git", "clone", "--quiet", "--branch", ref, self.repository, folder], check=True)
        (folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)  # what pulumi.yml makes
        stated = {it["name"]: it["value"] for it in pipeline["variables"] if "name" in it}
        failed = False
        for step in deploying.get("steps", job.get("steps")):
            wanted = not failed or "succeededOrFailed()" in step.get("condition", "")
            failed |= wanted and not self._step(step, folder, stated)
        return not failed

    def _step(self, step: Mapping[str, Any], folder: Path, stated: Mapping[str, str]) -> bool:
        artifacts = self.home / "artifacts"
        match step:
            case {"template": "pulumi.yml"} | {"checkout": "self"}:
                return True
            case {"publish": str(file), "artifact": str(name)}:
                (artifacts / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / file, artifacts / name)
                return True
            case {"download": "current"}:
                return artifacts.exists()
            case {"bash": str(script)} | {"task": "AzureCLI@2", "inputs": {"inlineScript": str(script)}}:
                return self._shell(script, folder, dict(self._variables(step, stated)))
        raise AssertionError(f"a step that nobody stands in for: {step}")

    def _shell(self, script: str, folder: Path, environment: Mapping[str, str]) -> bool:
        done = subprocess.run(
            ["bash", "-c", self._told(script)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.printed.append(f"{done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode == 0

    def _variables(self, step: Mapping[str, Any], stated: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        yield from self.environment.items()
        yield "PIPELINE_WORKSPACE", str(self.home / "artifacts")
        yield "SYSTEM_OIDCREQUESTURI", self.variables["System.OidcRequestUri"]
        for name, text in (*stated.items(), *step.get("env", {}).items()):
            yield name, self._told(str(text))

    def _told(self, text: str) -> str:
        return MACRO.sub(lambda found: self.variables[found[1]], text)


def pull_request() -> tuple[str, list[dict[str, Any]]]:
    """Serve the threads of a pull request until the process ends; return the collection's address, and what is kept."""
    kept: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Kept", (Threads,), {"kept": kept}))
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/", kept
