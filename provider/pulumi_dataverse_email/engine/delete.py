"""`delete`: destroying a declaration must not become a mail incident."""

from ..dataverse.rows import Guid, Link, Row, Rows, Select
from ..declare import CLEAR, Kind
from ..errors import RowConflict, RowNotFound
from .props import ADOPTED, PREVIOUS
from .row import Props, holds, select, value, write
from .run import Run

NAMED_USERS = 10
"""How many rows that use a profile a refusal names; the rest is counted."""


def delete(kind: Kind, run: Run, row_id: str, olds: Props) -> None:
    """Do with the row what `on_delete` says.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        RowConflict: the row is still in use; it names by whom, and the ways out.
        DataverseError: nobody answers, or with a refusal.
    """
    run.meet_state(olds)
    policy = olds.get("on_delete") or ("retain" if olds.get(ADOPTED) else "delete")
    if row_id in run.created:
        run.report.warn(
            f"{kind.name} {row_id} is left alone: another resource of this program has taken the row. "
            "If it only has a new logical name or parent, add aliases=[...] to its options."
        )
    elif policy == "delete":
        rows = run.rows(olds)
        _refuse_used(kind, rows, row_id, str(olds.get("name", row_id)))
        rows.delete(kind.table.entity_set, row_id)
    elif policy == "disable":
        _disable(kind, run, row_id, olds)
    elif policy == "restore":
        _restore(kind, run, row_id, olds)


def _refuse_used(kind: Kind, rows: Rows, row_id: str, name: str) -> None:
    for use in kind.uses:
        what = Select((use.table.primary_id, use.table.name))
        users = rows.find(use.table.entity_set, [(f"_{use.lookup}_value", Guid(row_id))], what)
        if not users:
            continue
        names = sorted(str(row.get(use.table.name)) for row in users)
        listed = ", ".join(f"'{it}'" for it in names[:NAMED_USERS])
        if len(names) > NAMED_USERS:
            listed += f" and {len(names) - NAMED_USERS} more"
        raise RowConflict(
            f"delete {kind.table.label} '{name}' ({row_id}): {len(names)} {use.label} it: {listed}. "
            f"Nothing was deleted.\n{use.advice}"
        )


def _disable(kind: Kind, run: Run, row_id: str, olds: Props) -> None:
    try:
        run.rows(olds).update(kind.table.entity_set, row_id, write(kind, kind.disabled, {}))
    except RowNotFound:
        return


def _restore(kind: Kind, run: Run, row_id: str, olds: Props) -> None:
    previous = olds.get(PREVIOUS)
    if not isinstance(previous, dict):
        return
    rows = run.rows(olds)
    stated = [name for name in kind.columns if name in olds]
    try:
        row = rows.read(kind.table.entity_set, row_id, select(kind, stated))
    except RowNotFound:
        return
    restored: dict[str, object] = {}
    targets: dict[str, str] = {}
    left: list[str] = []
    for name in stated:
        reason = _obstacle(kind, rows, name, row, olds, previous)
        if reason:
            left.append(f"{name} ({reason})")
        elif not holds(kind, name, row, previous[name]):
            restored[name] = previous[name]
            if name in kind.lookups and previous[name] != CLEAR:
                targets[name] = str(previous[name])
    if restored:
        rows.update(kind.table.entity_set, row_id, write(kind, restored, targets))
    if left:
        run.report.warn(f"{kind.table.label} '{row[kind.table.name]}': restore left {', '.join(left)} as it is.")


def _obstacle(  # noqa: PLR0913, PLR0917  the parts of one judgement
    kind: Kind, rows: Rows, name: str, row: Row, olds: Props, previous: Props
) -> str:
    """Return why a column is not restored; empty where it may be."""
    column = kind.columns[name]
    if column.secret:
        return "a secret cannot be read, so its former value is not known"
    if not column.restorable:
        return "never restored"
    if name not in previous:
        return "its former value is not recorded"
    ours = olds.get(f"{name}_id", olds[name]) if name in kind.lookups else olds[name]
    if not holds(kind, name, row, ours):
        return f"somebody else has set it since, to {_shown(value(kind, name, row))}"
    former = previous[name]
    if former in column.retired:
        return f"it was {former}, which Microsoft has retired"
    if name in kind.lookups and former != CLEAR:
        return _missing(rows, kind, name, str(former))
    return ""


def _missing(rows: Rows, kind: Kind, name: str, target: str) -> str:
    table = kind.lookups[name].target
    try:
        row = rows.read(table.entity_set, target, Select((table.name, "statecode")))
    except RowNotFound:
        return f"the {table.label} {target} is gone"
    return "" if row.get("statecode") == 0 else f"the {table.label} '{row.get(table.name)}' is inactive"


def _shown(there: object) -> str:
    if there == CLEAR:
        return "nothing"
    return there.name or there.row_id if isinstance(there, Link) else str(there)
