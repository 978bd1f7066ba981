"""Who may approve an e-mail address, and what an approval leaves behind.

Microsoft Learn, "Connect to Exchange Online" (permissions model) and "Connect to Exchange Server (on-premises)".
"""

from typing import TYPE_CHECKING

from .built_in import is_online
from .errors import ODataError
from .rights import ADMINISTRATOR, APPROVER, Caller
from .roles import TENANT_ROLES
from .schema import TABLES, Row, Table

if TYPE_CHECKING:
    from .rows import Rows

EMPTY, APPROVED, PENDING, REJECTED = range(4)

PRIVILEGE = "prvApproveRejectEmailAddress"
"""The form calls it Approve Email Addresses for Users or Queues."""

STATUS, BY_TENANT = "emailrouteraccessapproval", "isemailaddressapprovedbyo365admin"
REQUIREMENTS = ("requireapprovalforuseremail", "requireapprovalforqueueemail")


def decided(rows: "Rows", table: Table, before: Row, changes: Row) -> Row:
    """Return the changes with what an approval adds, or without it where the caller may not approve.

    Raises:
        ODataError: the caller may not approve, and the service says so.
    """
    if table.logical_name == "organization":
        return _requirements(rows, before, changes)
    if table.logical_name not in ("mailbox", "queue", "systemuser") or not _decides(before, changes):
        return changes
    mailbox = {**before, **changes} if table.logical_name == "mailbox" else _mailbox(rows, before)
    refusal = None if rows.caller is None else _refusal(rows, rows.caller, mailbox)
    if refusal is None:
        return changes | stamps(rows, mailbox, changes, table)
    if rows.transaction.switches.approval_without_rights == "refuse":
        raise refusal
    return {name: value for name, value in changes.items() if name not in (STATUS, BY_TENANT)}


def stamps(rows: "Rows", mailbox: Row, changes: Row, table: Table) -> Row:
    """Return who approved and when, for a mailbox, and that it was an administrator of the tenant's right."""
    added: Row = {}
    if changes.get(STATUS) == APPROVED and _online(rows, mailbox) and rows.caller is not None:
        added[BY_TENANT] = True
    if changes.get(STATUS) == REJECTED:
        added[BY_TENANT] = False
    if table.logical_name == "mailbox" and (changes.get(STATUS) == APPROVED or changes.get(BY_TENANT)):
        added |= {"_emailaddressapprovedby_value": rows.user_id, "emailaddressapprovedon": rows.now}
    return added


def suffices(rows: "Rows", mailbox: Row) -> bool:
    """Whether a mailbox may be tested and synchronized as far as its approval goes."""
    if _online(rows, mailbox):  # documented: whatever the organization asks for
        return mailbox[STATUS] == APPROVED and bool(mailbox[BY_TENANT])
    owner = mailbox["regardingobjecttypecode"]
    asked_by = REQUIREMENTS[1] if owner == "queue" else REQUIREMENTS[0]
    organization = rows.transaction.organization()
    return mailbox[STATUS] == APPROVED or not organization[asked_by]


def _decides(before: Row, changes: Row) -> bool:
    """Whether a change approves or rejects what was not so before."""
    status = changes.get(STATUS)
    approves = status in (APPROVED, REJECTED) and status != before.get(STATUS)
    return approves or (bool(changes.get(BY_TENANT)) and not before.get(BY_TENANT))


def _refusal(rows: "Rows", caller: Caller, mailbox: Row) -> ODataError | None:
    """Return why the caller may not approve; None when nothing is in the way."""
    try:
        caller.require_privilege(PRIVILEGE, TABLES["mailbox"])
    except ODataError as error:
        return error
    tenant_right = APPROVER in caller.roles or any(role in caller.roles for role in TENANT_ROLES)
    is_application = caller.user["applicationid"] is not None
    if is_application and not rows.transaction.switches.application_users_may_approve:
        tenant_right = False
    if ADMINISTRATOR in caller.roles and (tenant_right or not _online(rows, mailbox)):
        return None
    text = (
        "Email address can only be approved by an Office 365 Global Administrator or by an Exchange Administrator. "
        "For more information, contact your system administrator."
    )
    return ODataError(rows.transaction.switches.fault_status, "0x8009000B", text)


def _online(rows: "Rows", mailbox: Row) -> bool:
    """Whether a mailbox is one of Exchange Online; one without a profile is taken for one, the stricter way."""
    profile = rows.transaction.get("emailserverprofile", mailbox.get("_emailserverprofile_value"))
    return profile is None or is_online(rows.transaction, profile)


def _mailbox(rows: "Rows", owner: Row) -> Row:
    return rows.transaction.get("mailbox", owner.get("_defaultmailbox_value")) or {}


def _requirements(rows: "Rows", before: Row, changes: Row) -> Row:
    """Let nobody but an administrator of the tenant change what the organization asks for."""
    asked = [name for name in REQUIREMENTS if name in changes and changes[name] != before.get(name)]
    if not asked or not before or rows.caller is None or any(role in rows.caller.roles for role in TENANT_ROLES):
        return changes
    if rows.transaction.switches.approval_without_rights == "refuse":
        text = f"Access is denied. {' and '.join(asked)} can be changed by a Global or Exchange administrator only."
        raise ODataError(403, "0x80048405", text)
    return {name: value for name, value in changes.items() if name not in asked}
