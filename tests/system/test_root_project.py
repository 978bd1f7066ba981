"""The program that stands at the root of the repository."""

import shutil
import sys
from pathlib import Path

import pytest

from .conftest import CHECKOUT
from .emulated import Dataverse
from .stack import FAILED, Stack


@pytest.fixture
def root(stack: Stack) -> Stack:
    """A copy of the root project, with a stack of its own."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, stack.folder / name)
    (stack.folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    stack.pulumi("stack", "init", "root")
    return stack


def test_a_real_up_needs_the_password(root: Stack, dataverse: Dataverse) -> None:
    """Without a password and without an emulator `up` raises before any resource, with the line that sets it."""
    del root.settings["DATAVERSE_EMULATOR_URL"]
    root.preview()

    refused = root.up(status=FAILED).text

    assert "pulumi config set --secret dataverse-email:incomingPassword" in refused
    assert dataverse.requests() == []
    assert root.state() == {}

    root.pulumi("config", "set", "--secret", "dataverse-email:incomingPassword", "Real-Passw0rd")
    root.up()
    assert dataverse.profile()["isincomingpasswordset"]
    assert "Real-Passw0rd" not in "".join(root.printed)


def test_the_emulator_needs_no_password(root: Stack, dataverse: Dataverse) -> None:
    """With the emulator the program runs as it is, is then as declared, and gives all mailboxes back."""
    root.up()

    profile = dataverse.profile()["emailserverprofileid"]
    used = {row["name"] for row in dataverse.rows("mailboxes") if row["_emailserverprofile_value"] == profile}
    assert used == {"Anna Weber", "Ben Ortiz", "Support"}
    root.clean()
    root.destroy()
    assert dataverse.names("emailserverprofiles") == ["Microsoft Exchange Online"]
