"""The built-in profile, Microsoft Exchange Online: the mailboxes name it, and nothing is written to it."""

from pulumi_dataverse_email import Mailbox

BUILT_IN = "Microsoft Exchange Online"

Mailbox.synchronized("anna", user="anna@contoso.com", email_server_profile=BUILT_IN)
Mailbox.synchronized("ben", user="ben@contoso.com", email_server_profile=BUILT_IN)
Mailbox.synchronized("support", queue="Support", email_server_profile=BUILT_IN)
