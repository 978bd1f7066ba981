"""Gives rows back whose members leave a set, or whose set goes: as `on_delete` says."""

from collections.abc import Mapping

from ...dataverse.rows import Row, Rows, Update
from ...declare import SetKind, TableKind
from ...errors import DataverseError, RowNotFound
from ..restore import Restoration, ids
from ..row import Props, select, write
from ..run import Run
from .members import claimed_by
from .plan import Taken, taken
from .props import SET_ID
from .resolve import member_rows
from .told import counted, listed, names
from .write import carry_out

RETAIN = "retain"


def delete(kind: SetKind, run: Run, _id: str, olds: Props) -> None:
    """Give all members back.

    Raises:
        WrongEnvironment: another environment or organization answers than the state's.
        ReachExceeded: the run would disable or restore more than it may; nothing was written.
        DataverseError: some could not be given back; the others are, and another run goes on with the rest.
    """
    run.meet_state(olds)
    members, policy, set_id = taken(kind.of, olds), on_delete(olds), str(olds.get(SET_ID))
    # A replacement on demand compares nothing: what it makes anew is to know when its rows were written.
    run.written_on.update({member.row_id: member.written_on for member in members.values() if member.written_on})
    declared = (kind.name, SET_ID, set_id) in run.keys  # a replacement: the set goes on
    going = {} if declared else others_left_alone(kind, run, set_id, members)
    count(kind, run, policy, going)
    if policy == RETAIN or not going:
        run.records.update({member.row_id: member.previous for member in members.values()})
        return
    failed = give_back(kind, run, run.rows(olds), olds, going)
    if failed:
        raise DataverseError(
            f"delete {kind.name} '{set_id}'",
            f"{len(failed)} of {len(going)} mailboxes could not be given back; the others are:\n{listed(failed)}",
            "Run again: what is given back already stays so.",
        )


def on_delete(props: Props) -> str:
    """Return what happens to the rows of members that go."""
    return str(props.get("on_delete") or RETAIN)


def count(kind: SetKind, run: Run, policy: str, going: Mapping[str, Taken]) -> None:
    """Count the rows that are written when members go, before the first one is.

    Raises:
        ReachExceeded: they are more than the run may write.
    """
    if policy != RETAIN and going:
        run.reach.delete(f"{counted(len(going), 'member', 'members')} of a {kind.name}", len(going))


def others_left_alone(kind: SetKind, run: Run, set_id: str, members: Mapping[str, Taken]) -> dict[str, Taken]:
    """Return the members whose rows no other resource of the program has; the others are named, and left."""
    others = run.claims.of_others([it.row_id for it in members.values()], claimed_by(set_id)) | run.created
    declared = {key for key, member in members.items() if member.row_id in others}
    for key in declared:
        run.records[members[key].row_id] = members[key].previous
    if declared:
        run.report.warn(
            f"{kind.name}: {counted(len(declared), 'mailbox', 'mailboxes')} left alone that it no longer declares, "
            f"because another resource of the program does: {names(dict.fromkeys(declared))}."
        )
    return {key: member for key, member in members.items() if key not in declared}


def give_back(kind: SetKind, run: Run, rows: Rows, props: Props, members: Mapping[str, Taken]) -> dict[str, str]:
    """Disable or restore the rows of members; return why some could not be, by their keys.

    A row that is gone needs nothing, and one that another resource has taken meanwhile is left. What `restore` leaves
    as it is, a warning tells.
    """
    going, stuck, policy, set_id = dict(members), dict[str, str](), on_delete(props), str(props.get(SET_ID))
    if policy != RETAIN and going:
        with run.claims.giving_back({it.row_id for it in going.values()}, claimed_by(set_id)):
            going = others_left_alone(kind, run, set_id, going)
            stuck = _written(kind.of, run, rows, policy, going)
            _record(run, going, stuck)
    else:
        _record(run, going, stuck)
    return stuck


def _record(run: Run, members: Mapping[str, Taken], stuck: Mapping[str, str]) -> None:
    """Remember what the rows that are no longer ours held before, for who takes them over in this run."""
    run.records.update({member.row_id: member.previous for key, member in members.items() if key not in stuck})


def _written(kind: TableKind, run: Run, rows: Rows, policy: str, members: Mapping[str, Taken]) -> dict[str, str]:
    values = _restored(kind, run, rows, members) if policy == "restore" else dict.fromkeys(members, kind.disabled)
    updates = {
        key: Update(kind.table.entity_set, members[key].row_id, write(kind, it, ids(kind, it)))
        for key, it in values.items()
        if it
    }
    outcomes = carry_out(run, rows, list(updates.values()), "mailboxes given back")
    return {
        key: str(outcome.error)
        for key, outcome in zip(updates, outcomes, strict=True)
        if outcome.error and not isinstance(outcome.error, RowNotFound)
    }


def _restored(kind: TableKind, run: Run, rows: Rows, members: Mapping[str, Taken]) -> dict[str, Mapping[str, object]]:
    """Return what each row held before, as far as that is written back."""
    restorations = {
        key: Restoration(kind, run, rows, member.row_id, member.holds, member.previous)
        for key, member in members.items()
    }
    columns = [name for member in members.values() for name in member.holds if name in kind.columns]
    what = select(kind, dict.fromkeys(columns), results=False)
    there: Mapping[str, Row] = member_rows(kind, rows, [it.row_id for it in members.values()], what)
    values: dict[str, Mapping[str, object]] = {}
    left: dict[str, str] = {}
    for key, restoration in restorations.items():
        if (row := there.get(restoration.row_id)) is not None:
            values[key], obstacles = restoration.plan(row)
            if sentence := restoration.left(row, obstacles):
                left[key] = sentence
    if left:
        of = counted(len(left), "mailbox", "mailboxes")
        run.report.warn(f"restore left something of {of} as it is:\n{listed(left)}")
    return values
