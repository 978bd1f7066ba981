"""`create` and `update`: all is found out first, then Exchange is made to hold what is wanted."""

from contextlib import nullcontext
from dataclasses import replace

from ...declare import SetKind
from ...errors import ExchangeExists, ExchangeRefused
from ...exchange.filters import difference, faults, warnings
from ...exchange.handover import Wanted
from ...exchange.interface import Exchange
from ..props import ADOPTED, HOST
from ..run import Run
from . import coverage as covers
from .carry_out import Work
from .coverage import Coverage
from .effective import EFFECTIVE, effective_after
from .held import (
    ASSIGNMENTS,
    EXCHANGE_ORGANIZATION,
    SCOPE_ID,
    Held,
    meet_organization,
    observe,
    record,
    refuse_unknown_roles,
)
from .mailboxes import addresses_of
from .members import Members, is_edited, kind, listed_addresses, resolve, seen
from .plan import ChangeScope, plan
from .profile import Profile, read_profile
from .wanted import Props, assignee, wanted

HELD_FILTER, WRITTEN_FILTER = "held_filter", "written_filter"
HELD_ROOT = "held_root"
EWS = "ews_admits_application"


def bring_about(sets: SetKind, run: Run, exchange: Exchange, inputs: Props, olds: Props) -> dict[str, object]:
    """Make Exchange hold what the inputs want, and return the outputs.

    Args:
        sets: the kind of a set of mailboxes.
        run: this process's memory.
        exchange: the organization.
        inputs: checked.
        olds: outputs in state; empty where there is none.

    Raises:
        ExchangeError: something is missing, in the way or refused; nothing was changed by what is refused before.
        KeyNotFound: the profile or a mailbox is not there.
        WrongEnvironment: another environment or organization answers than the state's.
    """
    organization = meet_organization(exchange, olds)
    refuse_unknown_roles(exchange, inputs)
    profile, members = gather(sets, run, exchange, inputs, olds)
    held = observe(exchange, inputs, olds)
    want = wanted(inputs, members.recipient_filter, _root(inputs, olds, held), _names(held))
    adopted = bool(olds.get(ADOPTED)) if olds.get(SCOPE_ID) else _adopts(run, inputs, held, want)
    if olds:
        _refuse_edited(inputs, olds, held)
    covers.refuse_unlimited(inputs, held.unlimited)
    coverage = Coverage()
    if want.scope:
        coverage = covers.by_recipients(exchange, members, want.scope.recipient_root, profile)
        covers.refuse_outside(inputs, profile, without_leavers(coverage, olds, members))
    steps = plan(want, held)
    if held.others and any(isinstance(it, ChangeScope) for it in steps):
        names = ", ".join(it.name for it in held.others)
        run.report.warn(f"the scope {inputs['name']!r} is changed for others too that are limited by it: {names}.")
    work = Work(exchange, held)
    with nullcontext() if olds else work.all_or_nothing():
        work.carry_out(steps)
        if not want.scope:
            coverage = covers.by_tests(exchange, inputs, profile)
            covers.refuse_outside(inputs, profile, coverage)
    warn(run, inputs, profile, coverage, held.unlimited)
    ews = covers.ews_admits(inputs, organization)
    if ews is False:
        run.report.warn(f"EWS does not let the application {inputs['application_id']} in: {covers.EWS_END}.")
    scope = work.scope if want.scope else None
    ours = list(work.assignments.values())
    return {
        **inputs,
        HOST: run.target.host or "",
        EXCHANGE_ORGANIZATION: organization.name,
        ADOPTED: adopted,
        SCOPE_ID: scope.guid if scope else None,
        ASSIGNMENTS: record(ours, assignee(inputs).identity),
        HELD_FILTER: scope.recipient_filter if scope else None,
        HELD_ROOT: scope.recipient_root or None if scope else None,
        WRITTEN_FILTER: members.recipient_filter or None,
        EFFECTIVE: effective_after(inputs, scope, ours),
        **covers.outputs(coverage),
        covers.UNLIMITED: covers.listed(held.unlimited),
        covers.NOT_PROVEN: covers.unproven(inputs, profile, coverage),
        EWS: ews,
    }


def gather(
    sets: SetKind, run: Run, exchange: Exchange | None, inputs: Props, olds: Props
) -> tuple[Profile | None, Members]:
    """Return the profile, if one is given, and the members, both as they are now.

    Raises:
        ExchangeRefused: a scope would not limit the profile; or some members are missing, or cannot be members.
        KeyNotFound: the profile or a mailbox is not there.
    """
    key = inputs.get("profile")
    profile = read_profile(run, run.rows(olds or None), str(key)) if key else None
    if profile and (wrong := profile.faults(inputs)):
        raise ExchangeRefused(f"limit the profile {profile.name!r}", "; ".join(wrong), "Nothing was changed.")
    members = resolve(inputs, exchange, profile, lambda: addresses_of(sets, run, run.rows(olds or None), inputs))
    for text in warnings(members.recipient_filter):
        run.say_once(f"{inputs['name']}: {text}.")
    return profile, members


def warn(run: Run, inputs: Props, profile: Profile | None, coverage: Coverage, unlimited: tuple[str, ...]) -> None:
    """Say what is not as a careful person would have it."""
    if profile and coverage.outside and inputs.get("mailboxes_outside_scope") != "ignore":
        run.report.warn(f"{inputs['name']}: {covers.outside_says(profile, coverage)}.")
    if unlimited and inputs.get("other_grants") != "ignore":
        run.report.warn(f"{inputs['name']}: {covers.unlimited_says(covers.listed(unlimited))}.")


def without_leavers(coverage: Coverage, olds: Props, members: Members) -> Coverage:
    """Return what is outside without those that this very change takes out.

    Their mailboxes are still on the profile, because Pulumi lets go of them last; if they stay, a refresh shows it.
    """
    before = {it.lower() for it in listed_addresses(str(olds.get(WRITTEN_FILTER) or "")) or ()}
    leaving = before - {it.lower() for it in members.addresses or ()} if members.addresses else set()
    return replace(coverage, outside=tuple(it for it in coverage.outside if it not in leaving))


def _names(held: Held) -> dict[str, str]:
    """Return the names of the assignments that are there: an assignment cannot be renamed."""
    return {it.role.lower(): it.name for it in held.kept}


def _root(inputs: Props, olds: Props, held: Held) -> str:
    """Return the root to be: as Exchange spells it where it is what was declared before."""
    stated = str(inputs.get("recipient_root") or "")
    same = olds and stated == str(olds.get("recipient_root") or "")
    if same and held.scope and held.scope.recipient_root == str(olds.get(HELD_ROOT) or ""):
        return held.scope.recipient_root
    return stated


def _adopts(run: Run, inputs: Props, held: Held, want: Wanted) -> bool:
    """Say whether what is there is taken over; refuse to take what is somebody else's.

    Raises:
        ExchangeExists: a scope of that name is there, and the program does not say that it is to be adopted.
        ExchangeRefused: it is to be adopted with another filter, and others are limited by it.
    """
    tried = f"make the scope {inputs['name']!r}"
    if want.scope is None or held.scope is None:
        return False
    changes = difference(held.scope.recipient_filter, want.scope.recipient_filter)
    same = not changes and held.scope.exclusive == want.scope.exclusive
    if not inputs.get("adopt"):
        if same and held.kept and not held.others:
            run.report.warn(
                f"the scope {inputs['name']!r} with the assignments is there already, as declared: taken for what an "
                "interrupted run has left. If another stack declares it, give this one another name."
            )
            return False
        advice = "Choose another name, or set adopt=True to take it over."
        raise ExchangeExists(tried, f"there is one, with the filter {held.scope.recipient_filter}", advice)
    names = ", ".join(it.name for it in held.others)
    if changes and held.others:
        advice = "State its filter as it is, or let these use another scope."
        raise ExchangeRefused(tried, f"its filter would change for others too: {names}. Nothing was changed", advice)
    if wrong := faults(held.scope.recipient_filter) if changes else []:
        raise ExchangeRefused(tried, f"its filter is not understood ({'; '.join(wrong)})", "Nothing was changed.")
    if changes:
        run.report.warn(f"the scope {inputs['name']!r} is adopted, and its filter changes:\n{changes}")
    return True


def _refuse_edited(inputs: Props, olds: Props, held: Held) -> None:
    """Refuse to overwrite a filter that somebody edited into what the program's argument cannot say.

    Raises:
        ExchangeRefused: with the filter, and the ways out.
    """
    if held.scope is None or not difference(str(olds.get(WRITTEN_FILTER) or ""), held.scope.recipient_filter):
        return
    was = Members(str(olds.get(WRITTEN_FILTER) or ""))
    there = seen(olds, was, held.scope.recipient_filter)
    text = held.scope.recipient_filter
    unread = kind(olds) == "recipient_filter" and bool(faults(text))
    taken_over = inputs.get("recipient_filter") and not difference(str(inputs["recipient_filter"]), text)
    if (is_edited(there) or unread) and not taken_over:
        raise ExchangeRefused(
            f"change the scope {held.scope.name!r}",
            f"somebody has edited its filter, and {kind(olds)} cannot say what it is now: {text}",
            "Nothing was changed. Take it over with recipient_filter, and change that; or put the old filter back in "
            f"Exchange: {olds.get(WRITTEN_FILTER)}",
        )
