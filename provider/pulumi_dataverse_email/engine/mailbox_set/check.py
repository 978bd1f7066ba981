"""`check` and `diff` of a set: pure, they never touch the network."""

from collections.abc import Mapping

from ...declare import UNKNOWN, Fault, SetKind, TableKind
from ...errors import ReachExceeded
from ..check import OFF, Difference, equal, judged, moved_back, spelling, warn_of_earlier_dates
from ..props import IDENTITY, TIMEOUTS
from ..row import Props, stated
from ..run import Run
from .judge import judge
from .members import MEMBERS, claimed_by, members, wanted
from .plan import FAILED, WAITING, Taken, mapping, taken
from .props import COMPUTED, GENERATIONS, SELECTION, SELECTION_CHANGES, SET_ID, TEMPLATE_GENERATION
from .told import counted, names


def check(kind: SetKind, run: Run, olds: Props, news: Props) -> tuple[dict[str, object], list[Fault]]:
    """Settle a set's inputs.

    Args:
        kind: the declaration.
        run: this process's memory.
        olds: the inputs in state; empty for a new resource and for a replacement.
        news: what the program says.

    Returns:
        The inputs, in the old spelling where they mean the same; and all faults.
    """
    inputs, faults = judged(kind, news, (*COMPUTED, *IDENTITY, *kind.results))
    if not run.target.limits.synchronization:
        run.say_once(OFF)
        inputs = switched_off(kind, inputs)
    judgement = judge(kind, inputs)
    known = {str(fault) for fault in faults}
    faults += [fault for fault in judgement.all() if str(fault) not in known]
    if inputs.get(MEMBERS) is not UNKNOWN:
        inputs[MEMBERS] = judgement.members
    inputs = _spelled(kind, olds, inputs)
    if olds:
        faults += _moved(kind, run, olds, inputs)
        label = f"{kind.name} '{news.get(SET_ID)}'"
        warn_of_earlier_dates(kind, run, label, olds, inputs)
        _warn_of_own_dates(kind.of, run, label, olds, inputs)
    run.keys.add((kind.name, SET_ID, str(news.get(SET_ID))))
    return inputs | {SET_ID: news.get(SET_ID)} | _generations(kind, olds, inputs), faults


def diff(kind: SetKind, run: Run, _id: str, olds: Props, news: Props) -> Difference:
    """Compare a set's outputs in state with its checked inputs.

    Raises:
        WrongEnvironment: the state belongs to another environment than the settings name.
        RowConflict: another resource of the program declares the mailbox of a member.
        ReachExceeded: more members of a selection move to another profile than the run may move.
    """
    run.meet_state(olds)
    own, mine, set_id = members(news), taken(kind.of, olds), str(olds.get(SET_ID))
    selected = bool(mapping(news, SELECTION))
    rows = {key: member.row_id for key, member in mine.items() if key in own or selected}
    run.members[set_id] = rows
    run.written_on.update({member.row_id: member.written_on for member in mine.values() if member.written_on})
    compared = (*kind.arguments, *COMPUTED, SELECTION_CHANGES)
    behind = olds.get(FAILED) or olds.get(WAITING) or olds.get(TIMEOUTS) != news.get(TIMEOUTS)
    changes: bool | None = bool(behind or run.moved(olds))
    if any(_differs(kind, name, olds.get(name), news.get(name)) for name in compared):
        changes = None
    # Who the members of a selection are after an update, that one tells.
    staying = set() if selected and changes is not False else set(rows.values())
    # A refresh asks about what is in state, whatever the program declares now.
    if (kind.name, SET_ID, set_id) in run.keys:
        if selected:
            _refuse_moves(kind, run, {key: it for key, it in mine.items() if key not in own}, news)
        run.compared |= staying
        for row_id in staying:
            run.claims.claim(row_id, claimed_by(set_id))
        if changes is False:
            changes = not staying.isdisjoint(run.claims.given_back)
    return Difference(changes)


def switched_off(kind: SetKind, inputs: Props) -> dict[str, object]:
    """Return the inputs with the methods that every mailbox gets while synchronization is off."""
    off = {name: str(word) for name, word in kind.of.disabled.items()}
    own = {key: {name: it for name, it in its.items() if name not in off} for key, its in members(inputs).items()}
    return {**inputs, **off, **({MEMBERS: own} if own else {})}


def _differs(kind: SetKind, name: str, old: object, new: object) -> bool:
    if UNKNOWN in (old, new):
        return True
    return not equal(kind.of, name, old, new) if name in kind.of.arguments else (old or None) != (new or None)


def _spelled(kind: SetKind, olds: Props, inputs: Props) -> dict[str, object]:
    """Return the inputs in the spelling of state, where they mean the same."""
    spelled = _settings(kind, olds, inputs)
    if isinstance(inputs.get(MEMBERS), Mapping):
        old = members(olds)
        known = {key.casefold(): key for key in old}
        own = {known.get(key.casefold(), key): its for key, its in members(inputs).items()}
        spelled[MEMBERS] = {key: _settings(kind, old.get(key, {}), its) for key, its in own.items()}
    if selection := mapping(inputs, SELECTION):
        before = mapping(olds, SELECTION)
        spelled[SELECTION] = {
            name: spelling(kind.selections, name, before.get(name), it) for name, it in selection.items()
        }
    return spelled


def _settings(kind: SetKind, old: Props, new: Props) -> dict[str, object]:
    return {
        name: spelling(kind.of, name, old.get(name), it) if name in kind.of.arguments else it
        for name, it in new.items()
    }


def _moved(kind: SetKind, run: Run, olds: Props, inputs: Props) -> list[Fault]:
    """Count the stated members that move elsewhere; who had no place, or states none any more, does not move."""
    before, after, moves = members(olds), members(inputs), kind.of.moves
    moved = []
    for key in before.keys() & after.keys():
        old, new = (wanted(kind.of, it, own[key]).get(moves) for it, own in ((olds, before), (inputs, after)))
        if isinstance(old, str) and new not in (None, UNKNOWN) and not equal(kind.of, moves, old, new):
            moved.append(f"{kind.of.name}/{key.casefold()}")
    reason = run.reach.move(*moved) if moved else ""
    return [Fault(moves, reason)] if reason else []


def _warn_of_own_dates(of: TableKind, run: Run, label: str, olds: Props, inputs: Props) -> None:
    """Warn of dates of single members that move back, once for all of them."""
    before, after = members(olds), members(inputs)
    back: dict[str, dict[str, None]] = {}
    for key in before.keys() & after.keys():
        old, new = wanted(of, olds, before[key]), wanted(of, inputs, after[key])
        for name in {*before[key], *after[key]}.intersection(moved_back(of, old, new)):
            back.setdefault(name, {})[key] = None
    for name, keys in back.items():
        column, whose = of.columns[name], f"{counted(len(keys), 'member', 'members')}, {names(keys)}"
        run.say_once(f"{label}: {name} moves back for {whose}: {column.moved_back} ({column.source})")


def _refuse_moves(kind: SetKind, run: Run, selected: Mapping[str, Taken], news: Props) -> None:
    """Count the members that a selection has found before and that move elsewhere.

    Raises:
        ReachExceeded: with them, the run would move more than it may.
    """
    moves = kind.of.moves
    new = news.get(moves)
    if new is None or new is UNKNOWN:
        return
    places = {key: old for key, it in selected.items() if isinstance(old := it.declared.get(moves), str)}
    moved = [selected[key].row_id for key, old in places.items() if not equal(kind.of, moves, old, new)]
    if moved and (reason := run.reach.move(*moved)):
        raise ReachExceeded(f"move the members of '{news.get(SET_ID)}': {reason}.")


def _generations(kind: SetKind, olds: Props, inputs: Props) -> dict[str, object]:
    """Raise the number of each member, and of the template, where a column changes that calls for a new test."""
    of = kind.of
    template = _generation(of, olds.get(TEMPLATE_GENERATION), stated(of, olds), stated(of, inputs))
    if inputs.get(MEMBERS) is UNKNOWN:
        return {TEMPLATE_GENERATION: template, GENERATIONS: UNKNOWN}
    before, numbers = members(olds), mapping(olds, GENERATIONS)
    each = {key: _generation(of, numbers.get(key), before.get(key, {}), own) for key, own in members(inputs).items()}
    return {TEMPLATE_GENERATION: template, GENERATIONS: each}


def _generation(of: TableKind, old: object, before: Props, after: Props) -> object:
    if not isinstance(old, int | float):
        return 1
    if any(after.get(name) is UNKNOWN for name in of.retested):
        return UNKNOWN
    return int(old) + any(not equal(of, name, before.get(name), after.get(name)) for name in of.retested)
