"""`dataverse-email emulator`: an embedded Dataverse, for as long as it is wanted."""

import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from ..settings import declared
from .ending import fail

if TYPE_CHECKING:
    from ..emulator import RunningEmulator

SIGNALS = (signal.SIGINT, signal.SIGTERM)

COMMAND_NOT_FOUND = 127
COMMAND_NOT_EXECUTABLE = 126
"""Exit statuses as a shell gives them."""

app = typer.Typer(help="An embedded Dataverse, to try things and to test against.", no_args_is_help=True)

Port = Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes any free one.", min=0, max=65535)]
Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder that keeps rows, organization id and keys between runs; made if need be.", file_okay=False
    ),
]
Seed = Annotated[
    Path | None, typer.Option(help="YAML file with the organization to start with; read when the data is new.")
]
RequestLog = Annotated[Path | None, typer.Option(help="File to which each request is added as one line of JSON.")]


@app.command()
def serve(port: Port = 0, data: Data = None, seed: Seed = None, request_log: RequestLog = None) -> None:
    """Serve until interrupted; prints the environment variables that point clients at it."""
    stop = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda _number, _frame: stop.set())
    with _running(port, data, seed, request_log) as emulator:
        for name, value in emulator.environment.items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        stop.wait()


@app.command()
def run(
    command: Annotated[
        list[str], typer.Argument(help="The command and its arguments, after --.", metavar="COMMAND...")
    ],
    port: Port = 0,
    data: Data = None,
    seed: Seed = None,
    request_log: RequestLog = None,
) -> None:
    """Serve while COMMAND runs, which finds the environment variables set; pass on its exit status.

    Variables that name another environment or another way to log in are hidden from it.
    """
    with _running(port, data, seed, request_log) as emulator:
        status = _run(command, _without_settings(os.environ) | emulator.environment)
    raise typer.Exit(status)


def _without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    hidden = {variable for setting in declared().values() for variable in setting.variables}
    return {name: text for name, text in environ.items() if name not in hidden}


@contextmanager
def _running(port: int, data: Path | None, seed: Path | None, request_log: Path | None) -> Iterator["RunningEmulator"]:
    """Start the emulator, or end the command with a sentence that says why it cannot be."""
    try:
        from ..emulator import EmulatorError, running  # noqa: PLC0415 - its packages are an extra, and slow to import
    except ModuleNotFoundError as error:
        fail(f"The emulator needs {error.name}; get it with: pip install 'pulumi-dataverse-email[emulator]'")
    try:
        with running(port=port, data=data, seed_file=seed, request_log=request_log) as emulator:
            yield emulator
    except EmulatorError as error:
        fail(str(error))


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command to its end, handing signals on; return its exit status as a shell would."""
    waiting: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def hand_on(number: int, _frame: FrameType | None) -> None:
        # The terminal itself interrupts the command; a second interrupt would mean "stop at once" to many programs.
        if number == signal.SIGINT and _is_in_foreground():
            return
        if child is None:
            waiting.append(number)
        else:
            child.send_signal(number)

    for number in SIGNALS:
        signal.signal(number, hand_on)
    try:
        child = subprocess.Popen(command, env=environment)  # noqa: S603 - running what the person typed is the purpose
    except FileNotFoundError:
        typer.echo(f"The command {command[0]} was not found.", err=True)
        return COMMAND_NOT_FOUND
    except OSError as error:
        typer.echo(f"The command {command[0]} cannot be run: {error.strerror}.", err=True)
        return COMMAND_NOT_EXECUTABLE
    for early in waiting:
        child.send_signal(early)
    status = child.wait()
    return status if status >= 0 else 128 - status


def _is_in_foreground() -> bool:
    """Whether this process belongs to the job that the terminal sends Ctrl-C to."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
