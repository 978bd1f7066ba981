"""The arguments that the rows of each table have: who owns the row, and whether it is in use."""

from typing import Annotated

from pydantic import with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ..declare import INPUTS, ChoiceInput, Column, Hindrance, Input, Key, Lookup, Values
from .tables import TEAMS, USERS, State


@with_config(INPUTS)
class OwnershipArgs(TypedDict, total=False):
    """Owner and state."""

    owning_user: Annotated[
        Input[Key],
        Lookup(
            "owninguser",
            "Owner (user)",
            target=USERS,
            key="domainname",
            bind="ownerid",
            restorable=False,
            hindrances=(
                Hindrance(
                    "applicationid",
                    (None,),
                    "the user is an application user, which reads no mail: nobody is told of trouble",
                    "State an owner who reads mail.",
                ),
                Hindrance(
                    "isdisabled",
                    (False, None),
                    "the user is disabled: nobody is told of trouble",
                    "State an owner who reads mail.",
                ),
            ),
        ),
    ]
    """The user who owns the row, and is told by mail of trouble: principal name or the user's GUID in Dataverse."""

    owning_team: Annotated[
        Input[Key], Lookup("owningteam", "Owner (team)", target=TEAMS, bind="ownerid", restorable=False)
    ]
    """The team that owns the row, instead of a user: name or GUID."""

    state: Annotated[ChoiceInput[State], Column("statecode", "Status", at_create=False, default="active")]
    """Whether the row is in use; one that is inactive is not processed. A new row is active first, for a moment."""


ONE_OWNER = "a row has one owner: give owning_user or owning_team, not both"


def has_one_owner(row: Values) -> bool:
    """Say whether at most one owner is stated."""
    return row.get("owning_user") is None or row.get("owning_team") is None
