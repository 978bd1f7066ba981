"""The commands that read an environment: what they print, and how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.emulated import Dataverse
from tests.unit.engine.test_and_enable.story import ENABLED, mailbox, on_premises, prepare

COMMAND = [sys.executable, "-m", "pulumi_dataverse_email.cli"]
NASTY = "[red]x[/red] \x1b[2J{{}} | <b>"


def run(
    dataverse: Dataverse | None, *arguments: str, given: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command against an environment, or with no settings at all."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "COVERAGE_PROCESS_CONFIG") if name in os.environ}
    environment = {**kept, **(dataverse.settings if dataverse else {}), "COLUMNS": "250", **variables}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, input=given, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("command", ["doctor", "status"])
def test_without_settings_it_says_what_is_missing(command: str) -> None:
    done = run(None, command)

    assert (done.returncode, done.stdout) == (1, "")
    assert "environmentUrl" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_problem_closes_the_gate_of_a_pipeline(dataverse: Dataverse) -> None:
    """In words and as JSON alike; what is well lets it pass."""
    assert run(dataverse, "doctor").returncode == 0
    on_premises(dataverse, incomingusessl=False)

    told, read = run(dataverse, "doctor"), run(dataverse, "doctor", "--json")

    assert (told.returncode, read.returncode) == (3, 3)
    assert "incoming_use_ssl" in told.stdout
    assert {"problem"} <= {it["level"] for it in json.loads(read.stdout)}


def test_names_are_shown_as_they_are_and_command_no_terminal(dataverse: Dataverse) -> None:
    on_premises(dataverse, name=NASTY)
    prepare(dataverse, str(dataverse.row("emailserverprofiles", NASTY)["emailserverprofileid"]), ["anna"])
    for command in ("doctor", "status"):
        done = run(dataverse, command)
        assert "[red]x[/red]  [2J{{}} | <b>" in done.stdout
        assert "\x1b" not in done.stdout


def test_a_status_names_whom_to_look_at_and_ends_so(dataverse: Dataverse) -> None:
    """With the state also who is not declared; the first fifty, or all; JSON has everything."""
    prepare(dataverse, on_premises(dataverse), ["anna", "ben"], **ENABLED)
    assert run(dataverse, "status").returncode == 0
    dataverse.edit("mailboxes", mailbox(dataverse, "ben"), incomingemailstatus=2)

    done = run(dataverse, "status")
    assert done.returncode == 3
    assert "ben@contoso.com" in done.stdout
    assert "anna@contoso.com" not in done.stdout
    assert "anna@contoso.com" in run(dataverse, "status", "--all").stdout
    assert len(json.loads(run(dataverse, "status", "--json").stdout)["mailboxes"]) == 2


def test_a_state_comes_from_a_file_or_from_standard_input(dataverse: Dataverse, tmp_path: Path) -> None:
    profile = on_premises(dataverse)
    prepare(dataverse, profile, ["anna"], **ENABLED)
    token = "pulumi-python:dynamic/dataverse-email:EmailServerProfile"
    state = json.dumps({"deployment": {"resources": [{"type": token, "urn": "urn", "id": profile}]}})
    (tmp_path / "state.json").write_text(state)

    for arguments in (["--state", str(tmp_path / "state.json")], ["--state", "-"]):
        assert "not declared" in run(dataverse, "status", *arguments, given=state).stdout
    for wrong in (["--state", str(tmp_path / "none.json")], ["--state", str(Path(__file__))]):
        done = run(dataverse, "doctor", *wrong)
        assert (done.returncode, "Traceback" in done.stderr, bool(done.stderr)) == (1, False, True)


@pytest.mark.parametrize("command", ["doctor", "status"])
def test_a_reader_that_went_away_is_no_error(dataverse: Dataverse, command: str) -> None:
    """As with `| head`."""
    reader, writer = os.pipe()
    os.close(reader)
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run(
            [*COMMAND, command],
            env={**kept, **dataverse.settings},
            stdin=subprocess.DEVNULL,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )

    assert "Traceback" not in done.stderr
