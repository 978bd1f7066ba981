"""`Mailbox`: the settings of the mailbox of one user or queue, or a forward mailbox."""

from typing import ClassVar, Self, Unpack

from pulumi import Output, ResourceOptions

from ...declare import TableKind
from ...table_resource import TableResource
from ..sources import MAILBOX_REFERENCE
from ..tables import MAILBOXES
from .arguments import MailboxArgs, MailboxResults
from .choices import ActDeliveryMethod, IncomingEmailDeliveryMethod, OutgoingEmailDeliveryMethod
from .outputs import SettingsOutputs
from .profile_rules import PROFILE_RULES
from .rules import RULES
from .set_ups import OwnCredentialsArgs, SynchronizedArgs, fill

KIND = TableKind(
    "Mailbox",
    MAILBOXES,
    MailboxArgs,
    rules=RULES,
    across=PROFILE_RULES,
    results=MailboxResults,
    source=MAILBOX_REFERENCE,
    moves="email_server_profile",
    disabled={
        "incoming_email_delivery_method": IncomingEmailDeliveryMethod.NONE,
        "outgoing_email_delivery_method": OutgoingEmailDeliveryMethod.NONE,
        "act_delivery_method": ActDeliveryMethod.NONE,
    },
)


class Mailbox(SettingsOutputs, TableResource):
    """The settings of the mailbox that Dataverse made for one user or queue, or a forward mailbox.

    The mailbox of a user or queue is adopted, never made or deleted: `on_delete` says what happens to it when the
    declaration goes. A forward mailbox belongs to nobody: it is made, and deleted with its declaration.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox
    """

    kind: ClassVar[TableKind] = KIND
    payload: ClassVar[str] = (
        "gASVOQAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMD01haWxib3hQcm92aWRlcpSTlCmBlC4="
    )

    user: Output[str | None]
    queue: Output[str | None]
    forward_mailbox: Output[str | None]
    adopted_id: Output[str | None]
    """The id of the row of a user or queue; unset while there is none."""
    written_on: Output[str | None]
    """When a `pulumi up` last wrote what calls for a new test-and-enable; unset where none did."""
    owner_id: Output[str | None]
    """The id of the user or queue."""
    waiting: Output[str | None]
    """What the mailbox waits for; unset once it is written."""
    current_email_address: Output[str | None]
    is_forward_mailbox: Output[bool | None]
    is_password_set: Output[bool | None]
    is_oauth_access_token_set: Output[bool | None]
    is_oauth_refresh_token_set: Output[bool | None]
    email_router_access_approval: Output[str | None]
    is_email_address_approved_by_o365_admin: Output[bool | None]
    incoming_email_status: Output[str | None]
    outgoing_email_status: Output[str | None]
    act_status: Output[str | None]
    mailbox_status: Output[str | None]
    test_mailbox_access_completed_on: Output[str | None]

    def __init__(self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[MailboxArgs]) -> None:
        super().__init__(resource_name, opts, dict(args))

    @classmethod
    def synchronized(
        cls, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[SynchronizedArgs]
    ) -> Self:
        """Declare a mailbox whose profile has the credentials, with server-side synchronization of all that it has.

        The profile may be the built-in one, `Microsoft Exchange Online`.
        Source: https://learn.microsoft.com/power-platform/admin/connect-exchange-online
        """
        return cls(resource_name, opts, **fill(args))

    @classmethod
    def with_own_credentials(
        cls, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[OwnCredentialsArgs]
    ) -> Self:
        """Declare a mailbox that its profile opens with the mailbox's own user name and password.

        The profile is declared by `EmailServerProfile.individual_credentials`.
        Source: https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization
        """
        return cls(resource_name, opts, allow_email_connector_to_use_credentials=True, **fill(args))
