"""The scope compared with the profile that it protects."""

import pytest

from pulumi_dataverse_email.engine.impersonation_scope import coverage
from pulumi_dataverse_email.errors import ExchangeRefused
from tests.unit.exchange.conftest import ANNA, APP, BEN

from .stack import MEMBERS, ONLINE, UNIT, ScopeStack

CHRIS = "chris@contoso.com"


def test_mailboxes_of_the_profile_outside_the_scope_stop_the_deployment(stack: ScopeStack) -> None:
    profile = stack.profile("Anna Weber", "Chris Park")

    with pytest.raises(ExchangeRefused, match=f"1 mailbox .* would be outside the scope: {CHRIS}"):
        stack.up(**ONLINE, **MEMBERS, profile=profile)

    assert [it for it in stack.online.sent if not it.startswith("Get-")] == []


def test_one_more_address_lets_it_pass_and_what_nobody_uses_is_told(stack: ScopeStack) -> None:
    profile = stack.profile("Anna Weber", "Chris Park")

    stack.up(**ONLINE, addresses=[ANNA, BEN, CHRIS], profile=profile)

    assert stack.outputs()["outside_scope"] == []
    assert stack.outputs()["unused_in_scope"] == [BEN]


@pytest.mark.parametrize(("policy", "told"), [("warn", 1), ("ignore", 0)])
def test_the_program_may_let_them_stay_outside(stack: ScopeStack, policy: str, told: int) -> None:
    wanted = {**ONLINE, **MEMBERS, "profile": stack.profile("Chris Park"), "mailboxes_outside_scope": policy}

    process = stack.up(**wanted)

    assert sum("would be outside" in it for it in process.warnings) == told
    assert stack.outputs()["outside_scope"] == [CHRIS]
    stack.refresh()
    assert stack.plan(**wanted).changes is False


@pytest.mark.parametrize("policy", ["error", "warn"])
def test_a_mailbox_that_joins_the_profile_later_is_drift(stack: ScopeStack, policy: str) -> None:
    wanted = {**ONLINE, **MEMBERS, "profile": stack.profile("Anna Weber"), "mailboxes_outside_scope": policy}
    stack.up(**wanted)
    stack.join("Chris Park")

    stack.refresh()

    assert stack.state["crm"].inputs["outside_scope"] == [CHRIS]
    assert stack.plan(**wanted).changes is True


def test_who_leaves_with_this_change_does_not_stop_it(stack: ScopeStack) -> None:
    """Pulumi updates the scope first, and lets go of the mailbox after that; a mailbox that stays is drift."""
    profile = stack.profile("Anna Weber", "Ben Ortiz")
    stack.up(**ONLINE, **MEMBERS, profile=profile)

    process = stack.up(**ONLINE, addresses=[ANNA], profile=profile)

    assert any(f"outside the scope: {BEN}" in it for it in process.warnings)
    stack.refresh()
    assert stack.state["crm"].inputs["outside_scope"] == [BEN]
    with pytest.raises(ExchangeRefused, match=BEN):
        stack.up(**ONLINE, addresses=[ANNA], profile=profile)


def test_an_alias_in_dataverse_is_the_same_mailbox(stack: ScopeStack) -> None:
    stack.online.recipient(ANNA, aliases=["a.weber@contoso.com"], properties={"CustomAttribute1": "crm"})
    profile = stack.profile("Anna Weber")
    row = stack.online.dataverse.anna()
    stack.online.dataverse.edit("mailboxes", row, emailaddress="A.Weber@contoso.com")

    stack.up(**ONLINE, recipient_filter="CustomAttribute1 -eq 'crm'", profile=profile)

    assert stack.outputs()["outside_scope"] == stack.outputs()["unused_in_scope"] == []


def test_mailboxes_that_are_not_synchronized_need_no_place_in_it(stack: ScopeStack) -> None:
    profile = stack.profile("Anna Weber", "Chris Park")
    row = stack.online.dataverse.row("mailboxes", "Chris Park")
    none = {"incomingemaildeliverymethod": 0, "outgoingemaildeliverymethod": 0, "actdeliverymethod": 2}
    stack.online.dataverse.edit("mailboxes", row, **none)

    stack.up(**ONLINE, **MEMBERS, profile=profile)

    assert stack.outputs()["outside_scope"] == []


def test_a_unit_is_proven_mailbox_by_mailbox(stack: ScopeStack) -> None:
    """Nobody can list a unit by its id: Exchange is asked about each mailbox of the profile."""
    wanted = {**ONLINE, "administrative_unit": UNIT, "mailboxes_outside_scope": "warn"}

    stack.up(**wanted, profile=stack.profile("Anna Weber", "Chris Park"))

    assert stack.outputs()["outside_scope"] == [CHRIS]
    assert "which other mailboxes the administrative unit has" in stack.outputs()["not_proven"]


def test_a_unit_without_the_profile_s_mailboxes_leaves_nothing_behind(stack: ScopeStack) -> None:
    with pytest.raises(ExchangeRefused, match=CHRIS):
        stack.up(**ONLINE, administrative_unit=UNIT, profile=stack.profile("Anna Weber", "Chris Park"))

    assert stack.online.exchange.assignments() == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"retrieval": 2}, "prvRequirePrivilegeToSelfApproveEmailAddress"),
        ({"oauthclientid": "5f0c2a10-0000-4000-8000-0000000000ff"}, "not as application_id"),
    ],
)
def test_a_profile_that_no_scope_limits_is_refused(stack: ScopeStack, columns: dict[str, object], says: str) -> None:
    profile = stack.profile("Anna Weber", **columns)  # type: ignore[arg-type]  # a column or the way of logging in

    with pytest.raises(ExchangeRefused, match=says):
        stack.up(**ONLINE, **MEMBERS, profile=profile)

    assert stack.online.exchange.scopes() == []


def test_a_profile_may_be_named(stack: ScopeStack) -> None:
    stack.profile("Anna Weber")

    stack.up(**ONLINE, **MEMBERS, profile="Contoso Exchange")

    assert stack.outputs()["unused_in_scope"] == [BEN]


@pytest.mark.parametrize(
    ("switches", "admits"),
    [
        ({}, False),
        ({"ews_enabled": True}, False),
        ({"ews_enabled": False, "ews_allowed_app_ids": APP}, False),
        ({"ews_enabled": True, "ews_allowed_app_ids": f"11111111-1111-4111-8111-111111111111,{APP.upper()}"}, True),
    ],
)
def test_whether_ews_lets_the_application_in_is_told(
    stack: ScopeStack, switches: dict[str, object], *, admits: bool
) -> None:
    stack.online.switch(**switches)

    process = stack.up(**ONLINE, **MEMBERS)

    assert stack.outputs()["ews_admits_application"] is admits
    assert any("2027-04-01" in it for it in process.warnings) is not admits


def test_roles_that_do_not_use_ews_need_no_door(stack: ScopeStack) -> None:
    process = stack.up(**ONLINE, **MEMBERS, roles=["Application Mail.ReadWrite"])

    assert "ews_admits_application" not in stack.outputs()
    assert process.warnings == []


def test_what_nobody_can_prove_is_never_called_limited(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)

    told = " ".join(stack.outputs()["not_proven"])
    assert "tasks" in told
    assert "full_access_as_app" in told
    assert "no profile is given" in told


def test_a_long_list_is_cut_and_counted() -> None:
    names = [f"user{number}@contoso.com" for number in range(coverage.NAMED + 7)]

    assert coverage.listed(names) == [*names[: coverage.NAMED], "and 7 more"]
    assert coverage.listed(names[:3]) == names[:3]
