"""A mailbox: what is left when a declaration goes."""

import pytest

from pulumi_dataverse_email.declare import CLEAR
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, ONLINE, SECRET, codes, owner
from .stack import Stack


def test_a_mailbox_is_retained(stack: Stack, dataverse: Dataverse) -> None:
    """Destroying a declaration must not become a mail incident."""
    stack.up("anna", user=ANNA, **METHODS)
    dataverse.forget_requests()
    stack.destroy("anna")

    assert codes(dataverse) == (2, 2, 1)
    assert dataverse.data_requests() == []


def test_a_mailbox_is_disabled(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, on_delete="disable", **METHODS)
    stack.destroy("anna")

    assert codes(dataverse) == (0, 0, 2)


@pytest.mark.parametrize("policy", ["disable", "restore"])
def test_a_mailbox_that_is_gone_is_given_back_already(stack: Stack, dataverse: Dataverse, policy: str) -> None:
    stack.up("anna", user=ANNA, on_delete=policy, **METHODS)
    dataverse.delete("mailboxes", dataverse.anna())
    process = stack.destroy("anna")

    assert process.warnings == []


def test_a_mailbox_is_restored(stack: Stack, dataverse: Dataverse) -> None:
    """What it held before, nulls included; two requests."""
    profile = dataverse.row("emailserverprofiles", ONLINE)["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), incomingemaildeliverymethod=3, _emailserverprofile_value=profile)
    stack.up("anna", user=ANNA, username="anna", email_server_profile=CLEAR, on_delete="restore", **METHODS)
    dataverse.forget_requests()
    process = stack.destroy("anna")

    row = dataverse.anna()
    assert codes(dataverse) == (3, 0, 2)
    assert (row["username"], row["_emailserverprofile_value"]) == (None, profile)
    assert process.warnings == []
    assert dataverse.data_requests()[1:] == ["GET mailboxes", "GET emailserverprofiles", "PATCH mailboxes"]


def test_what_holds_already_is_not_written(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.edit("mailboxes", dataverse.anna(), username="anna")
    stack.up("anna", user=ANNA, username="anna", on_delete="restore")
    stack.destroy("anna")

    assert dataverse.writes() == []


def test_what_is_left_is_named(stack: Stack, dataverse: Dataverse) -> None:
    """What somebody else set since, secrets, dates and retired methods stay, each with its reason."""
    dataverse.edit("mailboxes", dataverse.anna(), outgoingemaildeliverymethod=1)
    stack.up(
        "anna",
        user=ANNA,
        username="anna",
        password=SECRET,
        process_email_received_after="2026-11-01",
        on_delete="restore",
        **METHODS,
    )
    dataverse.edit("mailboxes", dataverse.anna(), username="somebody", actdeliverymethod=0)
    (warning,) = stack.destroy("anna").warnings

    assert warning == (
        "mailbox 'Anna Weber': restore left "
        "outgoing_email_delivery_method (it was microsoft_dynamics_365_for_outlook, which Microsoft has retired), "
        "act_delivery_method (somebody else has set it since, to microsoft_dynamics_365_for_outlook), "
        "username (somebody else has set it since, to somebody), "
        "password (a secret cannot be read, so its former value is not known), "
        "process_email_received_after (its former value is never restored) as it is."
    )
    assert codes(dataverse) == (0, 2, 0)
    assert dataverse.anna()["username"] == "somebody"


def test_a_user_name_stays_with_the_password_that_cannot_be_restored(stack: Stack, dataverse: Dataverse) -> None:
    """The former name with our password would open no mailbox."""
    dataverse.edit("mailboxes", dataverse.anna(), username="former", password="Former-Passw0rd")
    stack.up("anna", user=ANNA, username="anna", password=SECRET, on_delete="restore")
    (warning,) = stack.destroy("anna").warnings

    assert "username (it goes with password, whose former value is not known)" in warning
    assert dataverse.anna()["username"] == "anna"


def test_a_user_name_whose_password_is_not_ours_is_restored(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.edit("mailboxes", dataverse.anna(), username="former", password="Former-Passw0rd")
    stack.up("anna", user=ANNA, username="anna", on_delete="restore")
    stack.destroy("anna")

    assert dataverse.anna()["username"] == "former"


def test_what_somebody_put_back_already_is_not_told(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("anna", user=ANNA, email_server_profile=ONLINE, on_delete="restore")
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=None)
    process = stack.destroy("anna")

    assert process.warnings == []
    assert dataverse.anna()["_emailserverprofile_value"] is None


def test_thousands_of_mailboxes_ask_about_a_former_profile_once(stack: Stack, dataverse: Dataverse) -> None:
    former = dataverse.make("emailserverprofiles", name="Former")["emailserverprofileid"]
    names = ("anna", "ben")
    for name in names:
        row = next(it for it in dataverse.rows("mailboxes") if it["emailaddress"] == f"{name}@contoso.com")
        dataverse.edit("mailboxes", row, _emailserverprofile_value=former)
        stack.up(name, user=f"{name}@contoso.com", email_server_profile=ONLINE, on_delete="restore")
    dataverse.forget_requests()
    process = stack.process()
    for name in names:
        stack.destroy(name, process)

    assert dataverse.data_requests().count("GET emailserverprofiles") == 1
    assert dataverse.anna()["_emailserverprofile_value"] == former


@pytest.mark.parametrize(
    ("now", "told"), [("Other", "to 'Other'"), (None, "to nothing")], ids=["another profile", "none"]
)
def test_a_profile_that_somebody_set_is_left(stack: Stack, dataverse: Dataverse, now: str | None, told: str) -> None:
    former = dataverse.make("emailserverprofiles", name="Former")["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=former)
    stack.up("anna", user=ANNA, email_server_profile=ONLINE, on_delete="restore")
    other = dataverse.make("emailserverprofiles", name="Other")["emailserverprofileid"]
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=other if now else None)
    (warning,) = stack.destroy("anna").warnings

    assert f"email_server_profile (somebody else has set it since, {told})" in warning


def test_a_profile_that_is_gone_is_not_restored(stack: Stack, dataverse: Dataverse) -> None:
    former = dataverse.make("emailserverprofiles", name="Former")
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=former["emailserverprofileid"])
    stack.up("anna", user=ANNA, email_server_profile=ONLINE, on_delete="restore")
    dataverse.delete("emailserverprofiles", former)
    (warning,) = stack.destroy("anna").warnings

    assert f"(the email server profile {former['emailserverprofileid']} is gone)" in warning
    assert dataverse.anna()["_emailserverprofile_value"]


def test_an_inactive_profile_is_not_restored(stack: Stack, dataverse: Dataverse) -> None:
    former = dataverse.make("emailserverprofiles", name="Former")
    dataverse.edit("mailboxes", dataverse.anna(), _emailserverprofile_value=former["emailserverprofileid"])
    stack.up("anna", user=ANNA, email_server_profile=ONLINE, on_delete="restore")
    dataverse.edit("emailserverprofiles", former, statecode=1)
    (warning,) = stack.destroy("anna").warnings

    assert "(the email server profile 'Former' is inactive)" in warning


def test_a_mailbox_that_another_resource_took_is_left(stack: Stack, dataverse: Dataverse) -> None:
    """A logical name changed without an alias: the new resource adopts, and the old one's deletion harms nothing."""
    stack.up("anna", user=ANNA, on_delete="restore", **METHODS)
    process = stack.up("anna-weber", user=ANNA, on_delete="restore", **METHODS)
    stack.destroy("anna", process)

    assert codes(dataverse) == (2, 2, 1)
    assert "is left alone" in process.warnings[-1]
    assert "aliases" in process.warnings[-1]


@pytest.mark.parametrize("policy", ["retain", "restore", "disable"])
def test_a_replacement_keeps_the_first_record(stack: Stack, dataverse: Dataverse, policy: str) -> None:
    """Deleted and adopted again in one run, the mailbox remembers what it held before us."""
    stack.up("anna", user=ANNA, on_delete=policy, **METHODS)
    first = stack.state["anna"].outputs["previous"]
    stack.replace("anna", user=ANNA, on_delete=policy, **METHODS)

    assert stack.state["anna"].outputs["previous"] == first
    assert codes(dataverse) == (2, 2, 1)


@pytest.mark.parametrize("policy", ["restore", "disable"])
def test_a_replacement_on_demand_switches_nothing_off(stack: Stack, dataverse: Dataverse, policy: str) -> None:
    """Not even for a moment: a mailbox that was switched off has to be tested again."""
    stack.up("anna", user=ANNA, on_delete=policy, **METHODS)
    first = stack.state["anna"].outputs["previous"]
    dataverse.forget_requests()
    stack.replace_on_demand("anna", user=ANNA.upper(), on_delete=policy, **METHODS)

    assert dataverse.writes() == []
    assert stack.state["anna"].outputs["previous"] == first


@pytest.mark.parametrize("known", [True, False])
def test_a_key_that_somebody_else_has_now_keeps_no_mailbox(stack: Stack, dataverse: Dataverse, *, known: bool) -> None:
    """Anna has left, and Ben, declared before or not, has got her principal name: her mailbox is switched off."""
    stack.up("anna", user=ANNA, on_delete="disable", **METHODS)
    if known:
        stack.up("ben", user="ben@contoso.com", **METHODS)
    dataverse.edit("systemusers", owner(dataverse), domainname="left@contoso.com", internalemailaddress=None)
    ben = next(it for it in dataverse.rows("systemusers") if it["domainname"] == "ben@contoso.com")
    dataverse.edit("systemusers", ben, domainname=ANNA)
    process = stack.up("ben", user=ANNA, **METHODS)
    stack.destroy("anna", process)

    assert process.warnings == []
    assert codes(dataverse) == (0, 0, 2)
