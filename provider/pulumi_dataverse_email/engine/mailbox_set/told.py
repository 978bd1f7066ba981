"""What a person reads of single members, and of how many at once."""

from collections.abc import Mapping

MOST = 20
"""Members that a message names; the rest is counted, and the state names them all."""


def listed(members: Mapping[str, str]) -> str:
    """Return a line for each member with what is to be said of it, up to `MOST`."""
    lines = [f"- {key}: {' '.join(text.split())}" for key, text in list(members.items())[:MOST]]
    if len(members) > MOST:
        lines.append(f"- and {len(members) - MOST} more")
    return "\n".join(lines)


def names(members: Mapping[str, object]) -> str:
    """Return the members' keys, up to `MOST`."""
    keys = sorted(members)
    return ", ".join(keys[:MOST]) + (f" and {len(keys) - MOST} more" if len(keys) > MOST else "")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its word."""
    return f"{number} {one if number == 1 else many}"


def shortfall(name: str, failed: Mapping[str, str]) -> str:
    """Return which members of a set failed and why, one a line.

    Args:
        name: the set's logical name.
        failed: the members that failed.
    """
    members = counted(len(failed), "member", "members")
    return (
        f"MailboxSet '{name}': {members} failed, all others are done:\n{listed(failed)}\n"
        f"Mend what is said of {names(failed)}, then run `pulumi up` again: it takes up these alone."
    )
