"""Two sets: people from a file, who may be edited without knowing Python, and all queues, whoever makes a new one."""

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
    on_delete="disable",
    when_missing="wait",
)

queues = MailboxSet(
    "queues",
    selection={"of": "queues", "address_ends_with": "@contoso.com"},
    email_server_profile=PROFILE,
    incoming_email_delivery_method=SYNCHRONIZED,
    outgoing_email_delivery_method=SYNCHRONIZED,
    on_delete="disable",
)

pulumi.export("waiting", people.waiting)
