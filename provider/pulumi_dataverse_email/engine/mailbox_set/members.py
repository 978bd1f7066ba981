"""Members of a set: how they are called, and what each of them is to hold."""

from collections.abc import Mapping

from ...declare import TableKind
from ..row import Props, stated

MEMBERS = "members"
"""Input: member's key -> the settings of its own."""


def member_key(name: str, text: str) -> str:
    """Return how a member is called: whose mailbox it is, such as `user:anna@contoso.com`."""
    return f"{name}:{text}"


def claimed_by(set_id: str) -> tuple[str, str]:
    """Return how a mailbox is claimed for a set: all its members alike, so that they may be called otherwise."""
    return ("a member of the MailboxSet", set_id)


def overridable(kind: TableKind) -> list[str]:
    """Return the settings that a member may have of its own: no secret, which previews of the set would show."""
    return [name for name, column in kind.columns.items() if not column.secret and not column.makes]


def members(inputs: Props) -> dict[str, dict[str, object]]:
    """Return the members that the inputs state, each with the settings of its own; none where that is not known."""
    found = inputs.get(MEMBERS)
    if not isinstance(found, Mapping):
        return {}
    return {str(key): dict(own) if isinstance(own, Mapping) else {} for key, own in found.items()}


def wanted(kind: TableKind, inputs: Props, own: Props) -> dict[str, object]:
    """Return what a member is to hold: the template, and over it what is its own."""
    return {**stated(kind, inputs), **own}
