"""`check` and `diff`: pure, they never touch the network."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from ..declare import CLEAR, UNKNOWN, Column, Fault, Kind, Policy, TableKind
from .props import FAULTS, GENERATION, REFUSED, ROW_ID, SETTLED, TIMEOUTS, WAITING, WRITTEN_ON, computed, keys, row_of
from .run import Run

Props = Mapping[str, object]

OFF = (
    "dataverse-email:synchronization is off: every declared mailbox gets the three delivery methods none, whatever the "
    "program says. Set it to on to have the program's methods."
)


@dataclass(frozen=True)
class Difference:
    """What `diff` answers.

    Args:
        changes: `False` where all is equal in meaning; `None` where an input differs, so that the engine names the
            exact paths; `True` where the outputs alone must be written again.
        replaces: the inputs whose change needs another row.
    """

    changes: bool | None
    replaces: tuple[str, ...] = ()


def check(kind: TableKind, run: Run, olds: Props, news: Props) -> tuple[dict[str, object], list[Fault]]:
    """Settle a resource's inputs.

    Args:
        kind: the declaration.
        run: this process's memory.
        olds: the inputs in state; empty for a new resource and for a replacement.
        news: what the program says.

    Returns:
        The inputs, in the old spelling where they mean the same; and all faults.
    """
    values, faults = judged(kind, news, computed(kind))
    if kind.disabled and not run.target.limits.synchronization:
        run.say_once(OFF)
        values |= {name: str(word) for name, word in kind.disabled.items()}
    run.keys |= keys(kind, values)
    if not olds:
        run.anew |= keys(kind, values)
    inputs = {name: spelling(kind, name, olds.get(name), value) for name, value in values.items()}
    if olds:
        faulty = {fault.argument for fault in faults}
        faults += [fault for fault in _immutable(kind, olds, inputs) if fault.argument not in faulty]
        faults += _moved(kind, run, olds, inputs)
        label = f"{kind.name} '{next((inputs[name] for name in kind.identifying if name in inputs), '')}'"
        warn_of_earlier_dates(kind, run, label, olds, inputs)
    return inputs | _settled(kind, run, olds, news, inputs), faults


def judged(kind: Kind, news: Props, computed: Collection[str]) -> tuple[dict[str, object], list[Fault]]:
    """Return the arguments as state spells them, with the time that each verb may take, and all faults.

    Args:
        kind: the declaration.
        news: what the program says.
        computed: the names of the inputs that are no arguments.
    """
    reserved = news.get(FAULTS) or []
    faults = [Fault("", str(text)) for text in (reserved if isinstance(reserved, list) else [reserved])]
    # The other names are arguments: what a transformation of the program misspells is judged like the rest.
    stated = {name: it for name, it in news.items() if it is not None and name not in (FAULTS, TIMEOUTS, *computed)}
    values, found = kind.parse(stated)
    values = {name: value for name, value in values.items() if name in kind.arguments}
    # What the program's side could not send, it has reported: its absence is no further fault.
    faults += [fault for fault in found if not (faults and fault.reason == "is required")]
    return values | ({TIMEOUTS: news[TIMEOUTS]} if news.get(TIMEOUTS) else {}), faults


def diff(kind: TableKind, run: Run, row_id: str, olds: Props, news: Props) -> Difference:
    """Compare a resource's outputs in state with its checked inputs.

    Raises:
        WrongEnvironment: the state belongs to another environment than the settings name.
        RowConflict: another resource of the program declares the same mailbox.
    """
    run.meet_state(olds)
    waits, row_id = olds.get(WAITING), row_of(row_id, olds)
    if isinstance(written_on := olds.get(WRITTEN_ON), str):
        run.written_on[row_id] = written_on
    # A refresh asks about what is in state, whatever the program declares now.
    if run.keys & keys(kind, news):
        run.compared.add(row_id)
        former = next(((name, str(olds[name]).casefold()) for name in kind.owner_keys if name in olds), None)
        for name in kind.owner_keys:
            if isinstance(key := news.get(name), str):
                run.claims.claim(row_id, (name, key.casefold()), former)
    different = differing(kind, olds, news)
    # What still waits was never written: under another key it is another resource, whose id tells that key.
    others = kind.owner_keys if waits else ()
    replaces = tuple(
        name for name in different if name in others or (name in kind.columns and kind.columns[name].immutable)
    )
    outputs_differ = olds.get(REFUSED) or waits or olds.get(TIMEOUTS) != news.get(TIMEOUTS)
    if not different and (run.moved(olds) or outputs_differ or row_id in run.claims.given_back):
        return Difference(changes=True)
    return Difference(None if different else False, replaces)


def differing(kind: TableKind, olds: Props, news: Props) -> list[str]:
    """Return the inputs that differ in meaning: changed, newly stated, no longer stated, or not known yet."""
    return [name for name in (*kind.arguments, *SETTLED) if not equal(kind, name, olds.get(name), news.get(name))]


def equal(kind: Kind, name: str, one: object, other: object) -> bool:
    """Say whether two values of an input mean the same; what is not known yet means nothing else."""
    if one is None or other is None:
        return one is other
    if UNKNOWN in (one, other):
        return False
    argument = kind.arguments.get(name)
    return argument.equal(one, other) if argument else one == other


def spelling(kind: Kind, name: str, old: object, new: object) -> object:
    """Return an input as state spells it, where it means the same."""
    return old if old is not None and equal(kind, name, old, new) else new


def _immutable(kind: TableKind, olds: Props, inputs: Props) -> list[Fault]:
    """Return the changes that the row, or our claim to it, does not survive."""
    faults = []
    if kind.born(olds) != kind.born(inputs) and kind.owner_keys:
        reason = f"leads to another {kind.table.label} than the one in state: declare that one under a new name"
        return [Fault(next(name for name in kind.identifying if name in inputs or name in olds), reason)]
    for name, argument in kind.arguments.items():
        marker, old, new = argument.marker, olds.get(name), inputs.get(name)
        if new is UNKNOWN or equal(kind, name, old, new):
            continue
        if isinstance(marker, Policy) and marker.fixed:
            reason = (
                "is settled when the resource is created; to change it, remove the resource from the program with "
                "on_delete='retain', run `pulumi up`, and declare it again"
            )
        elif not isinstance(marker, Column) or None in (old, new):
            continue
        elif marker.wire == kind.table.name and inputs.get("adopt"):
            reason = f"an adopted {kind.table.label} is never renamed; it is called '{old}'"
        elif marker.immutable and not inputs.get("allow_replacement"):
            reason = (
                f"cannot be changed once the {kind.table.label} exists. Declare a second {kind.name} under a new "
                "name and move the mailboxes to it in waves, then remove this one; or, to have this one replaced "
                "at once, set allow_replacement=True"
            )
        else:
            continue
        faults.append(Fault(name, reason))
    return faults


def _moved(kind: TableKind, run: Run, olds: Props, inputs: Props) -> list[Fault]:
    """Count a row that moves elsewhere; one that had no place, may stay, or states none any more does not move."""
    old, new = olds.get(kind.moves), inputs.get(kind.moves)
    if not isinstance(old, str) or new is None or new is UNKNOWN or equal(kind, kind.moves, old, new):
        return []
    resource = "/".join(str(olds.get(name, "")).casefold() for name in kind.identifying)
    reason = run.reach.move(f"{kind.name}/{resource}")
    return [Fault(kind.moves, reason)] if reason else []


def warn_of_earlier_dates(kind: Kind, run: Run, label: str, olds: Props, inputs: Props) -> None:
    """Warn of dates that move back, and of what that brings; `label` says of which resource."""
    for name in moved_back(kind, olds, inputs):
        column, to = kind.columns[name], "none" if inputs[name] == CLEAR else inputs[name]
        run.say_once(f"{label}: {name} moves back from {olds[name]} to {to}: {column.moved_back} ({column.source})")


def moved_back(kind: Kind, olds: Props, inputs: Props) -> Iterator[str]:
    """Yield the dates that move back, and those that are cleared."""
    for name, column in kind.columns.items():
        if column.moved_back:
            old, new = (kind.arguments[name].form.normal(props.get(name)) for props in (olds, inputs))
            if isinstance(old, datetime) and (new == CLEAR or (isinstance(new, datetime) and new < old)):
                yield name


def _settled(kind: TableKind, run: Run, olds: Props, news: Props, inputs: Props) -> dict[str, object]:
    proposed = news.get(ROW_ID)
    if not isinstance(proposed, str):
        key = next((str(inputs[name]).casefold() for name in kind.owner_keys if name in inputs), "")
        return {GENERATION: _generation(kind, run, f"{kind.name}/{key}", olds, inputs)}
    return {
        ROW_ID: _row_id(run, proposed, olds.get(ROW_ID)),
        GENERATION: _generation(kind, run, proposed, olds, inputs),
    }


def _row_id(run: Run, proposed: str, old: object) -> str:
    """Keep the id in state; in a replacement, where there is none but one is remembered, make another from it."""
    if isinstance(old, str):
        run.settled[proposed] = row_id = old
    elif proposed in run.settled:
        row_id = next_row_id(proposed, run.settled[proposed])
        run.replaced[row_id] = run.settled[proposed]
    else:
        row_id = proposed
    run.proposals[row_id] = proposed
    return row_id


def next_row_id(proposed: str, row_id: str) -> str:
    """Return the id of the row that replaces `row_id`; each resource has a line of ids that begins with its own."""
    return str(uuid5(UUID(proposed), row_id))


def _generation(kind: TableKind, run: Run, resource: str, olds: Props, inputs: Props) -> object:
    """Raise the generation in state where a column changes that calls for a new test, and in a replacement."""
    if not olds:
        return run.generations.get(resource, 0) + 1
    old = olds.get(GENERATION)
    generation = int(old) if isinstance(old, int | float) else 1
    run.generations[resource] = generation
    if any(inputs.get(name) is UNKNOWN for name in kind.retested):
        return UNKNOWN
    return generation + any(not equal(kind, name, olds.get(name), inputs.get(name)) for name in kind.retested)
