"""The workflows of examples/github-actions, step by step against the emulator."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .conftest import CHECKOUT
from .emulated import Dataverse
from .stack import Stack
from .workflows import GITHUB_TOKEN, Runner

FOLDER = CHECKOUT / "examples" / "github-actions"
SUBJECT = "repo:contoso/mail:ref:refs/heads/main"
READER = "5f0c2a10-0000-4000-8000-00000000e001"
READ = ["prvReadMailbox", "prvReadEmailServerProfile", "prvReadUser", "prvReadQueue", "prvReadOrganization"]
CREDENTIALS = [{"issuer": "https://token.actions.githubusercontent.com", "subject": SUBJECT}]

if shutil.which("jq") is None:
    pytest.skip("NO jq: the workflows' steps use it, as it is on GitHub's machines", allow_module_level=True)


def git(repository: Path, *arguments: str) -> None:
    """Run git as nobody in particular."""
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@contoso.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=repository, check=True, capture_output=True)


def edit(repository: Path, branch: str, old: str, new: str) -> None:
    """Commit an edit of the program to a branch that begins at main."""
    git(repository, "checkout", "-B", branch, "main")
    program = repository / "__main__.py"
    assert old in program.read_text()
    program.write_text(program.read_text().replace(old, new))
    git(repository, "commit", "--all", "--message", f"{branch}")
    git(repository, "checkout", "main")


@pytest.fixture
def runner(tmp_path: Path, stack: Stack, dataverse: Dataverse) -> Runner:
    """The example in a repository of its own, its empty stack, and two applications that log in by federation."""
    dataverse.control("PATCH", "switches", {"test_seconds": 1})
    dataverse.control("PUT", "roles/Mailbox Reader", {"privileges": READ})
    reader = {"name": "preview", "roles": ["Mailbox Reader"], "federated_credentials": CREDENTIALS}
    dataverse.control("PUT", f"applications/{READER}", reader)
    repository = tmp_path / "repository"
    shutil.copytree(FOLDER, repository, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
    config = repository / "Pulumi.production.yaml"
    config.write_text(config.read_text().replace("https://contoso.crm4.dynamics.com", dataverse.settings["DATAVERSE_URL"]))
    (repository / ".gitignore").write_text(".venv\n__pycache__\n")
    outside = {name: text for name, text in stack.environment.items() if name not in {"DATAVERSE_URL", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID", "PULUMI_BACKEND_URL"}}
    backend = stack.environment["PULUMI_BACKEND_URL"]
    subprocess.run(["pulumi", "stack", "init", "production"], cwd=repository, check=True, env={**outside, "PULUMI_BACKEND_URL": backend})
    git(repository, "init")
    git(repository, "add", ".")
    git(repository, "commit", "--message", "Declare who synchronizes mail")
    return Runner(
        repository,
        tmp_path / "runner",
        outside,
        {
            "vars.PULUMI_BACKEND_URL": backend,
            "vars.PREVIEW_CLIENT_ID": READER,
            "vars.DEPLOY_CLIENT_ID": dataverse.settings["ARM_CLIENT_ID"],
            "vars.TENANT_ID": dataverse.settings["ARM_TENANT_ID"],
            "github.token": GITHUB_TOKEN,
            "github.repository": "contoso/mail",
            "github.workspace": tmp_path / "runner" / "fork",
            "github.event.pull_request.number": 12,
            "!contains(github.event.pull_request.labels.*.name, 'dangers accepted')": True,
            "needs.plan.result == 'success'": True,
        },
        dataverse.control("GET", "logins")["github_actions"],
    )


def told(runner: Runner) -> Mapping[str, Any]:
    """Return what `gh` was told so far."""
    found: Mapping[str, Any] = json.loads((runner.home / "github.json").read_text())
    return found


def test_a_change_goes_from_its_pull_request_to_the_mailboxes(runner: Runner, dataverse: Dataverse) -> None:
    """Preview, comment, merge, up, drift, comment."""
    assert runner.run("preview", "preview", "main"), runner.printed
    print("\n".join(runner.printed))
    print(told(runner))
    assert 0
