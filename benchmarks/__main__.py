"""`make bench`: prints what client, emulator and whole runs take, and lets a hundred clients storm."""

import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from rich.console import Console
from rich.table import Table

from pulumi_dataverse_email.emulator import running

from .bare import bare
from .runs import runs, set_run
from .served import Client, served
from .storm import CLIENTS, Outcome, storm, until
from .wire import overhead

MAILBOXES = 50_000
PAGE = 5_000
BATCH = 1_000
STORM_SECONDS = float(os.environ.get("STORM_SECONDS", "30"))

SEED = f"""
organization: {{name: Contoso, tenant_id: 5f0c2a10-0000-4000-8000-00000000c070}}
users:
  - name: Person {{n}}
    principal_name: person{{n}}@contoso.com
    email_address: person{{n}}@contoso.com
    count: {MAILBOXES}
"""


class Report:
    """A table of medians, each beside the bare answer that it is compared with."""

    def __init__(self, baseline: float) -> None:
        self._baseline = baseline
        self.table = Table("what", "median", "times the bare answer", title="The emulator on this machine")
        self.add("a bare answer of starlette, TLS and all", baseline)

    def add(self, what: str, seconds: float) -> None:
        """Add a line."""
        self.table.add_row(what, f"{seconds * 1000:,.1f} ms", f"{seconds / self._baseline:,.1f}")


def median(call: Callable[[], requests.Response], times: int) -> float:
    """Return the median of the seconds that a call takes, which must succeed."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        answer = call()
        taken.append(time.perf_counter() - start)
        answer.raise_for_status()
    return statistics.median(taken)


def batch(ids: list[str]) -> bytes:
    """Return a batch that updates mailboxes."""
    part = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = json.dumps({"username": "bench"})
    updates = [
        f"{part}PATCH /api/data/v9.2/mailboxes({row_id}) HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
        for row_id in ids
    ]
    return ("".join(updates) + "--b--\r\n").encode()


@contextmanager
def crowded(report: Report) -> Iterator[Client]:
    """Serve an organization of many mailboxes, and report how long its start takes."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        seed = Path(folder) / "seed.yaml"
        seed.write_text(SEED)
        start = time.perf_counter()
        with running(seed_file=seed) as emulator:
            report.add(f"a start with {MAILBOXES:,} mailboxes", time.perf_counter() - start)
            client = Client(emulator.environment)
            yield client
            client.close()


def measure(client: Client, report: Report) -> None:
    """Report how long the usual requests take among many mailboxes."""
    columns = "$select=name,emailaddress,mailboxstatus"
    page = f"mailboxes?$filter=isforwardmailbox eq false and startswith(emailaddress,'person'){'&'}{columns}"
    ids = [row["mailboxid"] for row in client.rows(f"{page}&$top={BATCH}")]
    one = f"mailboxes({ids[0]})?{columns}"
    named = f"mailboxes?$filter=emailaddress eq 'person{MAILBOXES // 2}@contoso.com'&{columns}"
    changes = batch(ids)
    report.add("one row by its id", median(lambda: client.call("GET", one), 50))
    report.add(f"one row of {MAILBOXES:,} by its address", median(lambda: client.call("GET", named), 50))
    report.add(f"a filtered page of {PAGE:,}, three columns", median(lambda: client.call("GET", page), 5))
    everything = page.removesuffix(f"&{columns}")
    report.add(f"a filtered page of {PAGE:,}, all columns", median(lambda: client.call("GET", everything), 3))
    content_type = "multipart/mixed; boundary=b"
    report.add(f"a batch of {BATCH:,} updates", median(lambda: client.post("$batch", changes, content_type), 3))


def endure(console: Console) -> bool:
    """Let many clients storm for a while; report what they met, and return whether that is nothing bad."""
    outcome, over = Outcome(), threading.Event()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, served(Path(folder)) as emulator:
        timer = threading.Timer(STORM_SECONDS, over.set)
        timer.start()
        storm(emulator, until(over), outcome)
        client = emulator.client()
        lost = outcome.lost(client)
        client.close()
    answers = Table("status", "answers", title=f"{CLIENTS} clients at once for {STORM_SECONDS:g} seconds")
    for status, number in sorted(outcome.answers.items()):
        answers.add_row(str(status), f"{number:,}")
    answers.add_row("counted up", f"{sum(outcome.counted.values()):,}")
    answers.add_row("lost updates", str(sum(lost.values())))
    answers.add_row("trouble", "; ".join(outcome.trouble[:3]) or "none")
    console.print(answers)
    return not outcome.trouble and not lost


def main() -> int:
    """Run everything; the status is 1 when the storm met an error or lost an update."""
    console = Console()
    console.print(overhead())
    with bare() as session:
        report = Report(median(session, 200))
    with crowded(report) as client:
        measure(client, report)
    console.print(report.table)
    for table in runs():
        console.print(table)
    console.print(set_run())
    return 0 if endure(console) else 1


if __name__ == "__main__":
    raise SystemExit(main())
