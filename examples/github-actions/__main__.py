"""Who synchronizes mail: edited in pull requests, carried out by the pipeline."""

from pulumi_dataverse_email import Mailbox, MailboxTestAndEnable

ONLINE = "Microsoft Exchange Online"

people = [
    Mailbox.synchronized(name, user=f"{name}@contoso.com", email_server_profile=ONLINE, on_delete="disable")
    for name in ("anna", "ben")
]
MailboxTestAndEnable("everybody", mailboxes=people, approval="approve")
