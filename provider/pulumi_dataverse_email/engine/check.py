"""`check` and `diff`: pure, they never touch the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from ..declare import UNKNOWN, Fault, Kind
from .props import FAULTS, GENERATION, ROW_ID, SETTLED
from .run import Run

Props = Mapping[str, object]


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


def check(kind: Kind, run: Run, olds: Props, news: Props) -> tuple[dict[str, object], list[Fault]]:
    """Settle a resource's inputs.

    Args:
        kind: the declaration.
        run: this process's memory.
        olds: the inputs in state; empty for a new resource and for a replacement.
        news: what the program says.

    Returns:
        The inputs, in the old spelling where they mean the same; and all faults.
    """
    reserved = news.get(FAULTS) or []
    faults = [Fault("", str(text)) for text in (reserved if isinstance(reserved, list) else [reserved])]
    stated = {name: value for name, value in news.items() if name in kind.arguments and value is not None}
    values, found = kind.parse(stated)
    # What the program's side could not send, it has reported: its absence is no further fault.
    faults += [fault for fault in found if not (faults and fault.reason == "is required")]
    inputs = {name: _spelling(kind, name, olds.get(name), value) for name, value in values.items()}
    if olds:
        faults += _immutable(kind, olds, inputs)
    return inputs | _settled(kind, run, olds, news, inputs), faults


def diff(kind: Kind, run: Run, row_id: str, olds: Props, news: Props) -> Difference:
    """Compare a resource's outputs in state with its checked inputs.

    Raises:
        WrongEnvironment: the state belongs to another environment than the settings name.
        RowConflict: another resource of the program declares the same mailbox.
    """
    run.meet_state(olds)
    for name in kind.owner_keys:
        if isinstance(key := news.get(name), str):
            run.claim(row_id, (name, key.casefold()))
    different = differing(kind, olds, news)
    replaces = tuple(name for name in different if name in kind.columns and kind.columns[name].immutable)
    if not different and run.moved(olds):
        return Difference(changes=True)
    return Difference(None if different else False, replaces)


def differing(kind: Kind, olds: Props, news: Props) -> list[str]:
    """Return the inputs that differ in meaning: changed, newly stated, no longer stated, or not known yet."""
    return [
        name
        for name in (*kind.arguments, *SETTLED)
        if not _equal(kind, name, olds.get(name), news.get(name)) or news.get(name) is UNKNOWN
    ]


def _equal(kind: Kind, name: str, one: object, other: object) -> bool:
    if one is None or other is None:
        return one is other
    argument = kind.arguments.get(name)
    return argument.equal(one, other) if argument else one == other


def _spelling(kind: Kind, name: str, old: object, new: object) -> object:
    return old if new is not UNKNOWN and old is not None and _equal(kind, name, old, new) else new


def _immutable(kind: Kind, olds: Props, inputs: Props) -> list[Fault]:
    if inputs.get("allow_replacement"):
        return []
    return [
        Fault(
            name,
            f"cannot be changed on a {kind.table.label} that exists. Declare a second {kind.name} under a new name "
            "and move the mailboxes to it in waves, then remove this one; or, to have this one replaced at once, "
            "set allow_replacement=True",
        )
        for name, column in kind.columns.items()
        if column.immutable and name in olds and name in inputs and not _equal(kind, name, olds[name], inputs[name])
    ]


def _settled(kind: Kind, run: Run, olds: Props, news: Props, inputs: Props) -> dict[str, object]:
    """Return row id and generation: kept, or in a replacement (no olds, but remembered) made from what was."""
    proposed = news.get(ROW_ID)
    settled: dict[str, object] = {}
    if isinstance(proposed, str):
        if isinstance(old := olds.get(ROW_ID), str):
            run.settled[proposed] = row_id = old
        elif proposed in run.settled:
            row_id = str(uuid5(UUID(proposed), run.settled[proposed]))
            run.replaced[row_id] = run.settled[proposed]
        else:
            row_id = proposed
        settled[ROW_ID] = row_id

    resource = str(proposed or next((inputs[name] for name in kind.owner_keys if name in inputs), "")).casefold()
    retested = [name for name, column in kind.columns.items() if column.retest]
    unknown = any(inputs.get(name) is UNKNOWN for name in retested)
    if not olds:
        settled[GENERATION] = run.generations.get(resource, 0) + 1
    else:
        old_generation = olds.get(GENERATION)
        generation = int(old_generation) if isinstance(old_generation, int | float) else 1
        changed = any(not _equal(kind, name, olds.get(name), inputs.get(name)) for name in retested)
        run.generations[resource] = generation
        settled[GENERATION] = UNKNOWN if unknown else generation + changed
    return settled
