"""`dataverse-email doctor`: whether the provider can work in an environment."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .ending import fail
from .opening import State, declared, wires

PROBLEMS = 3
"""Exit status where something would fail; 1 is that nothing could be looked at, 2 a wrong use."""

COLOURS = {"ok": "green", "unknown": "dim", "warning": "yellow", "problem": "red"}


def doctor(
    *,
    state: Annotated[Path | None, State] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say who the login is in the environment, what it may do there, and what breaks or is about to.

    Looks at the environment, login, roles and rights for each kind, service limits, default profile, profiles and the
    rules that they break, passwords about to expire, and the end of EWS. Reads only.

    Ends with status 0 where nothing would fail, 3 where something would, 1 where nothing could be looked at.
    """
    from ..errors import DataverseEmailError  # noqa: PLC0415  slow to import, and other commands do without it
    from ..health import Declared, Level, examine  # noqa: PLC0415  likewise

    known = declared(state)
    try:
        rows, exchange = wires(lambda text: typer.echo(text, err=True))
        found = examine(rows, exchange, known or Declared(), datetime.now(UTC).date())
    except DataverseEmailError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps([asdict(it) for it in found], indent=2, ensure_ascii=False))
    else:
        _show([(it.about, str(it.level), it.says, it.advice) for it in found])
    if any(it.level is Level.PROBLEM for it in found):
        raise typer.Exit(PROBLEMS)


def _show(found: list[tuple[str, str, str, str]]) -> None:
    from rich.console import Console  # noqa: PLC0415  likewise
    from rich.table import Table  # noqa: PLC0415  likewise
    from rich.text import Text  # noqa: PLC0415  likewise

    table = Table(box=None, pad_edge=False)
    for title in ("", "what", "found"):
        table.add_column(title, overflow="fold")  # nothing is cut off: people act on it
    for about, level, says, advice in found:
        # Text is never markup here: names of profiles are other people's.
        told = Text(_plain(f"{says} {advice}".strip()))
        table.add_row(Text(level, COLOURS[level]), Text(_plain(about)), told)
    Console(highlight=False).print(table)


def _plain(text: str) -> str:
    return "".join(it if it.isprintable() else " " for it in text)
