"""The verbs that reach Exchange or Dataverse, each by the transport that the settings choose."""

from ...declare import Kind
from ..props import TIMEOUTS
from ..run import Run
from .bring_about import bring_about
from .check import check, diff
from .delete import delete as remove
from .effective import resource_id
from .hand_over import COMMANDS, hand_over, leave, read_handed_over
from .held import SCOPE_ID
from .read import read as look
from .wanted import Props

__all__ = ["check", "create", "delete", "diff", "read", "update"]


def create(run: Run, inputs: Props) -> tuple[str, dict[str, object]]:
    """Make the scope and its assignments, or the commands for them; return the resource's id and the outputs.

    Raises:
        ExchangeError: something is missing, in the way or refused; nothing is left half done.
        KeyNotFound: the profile or a mailbox is not there.
    """
    outputs = update(run, {}, inputs)
    made = resource_id(inputs, outputs.get(SCOPE_ID), handed_over=COMMANDS in outputs)
    run.created.add(made)
    return made, outputs


def update(run: Run, olds: Props, inputs: Props) -> dict[str, object]:
    """Make Exchange hold what the inputs want, or write the commands for it; return the outputs."""
    if olds:
        run.meet_state(olds)
    exchange = run.exchange(str(inputs["platform"]))
    return bring_about(run, exchange, inputs, olds) if exchange else hand_over(run, inputs, olds)


def read(kind: Kind, run: Run, olds: Props) -> tuple[Props, Props] | None:
    """Return outputs and inputs; None where the scope is gone."""
    run.meet_state(olds)
    exchange = run.exchange(str(olds["platform"]))
    kept = (*kind.arguments, TIMEOUTS)
    return look(run, exchange, olds, kept) if exchange else read_handed_over(run, olds, kept)


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
