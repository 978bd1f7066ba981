"""Names of the properties that every kind has beside its arguments: part of the state's format."""

from collections.abc import Mapping

from ..declare import Kind

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

REFUSED = "refused"
"""Output: the arguments whose write was refused while all else was done; the next update tries them again."""

RESULTS = (HOST, ORGANIZATION, ADOPTED, PREVIOUS)
"""Outputs of every kind."""

SETTLED = (ROW_ID, GENERATION)
"""Inputs that `check` computes."""


def computed(kind: Kind) -> tuple[str, ...]:
    """Return the names of all properties of a kind that are no arguments."""
    ids = [lookup_id(name) for name in kind.lookups]
    refused = [REFUSED] if any(column.apart for column in kind.columns.values()) else []
    return (*SETTLED, *RESULTS, *kind.results, *ids, *([OWNER_ID] if kind.owner_keys else []), *refused)


def allowed(props: Mapping[str, object], verb: str) -> float | None:
    """Return how many seconds a verb may take; `None` where the program does not say."""
    timeouts = props.get(TIMEOUTS)
    seconds = timeouts.get(verb) if isinstance(timeouts, Mapping) else None
    return float(seconds) if isinstance(seconds, int | float) else None


def lookup_id(name: str) -> str:
    """Return the output that holds the id which a lookup argument led to."""
    return f"{name}_id"
