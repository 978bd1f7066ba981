"""Markdown that says what it is given and nothing else: foreign text is never rendered as markup.

Valid CommonMark with GitHub's tables, which Azure DevOps understands too.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

LONGEST_NAME = 200
LONGEST_MESSAGE = 2_000
"""Characters of one name or value, and of one message, that are shown: a single one must not fill the comment."""

JOINERS = "\u200c\u200d"
"""Invisible characters that some scripts need; all others can make a text look like another."""


def clean(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text on one line, without characters that are invisible or turn the writing direction."""
    shown = text[: most + 1]
    if not shown.isprintable():
        shown = "".join(map(_visible, shown))
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def code(text: str, most: int = LONGEST_NAME) -> str:
    """Return foreign text as a code span, in which nothing is markup, a mention or a link."""
    shown = clean(text, most)
    if not shown:
        return "(empty)"
    if "|" in shown:
        # In a table the bar would end the cell, and Markdown's readers disagree about a backslash before it.
        return f"<code>{_entities(shown)}</code>"
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    # Markdown takes a space off both ends, unless there is nothing but spaces.
    pad = " " if shown.strip(" ") and (shown[0] in "` " or shown[-1] in "` ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(text: str, language: str = "text", most: int = LONGEST_MESSAGE) -> str:
    """Return foreign text of several lines as a code block; of too long a text the end stays, which says why."""
    lines = [clean(line, LONGEST_MESSAGE) for line in text[-most:].splitlines()]
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return "\n".join((fence + language, *lines, fence))


def row(*cells: str) -> str:
    """Return one row of a table, of cells that are Markdown."""
    return f"| {' | '.join(cells)} |"


def table(*titles: str) -> str:
    """Return the head of a table."""
    return f"{row(*titles)}\n{row(*('---' for _ in titles))}"


def _visible(character: str) -> str:
    if character in "\t\n\v\f\r\x85\u2028\u2029":
        return " "
    if character not in JOINERS and unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return "\N{REPLACEMENT CHARACTER}"
    return character


def _entities(text: str) -> str:
    return "".join(it if it.isalnum() or it == " " else f"&#{ord(it)};" for it in text)


@dataclass(frozen=True)
class Section:
    """A part of the comment, which can be shortened line by line.

    Args:
        head: what stands before its lines.
        lines: Markdown, the most important first.
        harm: how bad it is to lose a line: those of the least harmful section go first.
        tail: what stands after its lines.
        whole: whether it means nothing when a line is missing.
    """

    head: str
    lines: tuple[str, ...]
    harm: int
    tail: str = ""
    whole: bool = False
    left_out: int = 0

    def __str__(self) -> str:
        more = f"\n… and {self.left_out} more." if self.left_out else ""
        return "\n".join(filter(None, (self.head, *self.lines, more, self.tail)))

    def shortened(self, size: int) -> "Section | None":
        """Return the section in at most so many bytes, `None` where not even its first line has room."""
        if self.whole:
            return None
        room = size - weight(str(replace(self, lines=(), left_out=len(self.lines))))
        kept = 0
        while kept < len(self.lines) and (room := room - weight(self.lines[kept]) - 1) >= 0:
            kept += 1
        return replace(self, lines=self.lines[:kept], left_out=len(self.lines) - kept) if kept else None


def weight(text: str) -> int:
    """Return how much of a limit a text takes: bytes, so that no way of counting characters finds more."""
    return len(text.encode())


def fitted(opening: str, sections: Iterable[Section], limit: int) -> str:
    """Return a page of at most `limit` bytes: all of it, or without what is least harmful to lose."""
    kept = dict(enumerate(sections))
    page = _joined(opening, kept.values())
    if weight(page) <= limit:
        return page
    lines = sum(len(section.lines) for section in kept.values())
    room = limit - weight(_joined(opening, [], _left_out(lines)))
    for index in sorted(kept, key=lambda index: (kept[index].harm, -index)):
        section = kept.pop(index)
        free = room - sum(weight(f"\n\n{other}") for other in kept.values())
        if free > 0 and (shorter := section.shortened(free - len("\n\n"))):
            kept[index] = shorter
        if free > 0:
            break
    ordered = [kept[index] for index in sorted(kept)]
    return _joined(opening, ordered, _left_out(lines - sum(len(section.lines) for section in ordered)))


def _left_out(lines: int) -> str:
    return f"*{lines} lines are left out, to stay within the size of a comment; `pulumi preview` shows all.*"


def _joined(opening: str, sections: Iterable[Section], closing: str = "") -> str:
    return "\n\n".join(filter(None, (opening, *map(str, sections), closing))) + "\n"
