"""One account opens two mailboxes of an Exchange Server by impersonation, and no others."""

import pulumi

from pulumi_dataverse_email import EmailServerProfile, ImpersonationScope, Mailbox

profile = EmailServerProfile.one_account(
    "exchange",
    name="Contoso Exchange",
    incoming_user_name="CONTOSO\\crm-sync",
    incoming_password=pulumi.Config().require_secret("incomingPassword"),
    process_emails_received_after="2026-11-01T00:00:00Z",
)
mailboxes = [
    Mailbox.synchronized(name, user=f"{name}@contoso.com", email_server_profile=profile, on_delete="restore")
    for name in ("anna", "ben")
]

ImpersonationScope(
    "crm",
    platform="exchange_server",
    name="CRM mailboxes",
    service_account="crm-sync@contoso.com",
    mailboxes=mailboxes,
    profile=profile,
)
