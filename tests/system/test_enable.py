"""Groups of mailboxes that are tested and enabled, with the real engine."""

from collections import Counter
from pathlib import Path

from .emulated import Dataverse
from .enabling import HEALTHY, account, crowd, enabled, group, person
from .programs import PROFILE, SECRET
from .stack import FAILED, Stack

WAVE = 50


def test_two_hundred_mailboxes_are_enabled_within_the_budget(tmp_path: Path) -> None:
    """One list before, one batch for the canaries and for each started fifty, a list a look; a second up: nothing."""
    count = 200
    with crowd(tmp_path, count) as (stack, dataverse):
        stack.settings["PULUMI_SKIP_CHECKPOINTS"] = "true"
        stack.program(group(count))
        said = stack.up().text
        assert len(enabled(dataverse)) == count
        assert f"{count} of {count} enabled, 0 failed" in said
        requests = Counter(dataverse.data_requests())
        assert requests["POST $batch"] == 1 + -(-(count - 2) // WAVE)
        assert requests["GET mailboxes"] <= 1 + 3 * requests["POST $batch"]
        assert requests["GET tracelogs"] == 0

        dataverse.forget_requests()
        stack.up("--expect-no-changes")
        assert dataverse.requests() == []


def test_what_failed_is_planned_again_and_a_warning_is_enough_where_the_program_says_so(tmp_path: Path) -> None:
    """A preview shows the update and fails nobody; with `warn` up ends well; destroying writes nothing."""
    with crowd(tmp_path, 2) as (stack, dataverse):
        account(dataverse, impersonates=["p1@contoso.com"])
        stack.program(group(2))
        stack.up(status=FAILED)
        assert {name: step["op"] for name, step in stack.steps().items()} == {"enable": "update"}
        stack.program(group(2, ', on_failure="warn"'))
        assert "warning: MailboxTestAndEnable 'enable': 1 mailbox is not enabled" in stack.up().flat
        stack.pulumi("refresh", "--yes", "--run-program")

        dataverse.forget_requests()
        stack.destroy("--run-program", "--target", stack.urn("enable"))
        assert dataverse.writes() == []
        assert enabled(dataverse) == ["p1"]


def test_a_rotated_password_brings_all_back_and_a_wrong_one_stops_at_the_canaries(tmp_path: Path) -> None:
    """The preview of the pull request shows whose mailboxes will be looked at; the service had switched off all."""
    count = 40
    with crowd(tmp_path, count) as (stack, dataverse):
        stack.settings["PULUMI_SKIP_CHECKPOINTS"] = "true"
        stack.program(group(count))
        stack.up()
        account(dataverse, password="expired")
        dataverse.control("POST", "cycle")
        assert enabled(dataverse) == []

        account(dataverse, password="the new one")
        stack.program(group(count, profile=PROFILE.replace(repr(SECRET), "'a typing error'")))
        steps = stack.steps()
        assert list(steps["enable"]["detailedDiff"]) == ['profile_generations["one-account"]']
        said = stack.up(status=FAILED).flat
        assert "it was not tested: no canary of its profile could be enabled" in said
        tested = [row for row in dataverse.rows("mailboxes") if row["lastsyncerrorcount"] == 2]
        assert sorted(str(row["name"]) for row in tested) == ["p1", "p10"]

        dataverse.forget_requests()
        stack.program(group(count, profile=PROFILE.replace(repr(SECRET), "'the new one'")))
        stack.up()
        assert (len(enabled(dataverse)), Counter(dataverse.writes())["POST $batch"]) == (count, 2)
        stack.clean()


def test_a_thousand_healthy_mailboxes_are_adopted_without_a_test(tmp_path: Path) -> None:
    """All mailboxes of a profile are looked at in one list, and none is touched; a refresh is one list, too."""
    with crowd(tmp_path, 1_000, HEALTHY) as (stack, dataverse):
        stack.program('MailboxTestAndEnable("enable", profile="Healthy", all_mailboxes=True)')
        stack.up()
        assert len(stack.state()["enable"]["outputs"]["statuses"]) == 1_000
        organization = "GET RetrieveCurrentOrganization"
        assert dataverse.data_requests() == [organization, "GET emailserverprofiles", "GET mailboxes"]
        dataverse.forget_requests()
        stack.clean("--refresh")
        assert dataverse.data_requests() == [organization, "GET emailserverprofiles", "GET mailboxes"]


def test_a_copy_and_a_sandbox_are_refused(tmp_path: Path) -> None:
    """Nothing is sent: a test there takes mailboxes away from production."""
    with crowd(tmp_path, 2) as (stack, dataverse):
        stack.program(group(2))
        stack.up()
        copy = {"snapshot": dataverse.control("GET", "snapshot"), "administrationmode": False}
        stack.program(group(2, ", wave_size=10"))
        dataverse.control("POST", "copy", copy)
        dataverse.forget_requests()
        assert "This environment was copied or replaced" in stack.up(status=FAILED).flat
        assert dataverse.writes() == []

    (tmp_path / "sandbox").mkdir()
    with crowd(tmp_path / "sandbox", 2, HEALTHY) as (stack, dataverse):
        dataverse.control("PATCH", "organization", {"organizationtype": "CustomerTest"})
        stack.program('MailboxTestAndEnable("enable", profile="Healthy", all_mailboxes=True)')
        said = stack.up(status=FAILED).flat
        assert "of the type CustomerTest, not a production one. Nothing was sent" in said
        assert dataverse.writes() == []


def test_a_fallen_status_is_drift_with_a_path(tmp_path: Path) -> None:
    """`preview --refresh --json` names the mailbox, and up tests it alone."""
    with crowd(tmp_path, 3) as (stack, dataverse):
        stack.program(group(3))
        stack.up()
        dataverse.edit("mailboxes", person(dataverse, 2), actstatus=2)
        assert list(stack.steps("--refresh")["enable"]["detailedDiff"]) == ["statuses.p2"]
        dataverse.forget_requests()
        stack.up("--refresh")
        assert Counter(dataverse.writes()) == {"POST $batch": 1}
        stack.clean("--refresh")


def test_an_inline_program_fails_too(stack: Stack, dataverse: Dataverse) -> None:
    """The Automation API's inline programs have no exit status of their own: the error is the run's."""
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    anna = dataverse.anna()
    dataverse.edit("mailboxes", anna, emailrouteraccessapproval=2)
    row_id = anna["mailboxid"]
    columns = {"_emailserverprofile_value": dataverse.row("emailserverprofiles", "Microsoft Exchange Online")}
    profile = columns["_emailserverprofile_value"]["emailserverprofileid"]
    dataverse.edit("mailboxes", anna, _emailserverprofile_value=profile, incomingemaildeliverymethod=2)
    program = stack.folder / "inline.py"
    program.write_text(f"""
from pulumi import automation
from pulumi_dataverse_email import MailboxTestAndEnable

def declare():
    MailboxTestAndEnable("enable", mailboxes=[{row_id!r}])

stack = automation.select_stack("test", project_name="pipeline", program=declare)
try:
    stack.up()
except automation.CommandError as error:
    print("FAILED", error)
""")
    said = stack.python(program)
    assert "FAILED" in said
    assert "1 mailbox is not enabled" in said
    assert "enable" in stack.state()
