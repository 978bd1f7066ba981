"""Rows that are not there, not one, or not ours."""

from .emulated import Dataverse
from .programs import BUILT_IN, PROFILE, QUEUE
from .stack import FAILED, Stack


def test_keys_that_lead_nowhere_are_named(stack: Stack, dataverse: Dataverse) -> None:
    """A user, queue or profile that is not there is named with its key; every faulty resource is shown."""
    stack.program(
        BUILT_IN.replace("anna@contoso.com", "nobody@contoso.com")
        + QUEUE.replace('"anna"', '"complaints"').replace("Support", "Complaints")
        + BUILT_IN.replace('"anna"', '"ben"').replace("anna@", "ben@").replace("Microsoft Exchange Online", "Nowhere")
    )

    shown = stack.up("--continue-on-error", status=FAILED).text

    for key in ("user 'nobody@contoso.com'", "queue 'Complaints'", "email server profile 'Nowhere'"):
        assert key in shown
    assert "Check the spelling" in shown
    assert "Traceback" not in shown
    assert dataverse.writes() == []
    assert stack.state() == {}


def test_keys_that_rows_share_are_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Where two rows have the name, none is guessed: their ids are given to choose from."""
    twins = [
        dataverse.row("queues", "Support"),
        dataverse.make("queues", name="Support", emailaddress="s2@contoso.com"),
    ]
    profiles = [dataverse.make("emailserverprofiles", name="Twin", servertype=0) for _ in range(2)]
    dataverse.forget_requests()
    stack.program(
        QUEUE
        + BUILT_IN.replace('"anna"', '"ben"').replace("anna@", "ben@").replace("Microsoft Exchange Online", "Twin")
        + PROFILE.replace("Contoso Exchange", "Twin").replace("=443", "=443, adopt=True")
    )

    shown = stack.up("--continue-on-error", status=FAILED).text

    for row_id in (*(twin["queueid"] for twin in twins), *(it["emailserverprofileid"] for it in profiles)):
        assert row_id in shown
    assert shown.count("2 rows share that key") == 3
    assert "Traceback" not in shown
    assert dataverse.writes() == []


def test_a_name_that_is_taken_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """A profile of that name which is not ours is neither overwritten nor doubled."""
    theirs = dataverse.make("emailserverprofiles", name="Contoso Exchange", servertype=0)
    dataverse.forget_requests()
    stack.program(PROFILE)

    shown = stack.up(status=FAILED).text

    assert f"that name is taken by {theirs['emailserverprofileid']}" in shown
    assert "set adopt=True" in shown
    assert dataverse.writes() == []


def test_an_adoption_that_finds_nothing_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """`adopt=True` makes nothing where there is nothing to adopt."""
    stack.program(PROFILE.replace("=443", "=443, adopt=True"))

    shown = stack.up(status=FAILED).text

    assert "adopt email server profile 'Contoso Exchange': none has that name" in shown
    assert dataverse.writes() == []


def test_an_adopted_profile_is_never_renamed(stack: Stack, dataverse: Dataverse) -> None:
    """A new name for an adopted profile is refused in the preview."""
    dataverse.make("emailserverprofiles", name="Contoso Exchange", servertype=0)
    adopted = PROFILE.replace("=443", "=443, adopt=True")
    stack.program(adopted)
    stack.up()
    stack.program(adopted.replace("Contoso Exchange", "Fabrikam Exchange"))

    assert "an adopted email server profile is never renamed" in stack.preview(status=FAILED).text
