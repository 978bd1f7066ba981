"""What the set-ups of a profile ask for."""

from typing import Required

from typing_extensions import TypedDict  # the one that the arguments of the kind are

from ...declare import ChoiceInput, ClearableInput, Input
from .arguments import FurtherArgs
from .choices import ServerType


class DatedArgs(TypedDict, total=False):
    """What every set-up asks for."""

    name: Required[Input[str]]
    """The profile's name; no two profiles of an environment share one."""

    process_emails_received_after: Required[ClearableInput[str]]
    """The moment before which mail is not read, such as `2026-11-01T00:00:00Z`."""

    server_type: ChoiceInput[ServerType]
    """The mail system behind the profile; the set-up's own where nothing is stated."""


class SetUpArgs(DatedArgs, FurtherArgs, total=False):
    """The arguments of a set-up whose profile has no account."""


class OneAccountArgs(SetUpArgs, total=False):
    """The arguments of `EmailServerProfile.one_account`."""

    incoming_user_name: Required[ClearableInput[str]]
    """The account that opens the mailboxes; it needs the right to impersonate in Exchange."""

    incoming_password: Required[ClearableInput[str]]
    """The account's password."""

    incoming_password_expires_on: Input[str]
    """When the password expires; previews warn from 30 days before."""
