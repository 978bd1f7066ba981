"""`update`: send the stated columns that changed, and nothing else."""

from ..declare import TableKind
from ..errors import RowConflict, RowNotFound
from .adopt import differences
from .check import differing
from .find import look_up
from .meet import meet
from .owners import born, owner
from .props import OWNER_ID, REFUSED, TIMEOUTS, WAITING, WRITTEN_ON, lookup_id, row_of
from .row import Props, flags, lookup_ids, select, sent_with, stated
from .run import Run
from .send import Sender


def update(kind: TableKind, run: Run, row_id: str, olds: Props, news: Props) -> dict[str, object]:
    """Write the difference and return the outputs.

    A column that is no longer stated is left as the server has it; nothing is sent for it.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        RowConflict: the changed `user` or `queue` leads to another row.
        RowNotFound: the row was deleted meanwhile; it is not made anew by accident.
        DataverseError: any other failure; the whole old state is kept.
    """
    if olds.get(WAITING):
        return {**news, **meet(kind, run, run.rows(olds), news), **run.identity()}
    run.meet_state(olds)
    row_id = row_of(row_id, olds)
    different = differing(kind, olds, news)
    again = olds.get(REFUSED)
    tried = {*different, *(again if isinstance(again, list) else ())}
    changed = {name: it for name, it in stated(kind, news).items() if not tried.isdisjoint(sent_with(kind, name))}
    owner_changed = any(name in kind.owner_keys for name in different)
    kept = {name: it for name, it in olds.items() if name not in (*kind.arguments, REFUSED, TIMEOUTS)}
    for name in kind.lookups:
        if name in different:
            kept.pop(lookup_id(name), None)
    outputs = {**kept, **news}
    lost = run.claims.gave_back(row_id)
    if changed or owner_changed or lost or run.moved(olds):
        rows = run.rows(olds)
        if owner_changed:
            outputs[OWNER_ID] = _owner_of_same_row(kind, run, row_id, news)
        found = look_up(kind, run, rows, stated(kind, news) if lost else changed)
        if lost:
            row = rows.read(kind.table.entity_set, row_id, select(kind, stated(kind, news)))
            changed |= differences(kind, row, news, found)[0]
        if changed:
            try:
                refused = Sender(kind, run, rows, row_id).send(changed, found)
            except RowNotFound as error:
                advice = "Run `pulumi up --refresh`: it sees that the row is gone."
                raise RowNotFound(error.tried, error.answer, advice, request_id=error.request_id) from None
            if refused:
                outputs[REFUSED] = refused
            outputs[WRITTEN_ON] = run.last_written(row_id)
        outputs |= {**flags(kind, changed), **lookup_ids(kind, found), **run.identity()}
    return outputs


def _owner_of_same_row(kind: TableKind, run: Run, row_id: str, news: Props) -> str:
    found = born(kind, run.ahead, run.rows(), news, select(kind, ()))
    if found.row_id != row_id:
        name, key = owner(kind, news)
        raise RowConflict(
            f"update {kind.table.label} {row_id}: {name} '{key}' has another {kind.table.label}, "
            f"{found.row_id} ('{found.row.get(kind.table.name)}'). Nothing was written.\n"
            "Declare that one as a resource of its own, under a new name, and remove this one."
        )
    return found.owner_id
