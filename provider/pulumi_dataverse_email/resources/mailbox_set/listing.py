"""Members as programs list them: a list, a map or a file, on the program's side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pulumi import Output

from ...declare import TableKind
from ...engine.mailbox_set import csv_file
from ...resource import Resource
from .arguments import CsvFile


@dataclass(frozen=True)
class Listing:
    """What a program lists.

    Args:
        members: a map of the members' keys to their own settings; an output of it where the keys come later.
        source: what faults are about.
        faults: what is wrong with the list itself, so that only the program's side can see it.
        where: member's key -> where it stands, for what is wrong with its settings.
        points_at: member's key and argument -> the resource that the setting names.
    """

    members: object
    source: str = "members"
    faults: Sequence[str] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    points_at: Mapping[tuple[str, str], Resource] = field(default_factory=dict)


def listed(kind: TableKind, given: object) -> Listing:
    """Return what the argument `members` lists; what is none of its types is left to the rules of types."""
    if isinstance(given, CsvFile):
        return _of_file(kind, given)
    if isinstance(given, Mapping):
        return _of_map(kind, given)
    if isinstance(given, Sequence) and not isinstance(given, str):
        if any(isinstance(key, Output) for key in given):
            return Listing(Output.all(*given).apply(lambda keys: listed(kind, keys).members))
        twice = [str(key) for key, count in Counter(map(str, given)).items() if count > 1]
        return Listing({str(key): {} for key in given}, faults=[f"'{key}' is there twice" for key in twice])
    if isinstance(given, Output):
        return Listing(given.apply(lambda keys: listed(kind, keys).members))
    return Listing(given)


def _of_map(kind: TableKind, given: Mapping[object, object]) -> Listing:
    maps = {str(key): own for key, own in given.items() if isinstance(own, Mapping)}
    named = {
        (key, str(name)): value
        for key, own in maps.items()
        for name, value in own.items()
        if isinstance(value, Resource)
    }
    strangers = [
        f"{key}: {name}: wants the {lookup.target.label}: its resource, id or name; this is a {it.kind.name}"
        for (key, name), it in named.items()
        if (lookup := kind.lookups.get(name)) and it.table != lookup.target
    ]
    members = {str(key): _references(own) for key, own in given.items()}
    return Listing(members, faults=strangers, points_at=named)


def _of_file(kind: TableKind, given: CsvFile) -> Listing:
    try:
        data = Path(given.path).read_bytes()
    except OSError as error:
        return Listing({}, given.path, [f"cannot be read: {error.strerror}"])
    found = csv_file.read(kind, data)
    where = {key: f"{given.path} line {found.lines[key.casefold()]}" for key in found.members}
    return Listing(found.members, given.path, found.faults, where)


def _references(own: object) -> object:
    if not isinstance(own, Mapping):
        return own
    return {name: value.reference if isinstance(value, Resource) else value for name, value in own.items()}
