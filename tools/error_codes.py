"""Writes the tables of Dataverse's error codes into their page: `python -m tools.error_codes`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pulumi_dataverse_email.dataverse.codes import Meaning, codes, statuses

PAGE = Path(__file__).parent.parent / "docs" / "errors.md"
BEGIN = "<!-- codes: written by `python -m tools.error_codes` -->\n"
END = "<!-- end of codes -->\n"

SIGN = 1 << 31

Key = TypeVar("Key", int, str)


def tables() -> str:
    """Return the table of codes and the table of statuses."""
    by_code = _table("code | signed", ((f"`{_spelt(code)}` | `{_signed(code)}`", it) for code, it in _sorted(codes())))
    by_status = _table("HTTP status", ((f"`{status}`", it) for status, it in _sorted(statuses())))
    return f"\n{by_code}\nWhere the code says nothing, the HTTP status does:\n\n{by_status}\n"


def written(page: str) -> str:
    """Return the page with the tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + tables() + END + rest.partition(END)[2]


def _table(first: str, rows: Iterable[tuple[str, Meaning]]) -> str:
    columns = f"{first} | name | what it means | what to do | error"
    lines = [f"| {columns} |", f"|{' --- |' * (columns.count('|') + 1)}"]
    for key, it in rows:
        cells = (key, it.name or "-", f"{it.means[:1].upper()}{it.means[1:]}.", it.do, f"`{it.kind.__name__}`")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _sorted(meanings: Mapping[Key, Meaning]) -> list[tuple[Key, Meaning]]:
    return sorted(meanings.items())


def _spelt(code: str) -> str:
    """Return a code as Microsoft spells most of them."""
    return f"0x{code[2:].upper()}" if int(code, 16) else "0x0"


def _signed(code: str) -> int:
    """Return the number that clients for .NET show for a code."""
    number = int(code, 16)
    return number - 2 * SIGN if number >= SIGN else number


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
