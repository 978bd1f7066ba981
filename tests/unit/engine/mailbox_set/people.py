"""Whom the stories of sets are about, and what their mailboxes hold."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.emulated import Dataverse

ANNA, BEN, CHRIS, SUPPORT = "user:anna@contoso.com", "user:ben@contoso.com", "user:chris@contoso.com", "queue:Support"
MEMBERS: dict[str, dict[str, object]] = {ANNA: {}, BEN: {}, CHRIS: {}}
NAMES = {ANNA: "Anna Weber", BEN: "Ben Ortiz", CHRIS: "Chris Park", SUPPORT: "Support"}
WIRES = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod")

NONE, ALL = (0, 0, 2), (2, 2, 1)
"""The three methods of a mailbox that is not synchronized, and of one that is."""


def methods(dataverse: Dataverse) -> dict[str, tuple[int, ...]]:
    """Return the three methods of each member's mailbox."""
    rows = {row["name"]: row for row in dataverse.rows("mailboxes")}
    return {key: tuple(rows[name][wire] for wire in WIRES) for key, name in NAMES.items()}


def mailbox_id(dataverse: Dataverse, key: str) -> str:
    """Return the id of a member's mailbox."""
    return str(dataverse.row("mailboxes", NAMES[key])["mailboxid"])


@contextmanager
def written(dataverse: Dataverse) -> Iterator[list[str]]:
    """Tell, after the block, whose mailboxes were written in it."""

    def versions() -> dict[str, int]:
        rows = {row["name"]: row["versionnumber"] for row in dataverse.rows("mailboxes")}
        return {key: rows.get(name, 0) for key, name in NAMES.items()}

    before, found = versions(), list[str]()
    yield found
    after = versions()
    found += [key for key in NAMES if after[key] != before[key]]


def refuse(dataverse: Dataverse, key: str, *, times: int = 9) -> None:
    """Let writes to a member's mailbox be refused."""
    body = '{"error": {"code": "0x80040220", "message": "Principal user is missing prvWriteMailbox privilege."}}'
    answer = {"status": 403, "body": body}
    dataverse.fault(f"mailboxes({mailbox_id(dataverse, key)})", answer, method="PATCH", times=times)
