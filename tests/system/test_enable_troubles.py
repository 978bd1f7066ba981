"""One of five mailboxes fails, for each reason there is; and what may happen while mailboxes are tested."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from .emulated import Dataverse, wait_until
from .enabling import HEALTHY, METHODS, account, crowd, enabled, group, person
from .stack import FAILED

CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"
NOT_APPROVED = {"emailrouteraccessapproval": 2, "isemailaddressapprovedbyo365admin": False}
ONLINE = {"incomingcredentialretrieval": 2, "outgoingcredentialretrieval": 2}
OTHERS = ["p1", "p2", "p4", "p5"]


def own_passwords(dataverse: Dataverse, third: str) -> None:
    """Let the mail server know each person's own password."""
    accounts = [
        {"user_name": f"p{n}@contoso.com", "password": third if n == 3 else f"own-{n}", "address": f"p{n}@contoso.com"}
        for n in range(1, 6)
    ]
    dataverse.control("PUT", "mail-servers", {"servers": [{"auto_discover": True, "accounts": accounts}]})


def individually(count: int) -> str:
    """Return a program of mailboxes with credentials of their own."""
    return f"""{METHODS}
profile = EmailServerProfile.individual_credentials("own", name="Own", process_emails_received_after="2026-11-01")
people = [Mailbox.with_own_credentials(f"p{{n}}", user=f"p{{n}}@contoso.com", email_server_profile=profile,
          username=f"p{{n}}@contoso.com", password=Output.secret(f"own-{{n}}")) for n in range(1, {count} + 1)]
MailboxTestAndEnable("enable", mailboxes=people)
"""


def third(dataverse: Dataverse, **columns: object) -> None:
    """Edit the third person's mailbox."""
    dataverse.edit("mailboxes", dict(person(dataverse, 3)), **columns)


def links(dataverse: Dataverse, organization: str) -> None:
    """Say which organization synchronizes the appointments of the third one."""
    link = {"address": "p3@contoso.com", "organizationid": organization}
    dataverse.control("POST", "exchange-links", link)


class Cause(NamedTuple):
    """Why one of five fails, how it is repaired, and what `up` says."""

    breaks: Callable[[Dataverse], None]
    repairs: Callable[[Dataverse], None]
    says: str
    program: Callable[[int], str] = group


def here(dataverse: Dataverse) -> str:
    """Return the organization's own id."""
    return str(dataverse.control("GET", "organization")["organizationid"])


CAUSES = {
    "wrong password": Cause(
        lambda dataverse: own_passwords(dataverse, "another"),
        lambda dataverse: own_passwords(dataverse, "own-3"),
        "p3: incoming failure, outgoing failure, act failure: The credentials",
        individually,
    ),
    "outside the scope": Cause(
        lambda dataverse: account(dataverse, impersonates=[f"{it}@contoso.com" for it in OTHERS]),
        lambda dataverse: account(dataverse, impersonates="all"),
        "p3: incoming failure, outgoing failure, act failure: The credentials",
    ),
    "unapproved": Cause(
        lambda dataverse: third(dataverse, **NOT_APPROVED),
        lambda dataverse: third(dataverse, emailrouteraccessapproval=1),
        "p3: not approved: Power Platform admin center > Environments",
    ),
    "held by another organization": Cause(
        lambda dataverse: links(dataverse, "22222222-0000-4000-8000-000000000001"),
        lambda dataverse: links(dataverse, here(dataverse)),
        "p3: act failure: ",
    ),
}


@pytest.mark.parametrize("verb", ["create", "update"])
@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)
def test_one_of_five_fails(tmp_path: Path, verb: str, cause: Cause) -> None:
    """Four are enabled and recorded, up ends with an error a person can act on, the next one touches only the fifth."""
    with crowd(tmp_path, 5) as (stack, dataverse):
        if cause.program is individually:
            own_passwords(dataverse, "own-3")
        if verb == "update":
            stack.program(cause.program(1))
            stack.up()
        cause.breaks(dataverse)
        stack.program(cause.program(5))
        said = stack.up(status=FAILED)
        assert enabled(dataverse) == OTHERS
        assert {"enable", *(f"p{number}" for number in range(1, 6))} <= set(stack.state())
        assert "MailboxTestAndEnable 'enable': 1 mailbox is not enabled, all others are done:" in said.text
        assert cause.says in said.flat
        assert "Mend what is said of p3, then run `pulumi up` again: it takes up these alone." in said.flat

        cause.repairs(dataverse)
        dataverse.forget_requests()
        stack.up()
        assert Counter(dataverse.writes()) == {"POST $batch": 1}
        assert len(enabled(dataverse)) == 5
        stack.clean("--refresh")


REFUSALS: dict[str, tuple[list[str], str, str]] = {
    "no privilege": (["Mailbox Tester"], "refuse", "the privilege 'Approve Email Addresses for Users or Queues'"),
    "no role": (["System Administrator"], "refuse", "a role is missing. It takes the role System Administrator and"),
    "in silence": (["System Administrator"], "ignore", "answered the approval like a success, and kept the address"),
}
"""The roles that the application has, what the service does, and what is said."""


@pytest.mark.parametrize(("roles", "does", "says"), REFUSALS.values(), ids=REFUSALS)
def test_a_refused_approval_has_a_true_sentence_and_changes_nothing_else(
    tmp_path: Path, roles: list[str], does: str, says: str
) -> None:
    """Whether a privilege or a role is missing, or nothing is said: who is approved already is enabled all the same."""
    with crowd(tmp_path, 2) as (stack, dataverse):
        dataverse.edit("mailboxes", dict(person(dataverse, 2)), **NOT_APPROVED)
        dataverse.edit("emailserverprofiles", dataverse.row("emailserverprofiles", "Healthy"), **ONLINE)
        names = {"Mailbox": "Mailbox", "EmailServerProfile": "EmailServerProfile", "User": "User", "Queue": "Queue"}
        granted = [f"prv{verb}{name}" for verb in ("Read", "Write", "Create", "Append", "AppendTo") for name in names]
        dataverse.control("PUT", "roles/Mailbox Tester", {"privileges": [*granted, "prvReadOrganization"]})
        application = {"name": "deployer", "secret": stack.settings["ARM_CLIENT_SECRET"], "roles": roles}
        dataverse.control("PUT", f"applications/{CLIENT}", application)
        dataverse.control("PATCH", "switches", {"approval_without_rights": does})
        stack.program(group(2, ', approval="approve"', profile="profile = 'Healthy'\n"))

        said = stack.up(status=FAILED)

        assert says in said.flat
        assert enabled(dataverse) == ["p1"]
        assert person(dataverse, 2)["emailrouteraccessapproval"] == 2


def test_throttling_in_the_middle_of_a_wave_is_waited_out(tmp_path: Path) -> None:
    """A wave whose request is refused for a while comes a little later; nobody is left out or tested twice."""
    with crowd(tmp_path, 12) as (stack, dataverse):
        wait = {"status": 429, "headers": {"Retry-After": "1"}}
        dataverse.fault("$batch", wait, method="POST", times=2)
        dataverse.fault("mailboxes", wait, method="GET", times=2)
        stack.program(group(12, ", wave_size=5"))
        stack.up()
        assert [it["status"] for it in dataverse.requests()].count(429) == 4
        assert len(enabled(dataverse)) == 12
        assert Counter(dataverse.writes())["POST $batch"] == 2 + 1 + 2
        stack.clean("--refresh")


def test_a_mailbox_that_is_deleted_while_it_is_tested_is_named(tmp_path: Path) -> None:
    """The others are enabled; the refresh sees that it is gone, and the next up is content without its declaration."""
    with crowd(tmp_path, 3, seconds=3600) as (stack, dataverse):
        stack.program(group(3, ", canaries=3"))
        process = stack.start("up", "--yes", "--skip-preview")
        wait_until(lambda: dataverse.data_requests().count("GET mailboxes") >= 2, "a look at the tests")
        dataverse.delete("mailboxes", dict(person(dataverse, 2)))
        dataverse.control("POST", "clock", {"advance": 3600})
        with process:
            said, _ = process.communicate(timeout=300)
        assert process.returncode == FAILED
        assert "p2: the mailbox was deleted while it was tested" in " ".join(said.split())
        assert enabled(dataverse) == ["p1", "p3"]


BAD: dict[str, tuple[str, str]] = {
    "an empty group": ("MailboxTestAndEnable('enable', mailboxes=[])", "mailboxes"),
    "a member twice": ("MailboxTestAndEnable('enable', mailboxes=[p1, p1])", "names 'p1' twice: name it once"),
    "a set's member twice": ("MailboxSet('s', members=['user:p2@contoso.com', 'USER:p2@contoso.com'])", "twice"),
    "a member of a set and alone": ("MailboxSet('s', members=['user:p1@contoso.com'])", "'p1' declares the"),
}


def test_bad_groups_are_refused_in_the_preview(tmp_path: Path) -> None:
    """All faults at once, and nobody is asked."""
    with crowd(tmp_path, 2) as (stack, dataverse):
        lines = [
            text.replace("'enable'", f"'enable{n}'").replace("'s'", f"'s{n}'")
            for n, (text, _) in enumerate(BAD.values())
        ]
        stack.program("p1 = Mailbox('p1', user='p1@contoso.com')\n" + "\n".join(lines))
        said = stack.preview(status=FAILED).flat
        assert [says for _, says in BAD.values() if says not in said] == []
        assert dataverse.requests() == []


def test_a_selection_that_finds_nobody_or_too_many_writes_nothing(tmp_path: Path) -> None:
    """The limit counts whom no preview has named."""
    selection = (
        "MailboxSet('s', selection={{'of': 'users', 'address_ends_with': {!r}}}, email_server_profile='Healthy')"
    )
    with crowd(tmp_path, 5) as (stack, dataverse):
        stack.program(selection.format("@nowhere.example"))
        assert "nobody meets all of the selection. Nothing was written." in stack.up(status=FAILED).flat
        stack.pulumi("config", "set", "dataverse-email:maxMovedMailboxes", "4")
        stack.program(selection.format("@contoso.com"))
        assert "maxMovedMailboxes" in stack.up(status=FAILED).flat
        assert dataverse.writes() == []
        stack.pulumi("config", "set", "dataverse-email:maxMovedMailboxes", "5")
        stack.up()
        assert len(stack.state()["s"]["outputs"]["mailboxes"]) == 5


def test_fifty_healthy_mailboxes_are_adopted_one_by_one_without_a_test(tmp_path: Path) -> None:
    """What is as declared already is not written, and a mailbox that was never written counts by its success."""
    with crowd(tmp_path, 50, HEALTHY) as (stack, dataverse):
        stack.settings["PULUMI_SKIP_CHECKPOINTS"] = "true"
        stack.program(group(50, profile="profile = 'Healthy'\n"))
        stack.up()
        assert dataverse.writes() == []
        stack.clean("--refresh")
