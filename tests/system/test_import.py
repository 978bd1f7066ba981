"""An organization that is there is brought into a program and a state, with the real engine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import running

from .emulated import Dataverse
from .stack import FAILED, Stack

ON = "incomingemaildeliverymethod: 2, outgoingemaildeliverymethod: 2"
SEED = f"""
organization: {{name: "Fabrikam \\"Nord\\"", tenant_id: 5f0c2a10-0000-4000-8000-00000000c070}}
profiles:
  - name: Microsoft Exchange Online
    built_in: true
    columns: {{incomingcredentialretrieval: 2, outgoingcredentialretrieval: 2}}
  - name: Contoso Exchange
    columns: {{servertype: 0, useautodiscover: true, incomingcredentialretrieval: 1, incominguseimpersonation: true,
      incomingusername: 'CONTOSO\\crm-sync', incomingpassword: not-to-be-read, incomingportnumber: 443,
      usesamesettingsforoutgoingconnections: true, processemailsreceivedafter: "2026-11-01T00:00:00Z"}}
  - {{name: Nobody uses it, columns: {{servertype: 0}}}}
users:
  - name: "Online {{n}}"
    principal_name: "o{{n}}@contoso.com"
    email_address: "o{{n}}@contoso.com"
    count: 600
    mailbox: {{emailserverprofile: Microsoft Exchange Online, {ON}, actdeliverymethod: 1}}
  - name: "Server {{n}}"
    principal_name: "s{{n}}@contoso.com"
    email_address: "s{{n}}@contoso.com"
    count: 300
    mailbox: {{emailserverprofile: Contoso Exchange, {ON}, actdeliverymethod: 1}}
  - name: "No calendar {{n}}"
    principal_name: "n{{n}}@contoso.com"
    email_address: "n{{n}}@contoso.com"
    count: 50
    mailbox: {{emailserverprofile: Contoso Exchange, {ON}, actdeliverymethod: 2, verboseloggingenabled: 3}}
  - name: "Nothing {{n}}"
    principal_name: "x{{n}}@contoso.com"
    email_address: "x{{n}}@contoso.com"
    count: 40
queues:
  - {{name: Support, email_address: support@contoso.com, mailbox: {{emailserverprofile: Microsoft Exchange Online, {ON},
     actdeliverymethod: 2}}}}
  - {{name: 'Sales: "Nord"', email_address: sales@contoso.com, mailbox: {{emailserverprofile: Contoso Exchange, {ON},
     actdeliverymethod: 2}}}}
  - {{name: Empty}}
"""


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataverse]:
    """An organization of about a thousand mailboxes with mixed settings."""
    seed = tmp_path_factory.mktemp("import") / "seed.yaml"
    seed.write_text(SEED, "utf-8")
    with running(seed_file=seed) as emulator:
        yield Dataverse(emulator.environment)


def run(dataverse: Dataverse, *arguments: str, status: int = 0) -> str:
    """Run `dataverse-email import` and return what it told."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dataverse-email")), "import", *arguments],
        env={**os.environ, **dataverse.settings, "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stdout == ""
    return done.stderr


def brought_in(stack: Stack, dataverse: Dataverse, *arguments: str) -> str:
    """Import into the project's folder, and take the state over."""
    for name in ("Pulumi.yaml", "__main__.py"):
        (stack.folder / name).unlink()
    said = run(dataverse, "--out", str(stack.folder), *arguments)
    (stack.folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    stack.pulumi("stack", "init", "imported")
    stack.pulumi("import", "--file", "import.json", "--generate-code=false", "--yes")
    return said


def test_a_thousand_mailboxes_are_brought_in_without_a_write(tmp_path: Path, organization: Dataverse) -> None:
    """At most ten requests, a clean preview, an up that sends nothing, and then one edit changes one row."""
    stack = Stack(tmp_path / "project", dict(organization.settings))
    organization.forget_requests()
    said = brought_in(stack, organization)
    assert "Declared 952 mailboxes and 1 profiles" in said
    assert "1 has no address, 40 synchronizes nothing" in said
    assert organization.writes() == []
    assert len(organization.data_requests()) <= 10

    organization.forget_requests()
    stack.clean()
    stack.up("--expect-no-changes")
    assert organization.requests() == []
    stack.clean("--refresh")
    assert organization.writes() == []

    people = stack.folder / "contoso-exchange-users.csv"
    text = people.read_text()
    assert "n7@contoso.com,none,3\n" in text
    people.write_text(text.replace("n7@contoso.com,none,3\n", "n7@contoso.com,none,4\n"))
    organization.forget_requests()
    stack.up()
    assert organization.writes() == ["POST $batch"]
    assert organization.row("mailboxes", "No calendar 7")["verboseloggingenabled"] == 4


def test_single_mailboxes_are_kept_and_protected(tmp_path: Path, organization: Dataverse) -> None:
    """Filtered by address; the program can be type-checked and destroys nothing."""
    stack = Stack(tmp_path / "project", dict(organization.settings))
    brought_in(stack, organization, "--address", "s1*@contoso.com", "--address", "sales@*", "--sets-from", "9999")
    program = (stack.folder / "__main__.py").read_text()
    assert '# incoming_password=pulumi.Config().require_secret("contosoExchangeIncomingPassword")' in program
    assert "not-to-be-read" not in "".join(it.read_text() for it in stack.folder.glob("*.*") if it.is_file())
    stack.clean("--refresh")
    for command in (["mypy", "--strict"], ["ruff", "format", "--check"], ["ruff", "check", "--select", "F,I"]):
        tool = Path(sys.executable).with_name(command[0])
        subprocess.run([tool, *command[1:], "__main__.py"], cwd=stack.folder, check=True, capture_output=True)

    stack.program(program.partition("Mailbox(")[0].replace("import pulumi\n", ""))
    assert "protect" in stack.up(status=FAILED).flat
    assert organization.row("mailboxes", "Server 1")["incomingemaildeliverymethod"] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--profile", "Nowhere"), "no profile is called 'Nowhere'"),
        (("--owner", "nobody@contoso.com"), "no mailbox belongs to 'nobody@contoso.com'"),
        (("--queue", "o1@contoso.com"), "no mailbox belongs to a queue 'o1@contoso.com'"),
        (("--address", "*@elsewhere.example"), "no mailbox has an address like '*@elsewhere.example'"),
        (("--owner", "x1@contoso.com"), "no mailbox is left to declare.\nSkipped: 1 synchronizes nothing."),
    ],
)
def test_filters_that_nobody_meets_are_named(
    tmp_path: Path, organization: Dataverse, arguments: tuple[str, ...], says: str
) -> None:
    """And nothing is written, neither here nor there."""
    assert says in run(organization, "--out", str(tmp_path / "out"), *arguments, status=1)
    assert not (tmp_path / "out").exists()


def test_an_organization_that_may_not_be_read_is_said_to_be_so(tmp_path: Path, organization: Dataverse) -> None:
    """With the privilege that is missing; nothing is written."""
    body = '{"error": {"code": "0x80040220", "message": "Principal user is missing prvReadEmailServerProfile."}}'
    organization.fault("emailserverprofiles", {"status": 403, "body": body}, method="GET")

    said = run(organization, "--out", str(tmp_path / "out"), status=1)

    assert "prvReadEmailServerProfile" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_what_a_person_wrote_is_not_overwritten(tmp_path: Path, organization: Dataverse) -> None:
    (tmp_path / "__main__.py").write_text("print('mine')\n")

    assert "has __main__.py already" in run(organization, "--out", str(tmp_path), status=1)

    assert [it.name for it in tmp_path.iterdir()] == ["__main__.py"]


def test_a_test_and_enable_is_declared_where_that_is_asked_for(tmp_path: Path, organization: Dataverse) -> None:
    """It is the one resource that the next preview makes."""
    stack = Stack(tmp_path / "project", dict(organization.settings))
    brought_in(stack, organization, "--queue", "Support", "--owner", "support", "--test-and-enable")

    assert {name: step["op"] for name, step in stack.steps().items()} == {"everybody": "create"}
