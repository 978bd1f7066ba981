"""The pipelines that people copy: linted as their authors' tools do it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = CHECKOUT / "examples" / "github-actions"
WORKFLOWS = sorted((EXAMPLE / ".github" / "workflows").glob("*.yml"))


@pytest.mark.skipif(shutil.which("go") is None, reason="NO Go: actionlint is built with it")
def test_the_workflows_are_valid() -> None:
    """By actionlint, which knows GitHub's syntax and contexts."""
    tool = ["go", "tool", "-C", str(CHECKOUT / "tools" / "actionlint"), "actionlint"]
    done = subprocess.run(
        [*tool, "-no-color", *map(str, WORKFLOWS)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_workflows_give_nobody_more_than_he_needs() -> None:
    """By zizmor, at its strictest: pinned actions, least permissions, no text of strangers in a shell."""
    zizmor = Path(sys.executable).with_name("zizmor")
    config = EXAMPLE / ".github" / "zizmor.yml"
    done = subprocess.run(
        [zizmor, "--offline", "--persona", "pedantic", "--no-progress", "--config", config, EXAMPLE],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr
