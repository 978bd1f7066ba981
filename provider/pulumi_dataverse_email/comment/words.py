"""What a reviewer reads for settings, values and resources: labels of the admin form, words, names instead of ids."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from pulumi.runtime.rpc import UNKNOWN

from ..declare import CLEAR, Argument, Column, Kind, Lookup, Marker, OwnerKey, TableKind, whole
from .changes import Change, Path, What, at
from .markdown import code
from .preview import Place, State

HIDDEN = "[secret]"
"""What the engine prints for a secret."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key of what the engine writes for secrets, assets and archives where it does not print them."""

KEPT = "(secret)"
NOT_STATED = "(not stated)"

COMPUTED = {
    "generations": "Settings of",
    "profile_generations": "Settings of the profile",
    "members": "Settings of the member of",
    "statuses": "Status of",
}
"""Inputs of groups that nobody states, and what people call their entries."""

HAPPENS = {
    What.CREATE: "created",
    What.IMPORT: "imported",
    What.UPDATE: "changed",
    What.REPLACE: "replaced",
    What.DELETE: "deleted",
    What.NOTHING: "unchanged",
}

MARKERS = {HIDDEN: KEPT, UNKNOWN: "(known after `pulumi up`)"}


class Words:
    """Says what a preview's resources and values are; all that it returns is Markdown.

    Args:
        changes: all resources of the preview: an id is said by the name of its row.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self._rows: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        for change in changes:
            named = title(change)
            for state in (change.new, change.old):
                self._rows |= {str(it).casefold(): named for it in (state.id, state.inputs.get("row_id")) if it}
                if state.urn:
                    self._addresses[state.urn] = named

    def value(self, change: Change, path: Path, state: State) -> str:
        """Say what a state holds for an input, or for an entry of one."""
        return self.said(change, path, at(state.inputs, path), state.property_dependencies.get(path[0]))

    def said(self, change: Change, path: Path, value: object, dependencies: Iterable[str] | None = None) -> str:
        """Say a value of an input: of a secret nothing, of a row its name."""
        argument = change.argument(path)
        if argument and argument.secret and value not in (None, CLEAR):
            return KEPT
        if change.is_group and isinstance(value, dict):
            return f"{len(value)}: {listed(map(code, sorted(value)))}" if value else "(no settings of its own)"
        if path[0] in COMPUTED and isinstance(value, int | float):
            return f"version {value:.0f}"
        if argument and isinstance(argument.marker, Lookup) and isinstance(value, str) and value != UNKNOWN:
            return code(self.row(value, dependencies))
        return said(value, argument)

    def row(self, key: str, dependencies: Iterable[str] | None = None) -> str:
        """Return the name of the row that an id or a name leads to."""
        if named := self._rows.get(key.casefold()):
            return named
        urns = list(dependencies or ())
        return self._addresses.get(urns[0], Place.of(urns[0]).name) if len(urns) == 1 else key


def said(value: object, argument: Argument | None = None) -> str:
    """Say a value; a secret inside it stays one."""
    words = {choice.value for choice in argument.choice} if argument and argument.choice else ()
    if value == CLEAR:
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return MARKERS.get(value) or (readable(value) if value in words else code(value))
    return NOT_STATED if value is None else code(json.dumps(_open(whole(value)), ensure_ascii=False, sort_keys=True))


def _open(value: object) -> object:
    if isinstance(value, dict):
        return KEPT if SIGNATURE in value else {name: _open(it) for name, it in value.items()}
    if isinstance(value, list):
        return [_open(it) for it in value]
    return MARKERS.get(value, value) if isinstance(value, str) else value


def label(change: Change, path: Path) -> str:
    """Return what people call an input, or an entry of one: the admin form's label where it has one."""
    declared = _labels(change.kind) if change.kind else {}
    if path[0] in COMPUTED and path[0] not in declared and path[1:]:
        return f"{COMPUTED[path[0]]} {' '.join(map(code, path[1:]))}"
    named = declared.get(path[0]) or code(path[0])
    if not path[1:]:
        return named
    own = _labels(change.row_kind).get(path[2]) if path[2:] and change.row_kind else None
    parts = [code(path[1]), *([own] if own else map(code, path[2:]))]
    return ": ".join((named, *parts))


@cache
def _labels(kind: Kind) -> dict[str, str]:
    """Return the labels of a kind's arguments, with the argument's name where several share one."""
    found = {name: _label(name, argument.marker) for name, argument in kind.arguments.items()}
    shared = Counter(found.values())
    return {name: f"{it} {code(name)}" if shared[it] > 1 else it for name, it in found.items()}


def _label(name: str, marker: Marker) -> str:
    text = marker.label if isinstance(marker, Column) else marker.owner.label if isinstance(marker, OwnerKey) else ""
    return text[:1].upper() + text[1:] if text else readable(name).capitalize()


def title(change: Change) -> str:
    """Return the name under which people know a resource: its row's owner or name, else its logical name."""
    for state in (change.new, change.old):
        for name in change.kind.identifying if isinstance(change.kind, TableKind) else ():
            if isinstance(known := state.inputs.get(name), str) and known not in MARKERS:
                return known
    return change.place.name


def called(change: Change) -> str:
    """Return a resource's name as Markdown, with its name in the program where that is another."""
    named = title(change)
    return code(named) if named == change.place.name else f"{code(named)} ({code(change.place.name)})"


def happening(change: Change) -> str:
    """Return what happens to a resource, such as `changed`."""
    return "taken over" if change.what is What.CREATE and change.adopts else HAPPENS[change.what]


def noun(change: Change) -> str:
    """Return what a resource is called, such as `mailbox`."""
    return change.kind.table.label if isinstance(change.kind, TableKind) else _words(change.kind_name)


def plural(noun: str) -> str:
    """Return the word for several of them."""
    return f"{noun}es" if noun.endswith(("x", "s")) else f"{noun}s"


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else several or plural(one)}"


def quoted(change: Change, names: Iterable[str]) -> str:
    """Return inputs as a list in a sentence; in quotes, because some labels have commas."""
    return listed(f'"{label(change, (name,))}"' for name in names)


def listed(names: Iterable[str], most: int = 10) -> str:
    """Return names that are Markdown as a list in a sentence; beyond `most` they are counted."""
    found = list(names)
    shown = ", ".join(found[:most])
    return f"{shown} and {len(found) - most} more" if len(found) > most else shown


def readable(word: str) -> str:
    """Return a word of the declaration as people write it."""
    return word.replace("_", " ")


def _words(name: str) -> str:
    """Return the name of a kind as words, and nothing that no kind's name has."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", re.sub(r"[^A-Za-z0-9]", "", name)).lower() or "resource"
