"""`delete`: our own assignments, then the scope; what others use stays."""

from ...errors import ExchangeRefused
from ...exchange.interface import Exchange
from ..props import ADOPTED
from ..run import Run
from .held import is_recorded, meet_organization, observe
from .wanted import Props


def delete(run: Run, exchange: Exchange, olds: Props) -> None:
    """Take our assignments away, then the scope; the pointer to the application stays.

    Raises:
        ExchangeRefused: others are limited by the scope; with their names, and nothing was removed.
        ExchangeError: nobody answers, or with a refusal.
        WrongEnvironment: another organization answers than the state's.
    """
    policy = olds.get("on_delete") or ("retain" if olds.get(ADOPTED) else "delete")
    if policy == "retain":
        return
    meet_organization(exchange, olds)
    held = observe(exchange, olds, olds)
    # What only looks like ours, and is not recorded, belongs to somebody.
    strangers = [it for it in held.kept if not is_recorded(it, olds)]
    if held.scope and (others := [*held.others, *strangers]):
        raise ExchangeRefused(
            f"remove the scope {held.scope.name!r}",
            f"others are limited by it: {', '.join(it.name for it in others)}. Nothing was removed",
            "Take these assignments away first, or set on_delete to 'retain'.",
        )
    for assignment in (*held.kept, *held.former):
        if is_recorded(assignment, olds):
            exchange.remove_assignment(assignment)
    if held.scope:
        exchange.remove_scope(held.scope)
    else:
        run.report.status(f"the scope of {olds['name']} is gone already")
