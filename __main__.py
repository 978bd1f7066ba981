"""The one-account set-up of Microsoft's best practices for server-side synchronization.

One account opens every mailbox by impersonation.
Source: https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization
"""

import os

import pulumi

from pulumi_dataverse_email import EmailServerProfile, Mailbox

password = pulumi.Config().get_secret("incomingPassword")
if password is None:
    if not (pulumi.runtime.is_dry_run() or os.environ.get("DATAVERSE_EMULATOR_URL")):
        raise pulumi.RunError(
            "The account's password is missing; give it with\n"
            "  pulumi config set --secret dataverse-email:incomingPassword"
        )
    password = pulumi.Output.secret("for-the-emulator-and-previews-only")

profile = EmailServerProfile(
    "one-account",
    name="Contoso Exchange",
    server_type="exchange_server",
    use_auto_discover=True,
    incoming_credential_retrieval="credentials_specified_in_email_server_profile",
    incoming_user_name="CONTOSO\\crm-sync",
    incoming_password=password,
    incoming_use_impersonation=True,
    use_same_settings_for_outgoing_connections=True,
    process_emails_received_after="2026-11-01T00:00:00Z",
)


def synchronize(name: str, *, user: str | None = None, queue: str | None = None) -> None:
    """Declare the mailbox of one user or queue; queues have no appointments, contacts and tasks."""
    Mailbox(
        name,
        user=user,
        queue=queue,
        email_server_profile=profile,
        incoming_email_delivery_method="server_side_synchronization",
        outgoing_email_delivery_method="server_side_synchronization",
        act_delivery_method="none" if queue else "server_side_synchronization",
        on_delete="restore",
    )


synchronize("anna", user="anna@contoso.com")
synchronize("ben", user="ben@contoso.com")
synchronize("support", queue="Support")
