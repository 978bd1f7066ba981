"""`dataverse-email status`: how the mailboxes of an environment are."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .ending import fail
from .opening import State, declared, wires

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from ..health import MailboxStatus, Status

SHOWN = 50
"""Mailboxes that are listed unless all are wanted: what is to be looked at comes first."""

NOT_WELL = 3
"""Exit status where some mailbox is to be looked at; 1 is that nothing could be read, 2 a wrong use."""


def status(
    *,
    state: Annotated[Path | None, State] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every mailbox, those that are well too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    watch: Annotated[
        int | None, typer.Option(min=5, help="Look again after so many seconds, until Ctrl-C.", metavar="SECONDS")
    ] = None,
) -> None:
    """Say how profiles and mailboxes are: first counted by profile, then those that are to be looked at.

    With --state, also which mailboxes on the stack's profiles nobody declares, and which a scope does not let in. Reads
    only.

    Ends with status 0 where all mailboxes are well, 3 where some are not, 1 where nothing could be read.
    """
    from rich.console import Console  # noqa: PLC0415  slow to import, and other commands do without it

    from ..errors import DataverseEmailError  # noqa: PLC0415  likewise
    from ..health import look  # noqa: PLC0415  likewise

    known = declared(state)
    console, told = Console(highlight=False), Console(stderr=True, highlight=False)
    try:
        rows, _ = wires(lambda text: told.print(text, markup=False))
        while True:
            with told.status("Reading mailboxes") as line:
                found = look(rows, known, lambda count: line.update(f"Reading mailboxes: {count} so far"))
            if as_json:
                typer.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
            else:
                for part in _parts(found, everything=everything):
                    console.print(part)
            if watch is None:
                break
            time.sleep(watch)
    except DataverseEmailError as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    if any(not it.is_well for it in found.mailboxes) or found.outside:
        raise typer.Exit(NOT_WELL)


def _parts(found: "Status", *, everything: bool) -> "Iterator[RenderableType]":
    from rich.table import Table  # noqa: PLC0415  likewise
    from rich.text import Text  # noqa: PLC0415  likewise

    counts = Table("profile", "mailboxes", "enabled", "failing", "not approved", box=None, pad_edge=False)
    undeclared = any(it.undeclared is not None for it in found.profiles)
    if undeclared:
        counts.add_column("not declared")
    for it in found.profiles:
        numbers = [it.mailboxes, it.enabled, it.failing, it.not_approved, *([it.undeclared or 0] if undeclared else [])]
        counts.add_row(_text(it.name or "(none)"), *(Text(str(number)) for number in numbers))
    yield counts
    yield Text(f"{found.idle} mailboxes are to synchronize nothing.")
    for sentence in found.unread:
        yield _text(sentence)
    for name, addresses in found.outside.items():
        yield _text(f"The scope '{name}' does not let in: {', '.join(addresses)}.")
    listed = [it for it in found.mailboxes if everything or not it.is_well]
    if not listed:
        yield Text("All of them are well.")
        return
    table = Table("mailbox", "address", "profile", "status", "last synchronized", "alerts", box=None, pad_edge=False)
    for mailbox in listed if everything else listed[:SHOWN]:
        table.add_row(
            _text(mailbox.name),
            _text(mailbox.address),
            _text(mailbox.profile),
            _text(_said(mailbox)),
            Text(mailbox.last or "never"),
            Text("?" if mailbox.alerts is None else str(mailbox.alerts)),
        )
    yield Text("")
    yield table
    if len(listed) > SHOWN and not everything:
        yield Text(f"... and {len(listed) - SHOWN} more; --all lists them, --json too.")


def _said(mailbox: "MailboxStatus") -> str:
    notes = [mailbox.status]
    notes += [] if mailbox.approved else ["not approved"]
    notes += [mailbox.why_not] if mailbox.why_not else []
    notes += ["not declared"] if mailbox.declared is False else []
    return ", ".join(notes)


def _text(text: str) -> "RenderableType":
    """Return foreign text as itself: neither markup nor a command to the terminal."""
    from rich.text import Text  # noqa: PLC0415  likewise

    return Text("".join(it if it.isprintable() else " " for it in text))
