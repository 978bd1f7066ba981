"""Management scopes of the emulated Exchange."""

import pytest

from tests.unit.emulator.exchange import EWS, Exchange, command

FILTER = "CustomAttribute1 -eq 'crm'"


def test_a_scope_is_made_read_changed_and_removed(exchange: Exchange) -> None:
    made = exchange.scope("Mail of the CRM", FILTER)
    exchange.run(
        "Set-ManagementScope", Identity="mail of the crm", Name="CRM", RecipientRestrictionFilter="City -eq 'x'"
    )

    (read,) = exchange.run("Get-ManagementScope", Identity=made["Guid"])
    exchange.run("Remove-ManagementScope", Identity="CRM", Confirm=False)

    assert (made["Name"], made["RecipientFilter"], made["ScopeRestrictionType"]) == (
        "Mail of the CRM",
        FILTER,
        "RecipientScope",
    )
    assert (read["Name"], read["RecipientFilter"], read["Exclusive"]) == ("CRM", "City -eq 'x'", False)
    assert exchange.run("Get-ManagementScope") == []


def test_names_are_compared_without_case(exchange: Exchange) -> None:
    exchange.scope("CRM")

    answer = exchange.error("New-ManagementScope", Name="crm", RecipientRestrictionFilter="City -eq 'x'")

    assert answer == (400, "ADObjectAlreadyExistsException")


def test_an_absent_scope_is_not_found(exchange: Exchange) -> None:
    for cmdlet in ("Get-ManagementScope", "Set-ManagementScope", "Remove-ManagementScope"):
        assert exchange.error(cmdlet, Identity="nowhere") == (404, "ManagementObjectNotFoundException")


def test_a_scope_in_use_stays(exchange: Exchange) -> None:
    exchange.scope("CRM")
    exchange.pointer()
    exchange.assignment("mail", CustomResourceScope="CRM")

    answer = exchange.call("Remove-ManagementScope", Identity="CRM")

    assert answer.status_code == 400
    assert "'mail'" in answer.text
    assert exchange.names("Get-ManagementScope", Orphan=True) == []


def test_a_set_that_changes_nothing_warns(exchange: Exchange) -> None:
    exchange.scope("CRM")

    answer = exchange.call("Set-ManagementScope", Identity="CRM", RecipientRestrictionFilter=FILTER)

    assert "no settings of 'CRM' have been modified" in answer.json()["@adminapi.warnings"][0]


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"Name": "x" * 65, "RecipientRestrictionFilter": FILTER}, "DataValidationException"),
        ({"Name": "x"}, "ParameterBindingException"),
        ({"Name": "", "RecipientRestrictionFilter": FILTER}, "ParameterBindingException"),
        ({"Name": None, "RecipientRestrictionFilter": FILTER}, "ParameterBindingException"),
        ({"Name": ["x"], "RecipientRestrictionFilter": FILTER}, "ParameterBindingException"),
        ({"Name": "x", "RecipientRestrictionFilter": FILTER, "Exclusive": "maybe"}, "ParameterBindingException"),
        ({"Name": "x", "RecipientRestrictionFilter": FILTER, "Exclusive": True}, "InvalidOperationException"),
        ({"Name": "x", "RecipientRestrictionFilter": FILTER, "Filter": FILTER}, "ParameterBindingException"),
        ({"Name": "x", "RecipientRestrictionFilter": FILTER, "ServerList": "x"}, "ParameterBindingException"),
        (
            {"Name": "x", "RecipientRestrictionFilter": FILTER, "RecipientRoot": "x"},
            "ManagementObjectNotFoundException",
        ),
        ({"Name": "x", "RecipientRestrictionFilter": "Shoe -eq '42'"}, "ParsingException"),
        ({"Name": "x", "RecipientRestrictionFilter": "City -eq"}, "ParsingException"),
        ({"Name": "x", "RecipientRestrictionFilter": "City -like '*dorf'"}, "ParsingException"),
    ],
)
def test_a_scope_that_does_not_fit_is_refused(exchange: Exchange, parameters: dict[str, object], kind: str) -> None:
    assert exchange.error("New-ManagementScope", **parameters) == (400, kind)
    assert exchange.run("Get-ManagementScope") == []


def test_scopes_are_listed_by_their_start_and_by_kind(exchange: Exchange) -> None:
    exchange.scope("CRM one", "City -eq '1'")
    exchange.scope("CRM two", "City -eq '2'")
    exchange.run("New-ManagementScope", Name="VIP", RecipientRestrictionFilter=FILTER, Exclusive=True, Force=True)

    assert exchange.names("Get-ManagementScope", Identity="crm*") == ["CRM one", "CRM two"]
    assert exchange.names("Get-ManagementScope", Exclusive=True) == ["VIP"]
    assert exchange.names("Get-ManagementScope", Exclusive=False) == ["CRM one", "CRM two"]


def test_what_if_does_nothing(exchange: Exchange) -> None:
    exchange.run("New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER, WhatIf=True)

    assert exchange.run("Get-ManagementScope") == []


def test_a_second_scope_of_the_same_meaning_may_be_refused(exchange: Exchange) -> None:
    exchange.scope("CRM")
    twin = {"Name": "Twin", "RecipientRestrictionFilter": FILTER}

    assert exchange.error("New-ManagementScope", **twin) == (400, "InvalidOperationException")
    exchange.switch(equal_scopes="accept")
    assert exchange.run("New-ManagementScope", **twin)


def test_a_filter_may_read_back_in_another_shape(exchange: Exchange) -> None:
    exchange.switch(filter_echo="rewritten")
    exchange.scope("CRM", "City -eq \"O'Fallon\" -and -not Department -eq $null -and Office -eq '1'")

    (read,) = exchange.run("Get-ManagementScope", Identity="CRM")

    assert read["RecipientFilter"] == (
        "((City -eq 'O''Fallon') -and (-not(Department -eq $null)) -and (Office -eq '1'))"
    )


def test_an_unknown_identity_may_list_everything(exchange: Exchange) -> None:
    exchange.scope("CRM")
    exchange.switch(unknown_identity="list_all")

    assert exchange.names("Get-ManagementScope", Identity="nowhere") == ["CRM"]


def test_absent_things_may_be_bad_requests(exchange: Exchange) -> None:
    exchange.switch(absent_status=400)

    assert exchange.error("Get-ManagementScope", Identity="x") == (400, "ManagementObjectNotFoundException")


def test_a_filter_may_be_too_long(exchange: Exchange) -> None:
    exchange.switch(longest_filter=20)

    answer = exchange.error("New-ManagementScope", Name="x", RecipientRestrictionFilter=FILTER)

    assert answer == (400, "ParsingException")


def test_reading_may_lag_behind_writing(exchange: Exchange) -> None:
    exchange.scope("old")
    exchange.switch(replication_delay=3600)
    exchange.run("Set-ManagementScope", Identity="old", Name="renamed")
    exchange.scope("new", "City -eq 'x'")

    assert exchange.error("Get-ManagementScope", Identity="new") == (404, "ManagementObjectNotFoundException")
    exchange.switch(replication_delay=0)
    assert exchange.names("Get-ManagementScope") == ["renamed", "new"]


def test_a_new_tenant_must_be_customized_first(exchange: Exchange) -> None:
    exchange.switch(customized=False, customization_delay=3600)
    scope = {"Name": "CRM", "RecipientRestrictionFilter": FILTER}

    assert exchange.error("New-ManagementScope", **scope) == (400, "CmdletInvalidOperationInDehydratedContextException")
    assert exchange.run("Get-OrganizationConfig")[0]["IsDehydrated"]
    exchange.run("Enable-OrganizationCustomization")
    exchange.run("New-ManagementScope", **scope)
    exchange.pointer()
    refused = exchange.call("New-ManagementRoleAssignment", App=exchange_app(exchange), Role=EWS)
    assert "delegating role assignment" in refused.text
    assert exchange.error("Enable-OrganizationCustomization") == (400, "InvalidOperationException")


def exchange_app(exchange: Exchange) -> str:
    """The object id of the application's pointer."""
    object_id: str = exchange.run("Get-ServicePrincipal")[0]["ObjectId"]
    return object_id


def test_writes_may_need_another_name_of_the_organization(exchange: Exchange) -> None:
    exchange.switch(guid_organization="refuse_writes")
    body = command("New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER)

    assert exchange.error("New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER) == (
        400,
        "InsufficientPermissionsException",
    )
    assert exchange.post(body, X_AnchorMailbox="UPN:SystemMailbox{x}@contoso.onmicrosoft.com").ok


def test_a_root_narrows_a_scope(exchange: Exchange) -> None:
    organization = exchange.run("Get-OrganizationConfig")[0]
    made = exchange.run(
        "New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER, RecipientRoot=organization["Name"]
    )[0]
    below = f"OU=North,{organization['DistinguishedName']}"

    exchange.run("Set-ManagementScope", Identity="CRM", RecipientRoot=below)

    assert made["RecipientRoot"] == organization["DistinguishedName"]
    assert exchange.run("Get-ManagementScope")[0]["RecipientRoot"] == below


def test_a_scope_may_not_take_the_name_or_meaning_of_another(exchange: Exchange) -> None:
    exchange.scope("CRM")
    exchange.scope("VIP", "City -eq 'x'")

    assert exchange.error("Set-ManagementScope", Identity="VIP", Name="crm") == (400, "ADObjectAlreadyExistsException")
    same = {"Identity": "VIP", "RecipientRestrictionFilter": FILTER}
    assert exchange.error("Set-ManagementScope", **same) == (400, "InvalidOperationException")
