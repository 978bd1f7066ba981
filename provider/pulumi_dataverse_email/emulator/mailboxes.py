"""Mailboxes are born and die with users and queues, and share their address with them.

Microsoft Learn: "Create forward mailboxes or edit mailboxes", "Server-side synchronization entities", and the
entity reference of mailbox. Where those are silent the constant that was chosen says why.
"""

from typing import TYPE_CHECKING

from .errors import ODataError
from .schema import TABLES, Row, Table, Value

if TYPE_CHECKING:
    from .rows import Rows

PENDING_APPROVAL = 2
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


def give_birth(rows: "Rows", table: Table, owner: Row) -> None:
    """Make the mailbox of a new user or queue and link the two."""
    synchronized = SERVER_SIDE in (owner["incomingemaildeliverymethod"], owner["outgoingemaildeliverymethod"])
    organization = rows.transaction.find("organization")
    of_user = table.logical_name == "systemuser"
    mailbox: Row = {
        "name": owner[table.primary_name],
        "_regardingobjectid_value": owner[table.primary_id],
        "regardingobjecttypecode": table.logical_name,
        "isforwardmailbox": False,
        "actdeliverymethod": ACT_AT_BIRTH,
        "_ownerid_value": owner[table.primary_id] if of_user else owner["_ownerid_value"],
        "owneridtype": "systemuser" if of_user else owner["owneridtype"],
        # Documented: the default profile is attached when the owner is created with server-side synchronization.
        "_emailserverprofile_value": organization[0]["_defaultemailserverprofileid_value"] if synchronized else None,
    }
    mailbox |= {ours: owner[theirs] for ours, theirs in MIRRORED[table.logical_name].items()}
    if mailbox["name"] is None:
        mailbox["name"] = owner.get("domainname") or ""
    mailbox_id = rows.create(TABLES["mailbox"], mailbox)
    rows.write(table, owner[table.primary_id], {"_defaultmailbox_value": mailbox_id})


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
    if there and any(there[name] != value for name, value in through.items()):
        rows.write(other, other_id, through)


def approval_after(table: Table, before: Row, changes: Row) -> Row:
    """Return that a changed address has to be approved again, unless the same change says otherwise."""
    address = ADDRESS.get(table.logical_name)
    if address is None or address not in changes or _folded(changes[address]) == _folded(before.get(address)):
        return {}
    after: Row = {"emailrouteraccessapproval": PENDING_APPROVAL, "isemailaddressapprovedbyo365admin": False}
    if not before:  # a new row holds every column, so "says otherwise" is anything but its default
        return after if not changes["emailrouteraccessapproval"] else {}
    return {name: value for name, value in after.items() if name not in changes}


def refuse_deletion(mailbox: Row) -> None:
    """Refuse to delete the mailbox of a user or queue: it lives as long as its owner."""
    if mailbox["_regardingobjectid_value"]:
        text = "You cannot delete a mailbox that is associated with a user or a queue."
        raise ODataError(400, "0x8005E200", text)


def _folded(address: Value) -> str:
    return str(address or "").casefold()
