"""Tests of mailboxes wait for the scope that limits the account of their profile."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from pulumi_dataverse_email.dataverse.deadline import Clock
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.engine.test_and_enable.verbs import Enabling
from pulumi_dataverse_email.errors import ExchangeRefused
from pulumi_dataverse_email.resources import KINDS, mailbox_set
from tests.system.emulated import Dataverse
from tests.unit.engine.stack import HOST, Warnings

from .stack import MEMBERS, ONLINE, ScopeStack

HOURS = 7200


@dataclass
class EmulatedClock(Clock):
    """The emulator's clock, which runs on by every pause."""

    dataverse: Dataverse
    passed: float = 0.0

    def now(self) -> float:
        """Return the seconds that have passed."""
        return self.passed

    def pause(self, seconds: float) -> None:
        """Let the emulator's clock run on."""
        self.passed += seconds
        self.dataverse.control("POST", "clock", {"advance": seconds})

    def moment(self) -> datetime:
        """Return the emulator's present moment."""
        return datetime.fromisoformat(self.dataverse.control("GET", "clock")["now"])


@dataclass
class Waiting:
    """A process that tests mailboxes of a stack with a scope."""

    stack: ScopeStack
    told: Warnings = field(default_factory=Warnings)

    def __post_init__(self) -> None:
        self.clock = EmulatedClock(self.stack.online.dataverse)

    def enable(self, mailbox: str, **inputs: object) -> dict[str, object]:
        """Test and enable a mailbox, approved or not."""
        target = Target(HOST, None, lambda: self.stack.rows, exchange=lambda _: self.stack.exchange)
        run = Run(target, self.told, clock=self.clock)
        enabling = Enabling(KINDS["MailboxTestAndEnable"], mailbox_set.KIND, run)
        wanted = {"mailboxes": {"anna": mailbox}, "approval": "approve", **inputs}
        return enabling.bring_about("create", wanted, {})


@pytest.fixture
def waiting(stack: ScopeStack) -> Waiting:
    """A scope whose application Exchange lets in only two hours after the change."""
    stack.online.switch(access_delay=HOURS)
    stack.online.dataverse.control("PATCH", "switches", {"test_seconds": 1})
    stack.up(**ONLINE, **MEMBERS)
    return Waiting(stack)


def mailbox(stack: ScopeStack) -> str:
    """Make a profile with Anna's mailbox, and return its id."""
    tenant = stack.online.dataverse.settings["ARM_TENANT_ID"]
    stack.profile(oauthclientsecret="hush", usedefaulttenantid=False, exchangeonlinetenantid=tenant)
    return stack.join("Anna Weber")


def test_a_fresh_scope_is_waited_for_and_the_mailbox_enabled(waiting: Waiting) -> None:
    scope = waiting.stack.state["crm"].resource_id

    outputs = waiting.enable(mailbox(waiting.stack), impersonation_scope=scope, timeout=HOURS + 600)

    assert "failed" not in outputs
    assert waiting.stack.online.dataverse.anna()["incomingemailstatus"] == 1
    assert waiting.clock.passed >= HOURS - 10


def test_without_it_the_test_comes_too_early(waiting: Waiting) -> None:
    outputs = waiting.enable(mailbox(waiting.stack), timeout=600)

    assert "anna" in str(outputs["failed"])


def test_a_wait_that_would_be_longer_than_the_timeout_is_told_before_anything_is_tested(waiting: Waiting) -> None:
    scope = waiting.stack.state["crm"].resource_id

    with pytest.raises(ExchangeRefused, match="Run again after"):
        waiting.enable(mailbox(waiting.stack), impersonation_scope=scope, timeout=600)

    assert waiting.clock.passed == 0
    assert waiting.stack.online.dataverse.anna()["incomingemailstatus"] == 0


def test_a_stated_time_is_waited_for_where_commands_were_handed_over(waiting: Waiting) -> None:
    scope = waiting.stack.state["crm"].resource_id
    stated = waiting.stack.outputs()["effective_after"]
    waiting.stack.exchange = None

    waiting.enable(mailbox(waiting.stack), impersonation_scope=scope, scope_effective_after=stated, timeout=HOURS + 600)

    assert waiting.stack.online.dataverse.anna()["incomingemailstatus"] == 1


def test_without_a_stated_time_it_says_that_nobody_can_know(waiting: Waiting) -> None:
    scope = waiting.stack.state["crm"].resource_id
    waiting.stack.exchange = None

    waiting.enable(mailbox(waiting.stack), impersonation_scope=scope, timeout=600)

    assert any("State scope_effective_after" in it for it in waiting.told)


def test_nothing_is_waited_for_where_nothing_is_tested(waiting: Waiting) -> None:
    """A mailbox that is enabled needs no test, so the scope does not matter."""
    row = waiting.stack.online.dataverse.anna()
    found = mailbox(waiting.stack)
    statuses = {"incomingemailstatus": 1, "outgoingemailstatus": 1, "actstatus": 1, "mailboxstatus": 1}
    approved = {"emailrouteraccessapproval": 1, "isemailaddressapprovedbyo365admin": True}
    waiting.stack.online.dataverse.edit("mailboxes", row, **statuses, **approved)

    waiting.enable(found, impersonation_scope=waiting.stack.state["crm"].resource_id, timeout=60)

    assert waiting.clock.passed == 0
