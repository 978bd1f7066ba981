"""What a person reads of the mailboxes that are not enabled."""

from collections.abc import Mapping

from .inputs import FAILED, LEFT_OUT, NOT_APPROVED, UNFINISHED

SHOWN = 5
"""How many mailboxes the last line names: a summary shows that line alone."""


def shortfall(name: str, outputs: Mapping[str, object]) -> str:
    """Return which mailboxes are not enabled and why, one a line; empty where all are, or as many fail as may.

    Args:
        name: the logical name of the test-and-enable.
        outputs: its outputs.
    """
    unfinished, allowed = outputs.get(UNFINISHED), outputs.get("allowed_failures")
    names = list(unfinished) if isinstance(unfinished, list) else []
    if len(names) <= (int(allowed) if isinstance(allowed, int | float) else 0):
        return ""
    reasons = {
        **_map(outputs, LEFT_OUT),
        **{it: f"not approved: {text}" for it, text in _map(outputs, NOT_APPROVED).items()},
        **_map(outputs, FAILED),
    }
    lines = "\n".join(f"  {it}: {reasons.get(it, 'not enabled')}" for it in names)
    count = "1 mailbox is" if len(names) == 1 else f"{len(names)} mailboxes are"
    listed = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    return (
        f"MailboxTestAndEnable '{name}': {count} not enabled, all others are done:\n{lines}\n"
        f"Mend what is said of {listed}, then run `pulumi up` again: it takes up these alone."
    )


def _map(outputs: Mapping[str, object], name: str) -> dict[str, object]:
    found = outputs.get(name)
    return dict(found) if isinstance(found, Mapping) else {}
