"""Members from a CSV file: a column for whose mailbox it is, and one for each setting of its own."""

import csv
import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...declare import TableKind
from .members import member_key, overridable

SEPARATORS = ",;\t"
"""What may stand between cells: spreadsheets write semicolons where the comma is the decimal point."""

WORDS = {"true": True, "false": False}
"""How a cell says yes and no, in any case: spreadsheets write them in capitals."""


@dataclass
class Listing:
    """What a file lists.

    Args:
        members: the member's key -> the settings of its own.
        lines: the member's key without its case -> the line that it stands in.
        faults: what is wrong with the file, each with its line.
    """

    members: dict[str, dict[str, object]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read(kind: TableKind, data: bytes) -> Listing:
    """Return the members that a file lists: UTF-8, with or without a byte order mark, a header, any of `SEPARATORS`.

    An empty cell leaves the template's value; empty lines are passed over. Whether the settings go together, the
    caller judges: here each only gets its type.

    Args:
        kind: what the members are.
        data: the file.
    """
    found = Listing()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found.faults.append(f"line {line}: is not UTF-8 text; save the file as 'CSV UTF-8'")
        return found
    records = _records(text, found)
    line, header = next(records, (1, []))
    names = [cell.strip() for cell in header]
    found.faults += [f"line {line}: {fault}" for fault in _header_faults(kind, names)]
    if not found.faults:
        for line, cells in records:
            _take(kind, found, line, names, [cell.strip() for cell in cells])
    if not found.members and not found.faults:
        found.faults.append(f"line {line}: no member follows the header")
    return found


def _records(text: str, found: Listing) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line that it begins in; a broken one is a fault, and the last that is read."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        found.faults.append(f"line {line}: is no CSV: {error}")


def _header_faults(kind: TableKind, names: list[str]) -> Iterator[str]:
    columns = (*kind.owner_keys, *overridable(kind))
    owners = " or ".join(kind.owner_keys)
    if not any(names):
        yield f"the header is missing: it names the columns, {owners} among them"
        return
    for number, name in enumerate(names, start=1):
        if not name:
            yield f"column {number} has no name"
        elif name in names[: number - 1]:
            yield f"column '{name}' stands there twice"
        elif (argument := kind.arguments.get(name)) and argument.secret:
            yield f"column '{name}': a secret does not belong in a file; declare a {kind.name} of its own"
        elif name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(columns)}"
            yield f"column '{name}' is unknown; {hint}"
    if not set(names) & set(kind.owner_keys):
        yield f"no column says whose mailbox it is: name one {owners}"


def _take(kind: TableKind, found: Listing, line: int, names: list[str], cells: list[str]) -> None:
    """Take a member over from the cells of its line."""
    if len(cells) != len(names):
        found.faults.append(f"line {line}: has {len(cells)} cells, and the header names {len(names)} columns")
        return
    stated = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    owners = [name for name in kind.owner_keys if name in stated]
    if len(owners) != 1:
        found.faults.append(f"line {line}: give exactly one of {' and '.join(kind.owner_keys)}")
        return
    key = member_key(owners[0], stated.pop(owners[0]))
    if key.casefold() in found.lines:
        found.faults.append(f"line {line}: {key} stands in line {found.lines[key.casefold()]} already")
        return
    values = {name: _value(kind, name, cell) for name, cell in stated.items()}
    misfits = [name for name, value in values.items() if value is None]
    found.faults += [f"line {line}: {name} should be {_expected(kind, name)}" for name in misfits]
    found.members[key], found.lines[key.casefold()] = values, line


def _value(kind: TableKind, name: str, cell: str) -> object:
    """Return what a cell means; `None` where it is no value of the argument's type."""
    match kind.arguments[name].schema.get("type"):
        case "boolean":
            return WORDS.get(cell.casefold())
        case "integer":
            return int(cell) if cell.isascii() and cell.isdigit() else None
    return cell


def _expected(kind: TableKind, name: str) -> str:
    return "true or false" if kind.arguments[name].schema.get("type") == "boolean" else "a whole number"
