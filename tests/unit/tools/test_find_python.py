"""The Python that `make` builds the environment with."""

import subprocess
import sys
from pathlib import Path

import pytest

FIND_PYTHON = Path(__file__).parents[3] / "tools" / "find-python"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that is the whole PATH of a machine: a shell's `cat`, and no Python yet."""
    (tmp_path / "cat").symlink_to("/bin/cat")
    return tmp_path


def find(machine: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", FIND_PYTHON], env={"PATH": str(machine), **environment}, capture_output=True, text=True, check=False
    )


def command(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_shim_without_its_version_is_passed_over(machine: Path) -> None:
    """A version manager's shim that cannot run loses against an older Python that can."""
    command(machine / "python3.14", "echo not installed >&2; exit 127")
    (machine / "python3").symlink_to(sys.executable)

    assert find(machine).stdout == "python3\n"


def test_the_python_that_a_person_names_comes_first(machine: Path) -> None:
    """PYTHON=... beats what PATH holds."""
    (machine / "python3").symlink_to(sys.executable)

    assert find(machine, PYTHON=sys.executable).stdout == f"{sys.executable}\n"


def test_without_a_python_it_says_what_to_get(machine: Path) -> None:
    """A machine with no Python, or only an old one, is told what is needed and where to get it."""
    command(machine / "python3", "exit 1")

    told = find(machine)

    assert told.returncode == 1
    assert "No Python 3.11 or newer" in told.stderr
    assert "apt install python3 python3-venv" in told.stderr
