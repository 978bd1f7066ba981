"""Tests that are under way when a run is killed, and two stacks that test the same mailboxes."""

import sys
from pathlib import Path
from subprocess import Popen

import pytest

from .emulated import Dataverse, wait_until
from .enabling import HEALTHY, METHODS, crowd, enabled, group
from .killing import kill
from .stack import FAILED, Stack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

HOUR = 3600


def begin(stack: Stack) -> Popen[str]:
    """Start `up`."""
    return stack.start("up", "--yes", "--skip-preview")


def wait_for_looks(dataverse: Dataverse, count: int) -> None:
    """Wait until mailboxes were listed so often."""
    wait_until(lambda: dataverse.data_requests().count("GET mailboxes") >= count, f"{count} looks at the mailboxes")


def end(process: Popen[str], dataverse: Dataverse) -> None:
    """Let the tests end, and then the run."""
    dataverse.control("POST", "clock", {"advance": HOUR})
    with process:
        text, _ = process.communicate(timeout=120)
    assert process.returncode == 0, text


def looks_of_the_second(dataverse: Dataverse) -> list[str]:
    """Return the looks at mailboxes since a second stack asked which organization this is."""
    requests = dataverse.data_requests()
    *_, last = [number for number, it in enumerate(requests) if it.startswith("GET RetrieveCurrentOrganization")]
    again = requests.count("GET RetrieveCurrentOrganization") > 1
    return [it for it in requests[last:] if it == "GET mailboxes"] if again else []


@pytest.mark.parametrize("ended", [False, True], ids=["still under way", "ended meanwhile"])
def test_killed_while_waiting(tmp_path: Path, *, ended: bool) -> None:
    """The next up goes on where the killed one was: no second test is asked for."""
    with crowd(tmp_path, 2, seconds=HOUR) as (stack, dataverse):
        stack.program(group(2))
        process = begin(stack)
        wait_for_looks(dataverse, 2)
        kill(process, stack)
        stack.pulumi("cancel", "--yes")
        dataverse.forget_requests()
        if ended:
            dataverse.control("POST", "clock", {"advance": HOUR})
        process = begin(stack)
        if not ended:
            wait_for_looks(dataverse, 2)
        end(process, dataverse)

        assert enabled(dataverse) == ["p1", "p2"]
        assert dataverse.writes() == []
        stack.clean()


def test_a_run_that_wrote_mailboxes_and_could_not_test_them_leaves_that_to_the_next(tmp_path: Path) -> None:
    """Their old success is older than their settings, which state knows; who was not written stays untouched."""
    with crowd(tmp_path, 3, HEALTHY) as (stack, dataverse):
        stack.program(
            METHODS
            + "people = [Mailbox(f'p{n}', user=f'p{n}@contoso.com', email_server_profile='Healthy',\n"
            + "    **{**methods, **({'act_delivery_method': 'none'} if n < 3 else {})}) for n in (1, 2, 3)]\n"
            + "MailboxTestAndEnable('enable', mailboxes=people)\n"
        )
        stack.pulumi("config", "set", "dataverse-email:maxTestedMailboxes", "1")
        assert "maxTestedMailboxes" in stack.up(status=FAILED).flat
        assert set(stack.state()) == {"p1", "p2", "p3"}
        stack.pulumi("config", "rm", "dataverse-email:maxTestedMailboxes")

        stack.up()

        asked = {it["name"] for it in dataverse.rows("mailboxes") if it["testandenablelastattemptedon"]}
        assert asked == {"p1", "p2"}
        stack.clean("--refresh")


def test_two_stacks_test_the_same_mailboxes(tmp_path: Path) -> None:
    """The second one joins the tests that the first one asked for, and both see how they end."""
    not_yet = HEALTHY.replace("status: 1", "status: 0")
    with crowd(tmp_path, 2, not_yet, seconds=HOUR) as (stack, dataverse):
        other = Stack(tmp_path / "other", dict(stack.settings))
        for one in (stack, other):
            one.program('MailboxTestAndEnable("enable", profile="Healthy", all_mailboxes=True)')
        first = begin(stack)
        wait_for_looks(dataverse, 2)
        second = begin(other)
        wait_until(lambda: len(looks_of_the_second(dataverse)) > 2, "the second stack looks, too")
        end(first, dataverse)
        end(second, dataverse)

        assert dataverse.writes() == ["POST $batch"]
        for one in (stack, other):
            assert set(one.state()["enable"]["outputs"]["statuses"].values()) == {"success"}
