"""Each mailbox of an Exchange Server has its own user name and password."""

import pulumi

from pulumi_dataverse_email import EmailServerProfile, Mailbox

config = pulumi.Config()

profile = EmailServerProfile.individual_credentials(
    "exchange", name="Contoso Exchange", process_emails_received_after="2026-09-01T00:00:00Z"
)
Mailbox.with_own_credentials(
    "anna",
    user="anna@contoso.com",
    email_server_profile=profile,
    username="CONTOSO\\anna",
    password=config.require_secret("annaPassword"),
    on_delete="restore",
)
Mailbox.with_own_credentials(
    "support",
    queue="Support",
    email_server_profile=profile,
    username="CONTOSO\\support",
    password=config.require_secret("supportPassword"),
    on_delete="restore",
)
