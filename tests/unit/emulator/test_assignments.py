"""Role assignments of the emulated Exchange, and what they let an application open."""

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, SUPPORT
from tests.unit.emulator.exchange import APP, APP_OBJECT, EWS, Exchange

BEN = "ben@contoso.com"


def _in_scope(exchange: Exchange, address: str) -> list[object]:
    found = exchange.run("Test-ServicePrincipalAuthorization", Identity=APP, Resource=address)
    return [one["InScope"] for one in found]


def test_an_application_opens_the_mailboxes_of_its_scope(mailer: Exchange) -> None:
    made = mailer.assignment("mail", CustomResourceScope="crm")

    assert (made["RecipientWriteScope"], made["CustomResourceScope"]) == ("CustomRecipientScope", "CRM")
    assert (made["RoleAssignee"], made["RoleAssigneeType"]) == (APP_OBJECT, "ServicePrincipal")
    assert (_in_scope(mailer, ANNA), _in_scope(mailer, BEN)) == ([True], [False])


def test_the_test_says_what_is_granted(mailer: Exchange) -> None:
    mailer.run("New-ManagementRoleAssignment", App=APP, Role="Application Mail Full Access", CustomResourceScope="CRM")

    (found,) = mailer.run("Test-ServicePrincipalAuthorization", Identity="Mailer")

    assert found == {
        "RoleName": "Application Mail Full Access",
        "GrantedPermissions": "Mail.ReadWrite, Mail.Send",
        "AllowedResourceScope": "CRM",
        "ScopeType": "CustomRecipientScope",
        "InScope": "Not Run",
    }


def test_the_answer_of_the_test_may_be_text(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")
    mailer.switch(in_scope_as="text")

    assert (_in_scope(mailer, ANNA), _in_scope(mailer, BEN)) == (["True"], ["False"])


def test_without_a_scope_every_mailbox_is_open(mailer: Exchange) -> None:
    made = mailer.assignment("mail")

    assert made["RecipientWriteScope"] == "Organization"
    assert _in_scope(mailer, SUPPORT) == [True]


def test_a_group_counts_its_direct_members(mailer: Exchange) -> None:
    mailer.recipient("inner@contoso.com", type="MailUniversalSecurityGroup", members=[BEN])
    mailer.recipient("outer@contoso.com", type="MailUniversalSecurityGroup", members=[ANNA, "inner@contoso.com"])

    made = mailer.assignment("mail", RecipientGroupScope="outer")

    assert (made["RecipientWriteScope"], made["CustomResourceScope"]) == ("Group", "outer")
    assert (_in_scope(mailer, ANNA), _in_scope(mailer, BEN)) == ([True], [False])


def test_a_group_may_read_back_as_an_internal_scope(mailer: Exchange) -> None:
    mailer.switch(group_scope_as="internal")
    mailer.recipient("team@contoso.com", type="MailUniversalSecurityGroup")

    made = mailer.assignment("mail", RecipientGroupScope="team")

    assert made["CustomResourceScope"].startswith("team_")


def test_a_changed_scope_reaches_every_assignment(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    mailer.run("Set-ManagementScope", Identity="CRM", RecipientRestrictionFilter=f"PrimarySmtpAddress -eq '{BEN}'")

    assert (_in_scope(mailer, ANNA), _in_scope(mailer, BEN)) == ([False], [True])


def test_a_scope_of_null_widens_to_the_whole_organization(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    mailer.run("Set-ManagementRoleAssignment", Identity="mail", CustomResourceScope=None)

    assert mailer.run("Get-ManagementRoleAssignment", Identity="mail")[0]["RecipientWriteScope"] == "Organization"
    assert _in_scope(mailer, BEN) == [True]


def test_a_disabled_assignment_opens_nothing(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    mailer.run("Set-ManagementRoleAssignment", Identity="mail", Enabled=False)

    assert _in_scope(mailer, ANNA) == []
    assert mailer.names("Get-ManagementRoleAssignment", Enabled=False) == ["mail"]


def test_assignments_are_found_by_assignee_and_by_recipient(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    for assignee in (APP, APP_OBJECT, "mailer"):
        assert mailer.names("Get-ManagementRoleAssignment", RoleAssignee=assignee) == ["mail"]
    assert mailer.names("Get-ManagementRoleAssignment", RoleAssignee=NOBODY) == []
    assert mailer.names("Get-ManagementRoleAssignment", Role=EWS, WritableRecipient=ANNA) == ["mail"]
    assert mailer.names("Get-ManagementRoleAssignment", Role=EWS, WritableRecipient=BEN) == []


def test_a_name_is_made_up_when_none_is_given(mailer: Exchange) -> None:
    names = [mailer.run("New-ManagementRoleAssignment", App=APP, Role=EWS)[0]["Name"] for _ in range(2)]

    assert names == [f"{EWS}-Mailer", f"{EWS}-Mailer-1"]


@pytest.mark.parametrize(
    ("parameters", "status", "kind"),
    [
        ({"App": APP, "Role": "Application Mind.Read"}, 404, "ManagementObjectNotFoundException"),
        ({"App": APP, "Role": "ApplicationImpersonation"}, 404, "ManagementObjectNotFoundException"),
        ({"App": NOBODY, "Role": EWS}, 404, "ManagementObjectNotFoundException"),
        ({"App": APP, "Role": EWS, "CustomResourceScope": "nowhere"}, 404, "ManagementObjectNotFoundException"),
        ({"App": APP, "Role": EWS, "RecipientGroupScope": ANNA}, 404, "ManagementObjectNotFoundException"),
        ({"App": APP, "Role": EWS, "User": ANNA}, 400, "ParameterBindingException"),
        ({"App": APP, "Role": EWS, "CustomRecipientWriteScope": "CRM"}, 400, "ParameterBindingException"),
        (
            {"App": APP, "Role": EWS, "CustomResourceScope": "CRM", "RecipientGroupScope": "x"},
            400,
            "ParameterBindingException",
        ),
        ({"User": ANNA, "Role": EWS}, 400, "ParameterBindingException"),
        ({"Role": EWS}, 400, "ParameterBindingException"),
        ({"App": APP, "Role": EWS, "Name": "x" * 65}, 400, "DataValidationException"),
        ({"App": APP, "Role": EWS, "RecipientRelativeWriteScope": "Self"}, 400, "ParameterBindingException"),
    ],
)
def test_an_assignment_that_does_not_fit_is_refused(
    mailer: Exchange, parameters: dict[str, str], status: int, kind: str
) -> None:
    assert mailer.error("New-ManagementRoleAssignment", **parameters) == (status, kind)
    assert mailer.run("Get-ManagementRoleAssignment") == []


def test_an_assignment_is_removed(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    mailer.run("Remove-ManagementRoleAssignment", Identity="mail", Confirm=False)

    assert _in_scope(mailer, ANNA) == []
    mailer.run("Remove-ManagementScope", Identity="CRM")


def test_roles_are_listed(exchange: Exchange) -> None:
    roles = exchange.run("Get-ManagementRole", Identity="Application*")

    assert len(roles) == 24
    assert {"ApplicationEWSAccessAsApp"} == {role["RoleType"] for role in roles if role["Name"] == EWS}
    assert exchange.names("Get-ManagementRole", Identity="application ews.accessasapp") == [EWS]


def test_people_and_groups_are_assigned_management_roles(mailer: Exchange) -> None:
    mailer.recipient("admins@contoso.com", type="MailUniversalSecurityGroup")
    role = "View-Only Recipients"

    one = mailer.run("New-ManagementRoleAssignment", User=ANNA, Role=role, CustomRecipientWriteScope="CRM")[0]
    other = mailer.run("New-ManagementRoleAssignment", SecurityGroup="admins", Role=role)[0]

    assert (one["RoleAssigneeType"], one["CustomRecipientWriteScope"], one["CustomResourceScope"]) == (
        "User",
        "CRM",
        "",
    )
    assert (other["RoleAssigneeType"], other["RoleAssignee"]) == ("SecurityGroup", "admins")
    changed = {"Identity": one["Name"], "CustomResourceScope": "CRM"}
    assert mailer.error("Set-ManagementRoleAssignment", **changed) == (400, "ParameterBindingException")
    found = mailer.names("Get-ManagementRoleAssignment", RoleAssigneeType="User", CustomRecipientWriteScope="crm")
    assert found == [one["Name"]]
    assert mailer.error("New-ManagementRoleAssignment", User="nobody", Role=role)[0] == 404


def test_a_set_that_changes_no_assignment_warns(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    answer = mailer.call("Set-ManagementRoleAssignment", Identity="mail", CustomResourceScope="CRM")

    assert "have been modified" in answer.json()["@adminapi.warnings"][0]


def test_an_exclusive_scope_is_no_custom_one(mailer: Exchange) -> None:
    mailer.run("New-ManagementScope", Name="VIP", RecipientRestrictionFilter="City -eq 'x'", Exclusive=True, Force=True)
    wanted = {"User": ANNA, "Role": "View-Only Recipients", "CustomRecipientWriteScope": "VIP"}

    assert mailer.error("New-ManagementRoleAssignment", **wanted) == (400, "InvalidOperationException")


def test_names_of_assignments_are_unique(mailer: Exchange) -> None:
    mailer.assignment("mail")

    twin = {"Name": "MAIL", "App": APP, "Role": EWS}
    assert mailer.error("New-ManagementRoleAssignment", **twin) == (400, "ADObjectAlreadyExistsException")


def test_a_delegating_assignment_opens_nothing(mailer: Exchange) -> None:
    made = mailer.assignment("mail", Delegating=True)

    assert made["RoleAssignmentDelegationType"] == "DelegatingOrgWide"
    assert _in_scope(mailer, ANNA) == []
    assert mailer.names("Get-ManagementRoleAssignment", Delegating=True) == ["mail"]
