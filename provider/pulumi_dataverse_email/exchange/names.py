"""Distinguished names, compared by what they name: RFC 4514 allows several spellings of one."""

import re
from typing import Final

_PART: Final = re.compile(r"\s*([a-z][a-z0-9-]*|[0-9.]+)\s*=\s*(.*?)\s*", re.IGNORECASE | re.DOTALL | re.ASCII)
_SPLIT: Final = re.compile(r'(?:[^,\\"]|\\.|"(?:[^"\\]|\\.)*")+', re.DOTALL)
_ESCAPED: Final = re.compile(r"(?:\\[0-9a-f]{2})+|\\(.)", re.IGNORECASE | re.DOTALL)

DistinguishedName = tuple[tuple[str, str], ...]
"""Each part's attribute and value, both in lower case, the value without escapes."""


def read(text: str) -> DistinguishedName | None:
    """Return the parts of a distinguished name, or None where the text is none."""
    pieces = _SPLIT.findall(text)
    if ",".join(pieces) != text or not pieces:
        return None
    parts = []
    for piece in pieces:
        match = _PART.fullmatch(piece)
        if match is None or not match[2]:
            return None
        parts.append((match[1].lower(), _unescaped(match[2]).lower()))
    return tuple(parts)


def _unescaped(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return _ESCAPED.sub(_meant, value)


def _meant(match: re.Match[str]) -> str:
    """Return what an escape stands for: a character, or bytes of UTF-8 in hexadecimal."""
    if match[1]:
        return match[1]
    return bytes.fromhex(match[0].replace("\\", "")).decode("utf-8", "surrogateescape")
