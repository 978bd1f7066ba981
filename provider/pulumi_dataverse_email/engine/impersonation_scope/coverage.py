"""Whether a scope holds what its profile needs, and what else the account may open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ...errors import ExchangeRefused
from ...exchange.interface import Exchange
from ...exchange.objects import Organization
from .members import Members
from .profile import Profile
from .wanted import Props, assignee, online, roles

OUTSIDE: Final = "outside_scope"
UNUSED: Final = "unused_in_scope"
UNLIMITED: Final = "unlimited_grants"
NOT_PROVEN: Final = "not_proven"

NAMED: Final = 50
"""How many names an output lists; the rest is counted."""

PROVEN: Final = 20
"""Mailboxes that Exchange is asked about one by one, where nothing else tells who is in reach: one call each."""

EWS_PERMISSIONS: Final = ("Application EWS.AccessAsApp",)
"""Roles that work by EWS, which Exchange Online lets in listed applications only."""

EWS_END: Final = (
    "EWS in Exchange Online is off by default from 2026-10-01, and ends for everybody on 2027-04-01; until then it "
    "takes Set-OrganizationConfig -EwsEnabled:$true with the application among -EwsAllowedAppIDs"
)
"""Source: https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/exchange-web-services"""

CONSENTS: Final = (
    "permissions that were consented to in Entra, such as full_access_as_app, add to these roles, and Exchange does "
    "not show them: take them away from the application"
)
TASKS: Final = "tasks: Exchange has no role for them"


@dataclass(frozen=True)
class Coverage:
    """What the scope holds, compared with the profile."""

    outside: tuple[str, ...] = ()
    """Mailboxes of the profile that the account could not open."""
    unused: tuple[str, ...] = ()
    """Mailboxes that it could open, and that the profile does not use."""
    not_proven: tuple[str, ...] = ()
    """What nobody could compare, as sentences."""


def by_recipients(exchange: Exchange, members: Members, root: str, profile: Profile | None) -> Coverage:
    """Compare the recipients that a filter selects with the mailboxes of the profile."""
    inside = [it for it in exchange.recipients(members.recipient_filter, root) if it.is_mailbox]
    if profile is None:
        return Coverage(not_proven=("no profile is given to compare the scope with",))
    reached = {address for it in inside for address in it.addresses}
    used = set(profile.addresses)
    unused = sorted(it.address for it in inside if not it.addresses & used)
    return Coverage(tuple(it for it in profile.addresses if it not in reached), tuple(unused))


def by_addresses(members: Members, profile: Profile | None) -> Coverage:
    """Compare members that are known by address with the mailboxes of the profile; nobody asks Exchange."""
    if profile is None:
        return Coverage(not_proven=("no profile is given to compare the scope with",))
    if members.addresses is None:
        says = "who the members are, only Exchange knows: state them as addresses or mailboxes to have them compared"
        return Coverage(not_proven=(says,))
    reached, used = {it.lower() for it in members.addresses}, set(profile.addresses)
    return Coverage(tuple(sorted(used - reached)), tuple(sorted(reached - used)))


def by_tests(exchange: Exchange, inputs: Props, profile: Profile | None) -> Coverage:
    """Ask Exchange about the mailboxes of the profile one by one, as many as that is bearable for."""
    if profile is None:
        return Coverage(not_proven=("no profile is given to compare the scope with",))
    wanted = {it.lower() for it in roles(inputs)}
    outside = []
    for address in profile.addresses[:PROVEN]:
        found = exchange.authorizations(assignee(inputs).identity, address)
        if not wanted <= {it.role.lower() for it in found if it.in_scope}:
            outside.append(address)
    rest = len(profile.addresses) - PROVEN
    more = (f"{rest} more mailboxes of the profile were not asked about",) if rest > 0 else ()
    return Coverage(tuple(outside), not_proven=("which other mailboxes the administrative unit has", *more))


def refuse_outside(inputs: Props, profile: Profile | None, coverage: Coverage) -> None:
    """Stop where mailboxes of the profile would be out of reach, unless the program says otherwise.

    Raises:
        ExchangeRefused: with their names.
    """
    if coverage.outside and profile and inputs.get("mailboxes_outside_scope", "error") == "error":
        raise ExchangeRefused(
            f"limit {inputs['name']!r} to its members",
            f"{outside_says(profile, coverage)}: their tests would fail, and Dataverse would switch them off",
            "Add them to the scope, give them another profile, or set mailboxes_outside_scope to 'warn'.",
        )


def refuse_unlimited(inputs: Props, unlimited: Iterable[str]) -> None:
    """Stop where the account may open every mailbox all the same, if the program wants that.

    Raises:
        ExchangeRefused: with the names of the assignments.
    """
    names = listed(unlimited)
    if names and inputs.get("other_grants") == "error":
        raise ExchangeRefused(
            f"limit {inputs['name']!r} to its members",
            f"{unlimited_says(names)}",
            "Nothing was changed. Remove these assignments, or set other_grants to 'warn'.",
        )


def outside_says(profile: Profile, coverage: Coverage) -> str:
    """Say which mailboxes are outside."""
    count = len(coverage.outside)
    number = "1 mailbox" if count == 1 else f"{count} mailboxes"
    return f"{number} of the profile {profile.name!r} would be outside the scope: {', '.join(listed(coverage.outside))}"


def unlimited_says(names: Iterable[str]) -> str:
    """Say what makes the scope meaningless."""
    means = "the same account may open every mailbox of the organization, so that the scope means nothing"
    return f"{means}, by {', '.join(names)}"


def listed(names: Iterable[str]) -> list[str]:
    """Return names as outputs list them: not more than a person reads."""
    found = list(names)
    more = len(found) - NAMED
    return [*found[:NAMED], f"and {more} more"] if more > 0 else found


def ews_admits(inputs: Props, organization: Organization) -> bool | None:
    """Say whether EWS lets the application in; None where its roles do not use EWS."""
    if not online(inputs) or not {it.lower() for it in roles(inputs)} & {it.lower() for it in EWS_PERMISSIONS}:
        return None
    return bool(organization.ews_enabled) and str(inputs["application_id"]).lower() in organization.ews_allowed_app_ids


def unproven(inputs: Props, profile: Profile | None, coverage: Coverage) -> list[str]:
    """Return all that is not proven, as sentences."""
    found = [*coverage.not_proven]
    if online(inputs):
        found += [CONSENTS, TASKS]
    elif profile and (account := inputs.get("service_account")) and not profile.uses_account(str(account)):
        found.append(f"that the profile {profile.name!r} logs in by {account}: Dataverse has another user name")
    return found


def outputs(coverage: Coverage) -> Mapping[str, object]:
    """Return coverage as state keeps it."""
    return {OUTSIDE: listed(coverage.outside), UNUSED: listed(coverage.unused)}
