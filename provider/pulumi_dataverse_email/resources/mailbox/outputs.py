"""What resources with the settings of mailboxes tell of them."""

from pulumi import Output

from ...declare import Clearable


class SettingsOutputs:
    """The settings, each as it is declared."""

    email_server_profile: Output[Clearable[str]]
    incoming_email_delivery_method: Output[str | None]
    outgoing_email_delivery_method: Output[str | None]
    act_delivery_method: Output[str | None]
    allow_email_connector_to_use_credentials: Output[bool | None]
    username: Output[Clearable[str]]
    password: Output[Clearable[str]]
    password_expires_on: Output[str | None]
    process_email_received_after: Output[Clearable[str]]
    name: Output[str | None]
    email_address: Output[str | None]
    process_and_delete_emails: Output[bool | None]
    org_marked_as_primary_for_exchange_sync: Output[bool | None]
    acs_enabled_for_outgoing_email: Output[bool | None]
    verbose_logging_enabled: Output[int | None]
    owning_user: Output[str | None]
    owning_team: Output[str | None]
    state: Output[str | None]
    on_delete: Output[str | None]
    when_missing: Output[str | None]


class MailboxOutputs(SettingsOutputs):
    """What a mailbox tells of itself.

    Pulumi resolves the types of a class's own annotations for each resource anew, and not those of its bases: of
    mailboxes there are many.
    """

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
