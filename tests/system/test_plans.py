"""Plans, targets and stacks that refer to each other, with the real engine."""

import shutil

import pytest

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE, SECRET
from .stack import FAILED, Stack

BEN = MAILBOX.replace("anna", "ben")
SET = """
MailboxSet("queues", members=["queue:Support", "queue:Sales"], email_server_profile=profile,
    incoming_email_delivery_method="server_side_synchronization")
"""
PROGRAM = PROFILE + MAILBOX + BEN + SET
PLAN = "plan.json"

EDITED = PROGRAM.replace("2026-11-01", "2026-11-15").replace("CONTOSO\\\\crm-sync", "CONTOSO\\\\crm-mail")
LATER = EDITED.replace("2026-11-15", "2026-11-20")


def save_plan(stack: Stack) -> None:
    """Save what a preview shows."""
    stack.pulumi("preview", "--save-plan", PLAN)
    assert SECRET not in (stack.folder / PLAN).read_text()


def drifted(stack: Stack, *arguments: str) -> set[str]:
    """Return the resources that a preview with a refresh repairs."""
    return {name for name, step in stack.steps("--refresh", *arguments).items() if step["op"] == "update"}


def test_what_a_plan_shows_is_what_is_done(stack: Stack, dataverse: Dataverse) -> None:
    """A plan is carried out by another checkout too, for what is made and for what changes; it holds no secret."""
    stack.program(PROGRAM)
    save_plan(stack)
    stack.up("--plan", PLAN)
    stack.program(EDITED)
    save_plan(stack)
    other = Stack(stack.folder.parent / "other checkout", dict(stack.settings))
    shutil.rmtree(other.folder / "state")
    for part in ("state", "__main__.py", "Pulumi.test.yaml", PLAN):
        (stack.folder / part).rename(other.folder / part)

    other.up("--plan", PLAN)

    assert dataverse.profile()["processemailsreceivedafter"] == "2026-11-15T00:00:00Z"
    other.clean("--refresh")


@pytest.mark.parametrize(
    ("program", "reason"),
    [(LATER, "violates plan"), (EDITED + MAILBOX.replace("anna", "chris"), "not allowed by the plan")],
    ids=["changed", "added"],
)
def test_what_a_plan_does_not_show_is_not_done(stack: Stack, dataverse: Dataverse, program: str, reason: str) -> None:
    """The engine refuses what was edited after the plan, before any write to that row."""
    stack.program(PROGRAM)
    stack.up()
    stack.program(EDITED)
    save_plan(stack)
    stack.program(program)

    refused = stack.up("--plan", PLAN, status=FAILED)

    assert reason in refused.flat
    assert dataverse.profile()["processemailsreceivedafter"] != "2026-11-20T00:00:00Z"
    assert dataverse.row("mailboxes", "Chris Park")["incomingemaildeliverymethod"] == 0


def test_a_plan_that_is_out_of_date_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Another run changed the same profile after the plan was made: its generation is not the plan's any more."""
    stack.program(PROGRAM)
    stack.up()
    stack.program(EDITED)
    save_plan(stack)
    stack.program(PROGRAM.replace("crm-sync", "crm-other"))
    stack.up()
    stack.program(EDITED)

    assert "generation" in stack.up("--plan", PLAN, status=FAILED).flat

    assert dataverse.profile()["incomingusername"] == "CONTOSO\\crm-other"


def test_targets_and_exclusions_touch_what_they_name(stack: Stack, dataverse: Dataverse) -> None:
    """`--target` writes one row and `--exclude` all others; what was left out is still planned."""
    stack.program(PROGRAM)
    stack.up()
    methods = 'act_delivery_method="server_side_synchronization"'
    stack.program(PROGRAM.replace(methods, 'act_delivery_method="none"').replace("2026-11-01", "2026-11-15"))

    dataverse.forget_requests()
    stack.up("--target", stack.urn("anna"))
    assert dataverse.writes() == ["PATCH mailboxes"]
    assert set(stack.steps()) == {"one-account", "ben"}

    dataverse.forget_requests()
    stack.up("--exclude", stack.urn("ben"))
    assert dataverse.writes() == ["PATCH emailserverprofiles"]
    assert set(stack.steps()) == {"ben"}


def test_a_refresh_of_a_target_reads_that_alone(stack: Stack, dataverse: Dataverse) -> None:
    """Drift of the others waits until somebody asks for it."""
    stack.program(PROGRAM)
    stack.up()
    for name in ("Anna Weber", "Ben Ortiz"):
        dataverse.edit("mailboxes", dataverse.row("mailboxes", name), actdeliverymethod=0)
    dataverse.forget_requests()

    assert drifted(stack, "--target", stack.urn("anna")) == {"anna"}

    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization", "GET mailboxes"]
    assert drifted(stack) == {"anna", "ben"}


def test_a_target_is_destroyed_alone_or_with_its_dependents(stack: Stack, dataverse: Dataverse) -> None:
    """A profile does not go before its mailboxes; `--target-dependents` takes them along."""
    stack.program(PROGRAM)
    stack.up()

    stack.destroy("--target", stack.urn("ben"))
    assert dataverse.row("mailboxes", "Ben Ortiz")["_emailserverprofile_value"] is None
    assert dataverse.anna()["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]

    profile = stack.urn("one-account")
    assert "--target-dependents" in stack.destroy("--target", profile, status=FAILED).flat
    assert set(stack.state()) == {"one-account", "anna", "queues"}

    refused = stack.destroy("--target", profile, "--target-dependents", status=FAILED)
    assert "Support" in refused.flat  # the set retains its mailboxes: they still use the profile
    assert set(stack.state()) == {"one-account"}


def test_a_stack_declares_mailboxes_on_another_stack_s_profile(stack: Stack, dataverse: Dataverse) -> None:
    """The profile's id flows through a stack reference; the profile's stack cannot remove it while it is used."""
    stack.program(PROFILE + 'pulumi.export("profile", profile.id)\n')
    stack.up()
    profiles = stack.folder / "state"
    people = Stack(stack.folder.parent / "people", dict(stack.settings))
    shutil.rmtree(people.folder / "state")
    people.settings["PULUMI_BACKEND_URL"] = profiles.as_uri()
    people.pulumi("stack", "init", "people")
    people.program(
        'profile = pulumi.StackReference("organization/pipeline/test").require_output("profile")\n'
        + MAILBOX.replace('on_delete="restore"', 'on_delete="retain"')
    )
    profile = dataverse.profile()["emailserverprofileid"]
    assert people.steps()["anna"]["newState"]["inputs"]["email_server_profile"] == profile

    people.up()

    assert dataverse.anna()["_emailserverprofile_value"] == profile
    people.clean("--refresh")
    assert "Anna Weber" in stack.destroy(status=FAILED).flat
    assert dataverse.profile()
