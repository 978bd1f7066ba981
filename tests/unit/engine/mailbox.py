"""What the stories of mailboxes share: Anna's mailbox, and how it is declared."""

from tests.system.emulated import Dataverse

SECRET = "Str0ng-and-secret-Passw0rd"
ANNA = "anna@contoso.com"
NOBODY = "00000000-0000-4000-8000-000000000000"
ONLINE = "Microsoft Exchange Online"
SYNC = "server_side_synchronization"
METHODS = {
    "incoming_email_delivery_method": SYNC,
    "outgoing_email_delivery_method": SYNC,
    "act_delivery_method": SYNC,
}


def codes(dataverse: Dataverse) -> tuple[int, int, int]:
    """Return the three methods of Anna's mailbox."""
    row = dataverse.anna()
    return row["incomingemaildeliverymethod"], row["outgoingemaildeliverymethod"], row["actdeliverymethod"]


def owner(dataverse: Dataverse) -> dict[str, str]:
    """Return the user whose mailbox is Anna's."""
    return dict(dataverse.row("systemusers", "Anna Weber"))
