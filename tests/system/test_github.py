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

SECRET = "emulated-client-secret"  # of the application that deploys, which logs in without it

NOT_ACCEPTED = "!contains(github.event.pull_request.labels.*.name, 'dangers accepted')"
PLANNED = "needs.plan.result == 'success'"
NOT_OUTSIDE = ("DATAVERSE_URL", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID", "PULUMI_BACKEND_URL")
"""Variables that a runner has only from its workflow."""

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
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    dataverse.control("PUT", "roles/Mailbox Reader", {"privileges": READ})
    reader = {"name": "preview", "roles": ["Mailbox Reader"], "federated_credentials": CREDENTIALS}
    dataverse.control("PUT", f"applications/{READER}", reader)
    repository = tmp_path / "repository"
    shutil.copytree(FOLDER, repository, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
    config = repository / "Pulumi.production.yaml"
    url = dataverse.settings["DATAVERSE_URL"]
    config.write_text(config.read_text().replace("https://contoso.crm4.dynamics.com", url))
    (repository / ".gitignore").write_text(".venv\n__pycache__\n")
    outside = {name: text for name, text in stack.environment.items() if name not in NOT_OUTSIDE}
    backend = stack.environment["PULUMI_BACKEND_URL"]
    at_home = {**outside, "PULUMI_BACKEND_URL": backend}
    subprocess.run(["pulumi", "stack", "init", "production"], cwd=repository, check=True, env=at_home)
    git(repository, "init")
    git(repository, "add", ".")
    git(repository, "commit", "--message", "Declare who synchronizes mail")
    values = {
        "vars.PULUMI_BACKEND_URL": backend,
        "vars.PREVIEW_CLIENT_ID": READER,
        "vars.DEPLOY_CLIENT_ID": dataverse.settings["ARM_CLIENT_ID"],
        "vars.TENANT_ID": dataverse.settings["ARM_TENANT_ID"],
        "github.token": GITHUB_TOKEN,
        "github.repository": "contoso/mail",
        "github.event.pull_request.number": 12,
        NOT_ACCEPTED: True,
        PLANNED: True,
    }
    login = dataverse.control("GET", "logins")["github_actions"]
    return Runner(repository, tmp_path / "runner", outside, values, login)


def told(runner: Runner) -> Mapping[str, Any]:
    """Return what `gh` was told so far."""
    file = runner.home / "github.json"
    found: Mapping[str, Any] = json.loads(file.read_text()) if file.exists() else {"comments": [], "issues": []}
    return found


def deploy(runner: Runner) -> None:
    """Plan, and carry the plan out."""
    for job in ("plan", "up"):
        assert runner.run("deploy", job, "main"), runner.printed[-1]


def test_a_change_goes_from_its_pull_request_to_the_mailboxes(runner: Runner, dataverse: Dataverse) -> None:
    """Preview, comment, merge, up, drift, comment; who previews reads only, and nobody has a secret."""
    assert runner.run("drift", "drift", "main"), runner.printed[-1]
    assert [it["open"] for it in told(runner)["issues"]] == [True]
    deploy(runner)
    assert runner.run("drift", "drift", "main"), runner.printed[-1]
    assert [it["open"] for it in told(runner)["issues"]] == [False]

    edit(runner.repository, "chris", '("anna", "ben")', '("anna", "ben", "chris")')
    dataverse.forget_requests()
    for _ in range(2):
        assert runner.run("preview", "preview", "chris"), runner.printed[-1]
    (comment,) = told(runner)["comments"]
    assert "**Addresses will be approved:** mailbox test and enable `everybody`: `chris`." in comment["body"]
    assert comment["body"] in runner.summary
    assert dataverse.writes() == []

    git(runner.repository, "merge", "chris")
    deploy(runner)
    for name in ("Anna Weber", "Ben Ortiz", "Chris Park"):
        assert dataverse.row("mailboxes", name)["mailboxstatus"] == 1

    assert runner.run("drift", "drift", "main"), runner.printed[-1]
    assert [it["open"] for it in told(runner)["issues"]] == [False]
    assert SECRET not in "".join(runner.printed)


def test_drift_is_one_issue_that_is_closed_when_it_is_over(runner: Runner, dataverse: Dataverse) -> None:
    """Rewritten each night, and repaired by an `up` that compares anew; where nothing drifts nobody is told."""
    deploy(runner)
    assert runner.run("drift", "drift", "main"), runner.printed[-1]
    assert told(runner)["issues"] == []

    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=0)
    for _ in range(2):
        assert runner.run("drift", "drift", "main"), runner.printed[-1]
    (issue,) = told(runner)["issues"]
    assert (issue["title"], issue["label"], issue["open"]) == ("production is not as declared", "drift", True)
    assert "drifted, changed back | `anna@contoso.com` (`anna`) | Incoming Email" in issue["body"]

    runner.values[PLANNED] = False
    assert runner.run("deploy", "up", "main"), runner.printed[-1]
    assert runner.run("drift", "drift", "main"), runner.printed[-1]
    assert [it["open"] for it in told(runner)["issues"]] == [False]


def test_what_is_dangerous_keeps_the_check_red_until_somebody_accepts_it(runner: Runner) -> None:
    """The comment is posted all the same, and says it first."""
    deploy(runner)
    edit(runner.repository, "leaver", '("anna", "ben")', '("anna",)')

    assert not runner.run("preview", "preview", "leaver")
    (comment,) = told(runner)["comments"]
    first = next(line for line in comment["body"].splitlines() if line.startswith("- "))
    assert first.startswith("- **Synchronization stops:** mailbox `ben@contoso.com` (`ben`)")

    runner.values[NOT_ACCEPTED] = False
    assert runner.run("preview", "preview", "leaver"), runner.printed[-1]


def test_a_preview_that_fails_has_its_comment_too(runner: Runner) -> None:
    edit(runner.repository, "typo", "on_delete", "on_delet")

    assert not runner.run("preview", "preview", "typo")
    (comment,) = told(runner)["comments"]
    assert "on_delet: is no argument of Mailbox; did you mean" in comment["body"]


def test_a_plan_is_refused_after_the_mailboxes_changed(runner: Runner, dataverse: Dataverse) -> None:
    """What the reviewers read is what is done, or nothing."""
    deploy(runner)
    edit(runner.repository, "later", 'on_delete="disable"', 'on_delete="retain"')
    git(runner.repository, "merge", "later")
    assert runner.run("deploy", "plan", "main"), runner.printed[-1]
    dataverse.edit("mailboxes", dataverse.anna(), actdeliverymethod=2)
    dataverse.forget_requests()

    assert not runner.run("deploy", "up", "main")
    assert "plan" in runner.printed[-1]
    assert dataverse.writes() == []


def test_a_fork_compares_with_an_empty_stack_and_tells_nobody_s_secrets(runner: Runner, dataverse: Dataverse) -> None:
    """It has no login and no state, cannot read a secret of the configuration, and asks nobody."""
    file = runner.repository / "Pulumi.production.yaml"
    secret = "  mail:somebodysPassword:\n    secure: v1:not:to-be-read-by-forks\n"
    file.write_text(file.read_text().replace("config:\n", f"config:\n{secret}"))
    program = runner.repository / "__main__.py"
    program.write_text(program.read_text() + "import pulumi\npulumi.Config().require_secret('somebodysPassword')\n")
    git(runner.repository, "commit", "--all", "--message", "Have a secret")
    dataverse.forget_requests()

    assert runner.run("preview", "fork", "main"), runner.printed
    assert runner.summary.startswith("## Everything as new\n")
    assert "Resources: 2 taken over, 1 created." in runner.summary
    assert told(runner)["comments"] == []
    assert dataverse.requests() == []
