"""URLs of rows: the path after `/api/data/v9.x/`, keys, and references in bodies."""

import re
from dataclasses import dataclass

from .errors import ODataError, bad_request
from .schema import ENTITY_SETS, Table
from .values import read_guid

_SEGMENT = re.compile(r"([$\w.]*)(?:\((.*)\))?", re.DOTALL)
_BASE = re.compile(r"(?:https?://[^/]+)?/api/data/v9\.\d/", re.IGNORECASE)
_REFERENCE = re.compile(r"/?(\w+)\(([^()]*)\)")


@dataclass(frozen=True)
class Segment:
    """One part of a path: a name and, where parentheses follow it, what stands in them."""

    name: str
    key: str | None = None


def segments(path: str) -> list[Segment]:
    """Return the parts of a decoded path; a slash in quotes parts nothing."""
    parts = [""]
    quoted = False
    for character in path:
        quoted ^= character == "'"
        if character == "/" and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    matches = [(part, _SEGMENT.fullmatch(part)) for part in parts]
    return [Segment(match[1], match[2]) if match else Segment(part) for part, match in matches]


def row_key(key: str, table: Table) -> str:
    """Return the id that a key in a URL holds: `set(<guid>)` or `set(<primary key>=<guid>)`; clients quote GUIDs too.

    Raises:
        ODataError: 400 for any other key; these tables define no alternate ones.
    """
    name, equals, value = key.partition("=")
    known = not equals or name.strip() == table.primary_id
    row_id = read_guid((value if equals else key).strip().strip("'")) if known else None
    if row_id is None:
        kind = f"Microsoft.Dynamics.CRM.{table.logical_name}"
        text = f"The key in the request URI is not valid for resource '{kind}'."
        raise ODataError(400, "0x80060890", text)
    return row_id


def reference(text: object) -> tuple[str, str] | None:
    """Return the entity set and the key of an absolute or relative URL of a row, or None for anything else."""
    match = _REFERENCE.fullmatch(_BASE.sub("", text, count=1)) if isinstance(text, str) else None
    return (match[1], match[2]) if match else None


def referred_row(text: object) -> tuple[Table, str]:
    """Return the table and the id of the row that an `@odata.id` leads to.

    Raises:
        ODataError: 400, when it leads to no row of a table that is known.
    """
    found = reference(text)
    if found is None or found[0] not in ENTITY_SETS:
        raise bad_request(f'\'{text}\' is no URL of a row: {{"@odata.id": "<entity set>(<id>)"}} was expected.')
    table = ENTITY_SETS[found[0]]
    return table, row_key(found[1], table)
