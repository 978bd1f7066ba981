"""The tables of Dataverse's error codes."""

from collections.abc import Mapping
from typing import TypeVar

from pulumi_dataverse_email.dataverse.codes import Meaning, codes, statuses

from .pages import DOCS, put, table

PAGE = DOCS / "errors.md"

SIGN = 1 << 31

Key = TypeVar("Key", int, str)


COLUMNS = ("name", "what it means", "what to do", "error")


def written(page: str) -> str:
    """Return the page with the tables as they should be."""
    by_code = [(f"`{_spelt(code)}`", f"`{_signed(code)}`", *_cells(it)) for code, it in _sorted(codes())]
    by_status = [(f"`{status}`", *_cells(it)) for status, it in _sorted(statuses())]
    return put(
        page,
        "codes",
        f"{table(('code', 'signed', *COLUMNS), by_code)}\nWhere the code says nothing, the HTTP status does:\n\n"
        f"{table(('HTTP status', *COLUMNS), by_status)}",
    )


def _cells(it: Meaning) -> tuple[str, ...]:
    return it.name or "-", f"{it.means[:1].upper()}{it.means[1:]}.", it.do, f"`{it.kind.__name__}`"


def _sorted(meanings: Mapping[Key, Meaning]) -> list[tuple[Key, Meaning]]:
    return sorted(meanings.items())


def _spelt(code: str) -> str:
    """Return a code as Microsoft spells most of them."""
    return f"0x{code[2:].upper()}" if int(code, 16) else "0x0"


def _signed(code: str) -> int:
    """Return the number that clients for .NET show for a code."""
    number = int(code, 16)
    return number - 2 * SIGN if number >= SIGN else number
