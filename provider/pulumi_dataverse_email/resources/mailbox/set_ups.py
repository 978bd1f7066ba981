"""The set-ups of a mailbox: what each asks for, and what it fills in."""

from collections.abc import Mapping
from typing import Required, TypeVar, cast

from typing_extensions import TypedDict  # the one that the arguments of the kind are

from ...declare import ClearableInput, Input, ReferenceInput
from ..email_server_profile import EmailServerProfile
from ..ownership import OwnershipArgs
from .arguments import LifeArgs, MethodsArgs, SettingsArgs
from .choices import ActDeliveryMethod, IncomingEmailDeliveryMethod, OutgoingEmailDeliveryMethod
from .whose import WhoseArgs

Args = TypeVar("Args", bound=Mapping[str, object])


class ProfiledArgs(TypedDict, total=False):
    """What all set-ups ask for."""

    email_server_profile: Required[ReferenceInput[EmailServerProfile]]
    """The profile that the mailbox uses: the resource, a GUID, or a name such as `Microsoft Exchange Online`."""


class SynchronizedArgs(WhoseArgs, ProfiledArgs, MethodsArgs, SettingsArgs, OwnershipArgs, LifeArgs, total=False):
    """The arguments of `Mailbox.synchronized`."""


class OwnCredentialsArgs(SynchronizedArgs, total=False):
    """The arguments of `Mailbox.with_own_credentials`."""

    username: Required[ClearableInput[str]]
    """The mailbox's own user name."""

    password: Required[ClearableInput[str]]
    """The mailbox's own password; Dataverse stores it and never shows it again."""

    password_expires_on: Input[str]
    """When the password expires; previews warn from 30 days before."""


def fill(args: Args) -> Args:
    """Return the stated arguments; of the delivery methods that are not stated, all that such a mailbox can have.

    A queue has no appointments, contacts and tasks; a forward mailbox has none either, and sends nothing.
    """
    stated = {name: value for name, value in args.items() if value is not None}
    sends = "forward_mailbox" not in stated
    plans = sends and "queue" not in stated
    incoming, outgoing, act = IncomingEmailDeliveryMethod, OutgoingEmailDeliveryMethod, ActDeliveryMethod
    methods = {
        "incoming_email_delivery_method": incoming.SERVER_SIDE_SYNCHRONIZATION,
        "outgoing_email_delivery_method": outgoing.SERVER_SIDE_SYNCHRONIZATION if sends else outgoing.NONE,
        "act_delivery_method": act.SERVER_SIDE_SYNCHRONIZATION if plans else act.NONE,
    }
    return cast("Args", methods | stated)
