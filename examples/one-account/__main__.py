"""One account opens all mailboxes of an Exchange Server by impersonation."""

import pulumi

from pulumi_dataverse_email import EmailServerProfile, Mailbox

profile = EmailServerProfile.one_account(
    "exchange",
    name="Contoso Exchange",
    incoming_user_name="CONTOSO\\crm-sync",
    incoming_password=pulumi.Config().require_secret("incomingPassword"),
    process_emails_received_after="2026-09-01T00:00:00Z",
)
Mailbox.synchronized("anna", user="anna@contoso.com", email_server_profile=profile, on_delete="restore")
Mailbox.synchronized("ben", user="ben@contoso.com", email_server_profile=profile, on_delete="restore")
Mailbox.synchronized("support", queue="Support", email_server_profile=profile, on_delete="restore")
