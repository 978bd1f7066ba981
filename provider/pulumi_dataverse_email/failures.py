"""What a program could not achieve, told once everything else is done."""

import atexit
import os
import sys
import threading

import pulumi

_told: list[str] = []


def fail_at_end(text: str) -> None:
    """Let the program end with this text on standard error and the exit status 1, after all resources are done.

    An error that is raised while a program runs leaves later resources unmade and deletions undone. A program that
    the Automation API runs inline has no end of its own: there it is raised all the same.

    Raises:
        RunError: the program runs inline.
    """
    if threading.current_thread() is not threading.main_thread():
        raise pulumi.RunError(text)
    if not _told:
        atexit.register(_end)
    _told.append(text)


def _end() -> None:
    sys.stdout.flush()
    print(*_told, sep="\n", file=sys.stderr, flush=True)  # noqa: T201  the engine shows a program's standard error
    os._exit(1)
