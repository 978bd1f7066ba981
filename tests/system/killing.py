"""Runs that are killed."""

import os
import signal
from pathlib import Path
from subprocess import Popen

from .emulated import wait_until
from .stack import Stack


def kill(process: Popen[str], stack: Stack) -> None:
    """Kill the CLI with -9, wait until the provider's process ends itself, and end what else it leaves."""
    process.kill()
    process.wait()
    wait_until(lambda: not provider_lives(stack), "the provider's process ends itself")
    for left in _processes_of(stack):  # Pulumi's own language host
        os.kill(left, signal.SIGKILL)
    assert process.stdout is not None
    process.stdout.close()


def provider_lives(stack: Stack) -> bool:
    """Say whether the process of the stack's provider is there."""
    return any(b"pulumi.dynamic" in command for command in _processes_of(stack).values())


def _processes_of(stack: Stack) -> dict[int, bytes]:
    """Return the command lines, by process id, of all that runs with the stack's own home."""
    mark = f"PULUMI_HOME={stack.folder / 'home'}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return found
