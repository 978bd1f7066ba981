"""A set of mailboxes with the real engine: previews, failures, drift, and what a thousand members cost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import running

from .conftest import CHECKOUT
from .emulated import Dataverse
from .programs import PROFILE
from .stack import FAILED, Stack

PAGE = (CHECKOUT / "docs" / "mailbox-sets.md").read_text("utf-8")
ANNA, BEN, CHRIS = "user:anna@contoso.com", "user:ben@contoso.com", "user:chris@contoso.com"
SET = """
MailboxSet("sales", members={"user:anna@contoso.com": {}, "user:ben@contoso.com": {"act_delivery_method": "none"}},
    email_server_profile=profile, incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="restore")
"""
SELECTED = SET.replace(SET[SET.index("members=") : SET.index("}},") + 2], 'selection={"of": "users"}')
ORGANIZATION = "GET RetrieveCurrentOrganization"
SYNC = '"server_side_synchronization"'

PEOPLE = 1000
SEED = f"""
organization: {{name: Contoso, tenant_id: 5f0c2a10-0000-4000-8000-00000000c070}}
profiles:
  - {{name: Microsoft Exchange Online, built_in: true}}
users:
  - {{name: "Person {{n}}", principal_name: "person{{n}}@contoso.com", email_address: "person{{n}}@contoso.com",
     count: {PEOPLE}}}
"""
CROWD = f"""
MailboxSet("everybody", members=[f"user:person{{n}}@contoso.com" for n in range(1, {PEOPLE + 1})],
    email_server_profile="Microsoft Exchange Online", incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="disable")
"""


def hire(dataverse: Dataverse) -> None:
    """Let Dora join."""
    dataverse.make("systemusers", domainname="dora@contoso.com", lastname="Dora")


def test_a_preview_lists_members_one_by_one_and_settings_once(stack: Stack, dataverse: Dataverse) -> None:
    """Who joins, who leaves, whose own setting changes, and what changes for all: each is one path."""
    stack.program(PROFILE + SET)
    stack.up()
    stack.clean()
    stack.clean("--refresh")
    changed = SET.replace('"user:anna@contoso.com": {}', '"user:chris@contoso.com": {}')
    changed = changed.replace('{"act_delivery_method": "none"}', '{"verbose_logging_enabled": 5}')
    changed = changed.replace(f"incoming_email_delivery_method={SYNC}", 'incoming_email_delivery_method="none"')
    stack.program(PROFILE + changed)
    dataverse.forget_requests()

    paths = stack.steps()["sales"]["detailedDiff"]

    assert {path: it["kind"] for path, it in paths.items()} == {
        f'members["{ANNA}"]': "delete",
        f'members["{BEN}"].act_delivery_method': "delete",
        f'members["{BEN}"].verbose_logging_enabled': "add",
        f'members["{CHRIS}"]': "add",
        f'generations["{ANNA}"]': "delete",
        f'generations["{BEN}"]': "update",
        f'generations["{CHRIS}"]': "add",
        "incoming_email_delivery_method": "update",
        "template_generation": "update",
    }
    assert dataverse.requests() == []


def test_one_member_s_failure_ends_the_run_with_an_error_after_all_others(stack: Stack, dataverse: Dataverse) -> None:
    """The state keeps what was done, and the next run after the repair takes up the one alone."""
    body = '{"error": {"code": "0x80040220", "message": "Principal user is missing prvWriteMailbox privilege."}}'
    ben = dataverse.row("mailboxes", "Ben Ortiz")["mailboxid"]
    dataverse.fault(f"mailboxes({ben})", {"status": 403, "body": body}, method="PATCH", times=9)
    stack.program(PROFILE + SET + 'Mailbox("chris", user="chris@contoso.com", verbose_logging_enabled=5)\n')

    told = stack.up(status=FAILED).flat

    assert "MailboxSet 'sales': 1 member failed, all others are done: - user:ben@contoso.com: update mailboxes(" in told
    assert "prvWriteMailbox" in told
    assert set(stack.state()) == {"one-account", "sales", "chris"}
    assert dataverse.anna()["incomingemaildeliverymethod"] == 2
    assert stack.steps()["sales"]["op"] == "update"
    dataverse.control("DELETE", "faults")
    dataverse.forget_requests()
    stack.up()
    assert dataverse.writes() == ["POST $batch"]
    assert dataverse.row("mailboxes", "Ben Ortiz")["incomingemaildeliverymethod"] == 2
    stack.clean("--refresh")


def test_who_joins_or_leaves_a_selection_is_drift_with_a_path(stack: Stack, dataverse: Dataverse) -> None:
    """Without a refresh an unchanged set sends nothing."""
    stack.program(PROFILE + SELECTED)
    stack.up()
    stack.clean("--refresh")
    dataverse.edit("systemusers", dataverse.row("systemusers", "Ben Ortiz"), isdisabled=True)
    hire(dataverse)
    dataverse.forget_requests()
    stack.clean()
    assert dataverse.requests() == []

    found = stack.steps("--refresh")["sales"]["detailedDiff"]

    dora = "user:dora@contoso.com"
    assert set(found) in ({"selection_changes"}, {f'selection_changes["{it}"]' for it in (BEN, dora)})
    shown = stack.preview("--refresh").text
    assert all(f"{it}" in shown for it in (BEN, dora, "joined", "left"))
    stack.up("--refresh")
    assert dataverse.row("mailboxes", "Dora")["incomingemaildeliverymethod"] == 2
    stack.clean("--refresh")


def test_drift_of_a_member_stands_under_its_key(stack: Stack, dataverse: Dataverse) -> None:
    stack.program(PROFILE + SET)
    stack.up()
    dataverse.edit("mailboxes", dataverse.anna(), outgoingemaildeliverymethod=0)

    steps = stack.steps("--refresh")

    path = f'members["{ANNA}"].outgoing_email_delivery_method'
    assert set(steps["sales"]["detailedDiff"]) == {path, f'generations["{ANNA}"]'}
    stack.up("--refresh")
    assert dataverse.anna()["outgoingemaildeliverymethod"] == 2
    stack.clean("--refresh")


def test_faults_of_a_file_stand_in_the_preview_with_their_lines(stack: Stack, dataverse: Dataverse) -> None:
    """All of them at once, before anything is sent."""
    file = stack.folder / "people.csv"
    file.write_text("user;act_delivery_method\nanna@contoso.com;nothing\nben@contoso.com\nANNA@contoso.com;\n", "utf-8")
    stack.program('MailboxSet("sales", members=CsvFile("people.csv"), verbose_logging_enabled=5)\n')

    told = stack.preview(status=FAILED).flat

    assert "people.csv line 2: act_delivery_method: should be one of 'microsoft" in told
    assert "people.csv: line 3: has 1 cells, and the header names 2 columns" in told
    assert "people.csv: line 4: user:ANNA@contoso.com stands in line 2 already" in told
    assert dataverse.requests() == []
    file.write_text("user;act_delivery_method\nanna@contoso.com;none\n", "utf-8")
    stack.up()
    assert dataverse.anna()["verboseloggingenabled"] == 5


@pytest.mark.parametrize("way", ["--replace", "taint", "renamed", "aliased"])
def test_a_set_that_is_made_anew_gives_nobody_back(stack: Stack, dataverse: Dataverse, way: str) -> None:
    """No mailbox is restored in between, and what it held before stays known."""
    stack.program(PROFILE + SET)
    stack.up()
    before = stack.state()["sales"]["outputs"]["mailboxes"]
    dataverse.forget_requests()
    if way == "--replace":
        stack.up("--replace", stack.urn("sales"))
    elif way == "taint":
        stack.pulumi("state", "taint", stack.urn("sales"))
        stack.up()
    elif way == "renamed":
        stack.program(PROFILE + SET.replace('"sales"', '"team"'))
        stack.up()
    else:
        stack.program(
            PROFILE
            + SET.replace('"sales"', '"team"').rstrip()[:-1]
            + ', opts=ResourceOptions(aliases=[Alias(name="sales")]))'
        )
        stack.up()

    assert dataverse.writes() == []
    (after,) = [it["outputs"]["mailboxes"] for name, it in stack.state().items() if name != "one-account"]
    assert way == "renamed" or after == before
    stack.clean("--refresh")


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[tuple[Stack, Dataverse]]:
    """An organization of a thousand people, and a stack of a set of them all."""
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED, "utf-8")
    with running(seed_file=seed) as emulator:
        stack = Stack(tmp_path / "project", dict(emulator.environment))
        stack.program(CROWD)
        yield stack, Dataverse(emulator.environment)


def test_a_thousand_members_cost_two_lists_and_a_request_for_each_fifty(crowd: tuple[Stack, Dataverse]) -> None:
    """From nothing to everything, changed, refreshed, and given back; an unchanged set asks nothing at all."""
    stack, dataverse = crowd
    batches = ["POST $batch"] * (PEOPLE // 50)
    stack.up()
    profile = "GET emailserverprofiles"
    assert dataverse.data_requests() == [ORGANIZATION, "GET systemusers", profile, "GET mailboxes", *batches]
    assert sum(it["incomingemaildeliverymethod"] == 2 for it in dataverse.rows("mailboxes")) >= PEOPLE

    dataverse.forget_requests()
    stack.up()
    stack.clean()
    assert dataverse.requests() == []

    stack.clean("--refresh")
    assert dataverse.data_requests() == [ORGANIZATION, "GET mailboxes"]

    dataverse.forget_requests()
    stack.program(CROWD.replace('on_delete="disable"', 'on_delete="disable", verbose_logging_enabled=5'))
    stack.up()
    assert dataverse.data_requests() == [ORGANIZATION, *batches]

    dataverse.forget_requests()
    stack.pulumi("config", "set", "dataverse-email:maxDeletedMailboxes", "unlimited")
    stack.destroy("--run-program")
    assert dataverse.data_requests() == [ORGANIZATION, *batches]


def test_the_programs_of_the_page_run_one_after_the_other(stack: Stack, dataverse: Dataverse) -> None:
    """A list, a map, a file and a selection: each leaves a clean stack, and says what the page says."""
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    team = dataverse.make("teams", name="Sales")
    for name in ("Anna Weber", "Ben Ortiz"):
        user = dataverse.row("systemusers", name)["systemuserid"]
        dataverse.make("teammemberships", teamid=team["teamid"], systemuserid=user)
    (stack.folder / "people.csv").write_text(re.findall(r"^```csv\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[0])
    shown = re.findall(r"^```diff\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[0]
    found = []
    for number, program in enumerate(re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)):
        stack.program(program)
        if number == 1:
            preview = stack.preview().text
            assert [line for line in shown.splitlines() if line.strip() not in preview] == []
        stack.up()
        stack.clean("--refresh")
        found.append(
            {
                row["name"]: row["actdeliverymethod"]
                for row in dataverse.rows("mailboxes")
                if row["incomingemaildeliverymethod"]
            }
        )

    everybody = {"Anna Weber": 1, "Ben Ortiz": 2, "Chris Park": 1}
    selected = {"Anna Weber": 1, "Ben Ortiz": 2}
    assert found == [{"Anna Weber": 1, "Ben Ortiz": 1}, everybody, everybody, selected, everybody]
    assert {row["name"] for row in dataverse.rows("mailboxes") if row["incomingemailstatus"] == 1} == everybody.keys()
