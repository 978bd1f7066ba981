"""What filters may ask of recipients, and what it means.

Microsoft Learn, "Filterable properties for the RecipientFilter parameter" (June 2026).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from .opath import And, Comparison, FilterError, Node, Not, Or, Value

Kind = Literal["text", "addresses", "name_of_object", "choice", "boolean", "moment"]
Recipient: TypeAlias = Mapping[str, object]
"""A recipient by property; several values are a list."""

_TEXTS = (
    "Alias", "City", "Company", "CountryOrRegion", "Department", "DisplayName", "ExchangeGuid",
    "ExternalDirectoryObjectId",
    "FirstName", "Guid", "Id", "LastName", "MailNickname", "Name", "Notes", "Office", "Phone", "PostalCode",
    "SamAccountName", "StateOrProvince", "Title", "UserPrincipalName", "WindowsLiveID", "ArchiveName", "Initials",
)  # fmt: skip

PROPERTIES: Mapping[str, Kind] = {
    **dict.fromkeys(_TEXTS, "text"),
    **{f"CustomAttribute{number}": "text" for number in range(1, 16)},
    **{f"ExtensionCustomAttribute{number}": "text" for number in range(1, 6)},
    **dict.fromkeys(("PrimarySmtpAddress", "EmailAddresses", "WindowsEmailAddress"), "addresses"),
    **dict.fromkeys(
        ("AdministrativeUnits", "DistinguishedName", "ManagedBy", "Manager", "MemberOfGroup", "Members"),
        "name_of_object",
    ),
    **dict.fromkeys(("RecipientType", "RecipientTypeDetails"), "choice"),
    **dict.fromkeys(("HiddenFromAddressListsEnabled", "IsDirSynced"), "boolean"),
    **dict.fromkeys(("WhenCreated", "WhenMailboxCreated", "WhenChanged"), "moment"),
}
"""Each filterable property, and how its values are compared.

`name_of_object` takes distinguished names: a name, an address or a GUID is accepted and matches nothing.
"""

RECIPIENT_TYPES: Mapping[str, str] = {
    "UserMailbox": "UserMailbox",
    "SharedMailbox": "UserMailbox",
    "RoomMailbox": "UserMailbox",
    "EquipmentMailbox": "UserMailbox",
    "MailUser": "MailUser",
    "MailContact": "MailContact",
    "MailUniversalDistributionGroup": "MailUniversalDistributionGroup",
    "MailUniversalSecurityGroup": "MailUniversalSecurityGroup",
    "GroupMailbox": "MailUniversalDistributionGroup",
}
"""RecipientType by RecipientTypeDetails."""

MAX_DEPTH = 100
"""Levels of a filter; no limit is documented, but everything that reads a filter has one."""

_NAMES = {name.casefold(): name for name in PROPERTIES}
_PIECES = re.compile(r"(?:\\[0-9a-fA-F]{2})+|\\.|.", re.DOTALL)
_SYNTAX = "For a complete list of filterable properties see the command help."


def check(node: Node, *, leading_wildcard: bool) -> None:
    """Refuse a filter that asks for unknown properties, or in a way that their values do not allow.

    Raises:
        FilterError: with the property.
    """
    for comparison in _comparisons(node):
        name = _NAMES.get(comparison.property.casefold())
        if name is None:
            raise FilterError(f'"{comparison.property}" is not a recognized filterable property. {_SYNTAX}')
        _check_value(name, comparison, leading_wildcard=leading_wildcard)


def matches(node: Node, recipient: Recipient) -> bool:
    """Whether a recipient meets a checked filter."""
    match node:
        case And(operands):
            return all(matches(operand, recipient) for operand in operands)
        case Or(operands):
            return any(matches(operand, recipient) for operand in operands)
        case Not(operand):
            return not matches(operand, recipient)
        case Comparison():
            return _holds(node, recipient)


def _comparisons(node: Node) -> list[Comparison]:
    found: list[Comparison] = []
    waiting = [(node, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise FilterError(f"The filter is nested too deeply: {MAX_DEPTH} levels at most.")
        match node:
            case Comparison():
                found.append(node)
            case Not(operand):
                waiting.append((operand, depth + 1))
            case And(operands) | Or(operands):
                waiting.extend((operand, depth + 1) for operand in operands)
    return found


def _check_value(name: str, comparison: Comparison, *, leading_wildcard: bool) -> None:
    kind, operator, value = PROPERTIES[name], comparison.operator, comparison.value
    if operator in ("like", "notlike"):
        if kind not in ("text", "addresses") or not isinstance(value, str):
            raise FilterError(f'The operator "-{operator}" cannot be used with the property "{name}".')
        if value.startswith("*") and value.strip("*") and not leading_wildcard:
            raise FilterError(f"Wildcards cannot be used as the first character: '{value}' of \"{name}\".")
        return
    if value is None and operator not in ("eq", "ne"):
        raise FilterError(f'The operator "-{operator}" cannot be used with $null.')
    choices = {known.casefold() for known in (*RECIPIENT_TYPES, *RECIPIENT_TYPES.values())}
    fits = {
        "boolean": str(value).lower() in ("true", "false"),
        "choice": str(value).casefold() in choices,
        "moment": isinstance(value, str) and _moment(value) is not None,
    }
    if value is not None and not fits.get(kind, True):
        raise FilterError(f"Cannot convert value '{value}' to the type of the property \"{name}\".")


def _holds(comparison: Comparison, recipient: Recipient) -> bool:
    name = _NAMES[comparison.property.casefold()]
    held = _values(name, recipient)
    value, operator = comparison.value, comparison.operator
    if value is None:
        return bool(held) != (operator == "eq")
    if operator in ("ne", "notlike"):  # as in the directory, an absent value is not equal to anything
        return not _holds(Comparison(name, {"ne": "eq", "notlike": "like"}[operator], value), recipient)
    test = _TESTS[operator]
    return any(test(_comparable(name, one), _comparable(name, value)) for one in held)


def _values(name: str, recipient: Recipient) -> list[str]:
    if PROPERTIES[name] == "addresses":
        return _addresses(name, recipient)
    held = recipient.get({"Id": "Name", "MailNickname": "Alias"}.get(name, name))
    values = held if isinstance(held, list) else [held]
    return [str(value) for value in values if value not in (None, "")]


def _addresses(name: str, recipient: Recipient) -> list[str]:
    """Return what a property of addresses is compared with: PrimarySmtpAddress searches all proxy addresses too."""
    if name == "WindowsEmailAddress":
        return [str(recipient["PrimarySmtpAddress"])]
    held = recipient.get("EmailAddresses")
    prefixed = [str(address) for address in held] if isinstance(held, list) else []
    return [address.partition(":")[2] for address in prefixed] + (prefixed if name == "EmailAddresses" else [])


def _comparable(name: str, value: Value) -> str:
    text = str(value)
    if PROPERTIES[name] == "moment":
        return str(_moment(text) or text)
    if PROPERTIES[name] == "name_of_object":
        return _canonical(text)
    return text.casefold()


def _canonical(name: str) -> str:
    """Return a distinguished name without the freedoms of RFC 4514: spaces, case, quotes, escapes."""
    parts, quoted = [""], False
    for piece in _PIECES.findall(name):
        if piece == '"':
            quoted = not quoted
        elif piece == "," and not quoted:
            parts.append("")
        elif piece.startswith("\\") and len(piece) > len("\\,"):
            parts[-1] += bytes.fromhex(piece.replace("\\", "")).decode("utf-8", "replace")
        else:
            parts[-1] += piece[-1]
    sides = (part.partition("=") for part in parts)
    return "\n".join(f"{kind.strip()}{sign}{value.strip()}" for kind, sign, value in sides).casefold()


def _moment(text: str) -> str | None:
    """Return a moment in the form that sorts; dates may be written as in the United States."""
    for form in ("%m/%d/%Y", "%m/%d/%Y %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _like(held: str, pattern: str) -> bool:
    """Match `*` only, each part as early as it is found."""
    first, *rest = pattern.split("*")
    if not rest:
        return held == pattern
    if not held.startswith(first):
        return False
    position = len(first)
    *middle, last = rest
    for part in middle:
        found = held.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return held.endswith(last) and len(held) - len(last) >= position


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "eq": lambda held, value: held == value,
    "gt": lambda held, value: held > value,
    "ge": lambda held, value: held >= value,
    "lt": lambda held, value: held < value,
    "le": lambda held, value: held <= value,
    "like": _like,
}
