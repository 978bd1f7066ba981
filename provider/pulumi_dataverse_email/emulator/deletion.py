"""What a client may not delete."""

from .built_in import is_built_in, mailboxes_of
from .errors import ODataError
from .schema import Row, Table
from .store import Transaction

IN_USE = "0x80040227"
"""CannotDeleteDueToAssociation, which comes with 405: Microsoft Learn, "Compose HTTP requests and handle errors"."""


def check(transaction: Transaction, table: Table, row: Row) -> None:
    """Refuse to delete a mailbox that lives as long as its owner, or a profile, as the switches say.

    Raises:
        ODataError: the row stays.
    """
    switches = transaction.switches
    if table.logical_name == "mailbox" and row["_regardingobjectid_value"]:
        if switches.delete_owned_mailbox == "refuse":
            text = "You cannot delete a mailbox that is associated with a user or a queue."
            raise ODataError(switches.fault_status, "0x8005E200", text)
    elif table.logical_name == "emailserverprofile":
        if switches.delete_built_in_profile == "refuse" and is_built_in(transaction, row):
            raise ODataError(405, IN_USE, "The built-in profile cannot be deleted.")
        if switches.delete_profile_in_use == "refuse" and mailboxes_of(transaction, row):
            raise ODataError(405, IN_USE, "The object you tried to delete is associated with another object.")
        organization = transaction.organization()
        is_default = organization["_defaultemailserverprofileid_value"] == row["emailserverprofileid"]
        if switches.delete_default_profile == "refuse" and is_default:
            raise ODataError(405, IN_USE, "The default profile of the organization cannot be deleted.")
