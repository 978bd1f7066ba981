import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

EMULATOR = [sys.executable, "-m", "pulumi_dataverse_email.cli", "emulator"]
VARIABLES = {
    "DATAVERSE_URL",
    "DATAVERSE_EMULATOR_URL",
    "ARM_TENANT_ID",
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "AZURE_AUTHORITY_HOST",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
}
REPORT = "import os, json; print(json.dumps(dict(os.environ)))"


def _run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "200", "NO_COLOR": "1", **variables}
    command = [*EMULATOR, *(str(argument) for argument in arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_run_gives_its_command_the_variables(tmp_path: Path) -> None:
    done = _run("run", "--data", tmp_path, "--", sys.executable, "-c", REPORT)

    found = json.loads(done.stdout)
    assert found.keys() >= VARIABLES
    assert re.fullmatch(r"https://127\.0\.0\.1:\d+", found["DATAVERSE_URL"])
    assert found["DATAVERSE_EMULATOR_URL"] == f"{found['DATAVERSE_URL']}/emulator"
    assert "NO_PROXY" not in found


def test_another_environment_s_login_is_hidden_from_the_command() -> None:
    """What the machine says about a real environment neither counts nor contradicts."""
    done = _run("run", "--", sys.executable, "-c", REPORT, ARM_USE_OIDC="true", ARM_ENVIRONMENT="china", OTHER="kept")

    found = json.loads(done.stdout)
    assert found.keys() & {"ARM_USE_OIDC", "ARM_ENVIRONMENT", "OTHER"} == {"OTHER"}


def test_the_command_finds_an_emulator_that_answers() -> None:
    program = (
        "import os, ssl, urllib.request as u;"
        "print(u.urlopen(os.environ['DATAVERSE_EMULATOR_URL'] + '/organization', timeout=30).status)"
    )

    done = _run("run", "--", sys.executable, "-c", program)

    assert done.stdout == "200\n"


def test_the_bundle_holds_what_was_trusted_before(tmp_path: Path) -> None:
    (tmp_path / "company.pem").write_text("the company's own")
    program = "import os; print(open(os.environ['REQUESTS_CA_BUNDLE']).read())"

    done = _run("run", "--", sys.executable, "-c", program, REQUESTS_CA_BUNDLE=str(tmp_path / "company.pem"))

    assert done.stdout.startswith("the company's own\n-----BEGIN CERTIFICATE-----")


def test_the_emulator_is_reached_past_a_proxy() -> None:
    done = _run("run", "--", sys.executable, "-c", REPORT, HTTPS_PROXY="http://proxy.example", NO_PROXY="intranet")

    assert json.loads(done.stdout)["NO_PROXY"] == "intranet,127.0.0.1"


@pytest.mark.parametrize("status", [0, 3])
def test_run_passes_on_the_exit_status(status: int) -> None:
    assert _run("run", "--", "sh", "-c", f"exit {status}").returncode == status


def test_a_command_that_a_signal_ended_has_the_status_of_a_shell() -> None:
    assert _run("run", "--", "sh", "-c", "kill -TERM $$").returncode == 128 + signal.SIGTERM


def test_run_hands_options_to_the_command() -> None:
    assert _run("run", "--", "echo", "--port", "-x").stdout == "--port -x\n"


def test_a_command_that_is_not_there_is_named() -> None:
    done = _run("run", "--", "nonesuch", "x")

    assert (done.returncode, done.stderr) == (127, "The command nonesuch was not found.\n")


def test_a_command_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")

    done = _run("run", "--", tmp_path / "text")

    assert done.returncode == 126
    assert "cannot be run" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_hands_signals_to_its_command(number: signal.Signals) -> None:
    program = (
        f"import signal, sys; signal.signal({number.value}, lambda *_: sys.exit(7));"
        "print('ready', flush=True); signal.pause()"
    )
    command = [*EMULATOR, "run", "--", sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "ready\n"
        running.send_signal(number)

        assert running.wait(timeout=60) == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_the_variables_and_ends_well(number: signal.Signals) -> None:
    with subprocess.Popen([*EMULATOR, "serve"], stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout
        names = {serving.stdout.readline().removeprefix("export ").split("=")[0] for _ in VARIABLES}
        serving.send_signal(number)

        assert serving.wait(timeout=60) == 0
    assert names >= VARIABLES


def test_a_port_in_use_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run("serve", "--port", port)

    assert (1, f"Port {port} of 127.0.0.1 cannot be used: Address already in use.\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--seed", "{}/nonesuch.yaml"], "nonesuch.yaml cannot be read"),
        (["--data", "{}/file/data"], "cannot be made"),
        (["--request-log", "{}/nonesuch/log"], "cannot be written"),
        (["--data", "{}/damaged"], "cannot be used as a database"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "dataverse.sqlite").write_text("this is no database, but long enough to look like one" * 20)

    done = _run("serve", *(argument.format(tmp_path) for argument in arguments))

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_keys_in_the_data_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    _run("run", "--data", tmp_path, "--", "true")

    for name in ("signing-key.pem", "authority-key.pem"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_missing_extra_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('No module named starlette', name='starlette')")

    done = _run("serve", PYTHONPATH=str(tmp_path))

    assert done.returncode == 1
    assert "pip install 'pulumi-dataverse-email[emulator]'" in done.stderr
