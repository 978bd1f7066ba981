"""`delete`: destroying a declaration must not become a mail incident."""

from ..dataverse.rows import Equal, Guid, Rows, Select
from ..declare import TableKind
from ..errors import RowConflict, RowNotFound
from .props import ADOPTED, PREVIOUS, WAITING, WRITTEN_ON, row_of
from .restore import Restoration
from .row import Props, write
from .run import Run

NAMED_USERS = 10
"""How many rows that use a profile a refusal names; the rest is counted."""


def delete(kind: TableKind, run: Run, row_id: str, olds: Props) -> None:
    """Do with the row what `on_delete` says.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        RowConflict: the row is still in use; it names by whom, and the ways out.
        DataverseError: nobody answers, or with a refusal.
    """
    run.meet_state(olds)
    if olds.get(WAITING):
        return  # nothing was ever written
    row_id = row_of(row_id, olds)
    if isinstance(written_on := olds.get(WRITTEN_ON), str):
        # A replacement on demand compares nothing: what it makes anew is to know when its row was written.
        run.written_on[row_id] = written_on
    policy = olds.get("on_delete") or ("retain" if olds.get(ADOPTED) else "delete")
    previous = olds.get(PREVIOUS)
    if row_id in run.created or run.declares(kind, row_id, olds):
        if isinstance(previous, dict):
            run.records[row_id] = previous
        run.report.warn(
            f"{kind.name} {row_id} is left alone: the program still declares the row. "
            "If that was a new logical name or parent, add aliases=[...] to the resource's options."
        )
        return
    if isinstance(previous, dict) and policy != "restore":
        run.records[row_id] = previous
    if policy == "retain":
        return  # nothing changes in Dataverse, so it does not count either
    if kind.moves:
        run.reach.delete(f"{kind.name} {row_id}")
    _carry_out(kind, run, row_id, olds, policy)


def _carry_out(kind: TableKind, run: Run, row_id: str, olds: Props, policy: object) -> None:
    previous = olds.get(PREVIOUS)
    if policy == "delete":
        rows = run.rows(olds)
        _refuse_used(kind, rows, row_id, kind.called(olds))
        rows.delete(kind.table.entity_set, row_id)
        run.deleted.add(row_id)
    elif policy == "disable":
        try:
            run.rows(olds).update(kind.table.entity_set, row_id, write(kind, kind.disabled, {}))
        except RowNotFound:
            return
    elif policy == "restore" and isinstance(previous, dict):
        left = Restoration(kind, run, run.rows(olds), row_id, olds, previous).carry_out()
        if left:
            run.report.warn(left)


def _refuse_used(kind: TableKind, rows: Rows, row_id: str, name: str) -> None:
    for use in kind.uses:
        where = Equal(f"_{use.lookup}_value", Guid(row_id))
        users = rows.find(use.table.entity_set, where, Select((use.table.name,)), key=use.table.primary_id)
        if not users:
            continue
        names = sorted(str(row.get(use.table.name)) for row in users)
        listed = ", ".join(f"'{it}'" for it in names[:NAMED_USERS])
        if len(names) > NAMED_USERS:
            listed += f" and {len(names) - NAMED_USERS} more"
        raise RowConflict(
            f"delete {kind.table.label} '{name}' ({row_id}): {len(names)} {use.label}: {listed}. "
            f"Nothing was deleted.\n{use.advice}"
        )
