"""What runs of the real Pulumi take, beside runs of a provider that does nothing with as many resources."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from pulumi_dataverse_email.emulator import running
from tests.system.emulated import CROWD, Dataverse
from tests.system.stack import Stack

from .nothing import Nothing

CHECKOUT = Path(__file__).parents[1]

SIZES = [int(size) for size in os.environ.get("RUN_SIZES", "100,1000").split(",")]
"""Mailboxes of a program."""

ROUNDS = {100: 3}
"""How often a program of that size is measured, for the median; else once, for it takes minutes."""

PATIENCE = 3600.0
"""Seconds that one command may take: a thousand checkpoints of a growing file are minutes on a quiet machine."""

COMMANDS = {
    "up, all new": ("up", "--yes", "--skip-preview"),
    "preview, nothing to change": ("preview", "--expect-no-changes"),
    "up, nothing to change": ("up", "--yes", "--skip-preview", "--expect-no-changes"),
    "preview --refresh": ("preview", "--refresh", "--expect-no-changes"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}
"""One round, in this order."""

BUDGETS = {
    (100, "up, all new"): 1.5,
    (100, "preview, nothing to change"): 1.2,
    (100, "up, nothing to change"): 1.2,
}
"""How many times as long as the provider that does nothing a run may take, by the number of mailboxes."""

PROGRAM = f"""
from {Nothing.__module__} import Nothing
ways = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
profile = PROFILE("exchange", name="Contoso Exchange", server_type="exchange_server_hybrid", use_auto_discover=True,
    on_delete="retain")
for number in range(1, COUNT + 1):
    MAILBOX(f"person{{number}}", user=f"person{{number}}@contoso.com", email_server_profile=profile.id,
        **dict.fromkeys(ways, "server_side_synchronization"))
"""
OURS = {"PROFILE": "EmailServerProfile", "MAILBOX": "Mailbox"}
NOTHING = {"PROFILE": "Nothing", "MAILBOX": "Nothing"}


SET_SIZE = 1000
SET_BUDGET = 15.0
"""Seconds that the first `up` of a set of so many mailboxes may take, on two cores."""

SET_PROGRAM = f"""
ways = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
MailboxSet("everybody", members=[f"user:person{{number}}@contoso.com" for number in range(1, {SET_SIZE} + 1)],
    **dict.fromkeys(ways, "server_side_synchronization"))
"""


@dataclass
class _Taken:
    ours: list[float] = field(default_factory=list)
    nothing: list[float] = field(default_factory=list)
    requests: int = 0


def runs() -> Iterator[Table]:
    """Measure, and give a table for each number of mailboxes, with and without checkpoints."""
    for size in SIZES:
        for skipped in ("", "true"):
            yield _table(size, skipped, _measured(size, skipped))


def set_run() -> Table:
    """Measure one set of many mailboxes, which nothing else can be compared with: it is one resource."""
    table = Table("command", "seconds", "budget", "requests", title=f"One set of {SET_SIZE:,} mailboxes")
    with _emulated(SET_SIZE) as (folder, settings, dataverse):
        stack = Stack(folder / "set", settings, patience=PATIENCE)
        stack.program(SET_PROGRAM)
        for command, arguments in COMMANDS.items():
            dataverse.forget_requests()
            seconds = _seconds(stack, arguments)
            budget = f"{SET_BUDGET:.0f}" if command == "up, all new" else ""
            table.add_row(command, f"{seconds:.1f} s", budget, f"{len(dataverse.data_requests()):,}")
    return table


@contextmanager
def _emulated(size: int) -> Iterator[tuple[Path, dict[str, str], Dataverse]]:
    """Return a folder, the settings that lead to an organization of so many people, and that organization."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        seed = folder / "seed.yaml"
        seed.write_text(CROWD.format(size))
        with running(seed_file=seed) as emulator:
            yield folder, {**emulator.environment, "PYTHONPATH": _path()}, Dataverse(emulator.environment)


def _measured(size: int, skipped: str) -> Mapping[str, _Taken]:
    taken = {command: _Taken() for command in COMMANDS}
    with _emulated(size) as (folder, settings, dataverse):
        settings["PULUMI_SKIP_CHECKPOINTS"] = skipped
        ours, nothing = (Stack(folder / name, settings, patience=PATIENCE) for name in ("ours", "nothing"))
        ours.program(_program(size, OURS))
        nothing.program(_program(size, NOTHING))
        for _ in range(ROUNDS.get(size, 1)):
            dataverse.control("POST", "reset")
            # Side by side, so that whatever else this machine does meets both.
            for command, arguments in COMMANDS.items():
                taken[command].nothing.append(_seconds(nothing, arguments))
                dataverse.forget_requests()
                taken[command].ours.append(_seconds(ours, arguments))
                taken[command].requests = len(dataverse.data_requests())
    return taken


def _seconds(stack: Stack, arguments: tuple[str, ...]) -> float:
    start = time.perf_counter()
    stack.pulumi(*arguments)
    return time.perf_counter() - start


def _program(size: int, names: Mapping[str, str]) -> str:
    text = PROGRAM.replace("COUNT", str(size))
    for placeholder, name in names.items():
        text = text.replace(placeholder, name)
    return text


def _path() -> str:
    return os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH", ""))))


def _table(size: int, skipped: str, taken: Mapping[str, _Taken]) -> Table:
    without = " with PULUMI_SKIP_CHECKPOINTS" if skipped else ""
    table = Table(
        "command", "does nothing", "ours", "times", "budget", "requests", title=f"{size:,} mailboxes{without}"
    )
    for command, it in taken.items():
        nothing, ours = statistics.median(it.nothing), statistics.median(it.ours)
        budget = f"{allowed:.1f}" if (allowed := BUDGETS.get((size, command))) else ""
        table.add_row(command, f"{nothing:.1f} s", f"{ours:.1f} s", f"{ours / nothing:.2f}", budget, f"{it.requests:,}")
    return table
