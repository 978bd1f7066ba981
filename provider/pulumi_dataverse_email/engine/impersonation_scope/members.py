"""The members of a scope: the filter that selects them, and what the program would have to say for another filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...dataverse.rows import Rows
from ...errors import ExchangeRefused
from ...exchange import members, names
from ...exchange.filters import difference, values
from ...exchange.interface import Exchange
from ...exchange.opath import Comparison, FilterSyntaxError, parse
from .profile import Profile, addresses_of
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


def resolve(inputs: Props, exchange: Exchange | None, rows: Rows | None, profile: Profile | None) -> Members:
    """Return who the members are now.

    Args:
        inputs: checked.
        exchange: knows groups and addresses; None where it may not be asked.
        rows: of the environment; None where the members do not need it.
        profile: the profile; None where the inputs name none.

    Raises:
        ExchangeRefused: some are missing, or cannot be members; with their names.
        KeyNotFound: some mailboxes are not there.
    """
    said = kind(inputs)
    match said, inputs[said]:
        case "recipient_filter", str() as text:
            return Members(text)
        case "custom_attribute", {"name": name, "value": value}:
            return Members(members.by_attribute(str(name), str(value)))
        case "groups", list() as groups:
            return _of_groups(exchange, [str(it) for it in groups])
        case "addresses", list() as addresses:
            return _of_addresses(exchange, [str(it) for it in addresses])
        case "mailboxes", dict() | list() as mailboxes if rows:
            ids = list(mailboxes.values() if isinstance(mailboxes, dict) else mailboxes)
            return _of_addresses(exchange, addresses_of(rows, [str(it) for it in ids]))
        case "profile_mailboxes", True if profile:
            if not profile.addresses:
                answer = f"no mailbox that is synchronized is on the profile {profile.name!r} yet"
                advice = "Let the scope depend on the mailboxes (depends_on), or give them as mailboxes=[...]."
                raise ExchangeRefused("turn the members of the scope into a filter", answer, advice)
            return _of_addresses(exchange, profile.addresses)
    return Members("")


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
    try:
        tree = parse(held)
    except FilterSyntaxError:
        return {EDITED: held}
    if said == "custom_attribute":
        match tree:
            case Comparison(property=name, operator="eq", value=str() as value) if not members.attribute_faults(
                name, value
            ):
                return {"name": name, "value": value}
        return {EDITED: held}
    found = values(tree, members.GROUP if said == "groups" else members.ADDRESS)
    if found is None:
        return {EDITED: held}
    if said == "groups":
        known = {names.read(it): name for it, name in zip(wanted.groups, _texts(inputs["groups"]), strict=False)}
        return [known.get(names.read(it), it) for it in found]
    if said == "addresses":
        spelt = {it.lower(): it for it in _texts(inputs["addresses"])}
        return [spelt.get(it.lower(), it) for it in found]
    there, ours = {it.lower() for it in found}, {it.lower() for it in wanted.addresses or ()}
    sides = {"not_in_scope": sorted(ours - there), "only_in_scope": sorted(there - ours)}
    return {side: addresses for side, addresses in sides.items() if addresses}


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


def _texts(value: object) -> list[str]:
    return [str(it) for it in value] if isinstance(value, list) else []
