"""What a selection of mailboxes says."""

from typing import Annotated, Literal, Required

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, Input, Key, Kind, Lookup, Policy, ReferenceInput
from ..email_server_profile import EmailServerProfile
from ..sources import MAILBOX_REFERENCE
from ..tables import BUSINESS_UNITS, PROFILES, TEAMS


@with_config(INPUTS)
class SelectionArgs(TypedDict, total=False):
    """Owners whose mailboxes belong to a set: those that meet all that is stated.

    Users who are disabled, application users and inactive queues are never among them.
    """

    of: Required[Annotated[Literal["users", "queues"], Policy()]]
    """Whose mailboxes: those of users, or those of queues."""

    business_unit: Annotated[Input[Key], Lookup("businessunitid", "Business Unit", target=BUSINESS_UNITS)]
    """The business unit that they belong to, without those below it: name or GUID."""

    team: Annotated[Input[Key], Lookup("teamid", "Team", target=TEAMS)]
    """The team whose members the users are, or that owns the queues: name or GUID."""

    email_server_profile: Annotated[
        ReferenceInput[EmailServerProfile], Lookup("emailserverprofile", "Server Profile", target=PROFILES)
    ]
    """The profile that their mailboxes use: the resource, a GUID, or a name."""

    address_ends_with: Annotated[str, Field(min_length=1), Policy()]
    """How their e-mail address ends, such as `@sales.contoso.com`."""

    name_starts_with: Annotated[str, Field(min_length=1), Policy()]
    """How their name begins."""


SELECTIONS = Kind("selection", SelectionArgs, rules=(), source=MAILBOX_REFERENCE)
"""Judged like the arguments of a kind, of which it is one."""
