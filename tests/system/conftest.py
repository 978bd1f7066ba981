"""The real Pulumi CLI, a real socket, an emulated Dataverse: what the system tests stand on."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import RunningEmulator, running

from .emulated import Dataverse
from .stack import Stack

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]


def pytest_configure() -> None:
    """Refuse to skip in silence: a missing CLI is an error where it is required, else a loud skip."""
    os.environ["PATH"] = f"{CHECKOUT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    if shutil.which("pulumi") is None and os.environ.get("PULUMI_CLI_REQUIRED"):
        pytest.exit("the system tests need the Pulumi CLI; `make cli` brings it", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the system tests; skip them, with the way to have them, where there is no CLI."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.system)
            if shutil.which("pulumi") is None:
                item.add_marker(pytest.mark.skip(reason="NO PULUMI CLI: run `make cli`, then `make system`"))


@pytest.fixture(scope="session")
def _emulator() -> Iterator[RunningEmulator]:
    with running() as emulator:
        yield emulator


@pytest.fixture
def dataverse(_emulator: RunningEmulator) -> Dataverse:
    """An environment as the default seed has it: users anna, ben and chris, queues Support and Sales."""
    found = Dataverse(_emulator.environment)
    found.control("POST", "reset")
    return found


@pytest.fixture
def other_dataverse(dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dataverse]:
    """Another environment, with another organization and host name; its certificates' bundle trusts both."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", dataverse.settings["REQUESTS_CA_BUNDLE"])
    with running() as emulator:
        yield Dataverse({name: text.replace("127.0.0.1", "localhost") for name, text in emulator.environment.items()})


@pytest.fixture
def stack(tmp_path: Path, dataverse: Dataverse) -> Stack:
    """An empty stack whose settings lead to `dataverse`."""
    return Stack(tmp_path / "project", dict(dataverse.settings))
