"""What the commands that read an environment share: its wires, and what a stack declares."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .ending import fail

if TYPE_CHECKING:
    from ..dataverse.client import Client
    from ..exchange.interface import Exchange
    from ..health import Declared

State = typer.Option(
    "--state",
    help="What `pulumi stack export` printed; - reads standard input. It tells what the stack declares.",
)


def wires(tell: Callable[[str], None]) -> "tuple[Client, Callable[[], Exchange | None]]":
    """Open the wires that the environment variables name; nothing is sent yet.

    Raises:
        SettingsError: the settings are missing or contradict each other.
    """
    from .. import settings  # noqa: PLC0415  slow to import, and other commands do without it
    from .. import wires as opened  # noqa: PLC0415  likewise

    given = settings.given({}, os.environ)
    return opened.dataverse(given, tell), lambda: opened.exchange(given, "exchange_online", tell)


def declared(state: Path | None) -> "Declared | None":
    """Return what the stack declares; `None` where nobody said."""
    from ..health import read_state  # noqa: PLC0415  likewise
    from ..health.declared import StateError  # noqa: PLC0415  likewise

    if state is None:
        return None
    try:
        return read_state(sys.stdin.read() if str(state) == "-" else state.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{state} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}.")
    except StateError as error:
        fail(f"{state}: {error}")
