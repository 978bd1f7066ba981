"""`read` of a set: what its rows hold now, as outputs and as the inputs that would lead to it."""

from collections.abc import Mapping

from ...dataverse.rows import Link, Row
from ...declare import CLEAR, SetKind, TableKind
from ..owners import guid
from ..props import TIMEOUTS, lookup_id
from ..row import Props, holds, later, select, value
from ..run import Run
from .members import MEMBERS, members
from .plan import FAILED, LOOKED_UP, MAILBOXES, WAITING, Taken, mapping, taken
from .props import COMPUTED, GENERATIONS, SELECTION, SELECTION_CHANGES, SET_ID
from .resolve import member_rows, resolve


def read(kind: SetKind, run: Run, _set_id: str, olds: Props) -> tuple[dict[str, object], dict[str, object]]:
    """Return outputs and inputs.

    What a row holds otherwise than declared stands with its member, under the setting's name; a member whose row is
    gone is no member any more; and who joined or left a selection is named.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        DataverseError: nobody answers, or with a refusal.
    """
    rows, of, own, mine = run.rows(olds), kind.of, members(olds), taken(kind.of, olds)
    columns = dict.fromkeys(name for member in mine.values() for name in member.declared if name in of.columns)
    what = select(of, columns, results=False)
    there = member_rows(of, rows, [member.row_id for member in mine.values()], what)
    inputs = {name: olds[name] for name in (*kind.arguments, *COMPUTED, TIMEOUTS) if name in olds}
    failed = dict(mapping(olds, FAILED))
    selection, records = mapping(olds, SELECTION), dict(mapping(olds, MAILBOXES))
    for key, member in mine.items():
        row = there.get(member.row_id.lower())
        if row is None:
            own.pop(key, None)
            del records[key]
        elif key in own or selection:
            # What was refused is now what the row holds: drift, or achieved by somebody else. Of a secret, nobody can
            # tell: its member stays behind.
            if not any(it.secret and member.declared.get(name, CLEAR) != CLEAR for name, it in of.columns.items()):
                failed.pop(key, None)
                records[key] = member.record()
            if drift := _drift(of, row, member):
                own[key] = {**own.get(key, {}), **drift}
    run.members[str(olds.get(SET_ID))] = {key: mine[key].row_id for key in records if key in own or selection}
    inputs[MEMBERS] = own
    inputs[GENERATIONS] = {key: it for key, it in mapping(olds, GENERATIONS).items() if key in own}
    changes = {}
    if selection:
        found, _ = resolve(kind, run, rows, records, selection)
        changes = selection_changes(records, {key: one.row_id for key, one in found.items()}, mine)
    if changes:
        inputs[SELECTION_CHANGES] = changes
    outputs = {MAILBOXES: records, FAILED: failed or None, WAITING: olds.get(WAITING), LOOKED_UP: olds.get(LOOKED_UP)}
    return {**inputs, **outputs, **run.identity()}, inputs


def selection_changes(records: Props, found: Mapping[str, str], mine: Mapping[str, Taken]) -> dict[str, object]:
    """Return who joined the selection since the set was last written, and who left it."""
    known = {mine[key].row_id: key for key in records}
    joined = {key: "joined" for key, row_id in found.items() if row_id not in known}
    left = {key: "left" for row_id, key in known.items() if row_id not in found.values()}
    return {**joined, **left}


def _drift(of: TableKind, row: Row, member: Taken) -> dict[str, object]:
    """Return what the row holds otherwise than we wrote it, as programs would say it."""
    drift: dict[str, object] = {}
    for name, recorded in member.declared.items():
        column = of.columns.get(name)
        if column is None:
            continue
        if column.secret:
            # The flag alone can be read: where it contradicts us, the secret is no longer what we wrote.
            if bool(row.get(column.set_flag)) is (recorded == CLEAR):
                drift[name] = CLEAR
        elif name in of.lookups:
            there = value(of, name, row)
            if there != member.declared.get(lookup_id(name), recorded):
                link = row.get(column.wire)
                named = isinstance(link, Link) and link.name and not guid(str(recorded))
                drift[name] = link.name if named and isinstance(link, Link) else there
        elif column.moves_forward and (recorded == CLEAR or later(of, name, row, recorded) is not None):
            continue
        elif not holds(of, name, row, recorded):
            drift[name] = value(of, name, row)
    return drift
