"""`EmailServerProfile`: how Dataverse reaches a mail server, and with whose credentials."""

from typing import ClassVar, Self, Unpack

from pulumi import Output, ResourceOptions

from ...declare import Clearable, TableKind, Use
from ...table_resource import TableResource
from ..sources import PROFILE_REFERENCE
from ..tables import MAILBOXES, ORGANIZATIONS, PROFILES
from .arguments import EmailServerProfileArgs, EmailServerProfileResults
from .rules import RULES
from .set_up_arguments import OneAccountArgs, SetUpArgs
from .set_ups import EXCHANGE_ONLINE, INDIVIDUAL_CREDENTIALS, ONE_ACCOUNT

KIND = TableKind(
    "EmailServerProfile",
    PROFILES,
    EmailServerProfileArgs,
    rules=RULES,
    results=EmailServerProfileResults,
    source=PROFILE_REFERENCE,
    uses=(
        Use(
            MAILBOXES,
            "emailserverprofile",
            "mailboxes use it",
            "Give them another profile first (a Mailbox with on_delete='restore' or another email_server_profile), "
            "or keep the profile: on_delete='retain', then `pulumi up`, then destroy.",
        ),
        Use(
            ORGANIZATIONS,
            "defaultemailserverprofileid",
            "organization has it as its default",
            "Set another default profile for new mailboxes first (OrganizationEmailSettings with "
            "default_email_server_profile, or with on_delete='restore'), or keep the profile: on_delete='retain'.",
        ),
    ),
)


class EmailServerProfile(TableResource):
    """A row of emailserverprofiles: how Dataverse reaches a mail server, and with whose credentials.

    The built-in profile `Microsoft Exchange Online` needs no resource: a mailbox names it.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile
    """

    kind: ClassVar[TableKind] = KIND
    payload: ClassVar[str] = (
        "gASVRAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMGkVtYWlsU2VydmVyUHJvZmlsZVByb3ZpZGVylJOUKYGULg=="
    )

    written_on: Output[str | None]
    """When a `pulumi up` last wrote what calls for a new test-and-enable to a row that was there."""
    name: Output[str]
    server_type: Output[str]
    description: Output[Clearable[str]]
    use_auto_discover: Output[bool | None]
    default_server_location: Output[Clearable[str]]
    exchange_version: Output[str | None]
    process_emails_received_after: Output[Clearable[str]]
    max_concurrent_connections: Output[Clearable[int]]
    min_polling_interval_in_minutes: Output[Clearable[int]]
    timeout_mailbox_connection: Output[bool | None]
    timeout_mailbox_connection_after_amount: Output[Clearable[int]]
    encoding_code_page: Output[Clearable[str]]
    move_undelivered_emails: Output[bool | None]
    send_email_alert: Output[bool | None]
    incoming_credential_retrieval: Output[str | None]
    incoming_user_name: Output[Clearable[str]]
    incoming_password: Output[Clearable[str]]
    incoming_password_expires_on: Output[str | None]
    incoming_use_impersonation: Output[bool | None]
    incoming_authentication_protocol: Output[str | None]
    incoming_server_location: Output[Clearable[str]]
    incoming_port_number: Output[Clearable[int]]
    incoming_use_ssl: Output[bool | None]
    use_same_settings_for_outgoing_connections: Output[bool | None]
    outgoing_credential_retrieval: Output[str | None]
    outgoing_username: Output[Clearable[str]]
    outgoing_password: Output[Clearable[str]]
    outgoing_password_expires_on: Output[str | None]
    outgoing_use_impersonation: Output[bool | None]
    outgoing_auto_grant_delegate_access: Output[bool | None]
    outgoing_authentication_protocol: Output[str | None]
    outgoing_server_location: Output[Clearable[str]]
    outgoing_port_number: Output[Clearable[int]]
    outgoing_use_ssl: Output[bool | None]
    server_authority: Output[str | None]
    use_default_tenant_id: Output[bool | None]
    exchange_online_tenant_id: Output[Clearable[str]]
    oauth_client_id: Output[Clearable[str]]
    oauth_client_secret: Output[Clearable[str]]
    oauth_client_secret_expires_on: Output[str | None]
    aad_resource_id: Output[Clearable[str]]
    key_vault_reference: Output[Clearable[str]]
    key_vault_certificate_expires_on: Output[str | None]
    managed_identity: Output[Clearable[str]]
    power_platform_managed_identity: Output[Clearable[str]]
    purview_managed_identity: Output[Clearable[str]]
    acs_enabled_for_outgoing_email: Output[bool | None]
    acs_endpoint_url: Output[Clearable[str]]
    acs_email_service_name: Output[Clearable[str]]
    acs_resource_group_name: Output[Clearable[str]]
    acs_subscription_id: Output[Clearable[str]]
    acs_managed_identity: Output[Clearable[str]]
    owning_user: Output[str | None]
    owning_team: Output[str | None]
    state: Output[str | None]
    adopt: Output[bool | None]
    allow_replacement: Output[bool | None]
    on_delete: Output[str | None]
    is_incoming_password_set: Output[bool | None]
    is_outgoing_password_set: Output[bool | None]
    is_oauth_client_secret_set: Output[bool | None]
    email_server_type_name: Output[str | None]
    last_authorization_status: Output[str | None]
    last_test_execution_status: Output[str | None]

    def __init__(
        self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[EmailServerProfileArgs]
    ) -> None:
        super().__init__(resource_name, opts, dict(args))

    @classmethod
    def exchange_online(
        cls, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[SetUpArgs]
    ) -> Self:
        """Declare a profile of one's own for Exchange Online in the same tenant, server to server.

        It differs from the built-in profile by its name and processing date.
        Source: https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization
        """
        retrieval = EXCHANGE_ONLINE.retrieval
        return cls(resource_name, opts, incoming_credential_retrieval=retrieval, **EXCHANGE_ONLINE.fill(args))

    @classmethod
    def one_account(
        cls, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[OneAccountArgs]
    ) -> Self:
        """Declare a profile whose one account opens all mailboxes of an Exchange Server by impersonation.

        What Microsoft recommends is filled in where nothing else is stated; what differs from it is warned about.
        Source: https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization
        """
        retrieval = ONE_ACCOUNT.retrieval
        return cls(resource_name, opts, incoming_credential_retrieval=retrieval, **ONE_ACCOUNT.fill(args))

    @classmethod
    def individual_credentials(
        cls, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[SetUpArgs]
    ) -> Self:
        """Declare a profile of an Exchange Server that each mailbox uses with credentials of its own.

        The mailboxes are declared by `Mailbox.with_own_credentials`.
        What Microsoft recommends is filled in where nothing else is stated; what differs from it is warned about.
        Source: https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization
        """
        retrieval = INDIVIDUAL_CREDENTIALS.retrieval
        return cls(resource_name, opts, incoming_credential_retrieval=retrieval, **INDIVIDUAL_CREDENTIALS.fill(args))
