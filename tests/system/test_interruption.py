"""A run that is killed: nothing is lost, nothing is written afterwards, nothing is made twice."""

import signal
import sys
from collections.abc import Iterator
from subprocess import Popen

import pytest

from pulumi_dataverse_email.emulator import RunningEmulator, running

from .emulated import Dataverse, wait_until
from .killing import kill, provider_lives
from .programs import MAILBOX, PROFILE
from .stack import Stack

HELD = {"delay": 20.0}
"""Seconds that an answer is held back: more than a killed run needs to end."""


@pytest.fixture
def _emulator() -> Iterator[RunningEmulator]:
    """An emulator for one test: an answer that is held for a killed run is logged long after."""
    with running() as emulator:
        yield emulator


def _wait_until_held(process: Popen[str], dataverse: Dataverse) -> None:
    """Wait until the fault holds an answer back; a run that ends before says why."""

    def held() -> bool:
        assert process.poll() is None, process.communicate()[0]
        return not dataverse.control("GET", "faults")

    wait_until(held, "a request meets the fault")


def _kill_while_held(stack: Stack, dataverse: Dataverse) -> None:
    """Start `up`, kill the CLI with -9 as soon as the fault holds an answer back, and wait for what it leaves."""
    process = stack.start("up", "--yes", "--skip-preview")
    _wait_until_held(process, dataverse)
    kill(process, stack)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


def test_killed_between_create_and_checkpoint(stack: Stack, dataverse: Dataverse) -> None:
    """After `kill -9`, `pulumi cancel` and another `up`, the profile that was made is met again: no twin."""
    dataverse.fault("/emailserverprofiles", HELD, method="PATCH", when="after")
    stack.program(PROFILE + MAILBOX)

    _kill_while_held(stack, dataverse)
    wait_until(lambda: "Contoso Exchange" in dataverse.names("emailserverprofiles"), "the row is there")
    made = dataverse.profile()["emailserverprofileid"]
    assert "one-account" not in stack.state()

    stack.pulumi("cancel", "--yes")
    said = stack.up().text

    assert f"{made}) was there already" in said
    assert sorted(dataverse.names("emailserverprofiles")) == ["Contoso Exchange", "Microsoft Exchange Online"]
    assert dataverse.anna()["_emailserverprofile_value"] == made
    stack.clean("--refresh")


def test_killed_before_the_row_is_made(stack: Stack, dataverse: Dataverse) -> None:
    """A provider whose engine is gone ends itself: what was still to be written is not."""
    dataverse.fault("/emailserverprofiles", HELD, method="GET")
    stack.program(PROFILE + MAILBOX)

    _kill_while_held(stack, dataverse)

    assert dataverse.writes() == []
    stack.pulumi("cancel", "--yes")
    stack.up()
    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]


def test_killed_while_a_mailbox_is_adopted(stack: Stack, dataverse: Dataverse) -> None:
    """A mailbox whose adoption was cut off is adopted by the next `up`."""
    dataverse.fault("/mailboxes", HELD, method="PATCH", when="after")
    stack.program(PROFILE + MAILBOX)

    _kill_while_held(stack, dataverse)

    stack.pulumi("cancel", "--yes")
    stack.up()
    assert sorted(stack.state()) == ["anna", "one-account"]
    stack.clean("--refresh")


def test_interrupted_by_a_person(stack: Stack, dataverse: Dataverse) -> None:
    """A run that a person interrupts ends by itself and releases the stack; the next `up` completes it."""
    dataverse.fault("/emailserverprofiles", {"delay": 4.0}, method="PATCH", when="after")
    stack.program(PROFILE + MAILBOX)
    with stack.start("up", "--yes", "--skip-preview") as process:
        _wait_until_held(process, dataverse)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode != 0
    wait_until(lambda: not provider_lives(stack), "the provider's process ends")

    stack.up()

    assert sorted(dataverse.names("emailserverprofiles")) == ["Contoso Exchange", "Microsoft Exchange Online"]
    stack.clean("--refresh")
