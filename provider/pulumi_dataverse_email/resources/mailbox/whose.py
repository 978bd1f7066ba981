"""The arguments that say whose mailbox it is."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, Column, Hindrance, Input, Key, OwnerKey
from ..sources import EDIT_MAILBOXES
from ..tables import QUEUES, USERS


@with_config(INPUTS)
class WhoseArgs(TypedDict, total=False):
    """Whose mailbox it is: exactly one of them."""

    user: Annotated[
        Input[Key],
        OwnerKey(
            USERS,
            natural_keys=("domainname", "internalemailaddress"),
            ids=("azureactivedirectoryobjectid", "systemuserid"),
            mailbox="defaultmailbox",
            hindrances=(
                Hindrance(
                    "isdisabled",
                    (False, None),
                    "the user is disabled",
                    "Enable the user in the Microsoft 365 admin center, or remove the mailbox from the program.",
                ),
                Hindrance(
                    "applicationid",
                    (None,),
                    "the user is an application user, whose mailbox Exchange does not have",
                    "Remove the mailbox from the program; a program sends mail through a queue.",
                ),
            ),
        ),
    ]
    """The user whose mailbox this is.

    Best by Entra object id, which outlives every other name; or by principal name, address, or the user's GUID in
    Dataverse.
    A user who is disabled, or an application user, is reported and not written to; each `pulumi up` tries again.
    """

    queue: Annotated[
        Input[Key],
        OwnerKey(
            QUEUES,
            natural_keys=("name", "emailaddress"),
            ids=("queueid",),
            mailbox="defaultmailbox",
            hindrances=(
                Hindrance(
                    "statecode",
                    (0, None),
                    "the queue is inactive",
                    "Activate the queue, or remove the mailbox from the program.",
                ),
            ),
        ),
    ]
    """The queue whose mailbox this is: name, address or GUID."""

    forward_mailbox: Annotated[
        Input[str],
        Field(min_length=1, max_length=200),
        Column("name", "Name", makes=True, restorable=False, source=EDIT_MAILBOXES),
    ]
    """The name of a forward mailbox, which belongs to no user or queue: it is made here, and deleted with its line.

    Mail that users forward to it is read for them; it sends nothing.
    """
