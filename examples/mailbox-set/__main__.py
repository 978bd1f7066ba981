"""The mailboxes of a department from a file, and those of all queues by selection."""

import pulumi

from pulumi_dataverse_email import CsvFile, MailboxSet

SYNCHRONIZED = "server_side_synchronization"
PROFILE = "Microsoft Exchange Online"

people = MailboxSet(
    "people",
    members=CsvFile("people.csv"),
    email_server_profile=PROFILE,
    incoming_email_delivery_method=SYNCHRONIZED,
    outgoing_email_delivery_method=SYNCHRONIZED,
    act_delivery_method=SYNCHRONIZED,
    when_missing="wait",
    on_delete="restore",
)
queues = MailboxSet(
    "queues",
    selection={"of": "queues", "address_ends_with": "@contoso.com"},
    email_server_profile=PROFILE,
    incoming_email_delivery_method=SYNCHRONIZED,
    outgoing_email_delivery_method=SYNCHRONIZED,
    on_delete="restore",
)
pulumi.export("waiting", people.waiting)
