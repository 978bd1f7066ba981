"""What there is in Exchange, as values: scopes, assignments, pointers to applications, recipients."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

NAME_LENGTH: Final = 64
"""Characters of the name of a scope or an assignment at most.

Source: https://learn.microsoft.com/powershell/module/exchange/new-managementscope
"""

MAILBOX_KINDS: Final = (
    "UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox", "LinkedMailbox", "TeamMailbox", "LegacyMailbox",
)  # fmt: skip
"""Values of RecipientTypeDetails of what has a mailbox that a person or a team uses."""

GROUP_KINDS: Final = (
    "MailUniversalDistributionGroup", "MailUniversalSecurityGroup", "GroupMailbox", "MailNonUniversalGroup",
    "RoomList",
)  # fmt: skip
"""Values of RecipientTypeDetails of groups that have mail addresses: only these have members for a filter."""

_WILDCARD: Final = re.compile(r"[*?\[\]]")

AssigneeKind = Literal["App", "User", "SecurityGroup"]
ReachKind = Literal["scope", "exclusive_scope", "group", "unit"]

_WRITE_SCOPES: Final = {
    "scope": "customrecipientscope",
    "exclusive_scope": "exclusiverecipientscope",
    "group": "group",
    "unit": "administrativeunit",
}
"""Exchange's RecipientWriteScope, in lower case."""


def name_faults(what: str, name: str) -> list[str]:
    """Return what is wrong with a name, as sentences; none where Exchange takes it."""
    found = []
    if not name.strip() or name != name.strip():
        found.append(f"{what} {name!r} is empty, or begins or ends with a space")
    if len(name) > NAME_LENGTH:
        found.append(f"{what} {name!r} has {len(name)} characters; {NAME_LENGTH} at most")
    if _WILDCARD.search(name):
        found.append(f"{what} {name!r} has a wildcard in it, by which Exchange would find other objects too")
    if not is_plain(name):
        found.append(f"{what} {name!r} has a character that cannot be seen")
    return found


def is_plain(text: str) -> bool:
    """Whether a text is nothing but visible characters and spaces: what a person reads is what is sent."""
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text)


def guid(text: str) -> str | None:
    """Return a GUID as Exchange spells it, or None where the text is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


@dataclass(frozen=True)
class ManagementScope:
    """A filter over recipients, under a name."""

    name: str
    guid: str
    recipient_filter: str
    """As Exchange holds it, which may be another spelling than was written."""
    recipient_root: str
    """The organizational unit below which the recipients are; empty for the whole organization."""
    exclusive: bool
    changed: datetime | None = None
    """When it was last changed; None where Exchange does not say."""


@dataclass(frozen=True)
class NewScope:
    """A scope to be made."""

    name: str
    recipient_filter: str
    recipient_root: str = ""
    exclusive: bool = False


@dataclass(frozen=True)
class Assignee:
    """Whom a role is assigned to: online an application by the object id of its service principal, else an account."""

    kind: AssigneeKind
    identity: str


@dataclass(frozen=True)
class Reach:
    """Which mailboxes an assignment reaches: those of a scope, the direct members of a group, those of a unit."""

    kind: ReachKind
    identity: str


@dataclass(frozen=True)
class NewAssignment:
    """A role assignment to be made; it always has a reach, because without one it reaches the whole organization."""

    name: str
    role: str
    assignee: Assignee
    reach: Reach


@dataclass(frozen=True)
class RoleAssignment:
    """Who has which role for which mailboxes."""

    name: str
    guid: str
    role: str
    assignee: str
    """Online the object id of the service principal; on-premises a name."""
    assignee_kind: str
    """ServicePrincipal, User, SecurityGroup, RoleGroup..."""
    reach_kind: str
    """Exchange's RecipientWriteScope: Organization, CustomRecipientScope, AdministrativeUnit, Group..."""
    scope: str
    """Name of the scope, group or unit; some servers name a group by an internal scope `<group>_<guid>`."""
    enabled: bool
    delegating: bool
    """Whether it is the right to assign the role, not the role."""
    changed: datetime | None = None
    """When it was last changed; None where Exchange does not say."""

    def reaches(self, reach: Reach) -> bool:
        """Whether it is limited in exactly that way."""
        wanted, held = reach.identity.lower(), self.scope.lower()
        internal = reach.kind == "group" and held.startswith(f"{wanted}_")
        kind = self.reach_kind.lower()
        same_kind = kind == _WRITE_SCOPES[reach.kind] or (internal and kind != "organization")
        return same_kind and (held == wanted or internal)

    def uses(self, scope: str) -> bool:
        """Whether it is limited by the scope of that name."""
        return self.reaches(Reach("scope", scope)) or self.reaches(Reach("exclusive_scope", scope))

    @property
    def unlimited(self) -> bool:
        """Whether it reaches every mailbox of the organization."""
        return self.enabled and not self.delegating and self.reach_kind.lower() == "organization"


@dataclass(frozen=True)
class ServicePrincipal:
    """Exchange's pointer to an application of Entra, by the ids of its enterprise application."""

    app_id: str
    object_id: str
    display_name: str = ""


@dataclass(frozen=True)
class Recipient:
    """A mailbox, a group, or anything else with a mail address."""

    name: str
    guid: str
    kind: str
    """RecipientTypeDetails."""
    address: str
    """The primary one."""
    addresses: frozenset[str]
    """All of them, in lower case, without their prefix."""
    distinguished_name: str
    object_id: str
    """In Entra; empty on-premises."""

    @property
    def is_mailbox(self) -> bool:
        """Whether it has a mailbox."""
        return self.kind in MAILBOX_KINDS

    @property
    def is_group(self) -> bool:
        """Whether it has members."""
        return self.kind in GROUP_KINDS


@dataclass(frozen=True)
class Authorization:
    """What Exchange says of an application's role and a mailbox; past its caches, and blind to consents in Entra."""

    role: str
    permissions: tuple[str, ...]
    scope: str
    in_scope: bool


@dataclass(frozen=True)
class Organization:
    """The settings of the organization that matter here."""

    name: str
    """Online its first domain, `contoso.onmicrosoft.com`."""
    customizable: bool
    """Whether scopes and assignments can be made at all."""
    ews_enabled: bool | None
    ews_allowed_app_ids: frozenset[str]
    """Applications that EWS is left open for."""
