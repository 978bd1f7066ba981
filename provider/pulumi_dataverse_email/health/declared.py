"""What a stack declares, as `pulumi stack export` prints it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..engine.props import ADOPTED_ID
from ..errors import UnusableInputError
from ..resource import TOKEN


class StateError(UnusableInputError):
    """A text is not what `pulumi stack export` prints."""


@dataclass(frozen=True)
class Declared:
    """What a stack has in state.

    Args:
        mailboxes: ids of the mailboxes that it declares.
        profiles: ids of its profiles.
        expiries: resource and argument -> the day on which that password, secret or certificate expires.
        outside: name of a scope -> addresses of its profile's mailboxes that it does not let in.
    """

    mailboxes: frozenset[str] = frozenset()
    profiles: frozenset[str] = frozenset()
    expiries: Mapping[str, str] = field(default_factory=dict)
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_state(text: str) -> Declared:
    """Parse what `pulumi stack export` printed; secrets in it stay what they are, encrypted.

    Raises:
        StateError: it is something else.
    """
    try:
        found = json.loads(text)
        resources = found["deployment"].get("resources") or []
        ours = [(it["type"].removeprefix(TOKEN), it) for it in resources if it["type"].startswith(TOKEN)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StateError(
            f"This is not what `pulumi stack export` prints ({type(error).__name__}). "
            "Run it in the project's folder, and give what it prints."
        ) from None
    expiries: dict[str, str] = {}
    outside: dict[str, tuple[str, ...]] = {}
    for kind, resource in ours:
        outputs, name = _outputs(resource), _name(resource)
        days = {it: day for it, day in outputs.items() if it.endswith("_expires_on") and _is_day(day)}
        expiries |= {f"{kind} '{name}': {it}": day for it, day in days.items()}
        if kind == "ImpersonationScope" and isinstance(addresses := outputs.get("outside_scope"), list) and addresses:
            outside[name] = tuple(map(str, addresses))
    return Declared(
        frozenset(_mailboxes(ours)),
        frozenset(str(it["id"]).lower() for kind, it in ours if kind == "EmailServerProfile"),
        expiries,
        outside,
    )


def _mailboxes(ours: list[tuple[str, Any]]) -> Iterator[str]:
    for kind, resource in ours:
        outputs = _outputs(resource)
        if kind == "Mailbox":
            yield str(outputs.get(ADOPTED_ID) or resource.get("id")).lower()
        elif kind == "MailboxSet" and isinstance(members := outputs.get("mailboxes"), dict):
            yield from (str(it["id"]).lower() for it in members.values() if isinstance(it, dict) and "id" in it)


def _is_day(value: object) -> bool:
    """Say whether a value begins with a day; a secret one stands there encrypted."""
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value[:10]))
    except ValueError:
        return False


def _outputs(resource: Any) -> dict[str, Any]:  # noqa: ANN401  JSON of any shape
    found = resource.get("outputs")
    return found if isinstance(found, dict) else {}


def _name(resource: Any) -> str:  # noqa: ANN401  likewise
    return str(resource.get("urn", "")).rpartition("::")[2]
