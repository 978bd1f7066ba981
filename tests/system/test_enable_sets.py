"""Sets of mailboxes that are tested and enabled, with the real engine."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pulumi_dataverse_email.emulator import running

from .emulated import Dataverse
from .programs import PROFILE, SECRET
from .stack import FAILED, Stack

METHODS = """
methods = dict.fromkeys(
    ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method"),
    "server_side_synchronization")
"""
ENABLED = """
people = MailboxSet("people", members=MEMBERS, email_server_profile=profile, **methods)
MailboxTestAndEnable("enable", mailboxes=[people], timeout=600)
"""
SEED = """
organization: {{name: Contoso, tenant_id: 5f0c2a10-0000-4000-8000-00000000c070}}
switches: {{test_seconds: 0}}
mail_servers:
  - kind: exchange
    locations: ["https://mail.contoso.com/EWS/Exchange.asmx"]
    auto_discover: true
    accounts: [{{user_name: 'CONTOSO\\crm-sync', password: {secret}, impersonates: all}}]
users:
  - {{name: "Person {{n}}", principal_name: "person{{n}}@contoso.com", email_address: "person{{n}}@contoso.com",
     count: {count}, mailbox: {{emailrouteraccessapproval: 1, isemailaddressapprovedbyo365admin: true}}}}
"""
WAVE = 50


def program(count: int) -> str:
    """Return a program of a set of so many people."""
    members = f'[f"user:person{{n}}@contoso.com" for n in range(1, {count} + 1)]'
    return PROFILE + METHODS + ENABLED.replace("MEMBERS", members)


@contextmanager
def crowd(folder: Path, count: int) -> Iterator[tuple[Stack, Dataverse]]:
    """An organization of so many people, and a stack of a set of them all."""
    seed = folder / "seed.yaml"
    seed.write_text(SEED.format(count=count, secret=SECRET), "utf-8")
    with running(seed_file=seed) as emulator:
        stack = Stack(folder / "project", dict(emulator.environment))
        stack.program(program(count))
        yield stack, Dataverse(emulator.environment)


def succeeded(dataverse: Dataverse) -> int:
    """Return how many mailboxes are at three times Success."""
    columns = ("incomingemailstatus", "outgoingemailstatus", "actstatus")
    return sum(all(row[it] == 1 for it in columns) for row in dataverse.rows("mailboxes"))


def test_a_thousand_members_come_from_nothing_to_three_times_success(tmp_path: Path) -> None:
    """Within the budgets: two lists and twenty requests for the set; a list, the waves and a look a poll for the test.

    Then nothing is to be done, and nothing is asked.
    """
    with crowd(tmp_path, 1000) as (stack, dataverse):
        stack.up()

        assert succeeded(dataverse) == 1000
        requests = Counter(dataverse.data_requests())
        canaries, waves = 1, -(-998 // WAVE)
        assert requests["POST $batch"] == 1000 // 50 + canaries + waves
        assert requests["GET systemusers"] == 1
        dataverse.forget_requests()
        stack.up()
        stack.clean()
        assert dataverse.requests() == []


def test_a_member_that_fails_is_named_and_taken_up_alone(tmp_path: Path) -> None:
    """Four of five are enabled, `up` ends with an error, and after the repair the next one tests only the fifth."""
    with crowd(tmp_path, 5) as (stack, dataverse):
        row = dataverse.row("mailboxes", "Person 5")
        dataverse.edit("mailboxes", row, emailrouteraccessapproval=2, isemailaddressapprovedbyo365admin=False)

        told = stack.up(status=FAILED).flat

        assert succeeded(dataverse) == 4
        assert "MailboxTestAndEnable 'enable': 1 mailbox is not enabled" in told
        assert "user:person5@contoso.com: not approved" in told
        dataverse.edit("mailboxes", row, emailrouteraccessapproval=1, isemailaddressapprovedbyo365admin=True)
        dataverse.forget_requests()
        stack.up()
        assert succeeded(dataverse) == 5
        assert dataverse.writes() == ["POST $batch"]
        stack.clean("--refresh")


def test_a_preview_says_who_will_be_tested(tmp_path: Path) -> None:
    """A member's own change and a change for all are a number each, under the member's key and the set's name."""
    with crowd(tmp_path, 3) as (stack, dataverse):
        stack.up()
        dataverse.forget_requests()
        one = "user:person1@contoso.com"
        members = f'{{"{one}": {{"act_delivery_method": "none"}}, "user:person2@contoso.com": {{}}}}'
        changed = ENABLED.replace("MEMBERS", members).replace("**methods", "**methods, username='all'")
        stack.program(PROFILE + METHODS + changed)

        steps = stack.steps()

        assert set(steps["enable"]["detailedDiff"]) == {
            "generations.people",
            f'members.people["{one}"]',
            'members.people["user:person3@contoso.com"]',
        }
        assert dataverse.requests() == []
