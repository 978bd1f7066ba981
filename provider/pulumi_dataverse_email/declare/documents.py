"""Values that are kept inside an XML text of one column: read and written without a change of anything else in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from .columns import Column

SHOWN = 200
"""How many characters of a text that is not understood a message quotes."""


@dataclass(frozen=True)
class XmlValue(Column):
    """A whole number in an element of the XML text that a column holds.

    All values of one column belong together: the text has either all of their elements or none.
    """

    root: str = field(kw_only=True)
    """Name of the text's root; the elements stand directly in it."""

    element: str = field(kw_only=True)


class NotUnderstood(ValueError):
    """An XML text has another shape than the declared one; the message says which, and quotes it."""


@dataclass(frozen=True)
class Document:
    """An XML text whose shape is understood.

    Args:
        data: the text in UTF-8; empty where there is none.
        root: name of its root.
        spans: element -> where it begins and ends in `data`.
        inside: where the root's content ends.
        closed: whether the root has an end tag; `<Settings/>` has none.
    """

    data: bytes
    root: str
    spans: Mapping[str, tuple[int, int]]
    inside: int
    closed: bool

    @property
    def codes(self) -> dict[str, int]:
        """The number in each element that has one."""
        found = {}
        for name, (begin, end) in self.spans.items():
            if digits := re.search(rb"\d+(?=\s*<)", self.data[begin:end]):
                found[name] = int(digits[0])
        return found

    def written(self, changes: Mapping[str, int | None]) -> str | None:
        """Return the text with those numbers, `None` for one that goes; all else stays as it is, byte for byte.

        Returns:
            The text; `None` where nothing would be left in it.
        """
        there = {name: number for name, number in changes.items() if number is not None}
        added = b"".join(_element(name, number) for name, number in there.items() if name not in self.spans)
        if not self.data:
            return f"<{self.root}>{added.decode()}</{self.root}>" if added else None
        close = b"" if self.closed else b"</" + self.root.encode() + b">"
        cut = self.inside if self.closed else self.inside - len(b"/>")
        edits = [(cut, self.inside, (b"" if self.closed else b">") + added + close)] if added else []
        edits += [
            (*self.spans[name], _element(name, there[name]) if name in there else b"")
            for name in changes.keys() & self.spans.keys()
        ]
        data = self.data
        for begin, end, new in sorted(edits, reverse=True):
            data = data[:begin] + new + data[end:]
        # A text that we alone have filled goes with its last value.
        left = re.fullmatch(rb"<(\w+)>\s*</\1>", data) if len(there) < len(changes) else None
        return None if left else data.decode()


def document(text: object, root: str, elements: Sequence[str]) -> Document:
    """Read an XML text.

    Args:
        text: the column's value; `None` or empty where nothing was ever written.
        root: name that its root must have.
        elements: names of the elements that hold whole numbers; others may stand beside them.

    Raises:
        NotUnderstood: it is no XML, its root has another name, or an element is not a plain whole number, once,
            directly in the root.
    """
    if text is None or text == "":
        return Document(b"", root, {}, 0, closed=True)
    return _Reader(str(text), root, elements).read()


def _element(name: str, number: int) -> bytes:
    return f"<{name}>{number}</{name}>".encode()


class _Reader:
    def __init__(self, text: str, root: str, elements: Sequence[str]) -> None:
        self._text, self._root, self._elements = text, root, elements
        self._parser = expat.ParserCreate("utf-8")  # whatever the text's declaration says: it came as JSON
        self._path: list[tuple[str, int]] = []
        self._spans: dict[str, tuple[int, int]] = {}
        self._inside, self._closed = 0, True

    def read(self) -> Document:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        try:
            self._data = self._text.encode()
            self._parser.Parse(self._data, True)  # noqa: FBT003  expat takes it by position only
        except (expat.ExpatError, UnicodeEncodeError) as error:
            raise self._not_understood(f"it is no XML ({error})") from None
        return Document(self._data, self._root, self._spans, self._inside, self._closed)

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if not self._path and name != self._root:
            raise self._not_understood(f"its root is <{name}>, not <{self._root}>")
        if name in self._elements:
            if len(self._path) != 1:
                raise self._not_understood(f"<{name}> is not directly in <{self._root}>")
            if name in self._spans:
                raise self._not_understood(f"<{name}> is there twice")
        self._path.append((name, self._parser.CurrentByteIndex))

    def _end(self, name: str) -> None:
        _, begin = self._path.pop()
        # The parser stands before an end tag, or behind a tag that is both.
        at = self._parser.CurrentByteIndex
        tag = re.compile(rb"</" + name.encode() + rb"\s*>").match(self._data, at)
        if not self._path:
            self._inside, self._closed = at, tag is not None
        elif len(self._path) == 1 and name in self._elements:
            end = tag.end() if tag else at
            plain = rb"<%b\s*(/>|>\s*\d*\s*</%b\s*>)" % (name.encode(), name.encode())
            if not re.fullmatch(plain, self._data[begin:end]):
                raise self._not_understood(f"<{name}> holds something else than a whole number")
            self._spans[name] = (begin, end)

    def _doctype(self, *_declared: object) -> None:
        raise self._not_understood("it has a document type")

    def _not_understood(self, why: str) -> NotUnderstood:
        quoted = self._text if len(self._text) <= SHOWN else self._text[:SHOWN] + "..."
        return NotUnderstood(f"{why}: {quoted.encode(errors='backslashreplace').decode()}")
