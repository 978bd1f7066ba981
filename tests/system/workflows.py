"""Runs the shell steps of a GitHub workflow on this machine, in order, as a runner would."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
GITHUB_TOKEN = "github-token-of-one-job"


@dataclass
class Runner:
    """A machine that runs jobs, each in a new checkout.

    Args:
        repository: a git repository with the workflows.
        home: where checkouts, artifacts and what `gh` was told are kept.
        environment: what a runner has from the outside, such as PATH.
        values: what expressions stand for, by their text.
        login: the variables of a job that may ask for an identity token.
    """

    repository: Path
    home: Path
    environment: Mapping[str, str]
    values: dict[str, object]
    login: Mapping[str, str]
    printed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        tools = self.home / "bin"
        tools.mkdir(parents=True)
        gh = tools / "gh"
        gh.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("github.py")} "$@"\n')
        gh.chmod(0o755)

    @property
    def summary(self) -> str:
        """What the jobs so far have written into their summaries."""
        file = self.home / "summary.md"
        return file.read_text("utf-8") if file.exists() else ""

    def run(self, workflow: str, job: str, ref: str) -> bool:
        """Run one job on a commit; say whether all its steps passed."""
        text = (self.repository / ".github" / "workflows" / f"{workflow}.yml").read_text("utf-8")
        read = yaml.safe_load(text)
        return Job(self, read, read["jobs"][job], self._checkout(ref)).run()

    def _checkout(self, ref: str) -> Path:
        folder = self.home / f"checkout-{len(list(self.home.iterdir()))}"
        subprocess.run(["git", "clone", "--quiet", "--branch", ref, self.repository, folder], check=True)
        (folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)  # what the step "Install" makes
        return folder


@dataclass
class Job:
    """One job in its checkout."""

    runner: Runner
    workflow: Mapping[str, Any]
    job: Mapping[str, Any]
    folder: Path
    failed: bool = False

    def run(self) -> bool:
        """Run the steps; say whether all passed."""
        for step in self.job["steps"]:
            if self._wanted(step):
                self.failed |= not (self._use(step) if "uses" in step else self._shell(step))
        return not self.failed

    def _wanted(self, step: Mapping[str, Any]) -> bool:
        condition = EXPRESSION.sub(r"\1", str(step.get("if", "success()")))
        parts = [self._holds(it.strip()) for it in condition.split("&&")]
        return all(parts) and not (self.failed and "!cancelled()" not in condition)

    def _holds(self, condition: str) -> bool:
        always = {"success()": True, "!cancelled()": True}
        return bool(always[condition] if condition in always else self.runner.values[condition])

    def _told(self, text: str) -> str:
        values = {**self.runner.values, "github.workspace": self.folder}
        return EXPRESSION.sub(lambda found: str(values[found[1]]), text)

    def _use(self, step: Mapping[str, Any]) -> bool:
        artifacts = self.runner.home / "artifacts"
        match step["uses"].split("@")[0]:
            case "actions/checkout" | "./.github/actions/pulumi":
                pass  # the checkout is there, and so is what the action brings
            case "actions/upload-artifact":
                artifacts.mkdir(exist_ok=True)
                shutil.copy(self.folder / step["with"]["path"], artifacts)
            case "actions/download-artifact":
                shutil.copytree(artifacts, self.folder, dirs_exist_ok=True)
            case other:
                raise AssertionError(f"an action that nobody stands in for: {other}")
        return True

    def _shell(self, step: Mapping[str, Any]) -> bool:
        script = self.runner.home / "step.sh"
        script.write_text(self._told(step["run"]), "utf-8")
        environment = dict(self._environment(step))
        done = subprocess.run(
            ["bash", "-e", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.runner.printed.append(f"# {step['name']}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode == 0

    def _environment(self, step: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        runner = self.runner
        yield from runner.environment.items()
        yield "PATH", f"{runner.home / 'bin'}{os.pathsep}{runner.environment['PATH']}"
        yield "GITHUB_STEP_SUMMARY", str(runner.home / "summary.md")
        yield "GITHUB_STAND_IN", str(runner.home / "github.json")
        yield "GITHUB_REPOSITORY", "contoso/mail"
        if "id-token" in self.job["permissions"]:
            yield from runner.login.items()
        for stated in (self.workflow, self.job, step):
            for name, text in stated.get("env", {}).items():
                yield name, self._told(str(text))
