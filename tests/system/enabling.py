"""What the tests of test-and-enable share: organizations of many people, and programs that enable them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pulumi_dataverse_email.emulator import running

from .emulated import Dataverse
from .programs import PROFILE, SECRET
from .stack import Stack

SEED = """
organization: {{name: Contoso, tenant_id: 5f0c2a10-0000-4000-8000-00000000c070}}
switches: {{test_seconds: {seconds}}}
mail_servers:
  - kind: exchange
    auto_discover: true
    accounts: [{{user_name: 'CONTOSO\\crm-sync', password: {password}, impersonates: all}}]
profiles:
  - name: Healthy
    columns: {{servertype: 0, useautodiscover: true, incomingcredentialretrieval: 1, incominguseimpersonation: true,
      incomingusername: 'CONTOSO\\crm-sync', incomingpassword: {password}}}
users:
  - name: "p{{n}}"
    principal_name: "p{{n}}@contoso.com"
    email_address: "p{{n}}@contoso.com"
    count: {count}
    mailbox: {{emailrouteraccessapproval: 1, isemailaddressapprovedbyo365admin: true{mailbox}}}
"""

HEALTHY = (
    ", emailserverprofile: Healthy, incomingemaildeliverymethod: 2, outgoingemaildeliverymethod: 2, "
    "actdeliverymethod: 1, incomingemailstatus: 1, outgoingemailstatus: 1, actstatus: 1, mailboxstatus: 1"
)
"""Columns of a mailbox that is enabled."""

METHODS = """
methods = dict.fromkeys(
    ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method"),
    "server_side_synchronization")
"""

STATUSES = ("incomingemailstatus", "outgoingemailstatus", "actstatus")


def group(count: int, arguments: str = "", profile: str = PROFILE) -> str:
    """Return a program of so many mailboxes of one profile, and their test-and-enable."""
    return f"""{profile}{METHODS}
people = [Mailbox(f"p{{n}}", user=f"p{{n}}@contoso.com", email_server_profile=profile, **methods)
          for n in range(1, {count} + 1)]
enable = MailboxTestAndEnable("enable", mailboxes=people{arguments})
"""


@contextmanager
def crowd(folder: Path, count: int, mailbox: str = "", seconds: int = 0) -> Iterator[tuple[Stack, Dataverse]]:
    """An organization of so many people whose tests take so long, and an empty stack."""
    seed = folder / "seed.yaml"
    seed.write_text(SEED.format(count=count, mailbox=mailbox, password=SECRET, seconds=seconds), "utf-8")
    with running(seed_file=seed) as emulator:
        yield Stack(folder / "project", dict(emulator.environment)), Dataverse(emulator.environment)


def enabled(dataverse: Dataverse) -> list[str]:
    """Return the names of the mailboxes at three times Success."""
    return sorted(str(row["name"]) for row in dataverse.rows("mailboxes") if all(row[it] == 1 for it in STATUSES))


def person(dataverse: Dataverse, number: int) -> Mapping[str, object]:
    """Return a person's mailbox."""
    return dataverse.row("mailboxes", f"p{number}")


def account(dataverse: Dataverse, **changes: object) -> None:
    """Change the account on the mail server."""
    dataverse.control("PATCH", "mail-servers/account", {"user_name": "CONTOSO\\crm-sync", **changes})
