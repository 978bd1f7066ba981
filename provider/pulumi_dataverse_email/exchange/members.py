"""The ways to say which mailboxes a scope has, each turned into a filter."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ..errors import ExchangeRefused
from . import names
from .interface import Exchange
from .objects import is_plain
from .opath import Comparison, any_of, quoted, spell

ADDRESS: Final = "PrimarySmtpAddress"
"""In a filter it searches all addresses of a recipient, not the primary one only.

Source: https://learn.microsoft.com/powershell/exchange/recipientfilter-properties
"""

GROUP: Final = "MemberOfGroup"
"""Holds for direct members only, of groups that Exchange knows, by distinguished name."""

_ADDRESS: Final = re.compile(r"[^@\s*?]+@[^@\s*?]+\.[^@\s*?]+")
_ATTRIBUTE: Final = re.compile(r"CustomAttribute([1-9]|1[0-5])|ExtensionCustomAttribute[1-5]", re.IGNORECASE)


def address_faults(addresses: Sequence[str]) -> list[str]:
    """Return what is wrong with addresses, as sentences."""
    if not addresses:
        return ["at least one address is needed: a scope without mailboxes protects nothing"]
    wrong = [it for it in addresses if not _ADDRESS.fullmatch(it) or not is_plain(it)]
    return [f"{it!r} is no mail address, such as anna@contoso.com" for it in wrong]


def by_addresses(addresses: Sequence[str]) -> str:
    """Return the filter of recipients that have one of these addresses, in their order.

    Args:
        addresses: without faults; of those that differ in case only, the first counts.
    """
    distinct = {it.lower(): it for it in reversed(addresses)}
    return spell(
        any_of(tuple(Comparison(ADDRESS, "eq", distinct[it]) for it in dict.fromkeys(map(str.lower, addresses))))
    )


def attribute_faults(name: str, value: str) -> list[str]:
    """Return what is wrong with a custom attribute, as sentences."""
    found = []
    if not _ATTRIBUTE.fullmatch(name):
        found.append(f"{name!r} is none of CustomAttribute1 to 15 and ExtensionCustomAttribute1 to 5")
    if not value.strip() or not is_plain(value):
        found.append(f"the value of {name} is empty or has a character that cannot be seen")
    return found


def by_attribute(name: str, value: str) -> str:
    """Return the filter of recipients that bear a mark in a custom attribute."""
    return spell(Comparison(name, "eq", value))


def by_distinguished_names(groups: Sequence[str]) -> str:
    """Return the filter of the direct members of groups, by distinguished names.

    Raises:
        ExchangeRefused: one of them is no distinguished name; it would match nobody.
    """
    wrong = [f"{it!r} is no distinguished name" for it in groups if names.read(it) is None]
    if not groups or wrong:
        raise _refused(wrong or ["no group is given"], "Give the DistinguishedName that Get-Recipient shows.")
    return spell(any_of(tuple(Comparison(GROUP, "eq", it) for it in dict.fromkeys(groups))))


def by_groups(exchange: Exchange, groups: Sequence[str]) -> str:
    """Return the filter of the direct members of groups, which Exchange is asked for.

    Args:
        exchange: knows the groups.
        groups: each by address, name, GUID or distinguished name.

    Raises:
        ExchangeRefused: some are missing, have no mail address, no mailboxes or other groups in them; all are named.
    """
    found, wrong = [], []
    for identity in groups:
        group = exchange.recipient(identity)
        if group is None and exchange.is_plain_group(identity):
            wrong.append(f"the group {identity!r} has no mail address, so that Exchange knows no members of it")
        elif group is None:
            wrong.append(f"there is no group {identity!r}")
        elif not group.is_group:
            wrong.append(f"{identity!r} is no group but a {group.kind}")
        elif names.read(group.distinguished_name) is None:
            wrong.append(f"Exchange gives no distinguished name for the group {identity!r}")
        else:
            wrong += _member_faults(exchange, identity, group.distinguished_name)
            found.append(group.distinguished_name)
    if wrong:
        advice = "Give groups with a mail address whose direct members are the mailboxes, or addresses instead."
        raise _refused(wrong, advice)
    return by_distinguished_names(found)


def check_addresses(exchange: Exchange, addresses: Sequence[str]) -> None:
    """Make sure that each address belongs to a mailbox: nobody is granted what is made only later.

    Raises:
        ExchangeRefused: with all that do not.
    """
    found = exchange.recipients(by_addresses(addresses))
    mailboxes = {address for it in found if it.is_mailbox for address in it.addresses}
    others = {address: it.kind for it in found if not it.is_mailbox for address in it.addresses}
    missing = [it for it in addresses if it.lower() not in mailboxes]
    wrong = [
        f"{it!r} is no mailbox but a {others[it.lower()]}"
        if it.lower() in others
        else f"no mailbox has the address {it!r}"
        for it in missing
    ]
    if wrong:
        raise _refused(wrong, "Check the spelling, or make the mailboxes first.")


def _member_faults(exchange: Exchange, identity: str, distinguished_name: str) -> list[str]:
    """Ask by the filter itself who the members are: what lists a group's members finds nobody in some kinds."""
    members = exchange.recipients(f"{GROUP} -eq {quoted(distinguished_name)}")
    nested = sorted(it.name for it in members if it.is_group)
    if nested:
        return [f"the group {identity!r} has groups as members, whose own members would not count: {', '.join(nested)}"]
    if not any(it.is_mailbox for it in members):
        return [f"the group {identity!r} has no mailboxes as direct members"]
    return []


def _refused(wrong: Iterable[str], advice: str) -> ExchangeRefused:
    return ExchangeRefused("turn the members of the scope into a filter", "; ".join(wrong), advice)
