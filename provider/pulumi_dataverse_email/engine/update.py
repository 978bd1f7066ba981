"""`update`: send the stated columns that changed, and nothing else."""

from ..declare import CLEAR, Kind
from ..errors import RowConflict, RowNotFound
from .check import differing
from .create import born
from .props import OWNER_ID, lookup_id
from .row import Props, lookup_ids, resolve, select, write
from .run import Run


def update(kind: Kind, run: Run, row_id: str, olds: Props, news: Props) -> dict[str, object]:
    """Write the difference and return the outputs.

    A column that is no longer stated is left as the server has it; nothing is sent for it.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        RowConflict: the changed `user` or `queue` leads to another row.
        RowNotFound: the row was deleted meanwhile; it is not made anew by accident.
        DataverseError: any other failure; the whole old state is kept.
    """
    run.meet_state(olds)
    different = differing(kind, olds, news)
    changed = {name: news[name] for name in different if name in kind.columns and name in news}
    kept = {
        name: it
        for name, it in olds.items()
        if name not in kind.arguments and name not in {lookup_id(lookup) for lookup in kind.lookups}
    }
    outputs = {**kept, **news}
    for name in kind.lookups:
        if name in news and name not in changed and lookup_id(name) in olds:
            outputs[lookup_id(name)] = olds[lookup_id(name)]
    moved_owner = any(name in kind.owner_keys for name in different)
    if not changed and not moved_owner and not run.moved(olds):
        return outputs
    rows = run.rows(olds)
    if moved_owner:
        outputs[OWNER_ID] = _same_row(kind, run, row_id, olds, news)
    targets = resolve(kind, run, rows, changed)
    if changed:
        try:
            rows.update(kind.table.entity_set, row_id, write(kind, changed, targets))
        except RowNotFound as error:
            raise RowNotFound(
                error.tried,
                error.answer,
                "Run `pulumi up --refresh`: it sees that the row is gone.",
                request_id=error.request_id,
            ) from None
    flags = {
        it: changed[name] != CLEAR
        for it, wire in kind.results.items()
        for name in changed
        if kind.columns[name].set_flag == wire
    }
    return {**outputs, **flags, **lookup_ids(targets), **run.identity()}


def _same_row(kind: Kind, run: Run, row_id: str, olds: Props, news: Props) -> str:
    owner_id, found_id, row = born(kind, run.rows(olds), news, select(kind, ()))
    if found_id != row_id:
        name = next(name for name in kind.owner_keys if name in news)
        raise RowConflict(
            f"update {kind.table.label} {row_id}: {name} '{news[name]}' has another {kind.table.label}, "
            f"{found_id} ('{row.get(kind.table.name)}'). Nothing was written.\n"
            f"Declare that one as a resource of its own, under a new name, and remove this one."
        )
    return owner_id
