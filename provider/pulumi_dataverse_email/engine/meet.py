"""Meets the row that was born with an owner: takes it over, or records what the resource waits for."""

from ..dataverse.rows import Rows
from ..declare import TableKind
from ..errors import KeyNotFound
from .adopt import Adoption
from .owners import born, owner
from .props import ADOPTED, ADOPTED_ID, OWNER_ID, WAITING
from .row import Props, restorable, select, stated
from .run import Run


def meet(kind: TableKind, run: Run, rows: Rows, inputs: Props) -> dict[str, object]:
    """Take the row over and return the outputs; where that cannot be yet, warn, and write nothing.

    `diff` sees from the outputs that the resource still waits, so that every `pulumi up` tries again.

    Raises:
        KeyNotFound: there is no such owner or row, and the program does not say that it may be waited for.
        RowConflict: several owners have that key, or another resource declares the same row.
        DataverseError: nobody answers, or with a refusal.
    """
    name, key = owner(kind, inputs)
    label = f"{kind.name} of {name} '{key}'"
    what = select(kind, [*restorable(kind), *stated(kind, inputs)])
    try:
        found = born(kind, run.ahead, rows, inputs, what)
    except KeyNotFound as error:
        if inputs.get("when_missing") != "wait":
            raise KeyNotFound(f"{error}\nOr set when_missing='wait': each `pulumi up` then tries again.") from None
        run.report.warn(f"{label} waits, nothing is written yet: {error}\nEach `pulumi up` tries again.")
        return {ADOPTED: False, WAITING: f"there is no such {name} with a {kind.table.label} yet"}
    if found.hindrance:
        run.report.warn(f"{label} waits, nothing was written: {found.hindrance}\nEach `pulumi up` tries again.")
        reason, _, _ = found.hindrance.partition(".\n")
        return {ADOPTED: False, OWNER_ID: found.owner_id, ADOPTED_ID: found.row_id or None, WAITING: reason}
    run.claims.claim(found.row_id, (name, key.casefold()))
    if run.claims.gave_back(found.row_id):
        found = born(kind, run.ahead, rows, inputs, what)
    took = Adoption(kind, run, rows, found.row_id, found.row).take(inputs)
    return {OWNER_ID: found.owner_id, ADOPTED_ID: found.row_id, **took}
