"""`dataverse-email import`: a program, and the state that fits, for an organization that is there already."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .ending import fail

WAYS = "pulumi stack init production", "pulumi import --file import.json --generate-code=false --yes"


def bring_in(  # noqa: PLR0913  one for each option
    *,
    out: Annotated[Path, typer.Option(help="Folder for the program; it is made, and nothing in it is overwritten.")],
    profile: Annotated[list[str] | None, typer.Option(help="Only mailboxes on the profile of this name.")] = None,
    owner: Annotated[
        list[str] | None, typer.Option(help="Only the mailbox of this user or queue, by principal name, address, name.")
    ] = None,
    queue: Annotated[list[str] | None, typer.Option(help="Only the mailbox of this queue, by name or address.")] = None,
    address: Annotated[
        list[str] | None, typer.Option(help="Only mailboxes whose address is like this, such as '*@contoso.com'.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Also mailboxes that are inactive, of disabled users or private queues, without address, or that "
            "synchronize nothing.",
        ),
    ] = False,
    sets_from: Annotated[
        int, typer.Option(min=2, help="From how many mailboxes of one profile on they become a MailboxSet.")
    ] = 20,
    test_and_enable: Annotated[
        bool, typer.Option("--test-and-enable", help="Also declare that all of them are tested and enabled.")
    ] = False,
) -> None:
    """Write a Pulumi program that declares what an environment has, and an import file for its state.

    The environment is the one that the settings name, as docs/login.md tells. It is read only: nothing is written to
    Dataverse. Filters of one kind are alternatives; all kinds that are given must be met.
    """
    # Pulumi's SDK and the wire are slow to import, and other commands do without them.
    from rich.console import Console  # noqa: PLC0415  see above

    from .. import settings, wires  # noqa: PLC0415  see above
    from ..errors import DataverseEmailError, UnusableInputError  # noqa: PLC0415  see above
    from ..inventory import Filters, arrange, choose, files, find, import_file  # noqa: PLC0415  see above

    console = Console(stderr=True, highlight=False)
    profiles, owners, queues, addresses = (tuple(it or ()) for it in (profile, owner, queue, address))
    filters = Filters(profiles, owners, queues, addresses, everything)
    try:
        given = settings.given({}, os.environ)
        rows = wires.dataverse(given, lambda text: console.print(text, markup=False))
        with console.status("Reading mailboxes") as status:
            found = find(rows, lambda count: status.update(f"Reading mailboxes: {count} so far"))
        choice = choose(found, filters)
        if choice.unmet:
            fail("Nothing was written: " + "; ".join(choice.unmet) + ".")
        if not choice.mailboxes:
            fail(f"Nothing was written: no mailbox is left to declare.{_skipped(choice.skipped)}")
        arrangement = arrange(found, choice.mailboxes, sets_from)
        host = settings.environment_host(given.text("environmentUrl"))
        imported = import_file(arrangement, host or "")
    except (DataverseEmailError, UnusableInputError) as error:
        fail(str(error))
    project = re.sub(r"[^a-z0-9]+", "-", found.organization.name.casefold()).strip("-") or "mail"
    written = files(arrangement, imported, project=project, day=datetime.now(UTC).date(), test=test_and_enable)
    _write(out, written)
    counted = f"{len(choice.mailboxes)} mailboxes and {len(arrangement.profiles)} profiles"
    console.print(f"Declared {counted} in {out}.{_skipped(choice.skipped)}", markup=False)
    console.print("Now, in that folder, with this package installed in .venv:", markup=False)
    for line in (*WAYS, "pulumi preview --expect-no-changes" if not test_and_enable else "pulumi preview"):
        console.print(f"  {line}", markup=False)


def _skipped(skipped: dict[str, int]) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(skipped.items()))
    return f"\nSkipped: {reasons}." if reasons else ""


def _write(out: Path, written: dict[str, str]) -> None:
    """Write the files, or none where one of them is there."""
    there = [name for name in written if (out / name).exists()]
    if there:
        fail(f"Nothing was written: {out} has {', '.join(there)} already. Name a folder of its own with --out.")
    made: list[Path] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            with (out / name).open("x", encoding="utf-8", newline="\n") as file:
                made.append(out / name)
                file.write(text)
    except OSError as error:
        for file_made in made:
            file_made.unlink(missing_ok=True)
        fail(f"{error.filename} cannot be written: {error.strerror}.")
