"""`read`: what Exchange and Dataverse hold now, as outputs and as the inputs that would lead to it."""

from ...declare import SetKind
from ...errors import DataverseEmailError, ExchangeRefused, KeyNotFound, RowConflict
from ...exchange.interface import Exchange
from ..run import Run
from ..verbs import Outputs
from . import coverage as covers
from .bring_about import EWS, HELD_FILTER, HELD_ROOT, WRITTEN_FILTER, gather
from .coverage import Coverage
from .effective import EFFECTIVE, effective_after
from .held import ASSIGNMENTS, SCOPE_ID, Held, is_recorded, meet_organization, observe, record
from .members import Members, kind, seen
from .profile import Profile
from .wanted import Props, assignee, reach, roles

DRIFT = "drift"
"""Output: what a refresh found and no write of ours can mend alone; the next update tells it again, and judges it."""


def read(
    sets: SetKind, run: Run, exchange: Exchange, olds: Props, arguments: tuple[str, ...]
) -> tuple[Outputs, Outputs] | None:
    """Return outputs and inputs; None where the scope is gone.

    Args:
        sets: the kind of a set of mailboxes.
        run: this process's memory.
        exchange: the organization.
        olds: outputs in state.
        arguments: the names of the kind's arguments, and of the inputs that are kept with them.

    Raises:
        ExchangeError: nobody answers, or with a refusal.
        WrongEnvironment: another environment or organization answers than the state's.
    """
    organization = meet_organization(exchange, olds)
    held = observe(exchange, olds, olds)
    ours = [it for it in (*held.kept, *held.former) if is_recorded(it, olds)]
    if held.scope is None and (olds.get(SCOPE_ID) or not ours):
        return None
    inputs = {name: olds[name] for name in arguments if name in olds}
    profile, members = _now(sets, run, exchange, olds)
    if held.scope:
        inputs["name"] = held.scope.name
        inputs[kind(olds)] = seen(olds, members, held.scope.recipient_filter)
        if held.scope.recipient_root != str(olds.get(HELD_ROOT) or ""):
            inputs["recipient_root"] = held.scope.recipient_root or None
    if (there := _roles(olds, held)) is not None:
        inputs["roles"] = there
    coverage = _coverage(exchange, olds, held, members, profile)
    found = {covers.OUTSIDE: covers.listed(coverage.outside), covers.UNLIMITED: covers.listed(held.unlimited)}
    drift = [name for name, policy in _POLICIES.items() if _is_news(olds, name, found[name], policy)]
    inputs |= {name: found[name] for name in drift}
    outputs = {
        **{name: it for name, it in olds.items() if name != DRIFT},
        **inputs,
        SCOPE_ID: held.scope.guid if held.scope else None,
        ASSIGNMENTS: record(ours, assignee(olds).identity),
        HELD_FILTER: held.scope.recipient_filter if held.scope else None,
        WRITTEN_FILTER: olds.get(WRITTEN_FILTER),
        EFFECTIVE: effective_after(olds, held.scope, ours),
        **covers.outputs(coverage),
        covers.UNLIMITED: found[covers.UNLIMITED],
        covers.NOT_PROVEN: covers.unproven(olds, profile, coverage),
        EWS: covers.ews_admits(olds, organization),
        DRIFT: drift or None,
    }
    return outputs, inputs


_POLICIES = {covers.OUTSIDE: ("mailboxes_outside_scope", "error"), covers.UNLIMITED: ("other_grants", "warn")}
"""Output -> the argument that says what follows, and what it is where it is left out."""


def _is_news(olds: Props, name: str, found: list[str], policy: tuple[str, str]) -> bool:
    """Say whether what is found is drift: never where it is ignored; where it is warned about, what is new."""
    argument, default = policy
    chosen = olds.get(argument) or default
    return bool(found) and chosen != "ignore" and (chosen == "error" or found != olds.get(name))


def _now(sets: SetKind, run: Run, exchange: Exchange, olds: Props) -> tuple[Profile | None, Members]:
    """Return profile and members as they are; where they are not there any more, the filter as it was written."""
    try:
        return gather(sets, run, exchange, olds, olds)
    except (ExchangeRefused, KeyNotFound, RowConflict) as error:
        run.report.warn(f"{olds['name']}: compared with what was written last. {_first_line(error)}")
        return None, Members(str(olds.get(WRITTEN_FILTER) or ""))


def _coverage(exchange: Exchange, olds: Props, held: Held, members: Members, profile: Profile | None) -> Coverage:
    if held.scope is None:
        return covers.by_tests(exchange, olds, profile)
    there = Members(held.scope.recipient_filter, members.addresses)
    return covers.by_recipients(exchange, there, held.scope.recipient_root, profile)


def _roles(olds: Props, held: Held) -> list[str] | None:
    """Return the roles as they are assigned, each with what is wrong with it; None where they are as declared."""
    declared, limit = roles(olds), reach(olds)
    there = {it.role.lower(): it for it in held.kept if is_recorded(it, olds)}
    shown = []
    for role in declared:
        own = there.pop(role.lower(), None)
        if own and (own.reaches(limit) or (held.scope and own.uses(held.scope.name))):
            shown.append(role)
        elif own:
            shown.append(f"{own.role} ({own.scope or own.reach_kind})")
    shown += [it.role for it in there.values()]
    return None if tuple(shown) == declared else shown


def _first_line(error: DataverseEmailError) -> str:
    return str(error).partition("\n")[0]
