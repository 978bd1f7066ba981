"""Mailboxes are born and die with users and queues, and share their address with them.

Microsoft Learn: "Create forward mailboxes or edit mailboxes", "Server-side synchronization entities", and the
entity reference of mailbox. Where those are silent the constant that was chosen says why.
"""

from typing import TYPE_CHECKING

from . import approval, defaults
from .approval import PENDING as PENDING_APPROVAL
from .errors import ODataError
from .mailbox_rules import INACTIVE
from .schema import TABLES, Row, Table, Value
from .store import Transaction

if TYPE_CHECKING:
    from .rows import Rows

SERVER_SIDE = 2

ACT_AT_BIRTH = 2
"""None. The column's default, 0, is the retired Outlook client; the one captured row has 2."""

MIRRORED = {
    owner: {
        "emailaddress": address,
        "incomingemaildeliverymethod": "incomingemaildeliverymethod",
        "outgoingemaildeliverymethod": "outgoingemaildeliverymethod",
        "emailrouteraccessapproval": "emailrouteraccessapproval",
        "isemailaddressapprovedbyo365admin": "isemailaddressapprovedbyo365admin",
    }
    for owner, address in (("systemuser", "internalemailaddress"), ("queue", "emailaddress"))
}
"""By owner's table: the mailbox's columns and the owner's copies of them. That the address is one value is documented;
that the others follow too is assumed, since the owner's columns carry the same names and choices."""

ADDRESS = {"mailbox": "emailaddress", "queue": "emailaddress", "systemuser": "internalemailaddress"}


UNSTAMPED: Row = {"_emailaddressapprovedby_value": None, "emailaddressapprovedon": None}


def has_one(transaction: Transaction, table: Table, owner: Row) -> bool:
    """Whether a new row is born with a mailbox."""
    if table.logical_name == "systemuser" and owner["applicationid"] is not None:
        return transaction.switches.application_users_have_mailboxes
    return table.logical_name in MIRRORED


def give_birth(rows: "Rows", table: Table, owner: Row) -> None:
    """Make the mailbox of a new user or queue and link the two."""
    organization = rows.transaction.organization()
    settings, of_user = organization["defaultemailsettings"], table.logical_name == "systemuser"
    methods = defaults.methods(settings, owner, of_user=of_user)
    owner = owner | methods
    synchronized = SERVER_SIDE in (owner["incomingemaildeliverymethod"], owner["outgoingemaildeliverymethod"])
    configured = settings or not rows.transaction.switches.default_profile_needs_settings
    act = defaults.act_method(settings) if of_user else None
    mailbox: Row = {
        "name": owner[table.primary_name],
        "_regardingobjectid_value": owner[table.primary_id],
        "regardingobjecttypecode": table.logical_name,
        "isforwardmailbox": False,
        "actdeliverymethod": ACT_AT_BIRTH if act is None else act,
        "_ownerid_value": owner[table.primary_id] if of_user else owner["_ownerid_value"],
        "owneridtype": "systemuser" if of_user else owner["owneridtype"],
        # Documented: the default profile is attached when the owner is created with server-side synchronization.
        "_emailserverprofile_value": (
            organization["_defaultemailserverprofileid_value"] if synchronized and configured else None
        ),
    }
    mailbox |= {ours: owner[theirs] for ours, theirs in MIRRORED[table.logical_name].items()}
    if mailbox["name"] is None:
        mailbox["name"] = owner.get("domainname") or ""
    mailbox_id = rows.create(TABLES["mailbox"], mailbox)
    rows.write(table, owner[table.primary_id], {**methods, "_defaultmailbox_value": mailbox_id})


def follow(rows: "Rows", table: Table, before: Row, changes: Row) -> None:
    """Write a changed address, method or approval through to the other side of mailbox and owner."""
    if table.logical_name == "mailbox" and before["_regardingobjectid_value"]:
        other = TABLES[str(before["regardingobjecttypecode"])]
        other_id, names = before["_regardingobjectid_value"], MIRRORED[other.logical_name]
    elif table.logical_name in MIRRORED and before["_defaultmailbox_value"]:
        other, other_id = TABLES["mailbox"], before["_defaultmailbox_value"]
        names = {theirs: ours for ours, theirs in MIRRORED[table.logical_name].items()}
    else:
        return
    there = rows.transaction.get(other.logical_name, other_id)
    through: Row = {names[name]: value for name, value in changes.items() if name in names}
    if there and table.logical_name == "systemuser" and rows.transaction.switches.disabled_user_deactivates_mailbox:
        through |= _state_of(before, changes)
    if there and any(there[name] != value for name, value in through.items()):
        if other.logical_name == "mailbox":
            through |= approval.stamps(rows, there, through, other) | _unstamped(through)
        rows.write(other, other_id, through)


def approval_after(table: Table, before: Row, changes: Row) -> Row:
    """Return that a changed address has to be approved again, unless the same change says otherwise."""
    address = ADDRESS.get(table.logical_name)
    if address is None or address not in changes or _folded(changes[address]) == _folded(before.get(address)):
        return {}
    after: Row = {"emailrouteraccessapproval": PENDING_APPROVAL, "isemailaddressapprovedbyo365admin": False}
    if table.logical_name == "mailbox" and before:
        after |= UNSTAMPED
    if not before:  # a new row holds every column, so "says otherwise" is anything but its default
        return after if not changes["emailrouteraccessapproval"] else {}
    return {name: value for name, value in after.items() if name not in changes}


def refuse_creation(transaction: Transaction, table: Table) -> None:
    """Refuse to make a mailbox that belongs to nobody, if the switch says that the service does.

    Raises:
        ODataError: no mailbox is made.
    """
    if table.logical_name == "mailbox" and transaction.switches.post_forward_mailbox == "refuse":
        text = "The 'Create' method does not support entities of type 'mailbox'."
        raise ODataError(400, "0x80040800", text)


def _state_of(before: Row, changes: Row) -> Row:
    """Return the state that a user's mailbox follows to."""
    disabled = changes.get("isdisabled")
    if disabled is None or disabled == before["isdisabled"]:
        return {}
    return {"statecode": INACTIVE, "statuscode": 2} if disabled else {"statecode": 0, "statuscode": 1}


def _unstamped(through: Row) -> Row:
    return UNSTAMPED if through.get("emailrouteraccessapproval") == PENDING_APPROVAL else {}


def _folded(address: Value) -> str:
    return str(address or "").casefold()
