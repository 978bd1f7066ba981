"""`read`: what the row holds now, as outputs and as the inputs that would lead to it."""

from ..dataverse.rows import Row
from ..declare import CLEAR, Lookup, TableKind
from ..errors import KeyNotFound, RowNotFound
from .find import learn, learnable
from .owners import guid
from .props import REFUSED, SETTLED, TIMEOUTS, WAITING, lookup_id, row_of
from .row import Props, holds, later, results, select, stated, value
from .run import Run


def read(kind: TableKind, run: Run, row_id: str, olds: Props) -> tuple[dict[str, object], dict[str, object]] | None:
    """Return outputs and inputs, or `None` where the row is gone.

    An input keeps the spelling of state while it means the same; else it is what the row holds, so that drift
    shows under the property's own name. A date that the service moved on by itself, or set where it was cleared, is no
    drift.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        DataverseError: any failure but "the row is not there".
    """
    if olds.get(WAITING):
        # There is no row of ours: the next update looks for it, whatever a refresh finds.
        run.meet_state(olds)
        return dict(olds), {name: olds[name] for name in (*kind.arguments, *SETTLED, TIMEOUTS) if name in olds}
    row_id = row_of(row_id, olds)
    columns, rows = stated(kind, olds), run.rows(olds)
    try:
        row = run.reads.read(kind, rows, row_id, select(kind, columns))
    except RowNotFound:
        return None
    try:
        learnt = learn(kind, run, rows, columns)
    except KeyNotFound as error:
        # Without the row that tells the code, a refresh can judge everything else.
        run.report.warn(f"{kind.table.label} '{row[kind.table.name]}': its state keeps what was declared. {error}")
        learnt = {name: row[kind.columns[name].wire] for name, _, _ in learnable(kind, columns)}
    inputs = {name: olds[name] for name in (*kind.arguments, *SETTLED, TIMEOUTS) if name in olds}
    ids: dict[str, object] = {}
    for name, recorded in columns.items():
        column = kind.columns[name]
        if column.secret:
            # The flag alone can be read: where it contradicts us, the secret is no longer what we wrote.
            if bool(row.get(column.set_flag)) is (recorded == CLEAR):
                del inputs[name]
        elif isinstance(column, Lookup):
            inputs[name], ids[lookup_id(name)] = _lookup(kind, name, row, olds)
        elif not (column.moves_forward and (recorded == CLEAR or later(kind, name, row, recorded) is not None)):
            same = holds(kind, name, row, learnt.get(name, recorded))
            inputs[name] = recorded if same else value(kind, name, row)
    # What was refused is now what the row holds: drift, or achieved by somebody else.
    passing = {*kind.arguments, *kind.results, REFUSED}
    kept = {name: it for name, it in olds.items() if name not in passing}
    return {**kept, **results(kind, row), **inputs, **run.identity(), **ids}, inputs


def _lookup(kind: TableKind, name: str, row: Row, olds: Props) -> tuple[object, object]:
    """Return what the program would say for the row's lookup, and the id that it leads to."""
    there, recorded = value(kind, name, row), olds.get(lookup_id(name))
    if there == (CLEAR if recorded is None else recorded):
        return olds[name], recorded
    if there == CLEAR:
        return CLEAR, None
    link = row[kind.columns[name].wire]
    by_name = isinstance(olds[name], str) and not guid(str(olds[name])) and not kind.lookups[name].key
    return (getattr(link, "name", "") or there if by_name else there), there
