"""`OrganizationEmailSettings`: what the one organization of an environment gives to new mailboxes, and asks of all."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Final, Literal, Unpack

from pulumi import Output, ResourceOptions
from pydantic import with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ..declare import (
    INPUTS,
    ChoiceInput,
    Clearable,
    Column,
    Input,
    Lookup,
    Policy,
    ReferenceInput,
    Rule,
    TableKind,
    Values,
    XmlValue,
)
from ..table_resource import TableResource
from .email_server_profile import EmailServerProfile
from .mailbox.choices import ActDeliveryMethod, IncomingEmailDeliveryMethod, OutgoingEmailDeliveryMethod
from .sources import DEPRECATIONS, TROUBLESHOOTING
from .tables import ORGANIZATIONS, PROFILES

DIALOG = "https://learn.microsoft.com/power-platform/admin/system-settings-dialog-box-email-tab"
REFERENCE = "https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/organization"
SETTINGS = "https://learn.microsoft.com/power-platform/admin/settings-email"
TABLES = "https://learn.microsoft.com/power-apps/developer/data-platform/server-side-synchronization-entities"

ROOT: Final = "EmailSettings"
"""Root of the XML text in `defaultemailsettings`.

Microsoft's reference says only that the column holds the default settings as XML. Its root and its three elements are
taken from what the classic System Settings dialog sends, and are not documented; so any other shape is refused.
"""

TENANT_ADMINISTRATOR: Final = (
    "Only a Global administrator or an Exchange administrator of the tenant may change the approval requirements: let "
    "one do so in the admin center (Settings, Email, Email settings), or run as one."
)


@with_config(INPUTS)
class OrganizationEmailSettingsArgs(TypedDict, total=False):
    """The arguments of `OrganizationEmailSettings`; one that is left out, or `None`, stays as the server has it."""

    default_email_server_profile: Annotated[
        ReferenceInput[EmailServerProfile],
        Lookup("defaultemailserverprofileid", "Server Profile", target=PROFILES, clearable=True, source=TABLES),
    ]
    """The profile that mailboxes of new users and queues get: the resource, a GUID, or a name."""

    incoming_email_delivery_method: Annotated[
        ChoiceInput[IncomingEmailDeliveryMethod],
        XmlValue(
            "defaultemailsettings",
            "Incoming Email",
            root=ROOT,
            element="IncomingEmailDeliveryMethod",
            retired=(IncomingEmailDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            source=DIALOG,
        ),
    ]
    """How mail comes in for new users and queues; while the organization has no defaults, state all three methods."""

    outgoing_email_delivery_method: Annotated[
        ChoiceInput[OutgoingEmailDeliveryMethod],
        XmlValue(
            "defaultemailsettings",
            "Outgoing Email",
            root=ROOT,
            element="OutgoingEmailDeliveryMethod",
            retired=(OutgoingEmailDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            source=DIALOG,
        ),
    ]
    """How mail goes out for new users and queues."""

    act_delivery_method: Annotated[
        ChoiceInput[ActDeliveryMethod],
        XmlValue(
            "defaultemailsettings",
            "Appointments, Contacts, and Tasks",
            root=ROOT,
            element="ACTDeliveryMethod",
            retired=(ActDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            source=DIALOG,
        ),
    ]
    """How appointments, contacts and tasks are synchronized for new users."""

    require_approval_for_user_email: Annotated[
        Input[bool],
        Column(
            "requireapprovalforuseremail",
            "Process emails only for approved users",
            default=True,
            apart=TENANT_ADMINISTRATOR,
            source=SETTINGS,
        ),
    ]
    """Whether a user's mailbox is synchronized only once its address is approved; takes an administrator of the tenant.

    Where Dataverse refuses the change, all else is done and recorded, the refusal is reported, and the next
    `pulumi up` tries again.
    """

    require_approval_for_queue_email: Annotated[
        Input[bool],
        Column(
            "requireapprovalforqueueemail",
            "Process emails only for approved queues",
            default=True,
            apart=TENANT_ADMINISTRATOR,
            source=SETTINGS,
        ),
    ]
    """Whether a queue's mailbox is synchronized only once its address is approved.

    It takes an administrator of the tenant too; a refusal is treated as that of `require_approval_for_user_email`.
    """

    on_delete: Annotated[Literal["retain", "restore"] | None, Policy()]
    """What happens to the settings when their declaration goes: `retain` (default), or `restore` what was there."""


METHODS = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
REQUIREMENTS = ("require_approval_for_user_email", "require_approval_for_queue_email")


def _none_is(names: tuple[str, ...], value: object) -> Callable[[Values], bool]:
    return lambda settings: all(settings.get(name) != value for name in names)


def _profile_where_synchronized(settings: Values) -> bool:
    synchronized = any(settings.get(name) == "server_side_synchronization" for name in METHODS)
    return not synchronized or settings.get("default_email_server_profile") is not None


RULES = (
    Rule(
        reads=(*METHODS, "default_email_server_profile"),
        blames="default_email_server_profile",
        says=(
            "new mailboxes get the profile that the organization has as its default, and without one they are not "
            "synchronized; state which it is"
        ),
        source=TABLES,
        holds=_profile_where_synchronized,
        severity="warning",
    ),
    Rule(
        reads=METHODS,
        blames="incoming_email_delivery_method",
        says="Microsoft Dynamics 365 for Outlook is retired; new mailboxes would not be synchronized",
        source=DEPRECATIONS,
        holds=_none_is(METHODS, "microsoft_dynamics_365_for_outlook"),
        severity="warning",
    ),
    Rule(
        reads=REQUIREMENTS,
        blames="require_approval_for_user_email",
        says=(
            "without the requirement any address is synchronized that nobody approved, "
            "but for those on the Microsoft Exchange Online profile, which must be approved all the same"
        ),
        source=TROUBLESHOOTING,
        holds=_none_is(REQUIREMENTS, value=False),
        severity="warning",
    ),
)

KIND = TableKind(
    "OrganizationEmailSettings",
    ORGANIZATIONS,
    OrganizationEmailSettingsArgs,
    rules=RULES,
    source=REFERENCE,
)


class OrganizationEmailSettings(TableResource):
    """The e-mail settings of the environment's one organization: defaults for new mailboxes, and approval.

    They are adopted, never made or deleted: `on_delete` says what happens to them when the declaration goes. The
    defaults are applied when a user or queue is created; mailboxes that are there stay as they are.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/organization
    """

    kind: ClassVar[TableKind] = KIND
    payload: ClassVar[str] = (
        "gASVSwAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMIU9yZ2FuaXphdGlvbkVtYWlsU2V0dGluZ3NQcm92aWRlcpSTlCmBlC4="
    )

    default_email_server_profile: Output[Clearable[str]]
    incoming_email_delivery_method: Output[str | None]
    outgoing_email_delivery_method: Output[str | None]
    act_delivery_method: Output[str | None]
    require_approval_for_user_email: Output[bool | None]
    require_approval_for_queue_email: Output[bool | None]
    on_delete: Output[str | None]

    def __init__(
        self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[OrganizationEmailSettingsArgs]
    ) -> None:
        super().__init__(resource_name, opts, dict(args))
