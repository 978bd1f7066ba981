"""`check` and `diff`: pure, they never touch the network."""

from collections.abc import Mapping
from typing import Final

from ...declare import UNKNOWN, Fault, Kind
from ...exchange.filters import difference
from ..check import Difference, equal, judged, spelling
from ..props import TIMEOUTS
from ..run import Run
from .mailboxes import FROM_RESOURCES, settled
from .read import DRIFT
from .wanted import Props

FILTER: Final = "recipient_filter"


def check(kind: Kind, run: Run, olds: Props, news: Props) -> tuple[dict[str, object], list[Fault]]:
    """Settle the inputs: in the old spelling where they mean the same; and all faults."""
    values, faults = judged(kind, news, (*FROM_RESOURCES, *kind.results))
    values |= settled(news)
    run.keys |= _keys(kind, values)
    inputs = {name: spelling(kind, name, olds.get(name), value) for name, value in values.items()}
    blamed = {it.argument for it in faults}
    if olds:
        faults += [it for it in _immutable(kind, olds, inputs) if it.argument not in blamed]
    return inputs, faults


def diff(kind: Kind, run: Run, resource_id: str, olds: Props, news: Props) -> Difference:
    """Compare outputs in state with checked inputs.

    Raises:
        WrongEnvironment: the state belongs to another environment than the settings name.
    """
    run.meet_state(olds)
    if run.keys & _keys(kind, news):
        run.compared.add(resource_id)
    different = [
        name for name in (*kind.arguments, *FROM_RESOURCES) if not equal(kind, name, olds.get(name), news.get(name))
    ]
    if FILTER in different:
        _tell_clauses(run, olds.get(FILTER), news.get(FILTER))
    if not different and (olds.get(DRIFT) or run.moved(olds) or olds.get(TIMEOUTS) != news.get(TIMEOUTS)):
        return Difference(changes=True)
    return Difference(None if different else False)


def _tell_clauses(run: Run, old: object, new: object) -> None:
    """Show which clauses come and go: the engine shows the two whole texts, in which nobody finds them."""
    if isinstance(old, str) and isinstance(new, str):
        run.say_once(f"the clauses of the filter that change:\n{difference(old, new)}")


def _keys(kind: Kind, props: Mapping[str, object]) -> set[tuple[str, str, str]]:
    return {(kind.name, "name", str(props["name"]).casefold())} if "name" in props else set()


_UNIT = "administrative_unit"


def _immutable(kind: Kind, olds: Props, inputs: Props) -> list[Fault]:
    """Return the changes that Exchange cannot make in place."""
    new_name = "declare the scope under a new logical name, with another name in Exchange"
    faults = [
        Fault(name, f"cannot be changed in Exchange: {new_name}, and remove this one once it is effective")
        for name in ("platform", "exclusive")
        if inputs.get(name) is not UNKNOWN and (inputs.get(name) or False) != (olds.get(name) or False)
    ]
    if UNKNOWN not in (olds.get(_UNIT), inputs.get(_UNIT)) and bool(olds.get(_UNIT)) != bool(inputs.get(_UNIT)):
        faults.append(Fault(_UNIT, f"limits an application without a scope, others by one: {new_name}"))
    if olds.get("recipient_root") and inputs.get("recipient_root") is None:
        faults.append(Fault("recipient_root", "cannot be taken away in Exchange: name the organization as root"))
    return [it for it in faults if it.argument in kind.arguments]
