"""One program for several environments, as examples/environments has it."""

import shutil
import sys
from pathlib import Path

import pytest

from .conftest import CHECKOUT
from .emulated import Dataverse
from .stack import Stack

FOLDER = CHECKOUT / "examples" / "environments"
NONE = {"incomingemaildeliverymethod": 0, "outgoingemaildeliverymethod": 0, "actdeliverymethod": 2}
PEOPLE = ("Anna Weber", "Ben Ortiz", "Chris Park")


@pytest.fixture
def project(stack: Stack) -> Stack:
    """A copy of the example with its stacks."""
    shutil.copytree(FOLDER, stack.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    (stack.folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    return stack


def up(project: Stack, dataverse: Dataverse, name: str) -> str:
    """Run `pulumi up` on the stack of an environment and return what it printed."""
    project.settings = dict(dataverse.settings)
    project.pulumi("stack", "select", name)
    project.pulumi("config", "set", "dataverse-email:environmentUrl", dataverse.settings["DATAVERSE_URL"])
    return project.up().text


def test_only_production_synchronizes(project: Stack, dataverse: Dataverse, other_dataverse: Dataverse) -> None:
    """The stack of a copy gives every mailbox none and tests nobody; production's is synchronized and tested."""
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    for name in ("development", "test", "production"):
        project.pulumi("stack", "init", name)

    assert "synchronization is off" in up(project, other_dataverse, "development")
    assert set(other_dataverse.writes()) == {"PATCH mailboxes"}
    for name in PEOPLE:
        assert other_dataverse.row("mailboxes", name).items() >= NONE.items()

    assert "synchronization is off" not in up(project, dataverse, "production")
    assert set(dataverse.writes()) == {"PATCH mailboxes", "POST $batch"}
    for name in PEOPLE:
        assert dataverse.row("mailboxes", name)["mailboxstatus"] == 1

    for name, there in (("development", other_dataverse), ("production", dataverse)):
        there.forget_requests()
        up(project, there, name)
        assert there.requests() == []


def test_a_stack_refuses_another_stack_s_environment(
    project: Stack, dataverse: Dataverse, other_dataverse: Dataverse
) -> None:
    """Settings that were copied from one stack to another lead to no write in the wrong environment."""
    project.pulumi("stack", "init", "development")
    up(project, other_dataverse, "development")
    project.settings = dict(dataverse.settings)
    project.pulumi("config", "set", "dataverse-email:environmentUrl", dataverse.settings["DATAVERSE_URL"])
    project.pulumi("config", "set", "dataverse-email:synchronization", "on")

    refused = project.up(status=1).flat

    assert "set dataverse-email:organizationId to" in refused
    assert dataverse.writes() == []
