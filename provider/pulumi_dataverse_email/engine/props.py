"""Names of the properties that kinds have beside their arguments: part of the state's format."""

from collections.abc import Mapping

from ..declare import TableKind

ROW_ID = "row_id"
"""Input that `check` settles: the id of a row that we make."""

GENERATION = "generation"
"""Input that `check` raises when a change calls for a new test-and-enable."""

FAULTS = "faults"
"""Reserved input: what the program's side found and `check` must refuse; never kept."""

TIMEOUTS = "timeouts"
"""Reserved input: verb -> seconds it may take, of Pulumi's `custom_timeouts`, which the host does not pass on."""

HOST = "environment_host"
ORGANIZATION = "organization_id"
ADOPTED = "adopted"
PREVIOUS = "previous"
OWNER_ID = "owner_id"

ADOPTED_ID = "adopted_id"
"""Output of a row that is born with its owner: its id. The resource's own id may be older than the row."""

WAITING = "waiting"
"""Output: what the resource waits for, so that nothing is written yet; the next update tries again."""

REFUSED = "refused"
"""Output: the arguments whose write was refused while all else was done; the next update tries them again."""

WRITTEN_ON = "written_on"
"""Output of kinds with columns that call for a new test-and-enable: when we last wrote one to a row that was there.

A success that is older says nothing about it, also where the run that wrote ended before it recorded any test.
"""

OWNED = (OWNER_ID, ADOPTED_ID, WAITING)
"""Outputs of kinds whose rows are born with an owner."""

IDENTITY = (HOST, ORGANIZATION)
"""Outputs of every kind: where the resource lives."""

RESULTS = (*IDENTITY, ADOPTED, PREVIOUS)
"""Outputs of every kind whose resources are rows."""

SETTLED = (ROW_ID, GENERATION)
"""Inputs that `check` computes."""


def computed(kind: TableKind) -> tuple[str, ...]:
    """Return the names of all properties of a kind that are no arguments."""
    ids = [lookup_id(name) for name in kind.lookups]
    refused = [REFUSED] if any(column.apart for column in kind.columns.values()) else []
    written = [WRITTEN_ON] if kind.retested else []
    return (*SETTLED, *RESULTS, *kind.results, *ids, *(OWNED if kind.owner_keys else []), *refused, *written)


def allowed(props: Mapping[str, object], verb: str) -> float | None:
    """Return how many seconds a verb may take; `None` where the program does not say."""
    timeouts = props.get(TIMEOUTS)
    seconds = timeouts.get(verb) if isinstance(timeouts, Mapping) else None
    return float(seconds) if isinstance(seconds, int | float) else None


def row_of(resource_id: str, outputs: Mapping[str, object]) -> str:
    """Return the id of a resource's row: that of the resource, unless it was declared before there was a row."""
    return str(outputs.get(ADOPTED_ID) or resource_id)


def keys(kind: TableKind, props: Mapping[str, object]) -> set[tuple[str, str, str]]:
    """Return what identifies the row that a resource declares: kind, argument and value, whatever its case."""
    if kind.table.singular:
        return {(kind.name, "", "")}
    return {(kind.name, name, str(props[name]).casefold()) for name in kind.identifying if name in props}


def lookup_id(name: str) -> str:
    """Return the output that holds the id which a lookup argument led to."""
    return f"{name}_id"
