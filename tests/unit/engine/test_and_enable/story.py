"""What the stories of test-and-enable share: mailboxes that wait to be enabled, and a stack that enables them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulumi_dataverse_email.dataverse.deadline import Clock
from pulumi_dataverse_email.dataverse.rows import Rows
from pulumi_dataverse_email.engine.check import Difference
from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.engine.test_and_enable.settle import check, diff
from pulumi_dataverse_email.engine.test_and_enable.verbs import Enabling
from pulumi_dataverse_email.resources import KINDS, mailbox_set
from tests.system.emulated import Dataverse
from tests.unit.engine.stack import HOST, Warnings, kept

ACCOUNT, PASSWORD = "CONTOSO\\crm-sync", "for-the-emulator-and-previews-only"
SYNCHRONIZED = {"incomingemaildeliverymethod": 2, "outgoingemaildeliverymethod": 2, "actdeliverymethod": 1}
APPROVED = {"emailrouteraccessapproval": 1, "isemailaddressapprovedbyo365admin": True}
ENABLED = {"incomingemailstatus": 1, "outgoingemailstatus": 1, "actstatus": 1, "mailboxstatus": 1}
LONG_AGO = {"testmailboxaccesscompletedon": "2026-01-01T00:00:00Z"}

KIND = KINDS["MailboxTestAndEnable"]


class EmulatedClock(Clock):
    """The emulator's clock, which runs on by every pause; `then` does something to the environment meanwhile."""

    def __init__(self, dataverse: Dataverse) -> None:
        self._dataverse = dataverse
        self._passed = 0.0
        self.pauses: list[float] = []
        self.then: Callable[[], None] = lambda: None

    def now(self) -> float:
        """Return the seconds that have passed."""
        return self._passed

    def pause(self, seconds: float) -> None:
        """Let the emulator's clock run on."""
        self._passed += seconds
        self.pauses.append(seconds)
        self._dataverse.control("POST", "clock", {"advance": seconds})
        self.then()

    def moment(self) -> datetime:
        """Return the emulator's present moment."""
        return datetime.fromisoformat(self._dataverse.control("GET", "clock")["now"])


class Told(Warnings):
    """A report that also keeps the status lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def status(self, message: str) -> None:
        """Keep a status line."""
        self.lines.append(message)


@dataclass
class Group:
    """One MailboxTestAndEnable of a stack, brought about as Pulumi does it."""

    dataverse: Dataverse
    rows: Rows
    limits: Limits = field(default_factory=Limits)
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = EmulatedClock(self.dataverse)
        self.told = Told()

    def run(self) -> Run:
        """Start a process."""
        self.told = Told()
        return Run(Target(HOST, None, lambda: self.rows, self.limits), self.told, clock=self.clock)

    def checked(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return the checked inputs, which must have no faults."""
        inputs, faults = check(KIND, self.inputs, arguments)
        assert not faults, [str(fault) for fault in faults]
        return kept(inputs)

    def plan(self, **arguments: object) -> Difference:
        """Say what a preview shows."""
        return diff(KIND, self.run(), self.outputs, self.checked(arguments))

    def up(self, run: Run | None = None, /, **arguments: object) -> dict[str, Any]:
        """Bring the group about, where there is something to do, and return the outputs."""
        inputs, run = self.checked(arguments), run or self.run()
        if not self.outputs or diff(KIND, run, self.outputs, inputs).changes is not False:
            enabling = Enabling(KIND, mailbox_set.KIND, run)
            verb = "update" if self.outputs else "create"
            self.outputs = kept(enabling.bring_about(verb, inputs, self.outputs))
        self.inputs = inputs
        return self.outputs

    def refresh(self) -> dict[str, Any]:
        """Read the group and return its inputs."""
        outputs, inputs = Enabling(KIND, mailbox_set.KIND, self.run()).read(self.outputs)
        self.outputs, self.inputs = kept(outputs), kept(inputs)
        return self.inputs


def on_premises(dataverse: Dataverse, **columns: object) -> str:
    """Make a profile with one account, which opens every mailbox, and return its id."""
    made = dataverse.make(
        "emailserverprofiles",
        **{
            "name": "On premises",
            "servertype": 0,
            "useautodiscover": True,
            "incomingcredentialretrieval": 1,
            "incomingusername": ACCOUNT,
            "incomingpassword": PASSWORD,
            "incominguseimpersonation": True,
            "usesamesettingsforoutgoingconnections": True,
            **columns,
        },
    )
    return str(made["emailserverprofileid"])


def prepare(dataverse: Dataverse, profile: str, names: Iterable[str], **columns: object) -> dict[str, str]:
    """Give people's approved mailboxes the profile and the methods; return name -> id, by first names."""
    found = {}
    for name in names:
        row = mailbox(dataverse, name)
        changes = {**SYNCHRONIZED, **APPROVED, "emailserverprofile": profile, **columns}
        changes["_emailserverprofile_value"] = changes.pop("emailserverprofile")
        dataverse.edit("mailboxes", row, **changes)
        found[name] = str(row["mailboxid"])
    return found


def mailbox(dataverse: Dataverse, name: str) -> Mapping[str, Any]:
    """Return the one mailbox whose name begins so, whatever its case."""
    (row,) = [it for it in dataverse.rows("mailboxes") if str(it["name"]).lower().startswith(name)]
    return row


def hire(dataverse: Dataverse, count: int) -> list[str]:
    """Let people come, with their mailboxes; return what they are called."""
    names = [f"p{number:03}" for number in range(count)]
    for name in names:
        dataverse.make(
            "systemusers",
            firstname=name,
            lastname="",
            domainname=f"{name}@contoso.com",
            internalemailaddress=f"{name}@contoso.com",
        )
    return names


def batches(dataverse: Dataverse) -> int:
    """Return how many batches were sent."""
    return dataverse.writes().count("POST $batch")


def those_tested(dataverse: Dataverse) -> set[str]:
    """Return the first names of the mailboxes whose test was ever asked for."""
    rows = dataverse.rows("mailboxes")
    return {str(it["name"]).split()[0].lower() for it in rows if it["testandenablelastattemptedon"]}


def forget_tests(dataverse: Dataverse) -> None:
    """Forget whose test was asked for, and which requests there were."""
    for row in dataverse.rows("mailboxes"):
        if row["testandenablelastattemptedon"]:
            dataverse.edit("mailboxes", row, testandenablelastattemptedon=None)
    dataverse.forget_requests()


def account(dataverse: Dataverse, **changes: object) -> None:
    """Change the account on the mail server: its password, whom it impersonates."""
    dataverse.control("PATCH", "mail-servers/account", {"user_name": ACCOUNT, **changes})
