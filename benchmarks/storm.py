"""A hundred clients at once: some rows are their own, and five mailboxes they all count up under `If-Match`."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count, takewhile
from uuid import uuid4

import requests

from .served import Client, Served

CLIENTS = 100

SHARED = 5
"""Mailboxes that all clients change: those of the default organization's users and queues."""

EXPECTED = {HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.PRECONDITION_FAILED}


@dataclass
class Outcome:
    """What the clients met."""

    answers: Counter[int] = field(default_factory=Counter)
    """How many, by status."""
    trouble: list[str] = field(default_factory=list)
    """Answers that should not have come, and connections that broke."""
    counted: Counter[str] = field(default_factory=Counter)
    """By mailbox: acknowledged steps of its counter."""
    made: list[str] = field(default_factory=list)
    """Acknowledged creates: paths of rows."""
    lock: threading.Condition = field(default_factory=threading.Condition)
    """Guards the rest, and tells of each create."""

    def lost(self, client: Client) -> dict[str, int]:
        """Return, by mailbox, the updates that were acknowledged and are not in the counter, if any."""
        steps = {path: int(client.call("GET", path).json()["username"] or 0) for path in shared(client)}
        return {path: self.counted[path] - kept for path, kept in steps.items() if kept != self.counted[path]}


def shared(client: Client) -> list[str]:
    """Return the mailboxes that all clients change."""
    rows = client.rows(f"mailboxes?$select=mailboxid&$filter=emailaddress ne null&$orderby=name&$top={SHARED}")
    return [f"mailboxes({row['mailboxid']})" for row in rows]


def rounds(number: int) -> Callable[[], Iterator[int]]:
    """Let each client do so many rounds."""
    return lambda: iter(range(number))


def until(event: threading.Event) -> Callable[[], Iterator[int]]:
    """Let each client go on until something happens."""
    return lambda: takewhile(lambda _number: not event.is_set(), count())


def storm(served: Served, work: Callable[[], Iterator[int]], outcome: Outcome) -> None:
    """Let all clients work at the same time, and return when the last one is done."""
    first = served.client()
    paths = shared(first)
    start = threading.Barrier(CLIENTS)

    def one(number: int) -> None:
        client = served.client(first.token)
        start.wait()
        try:
            for turn in work():
                _round(client, outcome, paths[(number + turn) % len(paths)])
        except requests.RequestException as error:
            outcome.trouble.append(f"{type(error).__name__}: {error}")
        finally:
            client.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one, range(CLIENTS)))
    first.close()


def _round(client: Client, outcome: Outcome, mailbox: str) -> None:
    """Make a row, look it up, and count a shared mailbox up."""
    profile = f"emailserverprofiles({uuid4()})"
    if _noted(client.call("PATCH", profile, {"name": profile, "servertype": 0}), outcome):
        with outcome.lock:
            outcome.made.append(profile)
            outcome.lock.notify_all()
    _noted(client.call("GET", f"emailserverprofiles?$filter=name eq '{profile}'&$select=name"), outcome)
    row = client.call("GET", f"{mailbox}?$select=username")
    if not _noted(row, outcome):
        return
    step = str(int(row.json()["username"] or 0) + 1)
    if _noted(client.call("PATCH", mailbox, {"username": step}, If_Match=row.headers["ETag"]), outcome):
        with outcome.lock:
            outcome.counted[mailbox] += 1


def _noted(answer: requests.Response, outcome: Outcome) -> bool:
    """Note an answer; return whether it is a success."""
    with outcome.lock:
        outcome.answers[answer.status_code] += 1
    if answer.status_code not in EXPECTED:
        outcome.trouble.append(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:200]}")
    return answer.ok
