"""The pipeline of examples/azure-devops, step by step against the emulator."""

import shutil
import subprocess
from pathlib import Path

import pytest

from .azure_devops import ACCESS_TOKEN, Agent, pull_request
from .emulated import Dataverse
from .stack import Stack
from .test_github import FOLDER, NOT_OUTSIDE, edit, git

PIPELINE = FOLDER.with_name("azure-devops")

if any(shutil.which(it) is None for it in ("jq", "curl")):
    pytest.skip("NO jq or curl: the pipeline's steps use them, as they are on its machines", allow_module_level=True)


def test_a_change_goes_from_its_pull_request_to_the_mailboxes(
    tmp_path: Path, stack: Stack, dataverse: Dataverse
) -> None:
    """Plan, up, preview with one comment that is rewritten, merge, drift that fails only where something drifted."""
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    repository = tmp_path / "repository"
    shutil.copytree(FOLDER, repository, ignore=shutil.ignore_patterns(".venv", "__pycache__", ".github"))
    for file in ("azure-pipelines.yml", "pulumi.yml"):
        shutil.copy(PIPELINE / file, repository)
    config = repository / "Pulumi.production.yaml"
    url = dataverse.settings["DATAVERSE_URL"]
    config.write_text(config.read_text().replace("https://contoso.crm4.dynamics.com", url))
    backend = stack.environment["PULUMI_BACKEND_URL"]
    subprocess.run(["pulumi", "stack", "init", "production"], cwd=repository, check=True, env=stack.environment)
    git(repository, "init")
    git(repository, "add", ".")
    git(repository, "commit", "--message", "Declare who synchronizes mail")
    login = dataverse.control("GET", "logins")["azure_devops"]
    address, threads = pull_request()
    client = dataverse.settings["ARM_CLIENT_ID"]
    variables = {
        "TENANT_ID": dataverse.settings["ARM_TENANT_ID"],
        **{f"{it}_CLIENT_ID": client for it in ("PREVIEW", "DEPLOY")},
        **{f"{it}_CONNECTION_ID": "66666666-7777-8888-9999-000000000000" for it in ("PREVIEW", "DEPLOY")},
        "System.AccessToken": login["SYSTEM_ACCESSTOKEN"],
        "System.OidcRequestUri": login["SYSTEM_OIDCREQUESTURI"],
        "System.CollectionUri": address,
        "System.TeamProjectId": "mail",
        "Build.Repository.ID": "mail",
        "System.PullRequest.PullRequestId": "12",
    }
    outside = {name: text for name, text in stack.environment.items() if name not in NOT_OUTSIDE}
    agent = Agent(repository, tmp_path / "agent", {**outside, "PULUMI_BACKEND_URL": backend}, variables)
    agent.home.mkdir()

    for stage in ("plan", "up", "drift"):
        assert agent.run(stage, "main"), agent.printed[-1]

    edit(repository, "chris", '("anna", "ben")', '("anna", "ben", "chris")')
    for _ in range(2):
        assert agent.run("preview", "chris"), agent.printed[-1]
    (thread,) = threads
    assert thread["status"] == "closed"
    assert "mailbox test and enable `everybody`: `chris`" in thread["comments"][0]["content"]

    git(repository, "merge", "chris")
    for stage in ("plan", "up"):
        assert agent.run(stage, "main"), agent.printed[-1]
    assert dataverse.row("mailboxes", "Chris Park")["mailboxstatus"] == 1

    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=0)
    assert not agent.run("drift", "main")
    assert "##vso[task.uploadsummary]" in agent.printed[-1]
    assert ACCESS_TOKEN not in "".join(agent.printed)
