"""The same rows under another name, parent or id, while the service has moved the mailbox's date forward."""

from collections.abc import Callable

import pytest

from .emulated import Dataverse
from .programs import DATED_MAILBOX, PROFILE, options
from .stack import FAILED, Stack

STATED, MOVED = "2026-11-01T00:00:00Z", "2026-12-24T18:00:00Z"

COMPONENT = """
class Synchronization(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("contoso:email:Synchronization", name)
everyone = Synchronization("everyone")
"""

FROM_THE_TOP = "parent=everyone, aliases=[Alias(parent=pulumi.ROOT_STACK_RESOURCE)]"


@pytest.fixture
def made(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack whose program is carried out, and whose mailbox's date the service has moved forward since."""
    stack.program(PROFILE + DATED_MAILBOX)
    stack.up()
    assert dataverse.anna()["processemailreceivedafter"] == STATED
    dataverse.edit("mailboxes", dataverse.anna(), processemailreceivedafter=MOVED)
    return stack


@pytest.fixture
def as_declared(made: Stack, dataverse: Dataverse) -> Callable[[], None]:
    """Assert that rows are as the program says, the date where the service moved it, and nothing left to do."""

    def check() -> None:
        anna = dataverse.anna()
        methods = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod")
        assert [anna[method] for method in methods] == [2, 2, 1]
        assert anna["_emailserverprofile_value"] == dataverse.profile()["emailserverprofileid"]
        assert anna["processemailreceivedafter"] == MOVED
        assert sorted(dataverse.names("emailserverprofiles")) == ["Contoso Exchange", "Microsoft Exchange Online"]
        made.clean()

    return check


def test_a_later_date_is_no_drift(made: Stack, as_declared: Callable[[], None]) -> None:
    """A date that the service moved forward neither shows nor is set back by a refresh."""
    made.clean("--refresh")
    made.up("--refresh")

    as_declared()


def test_tainted_rows_are_kept(made: Stack, dataverse: Dataverse, as_declared: Callable[[], None]) -> None:
    """`pulumi state taint` ends with the same rows, written anew, and never without them."""
    before = dataverse.profile()["emailserverprofileid"]
    for name in ("one-account", "anna"):
        made.pulumi("state", "taint", made.urn(name), "--yes")
    dataverse.forget_requests()

    shown = made.up().text

    assert f"process_email_received_after stays at {MOVED}" in shown
    assert f"{before}) was there already" in shown
    assert "DELETE emailserverprofiles" not in dataverse.data_requests()
    assert "PATCH mailboxes" not in dataverse.data_requests()
    as_declared()


def test_replaced_on_demand(made: Stack, as_declared: Callable[[], None]) -> None:
    """`up --replace` ends with rows as the program says, and can be repeated."""
    for _ in range(2):
        made.up("--replace", made.urn("one-account"), "--replace", made.urn("anna"))
        as_declared()


def test_tainted_after_a_replacement(made: Stack, as_declared: Callable[[], None]) -> None:
    """A profile that is tainted after it was replaced once is still known as this resource's own."""
    made.program(PROFILE.replace("=443", "=443, allow_replacement=True, on_delete='delete'") + DATED_MAILBOX)
    made.up()
    made.program(
        PROFILE.replace("=443", "=443, allow_replacement=True").replace('"exchange_server"', '"exchange_server_hybrid"')
        + DATED_MAILBOX
    )
    made.up()
    made.pulumi("state", "taint", made.urn("one-account"), "--yes")

    made.up()

    as_declared()


@pytest.mark.parametrize("policy", ["restore", "disable"])
def test_a_replaced_mailbox_knows_what_it_was(made: Stack, dataverse: Dataverse, policy: str) -> None:
    """However often a mailbox is adopted anew, `restore` puts back what was there before the first time."""
    made.program(PROFILE + DATED_MAILBOX.replace('"restore"', f'"{policy}"'))
    made.up()
    made.up("--replace", made.urn("anna"))
    made.program(PROFILE + DATED_MAILBOX)
    made.up()
    assert dataverse.anna()["actdeliverymethod"] == 1

    made.destroy()

    anna = dataverse.anna()
    assert anna["_emailserverprofile_value"] is None
    assert (anna["incomingemaildeliverymethod"], anna["actdeliverymethod"]) == (0, 2)
    assert anna["processemailreceivedafter"] == MOVED


def test_a_mailbox_replaced_on_changes(made: Stack, dataverse: Dataverse) -> None:
    """`replace_on_changes` gives the mailbox back and adopts it anew, as the program says now."""
    changed = DATED_MAILBOX.replace('act_delivery_method="server_side_synchronization"', 'act_delivery_method="none"')
    made.program(PROFILE + options(changed, 'replace_on_changes=["act_delivery_method"]'))

    made.up()

    anna = dataverse.anna()
    assert (anna["incomingemaildeliverymethod"], anna["actdeliverymethod"]) == (2, 2)
    assert anna["processemailreceivedafter"] == MOVED
    made.clean("--refresh")


def test_replaced_on_changes(made: Stack, dataverse: Dataverse, as_declared: Callable[[], None]) -> None:
    """`replace_on_changes` replaces the profile and moves the mailbox to the new one."""
    before = dataverse.profile()["emailserverprofileid"]
    changed = PROFILE.replace("=443", "=444")
    made.program(options(changed, 'replace_on_changes=["incoming_port_number"]') + DATED_MAILBOX)

    made.up()

    assert dataverse.profile()["emailserverprofileid"] != before
    assert dataverse.profile()["incomingportnumber"] == 444
    as_declared()


def test_renamed_with_aliases(made: Stack, dataverse: Dataverse, as_declared: Callable[[], None]) -> None:
    """New logical names with aliases change nothing but state."""
    profile = options(PROFILE.replace('"one-account"', '"renamed"'), 'aliases=[Alias(name="one-account")]')
    mailbox = options(DATED_MAILBOX.replace('"anna"', '"renamed"'), 'aliases=[Alias(name="anna")]')
    made.program(profile + mailbox)
    dataverse.forget_requests()

    made.up()

    assert dataverse.requests() == []
    as_declared()


def test_a_profile_renamed_without_alias_is_refused(made: Stack, dataverse: Dataverse) -> None:
    """Without an alias the profile's name is taken: the error offers the ways, and nothing changes."""
    before = dataverse.rows("emailserverprofiles")
    made.program(PROFILE.replace('"one-account"', '"renamed"') + DATED_MAILBOX)

    failed = made.up(status=FAILED).text

    assert "adopt=True" in failed
    assert "aliases=[...]" in failed
    assert "Traceback" not in failed
    assert dataverse.rows("emailserverprofiles") == before
    assert "one-account" in made.state()


def test_a_mailbox_renamed_without_alias_is_adopted(made: Stack, as_declared: Callable[[], None]) -> None:
    """Without an alias the mailbox is adopted under its new name; the old declaration leaves it alone."""
    made.program(PROFILE + DATED_MAILBOX.replace('"anna"', '"renamed"'))

    shown = made.up().text

    assert "is left alone: the program still declares the row" in shown
    assert "aliases" in shown
    assert sorted(made.state()) == ["one-account", "renamed"]
    as_declared()


def test_moved_into_a_component_with_aliases(
    made: Stack, dataverse: Dataverse, as_declared: Callable[[], None]
) -> None:
    """A move into a component with aliases changes nothing but state."""
    made.program(COMPONENT + options(PROFILE, FROM_THE_TOP) + options(DATED_MAILBOX, FROM_THE_TOP))
    dataverse.forget_requests()

    made.up()

    assert dataverse.requests() == []
    as_declared()


def test_moved_into_a_component_without_aliases(made: Stack, as_declared: Callable[[], None]) -> None:
    """A move into a component without aliases takes the rows along; the old declarations leave them alone."""
    made.program(COMPONENT + options(PROFILE, "parent=everyone") + options(DATED_MAILBOX, "parent=everyone"))

    shown = made.up().text

    assert shown.count("is left alone: the program still declares the row") == 2
    as_declared()


def test_a_new_principal_name_is_an_update(made: Stack, dataverse: Dataverse, as_declared: Callable[[], None]) -> None:
    """A user's new principal name, in Dataverse and in the program, leads to the same mailbox."""
    dataverse.edit("systemusers", dataverse.row("systemusers", "Anna Weber"), domainname="anna.weber@contoso.com")
    made.program(PROFILE + DATED_MAILBOX.replace("anna@contoso.com", "anna.weber@contoso.com"))

    assert [step["op"] for step in made.steps().values()] == ["update"]
    made.up()

    as_declared()


def test_another_user_is_another_mailbox(made: Stack, dataverse: Dataverse) -> None:
    """A user who has another mailbox is refused, with the way: a resource of its own."""
    before = dataverse.rows("mailboxes")
    made.program(PROFILE + DATED_MAILBOX.replace("anna@contoso.com", "ben@contoso.com"))

    failed = made.up(status=FAILED).text

    assert "Declare that one as a resource of its own, under a new name" in failed
    assert dataverse.rows("mailboxes") == before


def test_an_edited_date_moves_back(made: Stack, dataverse: Dataverse) -> None:
    """Only an edit of the date in the program moves it back."""
    made.program(PROFILE + DATED_MAILBOX.replace(STATED, "2026-10-01T00:00:00Z"))

    made.up()

    assert dataverse.anna()["processemailreceivedafter"] == "2026-10-01T00:00:00Z"
    made.clean()


@pytest.mark.parametrize("policy", ["restore", "disable"])
def test_a_rename_whose_deletes_come_in_a_later_run_switches_nothing_off(
    made: Stack, as_declared: Callable[[], None], policy: str
) -> None:
    """A run that fails carries out no delete; the next one leaves the row to the resource that has it now."""
    mailbox = DATED_MAILBOX.replace('"restore"', f'"{policy}"')
    made.program(PROFILE + mailbox)
    made.up()
    renamed = PROFILE + mailbox.replace('"anna"', '"renamed"')
    made.program(renamed + 'Mailbox("nobody", user="nobody@contoso.com", opts=ResourceOptions(depends_on=[anna]))\n')
    made.up(status=FAILED)
    assert sorted(made.state()) == ["anna", "one-account", "renamed"]
    made.program(renamed)

    made.up()

    assert sorted(made.state()) == ["one-account", "renamed"]
    as_declared()


def test_a_removed_mailbox_is_restored_after_a_refresh_of_the_same_run(made: Stack, dataverse: Dataverse) -> None:
    """A refresh compares what the program no longer declares: that keeps nothing from being given back."""
    made.program(PROFILE)

    made.up("--refresh")

    assert sorted(made.state()) == ["one-account"]
    assert dataverse.anna()["incomingemaildeliverymethod"] == 0
