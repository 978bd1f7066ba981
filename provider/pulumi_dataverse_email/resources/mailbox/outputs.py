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
