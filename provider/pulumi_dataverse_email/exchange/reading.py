"""What cmdlets return, read into values; spellings of several servers are accepted."""

from collections.abc import Sequence
from datetime import UTC, datetime

from ..errors import ExchangeUnsettled
from .commands import Properties
from .objects import Authorization, ManagementScope, Organization, Recipient, RoleAssignment, ServicePrincipal

NOT_RUN = "not run"
"""InScope where no mailbox was asked about."""


def text(properties: Properties, *names: str) -> str:
    """Return the first property that is filled in, as text."""
    for name in names:
        value = properties.get(name.lower())
        if value not in (None, "", []):
            return str(value)
    return ""


def flag(properties: Properties, name: str) -> bool | None:
    """Return a property that is true or false, be it written as a text; None where it is neither."""
    return {"true": True, "false": False}.get(text(properties, name).lower())


def scope(properties: Properties) -> ManagementScope:
    """Read a management scope; what was written as RecipientRestrictionFilter reads back as RecipientFilter."""
    return ManagementScope(
        name=_needed(properties, "Name"),
        guid=text(properties, "Guid", "Identity").lower(),
        recipient_filter=text(properties, "RecipientFilter"),
        recipient_root=text(properties, "RecipientRoot"),
        exclusive=flag(properties, "Exclusive") or False,
        changed=_moment(properties),
    )


def assignment(properties: Properties) -> RoleAssignment:
    """Read a role assignment."""
    return RoleAssignment(
        name=_needed(properties, "Name"),
        guid=text(properties, "Guid", "Identity").lower(),
        role=text(properties, "Role"),
        assignee=text(properties, "RoleAssignee", "RoleAssigneeName"),
        assignee_kind=text(properties, "RoleAssigneeType"),
        reach_kind=_needed(properties, "RecipientWriteScope"),  # without it, nobody could tell how far it reaches
        scope=text(properties, "CustomResourceScope", "CustomRecipientWriteScope", "ExclusiveRecipientWriteScope"),
        enabled=flag(properties, "Enabled") is not False,
        delegating="delegating" in text(properties, "RoleAssignmentDelegationType").lower(),
        changed=_moment(properties),
    )


def principal(properties: Properties) -> ServicePrincipal:
    """Read a pointer to an application."""
    return ServicePrincipal(
        app_id=_needed(properties, "AppId").lower(),
        object_id=text(properties, "ObjectId", "Identity", "Id").lower(),
        display_name=text(properties, "DisplayName"),
    )


def recipient(properties: Properties) -> Recipient:
    """Read a recipient."""
    primary = text(properties, "PrimarySmtpAddress")
    held = properties.get("emailaddresses")
    listed = [str(it) for it in held] if isinstance(held, Sequence) and not isinstance(held, str) else []
    smtp = [it.partition(":")[2] for it in listed if it.lower().startswith("smtp:")]
    return Recipient(
        name=_needed(properties, "Name"),
        guid=text(properties, "Guid").lower(),
        kind=text(properties, "RecipientTypeDetails"),
        address=primary,
        addresses=frozenset(it.lower() for it in (primary, *smtp) if it),
        distinguished_name=text(properties, "DistinguishedName"),
        object_id=text(properties, "ExternalDirectoryObjectId").lower(),
    )


def authorization(properties: Properties) -> Authorization:
    """Read what a test said; InScope may be a Boolean or its text.

    Raises:
        ExchangeUnsettled: it said nothing about the mailbox.
    """
    inside = flag(properties, "InScope")
    if inside is None:
        raise ExchangeUnsettled(
            "Test-ServicePrincipalAuthorization",
            f"InScope is {text(properties, 'InScope') or 'missing'}, neither true nor false",
            "Run again.",
        )
    permissions = text(properties, "GrantedPermissions").split(",")
    return Authorization(
        role=_needed(properties, "RoleName"),
        permissions=tuple(it.strip() for it in permissions if it.strip()),
        scope=text(properties, "AllowedResourceScope"),
        in_scope=inside,
    )


def organization(properties: Properties) -> Organization:
    """Read the organization's settings."""
    allowed = text(properties, "EwsAllowedAppIDs").split(",")
    return Organization(
        name=text(properties, "Name"),
        customizable=flag(properties, "IsDehydrated") is not True,
        ews_enabled=flag(properties, "EwsEnabled"),
        ews_allowed_app_ids=frozenset(it.strip().lower() for it in allowed if it.strip()),
    )


def _moment(properties: Properties) -> datetime | None:
    """Return when an object was last changed; a moment without a zone is UTC, as the HTTP call gives it."""
    try:
        moment = datetime.fromisoformat(text(properties, "WhenChangedUTC", "WhenChanged"))
    except ValueError:  # missing, or a local spelling that nobody could place
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _needed(properties: Properties, name: str) -> str:
    """Return a property that everything hangs on.

    Raises:
        ExchangeUnsettled: the server did not give it.
    """
    found = text(properties, name)
    if not found:
        raise ExchangeUnsettled("read what Exchange returned", f"an object has no {name}", "Run again.")
    return found
