"""`Mailbox`: the settings of the mailbox of one user or queue."""

from typing import Annotated, ClassVar, Literal, Unpack

from pulumi import Output, ResourceOptions
from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ..declare import (
    INPUTS,
    Choice,
    ChoiceInput,
    Clearable,
    ClearableInput,
    Column,
    Input,
    Key,
    Kind,
    Lookup,
    Moment,
    OwnerKey,
    Policy,
    ReferenceInput,
    Rule,
    Values,
)
from ..resource import Resource
from .email_server_profile import BEST_PRACTICES, EmailServerProfile
from .tables import MAILBOXES, PROFILES, QUEUES, USERS

EDIT_MAILBOXES = "https://learn.microsoft.com/power-platform/admin/create-forward-mailboxes-edit-mailboxes"
REFERENCE = "https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox"


class IncomingEmailDeliveryMethod(Choice):
    """How mail comes from the mailbox into Dataverse."""

    NONE = "none", 0
    MICROSOFT_DYNAMICS_365_FOR_OUTLOOK = "microsoft_dynamics_365_for_outlook", 1
    SERVER_SIDE_SYNCHRONIZATION = "server_side_synchronization", 2
    FORWARD_MAILBOX = "forward_mailbox", 3


class OutgoingEmailDeliveryMethod(Choice):
    """How mail goes from Dataverse out through the mailbox."""

    NONE = "none", 0
    MICROSOFT_DYNAMICS_365_FOR_OUTLOOK = "microsoft_dynamics_365_for_outlook", 1
    SERVER_SIDE_SYNCHRONIZATION = "server_side_synchronization", 2


class ActDeliveryMethod(Choice):
    """How appointments, contacts and tasks are synchronized; the codes' order differs from mail."""

    MICROSOFT_DYNAMICS_365_FOR_OUTLOOK = "microsoft_dynamics_365_for_outlook", 0
    SERVER_SIDE_SYNCHRONIZATION = "server_side_synchronization", 1
    NONE = "none", 2


@with_config(INPUTS)
class MailboxArgs(TypedDict, total=False):
    """The arguments of `Mailbox`; one that is left out, or `None`, stays as the server has it."""

    user: Annotated[
        Input[Key],
        OwnerKey(
            USERS,
            natural_keys=("domainname",),
            ids=("systemuserid", "azureactivedirectoryobjectid"),
            mailbox="defaultmailbox",
        ),
    ]
    """The user whose mailbox this is: principal name, Entra object id, or the user's GUID in Dataverse."""

    queue: Annotated[Input[Key], OwnerKey(QUEUES, natural_keys=("name",), ids=("queueid",), mailbox="defaultmailbox")]
    """The queue whose mailbox this is: name or GUID."""

    email_server_profile: Annotated[
        ReferenceInput[EmailServerProfile],
        Lookup("emailserverprofile", "Server Profile", target=PROFILES, clearable=True, retest=True),
    ]
    """The profile that the mailbox uses: the resource, a GUID, or a name such as `Microsoft Exchange Online`."""

    incoming_email_delivery_method: Annotated[
        ChoiceInput[IncomingEmailDeliveryMethod],
        Column(
            "incomingemaildeliverymethod",
            "Incoming Email",
            retired=(IncomingEmailDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            retest=True,
        ),
    ]
    """How mail comes in."""

    outgoing_email_delivery_method: Annotated[
        ChoiceInput[OutgoingEmailDeliveryMethod],
        Column(
            "outgoingemaildeliverymethod",
            "Outgoing Email",
            retired=(OutgoingEmailDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            retest=True,
        ),
    ]
    """How mail goes out."""

    act_delivery_method: Annotated[
        ChoiceInput[ActDeliveryMethod],
        Column(
            "actdeliverymethod",
            "Appointments, Contacts, and Tasks",
            retired=(ActDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            retest=True,
        ),
    ]
    """How appointments, contacts and tasks are synchronized."""

    allow_email_connector_to_use_credentials: Annotated[
        Input[bool],
        Column(
            "allowemailconnectortousecredentials",
            "Allow to Use Credentials for Email Processing",
            retest=True,
            source=EDIT_MAILBOXES,
        ),
    ]
    """Whether the mailbox's own user name and password are used; the profile must say so too."""

    username: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=200),
        Column("username", "User Name", clearable=True, retest=True, source=EDIT_MAILBOXES),
    ]
    """The mailbox's own user name."""

    password: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=200),
        Column(
            "password",
            "Password",
            secret=True,
            set_flag="ispasswordset",
            clearable=True,
            restorable=False,
            retest=True,
            source=EDIT_MAILBOXES,
        ),
    ]
    """The mailbox's own password; Dataverse stores it and never shows it again."""

    process_email_received_after: Annotated[
        ClearableInput[Moment],
        Column(
            "processemailreceivedafter",
            "Process Email Received After",
            clearable=True,
            restorable=False,
            moves_forward=True,
            source=BEST_PRACTICES,
        ),
    ]
    """The date before which mail is not read; the service moves it forward, and a later date is never set back."""

    on_delete: Annotated[Literal["retain", "disable", "restore"] | None, Policy()]
    """What happens to the mailbox when its declaration goes.

    `retain` (default) leaves it as it is, `disable` sets the three delivery methods to none, and `restore` writes
    back what was there before.
    """


def _exactly_one_owner(mailbox: Values) -> bool:
    return (mailbox.get("user") is None) != (mailbox.get("queue") is None)


def _password_has_user_name(mailbox: Values) -> bool:
    return mailbox.get("password") is None or mailbox.get("username") is not None


def _queue_without_outlook(mailbox: Values) -> bool:
    outlook = "microsoft_dynamics_365_for_outlook"
    methods = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
    return mailbox.get("queue") is None or all(mailbox.get(method) != outlook for method in methods)


RULES = (
    Rule(
        reads=("user", "queue"),
        blames="user",
        says="give exactly one of user and queue",
        source=EDIT_MAILBOXES,
        holds=_exactly_one_owner,
    ),
    Rule(
        reads=("username", "password"),
        blames="username",
        says="a password needs a username; give both or neither",
        source=EDIT_MAILBOXES,
        holds=_password_has_user_name,
    ),
    Rule(
        reads=(
            "queue",
            "incoming_email_delivery_method",
            "outgoing_email_delivery_method",
            "act_delivery_method",
        ),
        blames="queue",
        says="a queue's mailbox knows no delivery by Microsoft Dynamics 365 for Outlook",
        source=REFERENCE,
        holds=_queue_without_outlook,
    ),
)

KIND = Kind(
    "Mailbox",
    MAILBOXES,
    MailboxArgs,
    rules=RULES,
    results={"email_address": "emailaddress", "is_password_set": "ispasswordset"},
    source=REFERENCE,
    disabled={
        "incoming_email_delivery_method": IncomingEmailDeliveryMethod.NONE,
        "outgoing_email_delivery_method": OutgoingEmailDeliveryMethod.NONE,
        "act_delivery_method": ActDeliveryMethod.NONE,
    },
)


class Mailbox(Resource):
    """The settings of the mailbox that Dataverse made for one user or queue.

    The row is adopted, never made or deleted: `on_delete` says what happens to it when the declaration goes.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox
    """

    kind: ClassVar[Kind] = KIND
    payload: ClassVar[str] = (
        "gASVOQAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMD01haWxib3hQcm92aWRlcpSTlCmBlC4="
    )

    user: Output[str | None]
    queue: Output[str | None]
    email_server_profile: Output[Clearable[str]]
    incoming_email_delivery_method: Output[str | None]
    outgoing_email_delivery_method: Output[str | None]
    act_delivery_method: Output[str | None]
    allow_email_connector_to_use_credentials: Output[bool | None]
    username: Output[Clearable[str]]
    password: Output[Clearable[str]]
    process_email_received_after: Output[Clearable[str]]
    on_delete: Output[str | None]
    email_address: Output[str | None]
    is_password_set: Output[bool | None]

    def __init__(self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[MailboxArgs]) -> None:
        super().__init__(resource_name, opts, dict(args))
