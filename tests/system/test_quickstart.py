"""`make up`, as the README promises it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

FILES = ("Makefile", "Pulumi.yaml", "__main__.py", "pyproject.toml", "README.md", "LICENSE")
FOLDERS = ("provider", "requirements", "tools")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout that shares what takes minutes to make: the environment and the CLI."""
    for name in FILES:
        shutil.copy2(CHECKOUT / name, tmp_path / name)
    for name in FOLDERS:
        shutil.copytree(CHECKOUT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "benchmarks"):
        (tmp_path / name).mkdir()
    for path in (tmp_path / "pyproject.toml", *(tmp_path / "requirements").iterdir()):
        os.utime(path, (0, 0))  # older than the shared environment, so that nothing is installed into it from here
    for name in (".venv", ".tools"):
        if (CHECKOUT / name).exists():
            (tmp_path / name).symlink_to(CHECKOUT / name)
    return tmp_path


def make(checkout: Path, home: Path, target: str) -> str:
    """Run make as a person whose home is empty and whose settings lead elsewhere; return what it prints."""
    foreign = {"DATAVERSE_URL": "https://elsewhere.invalid", "ARM_CLIENT_ID": "other", "PULUMI_STACK": "other"}
    done = subprocess.run(
        ["make", "--no-print-directory", target],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "HOME": str(home), **foreign},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_make_up_creates_once_and_then_changes_nothing(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The first run shows the preview, the result and the rows; the second says that nothing changed; clean forgets."""
    home = tmp_path_factory.mktemp("home")

    first = make(checkout, home, "up")
    assert "incoming_password                         : [secret]" in first
    assert "+ 5 created" in first
    assert "Contoso Exchange           set       yes            2026-11-01T00:00:00Z" in first
    assert "Anna Weber" in first

    log = checkout / ".quickstart" / "requests.jsonl"
    requests = log.read_text().count("\n")
    second = make(checkout, home, "up")
    assert "5 unchanged" in second
    assert "Nothing changed" in second
    assert log.read_text().count("\n") == requests

    make(checkout, home, "clean")
    assert not (checkout / ".quickstart").exists()
    assert list(home.iterdir()) == []
