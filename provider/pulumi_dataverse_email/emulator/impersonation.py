"""Calls in another user's name.

Microsoft Learn, "Impersonate another user using the Web API": the caller needs prvActOnBehalfOfAnotherUser, only what
both may do is done, and `createdonbehalfby` and `modifiedonbehalfby` keep the real caller.
"""

from dataclasses import replace

from .errors import ODataError, bad_request
from .messages import Call
from .rights import caller_behind
from .schema import TABLES
from .store import SQL_TABLES, Transaction
from .values import read_guid

PRIVILEGE = "prvActOnBehalfOfAnotherUser"

COLUMNS = {"callerobjectid": "azureactivedirectoryobjectid", "mscrmcallerid": "systemuserid"}
"""What each header names a user by; the first is the one that Microsoft prefers."""


def applied(call: Call, transaction: Transaction) -> Call:
    """Return the call in the name of the user that its headers ask for.

    Raises:
        ODataError: 400 for what is no GUID; 403 without the privilege, and for a user that is not there or disabled.
    """
    header = next((name for name in COLUMNS if name in call.headers), None)
    if header is None:
        return call
    user_id = read_guid(call.headers[header].strip())
    if user_id is None:
        raise bad_request(f"The header {header} must be a GUID.")
    call.caller.require_privilege(PRIVILEGE, TABLES["systemuser"])
    users = transaction.find("systemuser", SQL_TABLES["systemuser"].c[COLUMNS[header]] == user_id)
    if not users:  # no source says what is answered; the code is that of a caller who is no user
        raise ODataError(403, "0x80072560", "The user is not a member of the organization.")
    return replace(call, caller=replace(caller_behind(transaction, users[0]), real=call.caller))
