"""Approval of addresses: asked for on its own, read back, and refused in one of three ways.

Source: https://learn.microsoft.com/power-platform/admin/connect-exchange-online
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...dataverse.rows import Guid, OneOf, Rows, Select, Update
from ...errors import DataverseEmailError, DataverseError, Forbidden, Throttled, UnknownOutcome
from .mailbox import APPROVAL, APPROVED, APPROVED_BY_ADMIN, ENTITY_SET, KEY, Mailbox

PRIVILEGE = "'Approve Email Addresses for Users or Queues' (prvApproveRejectEmailAddress)"

ROLES = (
    "It takes the role System Administrator and, for Exchange Online, one of: Global administrator, Exchange "
    "administrator, or the Dataverse role Delegated Mailbox Approver"
)

NOT_AN_APPROVER = "0x8009000b"
"""What Dataverse answers to somebody who has the privilege, and is no administrator of the tenant."""

BACK = Select((APPROVAL, APPROVED_BY_ADMIN))


@dataclass(frozen=True)
class Approval:
    """How it ended.

    Args:
        approved: the mailboxes whose address is approved now.
        refused: name -> why the address is not.
    """

    approved: list[Mailbox] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def path(mailbox: Mailbox) -> str:
    """Return where in the admin center a person approves an address."""
    return (
        "Power Platform admin center > Environments > (this environment) > Settings > Email > Mailboxes > "
        f"'{mailbox.label}' > Approve Email"
    )


def approve(rows: Rows, mailboxes: Sequence[Mailbox]) -> Approval:
    """Approve the addresses of some mailboxes; one refusal changes nothing for the others.

    Raises:
        LoginError: no token, and nothing was sent.
    """
    found = Approval()
    if not mailboxes:
        return found
    outcomes = rows.batch([Update(ENTITY_SET, it.row_id, {APPROVAL: APPROVED}) for it in mailboxes])
    asked, lost = [], dict[str, str]()
    for mailbox, outcome in zip(mailboxes, outcomes, strict=True):
        if outcome.error is None or isinstance(outcome.error, UnknownOutcome):
            asked.append(mailbox)
            lost |= {mailbox.name: _not_sent(outcome.error)} if outcome.error else {}
        else:
            found.refused[mailbox.name] = _refusal(mailbox, outcome.error)
    if not asked:
        return found
    try:
        there = {
            str(row[KEY]).lower(): row
            for row in rows.find(ENTITY_SET, OneOf(KEY, [Guid(it.row_id) for it in asked]), BACK, key=KEY)
        }
    except DataverseEmailError as error:
        reason = f"approval was sent and could not be read back: {error}".splitlines()[0]
        return Approval(found.approved, found.refused | {it.name: reason for it in asked})
    for mailbox in asked:
        after = mailbox.after(there.get(mailbox.row_id.lower(), {APPROVAL: None}))
        if after.is_approved:
            found.approved.append(after)
        else:
            found.refused[mailbox.name] = lost.get(mailbox.name) or _silence(after)
    return found


def _refusal(mailbox: Mailbox, error: DataverseError) -> str:
    if isinstance(error, Throttled):
        return _not_sent(error)
    if error.code == NOT_AN_APPROVER:
        reason = f"a role is missing. {ROLES}"
    elif isinstance(error, Forbidden):
        reason = f"the privilege {PRIVILEGE} is missing: give the application user a security role that grants it"
    else:
        reason = error.answer
    return f"approval was refused, {reason}; or approve it by hand: {path(mailbox)}"


def _not_sent(error: DataverseError) -> str:
    return f"the approval did not arrive: {error.answer}; the next `pulumi up` sends it again"


def _silence(mailbox: Mailbox) -> str:
    if mailbox.row.get(APPROVAL) == APPROVED:
        return (
            "the address is approved, but not by an administrator of the tenant, which Exchange Online asks for. "
            f"{ROLES}; or approve it by hand: {path(mailbox)}"
        )
    return (
        "Dataverse answered the approval like a success, and kept the address unapproved, as it does for a caller "
        f"without the rights. {ROLES}; or approve it by hand: {path(mailbox)}"
    )
