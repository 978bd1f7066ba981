"""`check` and `diff` of a test-and-enable: pure."""

from collections.abc import Mapping

from ...declare import Fault, Kind
from ..check import Difference, equal, judged, spelling
from ..props import IDENTITY, TIMEOUTS
from ..run import Run
from .inputs import COMPUTED, FALLEN, MAILBOXES, STATUSES, SWITCHED_OFF, UNFINISHED
from .mailbox import ENABLED, LEFT

Props = Mapping[str, object]

FROM_RESOURCES = tuple(name for name in COMPUTED if name != STATUSES)
"""The computed inputs that the program's side reads from the resources that it is given."""


def check(kind: Kind, olds: Props, news: Props) -> tuple[dict[str, object], list[Fault]]:
    """Settle the inputs; a status that a refresh found fallen is wanted back.

    Args:
        kind: the declaration.
        olds: the inputs in state; empty for a new resource.
        news: what the program says.

    Returns:
        The inputs, in the old spelling where they mean the same; and all faults.
    """
    values, faults = judged(kind, news, (*COMPUTED, *IDENTITY, *kind.results))
    values |= {name: news[name] for name in FROM_RESOURCES if news.get(name)}
    inputs = {name: spelling(kind, name, olds.get(name), value) for name, value in values.items()}
    if statuses := _statuses(inputs, olds):
        inputs[STATUSES] = statuses
    return inputs, faults


def diff(kind: Kind, run: Run, olds: Props, news: Props) -> Difference:
    """Compare state with the checked inputs.

    Raises:
        WrongEnvironment: the state belongs to another environment than the settings name.
    """
    run.meet_state(olds)
    names = (*kind.arguments, *FROM_RESOURCES)
    if olds.get(FALLEN) or any(not equal(kind, name, olds.get(name), news.get(name)) for name in names):
        return Difference(None)
    switched_on = olds.get(SWITCHED_OFF) and run.target.limits.synchronization
    waits = olds.get(UNFINISHED) or switched_on or run.moved(olds) or olds.get(TIMEOUTS) != news.get(TIMEOUTS)
    return Difference(changes=bool(waits))


def _statuses(inputs: Props, olds: Props) -> dict[str, str]:
    """Return `success` for each mailbox whose status stands in the old inputs, those that left apart."""
    there, named = olds.get(STATUSES), inputs.get(MAILBOXES)
    if not isinstance(there, Mapping):
        return {}
    return {
        name: ENABLED
        for name, status in there.items()
        if status != LEFT and (not isinstance(named, Mapping) or name in named)
    }
