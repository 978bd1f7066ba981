"""The same teams in every environment; only production synchronizes their mail."""

from team_mailboxes import TeamMailboxes

from pulumi_dataverse_email import MailboxTestAndEnable

ONLINE = "Microsoft Exchange Online"

sales = TeamMailboxes(
    "sales", people=["anna@contoso.com", "ben@contoso.com"], queue="Sales", email_server_profile=ONLINE
)
support = TeamMailboxes("support", people=["chris@contoso.com"], queue="Support", email_server_profile=ONLINE)

MailboxTestAndEnable("everybody", mailboxes=[*sales.mailboxes, *support.mailboxes], approval="approve")
