"""`Mailbox`: the settings of the mailbox of one user or queue, or a forward mailbox."""

from typing import ClassVar, Self, Unpack

from pulumi import ResourceOptions

from ...declare import TableKind
from ...table_resource import TableResource
from ..sources import MAILBOX_REFERENCE
from ..tables import MAILBOXES
from .arguments import MailboxArgs, MailboxResults
from .choices import ActDeliveryMethod, IncomingEmailDeliveryMethod, OutgoingEmailDeliveryMethod
from .outputs import MailboxOutputs
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


class Mailbox(MailboxOutputs, TableResource):
    """The settings of the mailbox that Dataverse made for one user or queue, or a forward mailbox.

    The mailbox of a user or queue is adopted, never made or deleted: `on_delete` says what happens to it when the
    declaration goes. A forward mailbox belongs to nobody: it is made, and deleted with its declaration.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox
    """

    kind: ClassVar[TableKind] = KIND
    payload: ClassVar[str] = (
        "gASVOQAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMD01haWxib3hQcm92aWRlcpSTlCmBlC4="
    )

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
