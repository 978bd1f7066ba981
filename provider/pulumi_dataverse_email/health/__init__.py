"""How an environment is: whether the provider can work in it, and how its mailboxes are. Reads only."""

from .declared import Declared, read_state
from .doctor import Finding, Level, examine
from .status import MailboxStatus, ProfileStatus, Status, look

__all__ = [
    "Declared",
    "Finding",
    "Level",
    "MailboxStatus",
    "ProfileStatus",
    "Status",
    "examine",
    "look",
    "read_state",
]
