"""Cmdlets that list what is there: recipients, groups, roles, the organization.

Microsoft Learn, Get-Recipient, Get-Mailbox, Get-Group, Get-DistributionGroupMember, Get-ManagementRole,
Get-OrganizationConfig and Enable-OrganizationCustomization.
"""

import re
from collections.abc import Sequence
from typing import Any

from . import switches
from .cmdlets import Arguments
from .errors import bad_parameter, refused
from .properties import RECIPIENT_TYPES, matches
from .recipients import GROUPS, MAILBOXES, Properties
from .scopes import checked
from .session import Session, role_id

_ANR = ("Name", "DisplayName", "Alias", "PrimarySmtpAddress", "FirstName", "LastName")
_NO_TYPE = ""
"""No recipient is of it."""

RESULT_SIZE = 1000
"""Objects that are returned unless ResultSize says otherwise."""


def get_recipients(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-Recipient."""
    return _found(session, arguments, ())


def get_mailboxes(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-Mailbox."""
    return _found(session, arguments, MAILBOXES)


def get_groups(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-Group, which does not show ExternalDirectoryObjectId."""
    found = _found(session, arguments, GROUPS)
    return [
        {name: value for name, value in group.items() if name != "ExternalDirectoryObjectId"}
        | {"Members": [member["Name"] for member in session.recipients.members(group)]}
        for group in found
    ]


def get_members(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-DistributionGroupMember, which finds nobody in a Microsoft 365 group."""
    identity = arguments.required("Identity")
    found = session.recipients.named(identity, GROUPS)
    if not found:
        raise session.absent(identity)
    if found[0]["RecipientTypeDetails"] == "GroupMailbox":
        return []
    return _limited(session, arguments, session.recipients.members(found[0]))


def get_roles(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-ManagementRole."""
    pattern = re.escape((arguments.text("Identity") or "*").casefold()).replace(r"\*", ".*")
    roles = [
        name for name in session.roles if re.fullmatch(pattern, name.casefold()) or pattern == re.escape(role_id(name))
    ]
    wanted = arguments.text("RoleType")
    roles = [name for name in roles if wanted is None or wanted.casefold() == _role_type(name).casefold()]
    if not roles and arguments.has("Identity") and ".*" not in pattern:
        raise session.absent(arguments.required("Identity"))
    return [
        {
            "Name": name,
            "Identity": name,
            "Guid": role_id(name),
            "RoleType": _role_type(name),
            "Parent": "",
            "IsRootRole": True,
            "IsEndUserRole": False,
        }
        for name in roles
    ]


def get_organization(session: Session, _arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-OrganizationConfig."""
    return [
        {
            "Name": session.domain,
            "Identity": session.domain,
            "Guid": session.tenant,
            "DistinguishedName": session.recipients.organization,
            "IsDehydrated": not session.switches.customized,
            "EwsEnabled": session.switches.ews_enabled,
            "EwsAllowedAppIDs": session.switches.ews_allowed_app_ids or "",
        }
    ]


def enable_customization(session: Session, _arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Enable-OrganizationCustomization."""
    if session.switches.customized:
        raise refused("This operation is not needed: the organization is enabled for customization already.")
    switches.keep(session.transaction, session.switches.model_copy(update={"customized": True}))
    session.transaction.keep_setting("exchange_customization", {"since": session.now})
    return []


def _found(session: Session, arguments: Arguments, types: Sequence[str]) -> list[Properties]:
    if wanted := {one.casefold() for one in arguments.texts("RecipientTypeDetails")}:
        types = [one for one in types or RECIPIENT_TYPES if one.casefold() in wanted] or [_NO_TYPE]
    found = _identified(session, arguments, types)
    for name in ("Filter", "RecipientPreviewFilter"):
        if text := arguments.text(name):
            tree = checked(text, session.switches)
            found = [recipient for recipient in found if matches(tree, recipient)]
    if kinds := {kind.casefold() for kind in arguments.texts("RecipientType")}:
        found = [recipient for recipient in found if str(recipient["RecipientType"]).casefold() in kinds]
    if start := (arguments.text("Anr") or "").casefold():
        found = [one for one in found if any(str(one.get(name, "")).casefold().startswith(start) for name in _ANR)]
    if order := arguments.text("SortBy"):
        found = sorted(found, key=lambda recipient: str(recipient.get(order) or "").casefold())
    arguments.texts("Properties")  # documented as internal; every property is returned
    return _limited(session, arguments, found)


def _identified(session: Session, arguments: Arguments, types: Sequence[str]) -> list[Properties]:
    """Return the recipients of an Identity, else all below an OrganizationalUnit."""
    organization = {session.domain.casefold(), session.recipients.organization.casefold()}
    if (unit := arguments.text("OrganizationalUnit")) and unit.casefold() not in organization:
        raise session.absent(unit)
    identity = arguments.text("Identity")
    if identity is None:
        return session.recipients.all(types)
    found = session.recipients.named(identity, types)
    if not found and session.switches.unknown_identity == "not_found":
        raise session.absent(identity)
    return found or session.recipients.all(types)


def _limited(session: Session, arguments: Arguments, found: list[Properties]) -> list[Properties]:
    text = arguments.text("ResultSize") or str(RESULT_SIZE)
    if text.casefold() == "unlimited":
        return found
    if not (text.isascii() and text.isdigit()):
        raise bad_parameter(f"Cannot bind parameter 'ResultSize'. Cannot convert \"{text}\" to a number.")
    if len(found) > int(text[:9]):
        warning = (
            f"By default, only the first {RESULT_SIZE} items are returned. There are more results available than are "
            "currently displayed. To view them, increase the value for the ResultSize parameter."
        )
        session.warnings.append(warning)
    return found[: int(text[:9])]


def _role_type(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", name)
