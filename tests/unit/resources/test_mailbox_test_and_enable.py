"""The program's side of a test-and-enable: what it takes from the resources that it is given."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from pulumi_dataverse_email import EmailServerProfile, Mailbox, MailboxTestAndEnable, Provider
from tests.unit.program import Program

GUID = "11111111-1111-4111-8111-111111111111"


def profile() -> EmailServerProfile:
    """Declare a profile."""
    return EmailServerProfile("one-account", name="Contoso", server_type="exchange_online_hybrid")


def anna(**arguments: object) -> Mailbox:
    """Declare a mailbox."""
    return Mailbox("anna", user="anna@contoso.com", **arguments)  # type: ignore[arg-type]  # as the test gives them


class Checked(Program):
    """A run of a program whose resources have passed check."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Settle a resource's generation."""
        row_id, outputs = super().new_resource(args)
        return row_id, {**outputs, "generation": 3}


def inputs(declare: Callable[[], object]) -> dict[str, object]:
    """Return what a program declares as `group`."""
    program = Checked().run(declare)
    assert program.errors == []
    return {name: it for name, it in program.inputs["group"].items() if name != "__provider"}


def test_ids_and_generations_are_entries_of_their_own() -> None:
    """Each mailbox and each profile has its lines in the preview; a mailbox given by id has no generation."""

    def declare() -> None:
        MailboxTestAndEnable("group", mailboxes=[anna(email_server_profile=profile()), GUID], canaries=["anna"])

    sent = inputs(declare)
    row_id = sent["profiles"]["one-account"]  # type: ignore[index]  # a map
    assert sent == {
        "mailboxes": {"anna": "anna", GUID: GUID},
        "generations": {"anna": 3},
        "profiles": {"one-account": row_id},
        "profile_generations": {"one-account": 3},
        "canaries": ["anna"],
    }


def test_a_profile_stands_for_its_mailboxes() -> None:
    sent = inputs(lambda: MailboxTestAndEnable("group", profile=profile(), all_mailboxes=True))

    assert sent["profile"] == sent["profiles"]["one-account"]  # type: ignore[index]  # a map
    assert (sent["all_mailboxes"], "mailboxes" in sent) == (True, False)


def test_canaries_are_resources_or_names() -> None:
    def declare() -> None:
        one = anna()
        MailboxTestAndEnable("group", mailboxes=[one, GUID], canaries=[one, GUID])

    assert inputs(declare)["canaries"] == ["anna", GUID]


FAULTS: dict[str, tuple[Callable[[], object], str]] = {
    "empty": (lambda: MailboxTestAndEnable("group", mailboxes=[]), "mailboxes: the list is empty"),
    "nobody": (lambda: MailboxTestAndEnable("group"), "mailboxes: give either mailboxes, or profile"),
    "twice": (lambda: MailboxTestAndEnable("group", mailboxes=[GUID, GUID]), f"names '{GUID}' twice"),
    "no id": (lambda: MailboxTestAndEnable("group", mailboxes=["Anna"]), "holds a text that is no id"),
    "output": (
        lambda: MailboxTestAndEnable("group", mailboxes=[pulumi.Output.from_input(GUID)]),  # type: ignore[list-item]  # the fault
        "wants Mailbox and MailboxSet resources, or ids that are known when the program runs",
    ),
    "profile among mailboxes": (
        lambda: MailboxTestAndEnable("group", mailboxes=[profile()]),  # type: ignore[list-item]  # the fault
        "wants Mailbox and MailboxSet resources",
    ),
    "canary": (lambda: MailboxTestAndEnable("group", mailboxes=[GUID], canaries=["ben"]), "not in mailboxes"),
    "wave": (lambda: MailboxTestAndEnable("group", mailboxes=[GUID], wave_size=0), "wave_size: should be greater"),
    "approval": (lambda: MailboxTestAndEnable("group", mailboxes=[GUID], approval="maybe"), "approval: should be"),  # type: ignore[arg-type]  # the fault
    "misspelt": (lambda: MailboxTestAndEnable("group", mailbox=[GUID]), "did you mean 'mailboxes'"),  # type: ignore[call-arg]  # the fault
    "one mailbox": (lambda: MailboxTestAndEnable("group", mailboxes=GUID), "mailboxes: should be a list"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told(case: str) -> None:
    """Each is logged with the resource's name, and stops nothing before check."""
    declare, words = FAULTS[case]
    program = Program().run(declare)

    assert [text for text in program.errors if text.startswith("MailboxTestAndEnable 'group': ") and words in text]


def test_a_second_one_of_an_environment_is_warned_about() -> None:
    """Both hold up other work while they wait; one for another environment has a process of its own."""

    def declare() -> None:
        MailboxTestAndEnable("group", mailboxes=[GUID])
        other = Provider("other", environment_url="https://fabrikam.crm4.dynamics.com")
        MailboxTestAndEnable("elsewhere", mailboxes=[GUID], opts=pulumi.ResourceOptions(provider=other))
        MailboxTestAndEnable("second", mailboxes=[GUID])

    warnings = Program().run(declare).warnings
    assert [text for text in warnings if "'group' of this environment tests and waits too" in text] == warnings


PROGRAM = """
import pulumi
from pulumi.runtime import mocks
from pulumi_dataverse_email import MailboxTestAndEnable

class Engine(mocks.Mocks):
    def new_resource(self, args):
        told = {"failed": {"anna": "act failure: No."}, "not_approved": {"ben": "There."}}
        told["unfinished"] = ["anna", "ben"]
        return args.name, {**args.inputs, **told}

    def call(self, args):
        return {}, []

pulumi.runtime.set_mocks(Engine(), "project", "stack", preview=PREVIEW)

@pulumi.runtime.test
def program():
    group = MailboxTestAndEnable("group", mailboxes=["11111111-1111-4111-8111-111111111111"], **ARGS)
    return group.unfinished.apply(lambda _: print("all else"))

RUN
print("done")
"""


def ended(arguments: str, *, preview: bool = False, run: str = "program()") -> "subprocess.CompletedProcess[str]":
    """Run a program two of whose mailboxes are not enabled."""
    text = PROGRAM.replace("PREVIEW", str(preview)).replace("ARGS", arguments).replace("RUN", run)
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False)


def test_failures_end_the_program_once_all_else_is_done() -> None:
    """The exit status says so, and standard error names each mailbox; the last line stands alone."""
    process = ended("{}")

    assert (process.returncode, process.stdout.split("\n")) == (1, ["all else", "done", ""])
    *_, last = process.stderr.strip().split("\n")
    assert "MailboxTestAndEnable 'group': 2 mailboxes are not enabled, all others are done:" in process.stderr
    assert "  anna: act failure: No.\n  ben: not approved: There.\n" in process.stderr
    assert last == "Mend what is said of anna, ben, then run `pulumi up` again: it takes up these alone."


@pytest.mark.parametrize(
    ("arguments", "preview"), [("{'on_failure': 'warn'}", False), ("{'allowed_failures': 2}", False), ("{}", True)]
)
def test_failures_that_may_be_leave_the_program_alone(arguments: str, preview: bool) -> None:  # noqa: FBT001  a case
    process = ended(arguments, preview=preview)

    assert (process.returncode, "done" in process.stdout) == (0, True)
    assert ("2 mailboxes are not enabled" in process.stderr) is ("warn" in arguments)


def test_a_program_that_runs_inline_is_told_by_an_exception() -> None:
    """Such a program has no end of its own at which it could be told."""
    run = "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor(1).submit(program).result()"
    process = ended("{}", run=run)

    assert "pulumi.errors.RunError: MailboxTestAndEnable 'group': 2 mailboxes" in process.stderr
    assert process.returncode == 1


def lines(names: Sequence[str]) -> str:
    """Return what a person reads of these."""
    from pulumi_dataverse_email.engine.test_and_enable.report import shortfall  # noqa: PLC0415  see the name

    return shortfall("group", {"unfinished": list(names)})


def test_the_last_line_counts_where_there_are_many() -> None:
    names = [f"p{number}" for number in range(8)]

    assert lines(names).endswith(
        "of p0, p1, p2, p3, p4 and 3 more, then run `pulumi up` again: it takes up these alone."
    )
    assert lines(["p0"]).startswith("MailboxTestAndEnable 'group': 1 mailbox is not enabled")
    assert lines([]) == ""
