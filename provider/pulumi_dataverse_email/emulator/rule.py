"""What a validation rule is."""

from collections.abc import Callable
from dataclasses import dataclass

from .schema import Row

CODES = 'Microsoft Learn, "Web service error codes"'
"""Gives the code's name and its text, which says when it comes; the columns it reads follow from the text."""


@dataclass(frozen=True)
class Facts:
    """What a rule may look at."""

    before: Row
    """The row as it was; empty when it is new."""
    row: Row
    """The row as it would be."""
    profile: Row
    """Of a mailbox: its profile as it is; empty when it has none."""


@dataclass(frozen=True)
class Rule:
    """One refusal: its code, the columns it reads, when it is broken, what it says, and who says so."""

    code: str
    name: str
    """As published."""
    reads: tuple[str, ...]
    broken: Callable[[Facts], bool]
    text: str
    source: str
    """A page of Microsoft's, or "assumed" and from what."""
