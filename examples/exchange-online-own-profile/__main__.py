"""Profiles of one's own for Exchange Online, server to server: their names and dates are chosen here."""

from pulumi_dataverse_email import EmailServerProfile, Mailbox

online = EmailServerProfile.exchange_online(
    "online", name="Contoso Exchange Online", process_emails_received_after="2026-09-01T00:00:00Z"
)
Mailbox.synchronized("anna", user="anna@contoso.com", email_server_profile=online, on_delete="restore")

# A later date than the profile's is the mailbox's own.
Mailbox.synchronized(
    "ben",
    user="ben@contoso.com",
    email_server_profile=online,
    process_email_received_after="2026-10-01",
    on_delete="restore",
)

# An earlier one takes another profile, because the later of the two dates wins.
since_january = EmailServerProfile.exchange_online(
    "since-january", name="Contoso since January", process_emails_received_after="2026-01-01T00:00:00Z"
)
Mailbox.synchronized("support", queue="Support", email_server_profile=since_january, on_delete="restore")
