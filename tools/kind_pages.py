"""A page for each kind: its arguments and results, as they are declared."""

import inspect
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pulumi_dataverse_email as face
from pulumi_dataverse_email.declare import Group, Kind, SetKind, TableKind, schema
from pulumi_dataverse_email.resources import KINDS

from .pages import DOCS

FOLDER = DOCS / "kinds"
TYPES = {
    "string": "text",
    "integer": "whole number",
    "boolean": "`True` or `False`",
    "date-time": "point in time in ISO 8601, UTC where it has no offset",
    "uuid": "GUID",
    "reference": "reference to another row, by GUID or name",
    "array": "list",
    "object": "map",
}

KEPT = "One that is left out, or `None`, stays as the server has it, and is not compared."
READ = "They are read when a row is adopted, and by each refresh; a program cannot state them."
TOLD = "They tell what the last `pulumi up` or refresh found; a program cannot state them."

Column = Mapping[str, Any]


def pages() -> dict[Path, str]:
    """Return each page as it should be."""
    declared: Any = schema(KINDS.values())["kinds"]
    return {FOLDER / f"{kind.name}.md": _page(kind, declared[kind.name]["columns"]) for kind in KINDS.values()}


def linked(kind: Kind, argument: str) -> str:
    """Return an argument's name as a link to its place, for a page in docs."""
    return f"[`{argument}`](kinds/{kind.name}.md#{argument})"


def source(page: str) -> str:
    """Return a link to one of Microsoft's pages, called by the end of its address."""
    return f"[{page.rpartition('/')[2]}]({page})"


def _page(kind: Kind, columns: Iterable[Column]) -> str:
    about = inspect.getdoc(getattr(face, kind.name)) or ""
    required = [f"`{name}`" for name, it in kind.arguments.items() if it.required]
    lines = [
        "<!-- written by `make docs` -->\n",
        f"# {kind.name}\n",
        _sentences(about.partition("\nSource:")[0]),
        f"Source: {source(kind.source)}.\n",
        "## Arguments\n",
        *([f"{' and '.join(required)} must be stated."] if required else []),
        *([KEPT] if isinstance(kind, TableKind | SetKind) else []),
        "What goes together and what does not is said in [rules](../rules.md).",
        *(_section(kind, it) for it in columns if it["direction"] == "input"),
    ]
    if results := [_section(kind, it) for it in columns if it["direction"] == "output"]:
        lines += ["\n## Results\n", READ if isinstance(kind, TableKind) else TOLD, *results]
    return "\n".join(lines) + "\n"


def _section(kind: Kind, it: Column) -> str:
    """Return what is declared about one argument or result."""
    column = kind.columns.get(it["name"]) if it["direction"] == "input" else None
    marks = {
        "required": it["required"],
        "secret: kept encrypted, and never shown": it["secret"],
        "emptied by `CLEAR`": column is not None and column.clearable,
        "a change needs another row": it["immutable"],
    }
    facts = {
        "Type": "; ".join([_group(kind, it) or _type(it), *(mark for mark, holds in marks.items() if holds)]),
        "In the admin form": it["label"],
        "Column": it["wire"] and f"`{it['wire']}`",
        "In a new row": None if it["default"] is None else f"`{it['default']}`",
        "Source": source(it["source"]),
    }
    listed = "\n".join(f"- {name}: {fact}" for name, fact in facts.items() if fact)
    return f"\n### `{it['name']}`\n\n{_sentences(it['description'])}\n\n{listed}"


def _group(kind: Kind, it: Column) -> str:
    marker = kind.arguments[it["name"]].marker if it["direction"] == "input" else None
    if not isinstance(marker, Group):
        return ""
    return marker.takes if marker.takes == "a map" else f"{marker.takes}; in state a map"


def _type(it: Column) -> str:
    if it["choices"]:
        return "one of " + ", ".join(f"`{word}`{_code(it, code)}" for word, code in it["choices"].items())
    limits = ""
    if it["max_length"] is not None:
        limits = f" of at most {it['max_length']} characters"
    elif it["minimum"] is not None:
        limits = f" from {it['minimum']}" + (f" to {it['maximum']}" if it["maximum"] is not None else " on")
    return f"{TYPES[it['type']]}{limits}"


def _code(it: Column, code: int | None) -> str:
    if it["wire"] is None:
        return ""
    return " (its code is learnt from the environment)" if code is None else f" ({code})"


def _sentences(text: str) -> str:
    """Return paragraphs with a line for each sentence."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]
    return "\n\n".join(re.sub(r"(?<=[.!?]) (?=[A-Z`])", "\n", paragraph) for paragraph in paragraphs)
