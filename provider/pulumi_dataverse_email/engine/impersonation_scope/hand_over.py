"""The verbs where nothing is sent to Exchange: Dataverse is compared, and an administrator gets the commands."""

from collections.abc import Sequence
from typing import Final

from ...declare import SetKind
from ...errors import ExchangeRefused
from ...exchange import handover
from ...exchange.handover import Wanted
from ..props import ADOPTED, HOST
from ..run import Run
from ..verbs import Outputs
from . import coverage as covers
from .bring_about import WRITTEN_FILTER, gather, warn, without_leavers
from .held import ASSIGNMENTS, SCOPE_ID, recorded_assignments
from .members import Members, kind, seen
from .read import DRIFT
from .wanted import Props, assignee, wanted

COMMANDS: Final = "commands"

SHOWN: Final = 3
"""Mailboxes that the commands to check with ask about."""

NOBODY_LOOKED: Final = "whether the commands were carried out: nothing is sent to Exchange, run those under check"


def hand_over(sets: SetKind, run: Run, inputs: Props, olds: Props) -> dict[str, object]:
    """Compare what Dataverse knows, and return the outputs, the commands among them.

    Raises:
        ExchangeRefused: mailboxes of the profile would be outside the scope, or the members cannot be told.
        KeyNotFound: the profile or a mailbox is not there.
        WrongEnvironment: another environment answers than the state's.
    """
    run.meet_state(olds)
    profile, members = gather(sets, run, None, inputs, olds)
    coverage = covers.by_addresses(members, profile)
    covers.refuse_outside(inputs, profile, without_leavers(coverage, olds, members))
    want = _wanted(inputs, members.recipient_filter, olds)
    warn(run, inputs, profile, coverage, ())
    return {
        **inputs,
        HOST: run.target.host or "",
        ADOPTED: False,
        SCOPE_ID: olds.get(SCOPE_ID),
        ASSIGNMENTS: _record(want, olds),
        WRITTEN_FILTER: members.recipient_filter or None,
        **covers.outputs(coverage),
        covers.UNLIMITED: [],
        covers.NOT_PROVEN: [NOBODY_LOOKED, *covers.unproven(inputs, profile, coverage)],
        COMMANDS: _commands(want, _before(olds), profile.addresses if profile else ()),
    }


def read_handed_over(sets: SetKind, run: Run, olds: Props, arguments: tuple[str, ...]) -> tuple[Outputs, Outputs]:
    """Return outputs and inputs: whether the profile still has the mailboxes that the commands were written for.

    Raises:
        ExchangeRefused: the profile would not be limited any more.
        KeyNotFound: the profile or a mailbox is not there.
    """
    run.meet_state(olds)
    profile, members = gather(sets, run, None, olds, olds)
    inputs = {name: olds[name] for name in arguments if name in olds}
    inputs[kind(olds)] = seen(olds, members, str(olds.get(WRITTEN_FILTER) or ""))
    coverage = covers.by_addresses(Members(members.recipient_filter, members.addresses), profile)
    outside = covers.listed(coverage.outside)
    policy = olds.get("mailboxes_outside_scope") or "error"
    news = bool(outside) and policy != "ignore" and (policy == "error" or outside != olds.get(covers.OUTSIDE))
    inputs |= {covers.OUTSIDE: outside} if news else {}
    told = {**covers.outputs(coverage), DRIFT: [covers.OUTSIDE] if news else None}
    return {**{name: it for name, it in olds.items() if name != DRIFT}, **inputs, **told}, inputs


def leave(run: Run, olds: Props) -> None:
    """Say what an administrator has to remove, where the program does not say that it stays."""
    before = _before(olds)
    if before and olds.get("on_delete") != "retain":
        lines = "\n".join(handover.remove(before))
        run.report.warn(f"{olds['name']} stays in Exchange until an administrator removes it:\n{lines}")


def _before(olds: Props) -> Wanted | None:
    return _wanted(olds, str(olds.get(WRITTEN_FILTER) or ""), olds) if olds else None


def _wanted(inputs: Props, recipient_filter: str, olds: Props) -> Wanted:
    whom = assignee(inputs)
    ours = [it for it in recorded_assignments(olds) if it["assignee"] == whom.identity]
    named = {str(it["role"]).lower(): str(it["name"]) for it in ours}
    return wanted(inputs, recipient_filter, str(inputs.get("recipient_root") or ""), named)


def _record(want: Wanted, olds: Props) -> list[dict[str, str]]:
    ids = {str(it["name"]): str(it["id"]) for it in recorded_assignments(olds) if it.get("id")}
    return [
        {"name": it.name, "role": it.role, "assignee": it.assignee.identity}
        | ({"id": ids[it.name]} if it.name in ids else {})
        for it in want.assignments
    ]


def _commands(want: Wanted, before: Wanted | None, mailboxes: Sequence[str]) -> dict[str, list[str]]:
    """Return the commands, one a line.

    Raises:
        ExchangeRefused: a value cannot be shown to a person as it is.
    """
    try:
        return {
            "create": handover.create(want),
            "change": handover.change(before, want) if before else [],
            "remove": handover.remove(want),
            "check": handover.check(want, mailboxes[:SHOWN]),
        }
    except ValueError as error:
        raise ExchangeRefused("write the commands for an administrator", str(error), "Mend that value.") from error
