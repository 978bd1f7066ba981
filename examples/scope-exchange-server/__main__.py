"""One account opens two mailboxes of an Exchange Server by impersonation, and no others."""

import pulumi

from pulumi_dataverse_email import EmailServerProfile, ImpersonationScope, Mailbox

config = pulumi.Config()

profile = EmailServerProfile(
    "one-account",
    name="Contoso Exchange",
    server_type="exchange_server",
    use_auto_discover=True,
    incoming_credential_retrieval="credentials_specified_in_email_server_profile",
    incoming_user_name="CONTOSO\\crm-sync",
    incoming_password=config.require_secret("incomingPassword"),
    incoming_use_impersonation=True,
    use_same_settings_for_outgoing_connections=True,
    process_emails_received_after="2026-11-01T00:00:00Z",
)


def synchronize(user: str) -> Mailbox:
    """Declare the mailbox of one user."""
    return Mailbox(
        user.partition("@")[0],
        user=user,
        email_server_profile=profile,
        incoming_email_delivery_method="server_side_synchronization",
        outgoing_email_delivery_method="server_side_synchronization",
        act_delivery_method="server_side_synchronization",
        on_delete="restore",
    )


mailboxes = [synchronize("anna@contoso.com"), synchronize("ben@contoso.com")]

ImpersonationScope(
    "crm",
    platform="exchange_server",
    name="CRM mailboxes",
    service_account="crm-sync@contoso.com",
    mailboxes=mailboxes,
    profile=profile,
)
