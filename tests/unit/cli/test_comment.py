import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_dataverse_email.comment import LIMITS, gates
from tests.unit.comment.previews import OFF, ON, step, text

COMMAND = [sys.executable, "-m", "pulumi_dataverse_email.cli", "comment"]
LOSS = text(step("update", "Mailbox", "anna", ON, OFF))
TRACEBACK = "Traceback"


def _environment(**variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "COVERAGE_PROCESS_CONFIG") if name in os.environ}
    return kept | {"COLUMNS": "300", "NO_COLOR": "1", **variables}


def _run(*arguments: object, given: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    command, environment = [*COMMAND, *map(str, arguments)], _environment(**variables)
    return subprocess.run(command, env=environment, input=given, capture_output=True, timeout=60, check=False)


def test_a_file_and_standard_input_say_the_same(tmp_path: Path) -> None:
    kept = tmp_path / "preview.json"
    kept.write_bytes(LOSS)

    from_file, piped, dashed = _run(kept), _run(given=LOSS), _run("-", given=LOSS)

    assert b"**Look closely: 1 loss of synchronization.**" in from_file.stdout
    assert from_file.stdout == piped.stdout == dashed.stdout
    assert (from_file.returncode, piped.returncode, from_file.stderr) == (0, 0, b"")


@pytest.mark.parametrize(
    ("words", "status"), [("", 0), ("loss", 3), ("delete, loss", 3), ("delete,replace,error", 0), (" , ", 0)]
)
def test_a_gate_ends_with_its_own_status(words: str, status: int) -> None:
    """The comment is printed all the same: the reviewer needs it most then."""
    done = _run("--fail-on", words, given=LOSS)

    assert status == done.returncode
    assert b"Look closely" in done.stdout
    assert done.stderr == (b"The gate is closed: 1 loss.\n" if status else b"")


def test_a_gate_that_nobody_knows_is_refused_with_those_that_there_are() -> None:
    done = _run("--fail-on", "delete,destroy", given=LOSS)

    assert done.returncode == 2
    assert done.stdout == b""
    assert b"destroy: not known" in done.stderr
    assert all(word.encode() in done.stderr for word in gates())


def test_the_help_names_every_gate_and_service() -> None:
    shown = " ".join(re.sub(r"[^\w ,.-]", " ", _run("--help").stdout.decode()).split())

    assert ", ".join(gates()) in shown
    assert all(service in shown for service in LIMITS)


def test_each_service_has_its_size() -> None:
    crowd = text(*(step("create", "Mailbox", f"m{it}", None, {**ON, "user": f"user{it}"}) for it in range(3000)))

    sizes = {service: len(_run("--for", service, given=crowd).stdout) for service in LIMITS}

    assert all(LIMITS[service] - 1_000 < size <= LIMITS[service] for service, size in sizes.items())


def test_the_job_summary_gets_it_too(tmp_path: Path) -> None:
    """It is added to what earlier steps wrote."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")

    done = _run("--job-summary", given=LOSS, GITHUB_STEP_SUMMARY=str(summary))

    assert done.returncode == 0
    assert b"before\n" + done.stdout == summary.read_bytes()


@pytest.mark.parametrize("path", ["", "/nowhere/summary.md"])
def test_no_job_summary_is_said(path: str) -> None:
    done = _run("--job-summary", given=LOSS, GITHUB_STEP_SUMMARY=path)

    assert done.returncode == 1
    assert b"--job-summary" in done.stderr
    assert TRACEBACK not in done.stderr.decode()


@pytest.mark.parametrize("given", [b"", LOSS[:-20], b'{"resources": []}', b"\xff\xfe\x00"])
def test_what_is_no_preview_ends_with_a_sentence(given: bytes) -> None:
    done = _run(given=given)

    assert done.returncode == 1
    assert done.stdout == b""
    assert TRACEBACK not in done.stderr.decode()
    assert "`pulumi preview --json`" in done.stderr.decode() or "JSON" in done.stderr.decode()


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    done = _run(tmp_path / name)

    assert done.returncode == 2
    assert name.encode() in done.stderr
    assert TRACEBACK not in done.stderr.decode()


def test_a_terminal_without_colours_and_unicode_gets_the_same() -> None:
    """The comment is UTF-8 wherever it is made, and holds no escape codes."""
    named = text(step("update", "Mailbox", "anna", {**ON, "user": "ännä \ud800"}, {**OFF, "user": "ännä \ud800"}))

    done = _run(given=named, LC_ALL="C", PYTHONIOENCODING="ascii", TERM="dumb")

    assert "ännä \N{REPLACEMENT CHARACTER}" in done.stdout.decode()
    assert b"\x1b" not in done.stdout


def test_a_closed_pipe_is_no_traceback() -> None:
    """`dataverse-email comment | head -1` of a comment that is longer than a pipe holds."""
    crowd = text(*(step("create", "Mailbox", f"m{it}", None, {**ON, "user": f"user{it}"}) for it in range(3000)))
    with subprocess.Popen(
        [*COMMAND, "--for", "azure-devops"],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(crowd)
        process.stdin.close()
        first = process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert first.startswith(b"<!-- dataverse-email comment")
    assert (process.returncode, said) == (1, b"")
