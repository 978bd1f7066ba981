"""The verbs that reach Exchange or Dataverse, each by the transport that the settings choose."""

from functools import partial

from ...declare import Kind, SetKind
from ..props import TIMEOUTS
from ..run import Run
from ..verbs import Outputs, Verbs
from .bring_about import bring_about
from .check import check, diff
from .delete import delete as remove
from .effective import resource_id
from .hand_over import COMMANDS, hand_over, leave, read_handed_over
from .held import SCOPE_ID
from .mailboxes import FROM_RESOURCES
from .read import read as look
from .wanted import Props


def create(sets: SetKind, run: Run, inputs: Props) -> tuple[str, dict[str, object]]:
    """Make the scope and its assignments, or the commands for them; return the resource's id and the outputs.

    Raises:
        ExchangeError: something is missing, in the way or refused; nothing is left half done.
        KeyNotFound: the profile or a mailbox is not there.
    """
    outputs = _write(sets, run, {}, inputs)
    made = resource_id(inputs, outputs.get(SCOPE_ID), handed_over=COMMANDS in outputs)
    run.created.add(made)
    return made, outputs


def update(sets: SetKind, run: Run, _id: str, olds: Props, inputs: Props) -> dict[str, object]:
    """Make Exchange hold what the inputs want, or write the commands for it; return the outputs."""
    return _write(sets, run, olds, inputs)


def _write(sets: SetKind, run: Run, olds: Props, inputs: Props) -> dict[str, object]:
    if olds:
        run.meet_state(olds)
    exchange = run.exchange(str(inputs["platform"]))
    return bring_about(sets, run, exchange, inputs, olds) if exchange else hand_over(sets, run, inputs, olds)


def read(kind: Kind, sets: SetKind, run: Run, _id: str, olds: Props) -> tuple[Outputs, Outputs] | None:
    """Return outputs and inputs; None where the scope is gone."""
    run.meet_state(olds)
    exchange = run.exchange(str(olds["platform"]))
    kept = (*kind.arguments, *FROM_RESOURCES, TIMEOUTS)
    return look(sets, run, exchange, olds, kept) if exchange else read_handed_over(sets, run, olds, kept)


def delete(run: Run, id_: str, olds: Props) -> None:
    """Do what `on_delete` says."""
    run.meet_state(olds)
    if id_ in run.created or id_ in run.compared:
        run.report.warn(
            f"ImpersonationScope {olds['name']} is left alone: the program still declares it. "
            "If that was a new logical name or parent, add aliases=[...] to the resource's options."
        )
        return
    exchange = run.exchange(str(olds["platform"]))
    if exchange:
        remove(run, exchange, olds)
    else:
        leave(run, olds)


def of_scopes(kind: Kind, sets: SetKind) -> Verbs:
    """Return the verbs of the kind, which takes sets of mailboxes."""
    return Verbs(
        partial(check, kind),
        partial(diff, kind),
        partial(create, sets),
        partial(read, kind, sets),
        partial(update, sets),
        delete,
    )
