"""The members of a scope: the filter that selects them, and what the program would have to say for another filter."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ...errors import ExchangeRefused
from ...exchange import members, names
from ...exchange.filters import difference, values
from ...exchange.interface import Exchange
from ...exchange.opath import Comparison, FilterSyntaxError, parse
from .profile import Profile
from .wanted import Props

KINDS: Final = (
    "mailboxes",
    "profile_mailboxes",
    "recipient_filter",
    "groups",
    "addresses",
    "custom_attribute",
    "administrative_unit",
)
"""The arguments that say who the members are: exactly one of them."""

EDITED: Final = "edited"
"""Key of what is shown where the filter in Exchange is none that the argument can say."""


@dataclass(frozen=True)
class Members:
    """Who the members are."""

    recipient_filter: str
    """Empty where an administrative unit has them."""

    addresses: tuple[str, ...] | None = None
    """Their addresses; None where only Exchange knows these."""

    groups: tuple[str, ...] = ()
    """Distinguished names of the groups, in the order of the argument."""


def kind(inputs: Props) -> str:
    """Return the argument that says who the members are."""
    return next(name for name in KINDS if inputs.get(name))


def resolve(
    inputs: Props, exchange: Exchange | None, profile: Profile | None, named: Callable[[], Sequence[str]]
) -> Members:
    """Return who the members are now.

    Args:
        inputs: checked.
        exchange: knows groups and addresses; None where it may not be asked.
        profile: the profile; None where the inputs name none.
        named: finds the addresses of the mailboxes that the inputs name.

    Raises:
        ExchangeRefused: some are missing, or cannot be members; with their names.
        KeyNotFound: some mailboxes are not there.
    """
    said = kind(inputs)
    match said, inputs[said]:
        case "recipient_filter", str() as text:
            found = Members(text)
        case "custom_attribute", {"name": name, "value": value}:
            found = Members(members.by_attribute(str(name), str(value)))
        case "groups", list() as groups:
            found = _of_groups(exchange, _texts(groups))
        case "addresses", list() as addresses:
            found = _of_addresses(exchange, _texts(addresses))
        case "mailboxes", _:
            found = _of_addresses(exchange, named())
        case "profile_mailboxes", True if profile:
            found = _of_addresses(exchange, _on(profile))
        case _:
            found = Members("")
    return found


def seen(inputs: Props, wanted: Members, held: str) -> object:
    """Return what the program would say for the filter in Exchange.

    It is the argument as it is where the filter means the same. Where no value of the argument could express it, the
    filter itself is shown, under `EDITED`.
    """
    said = kind(inputs)
    if said == "administrative_unit" or not difference(wanted.recipient_filter, held):
        return inputs[said]
    if said == "recipient_filter":
        return held
    attribute = _attribute(held) if said == "custom_attribute" else None
    found = _values(held, members.GROUP if said == "groups" else members.ADDRESS)
    if attribute or found is None:
        return attribute or {EDITED: held}
    if said == "groups":
        known = dict(zip(map(names.read, wanted.groups), _texts(inputs["groups"]), strict=False))
        return [known.get(names.read(it), it) for it in found]
    if said == "addresses":
        spelt = {it.lower(): it for it in _texts(inputs["addresses"])}
        return [spelt.get(it.lower(), it) for it in found]
    return _sides({it.lower() for it in wanted.addresses or ()}, {it.lower() for it in found})


def listed_addresses(text: str) -> tuple[str, ...] | None:
    """Return the addresses that a filter lists; None where it is no such list."""
    return _values(text, members.ADDRESS)


def is_edited(value: object) -> bool:
    """Say whether what is seen is a filter that the argument cannot express."""
    return isinstance(value, dict) and EDITED in value


def _of_addresses(exchange: Exchange | None, addresses: Sequence[str]) -> Members:
    if exchange:
        members.check_addresses(exchange, addresses)
    return Members(members.by_addresses(addresses), tuple(addresses))


def _of_groups(exchange: Exchange | None, groups: Sequence[str]) -> Members:
    text = members.by_groups(exchange, groups) if exchange else members.by_distinguished_names(groups)
    return Members(text, groups=values(parse(text), members.GROUP) or ())


def _on(profile: Profile) -> tuple[str, ...]:
    if not profile.addresses:
        answer = f"no mailbox that is synchronized is on the profile {profile.name!r} yet"
        advice = "Let the scope depend on the mailboxes (depends_on), or give them as mailboxes=[...]."
        raise ExchangeRefused("turn the members of the scope into a filter", answer, advice)
    return profile.addresses


def _values(held: str, name: str) -> tuple[str, ...] | None:
    try:
        return values(parse(held), name)
    except FilterSyntaxError:
        return None


def _attribute(held: str) -> dict[str, str] | None:
    with suppress(FilterSyntaxError):
        match parse(held):
            case Comparison(property=name, operator="eq", value=str() as value):
                return None if members.attribute_faults(name, value) else {"name": name, "value": value}
    return None


def _sides(ours: set[str], there: set[str]) -> dict[str, list[str]]:
    """Return how the members differ; their argument names resources or a profile, which have no such value."""
    sides = {"not_in_scope": sorted(ours - there), "only_in_scope": sorted(there - ours)}
    return {side: addresses for side, addresses in sides.items() if addresses}


def _texts(value: object) -> list[str]:
    return [str(it) for it in value] if isinstance(value, list) else []
