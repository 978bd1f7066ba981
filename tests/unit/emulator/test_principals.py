"""Pointers, access policies, and what the service itself opens."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from pulumi_dataverse_email.emulator import seed
from pulumi_dataverse_email.emulator.entra import directory
from pulumi_dataverse_email.emulator.environment import Environment
from pulumi_dataverse_email.emulator.exchange import switches
from pulumi_dataverse_email.emulator.exchange.access import may_open
from pulumi_dataverse_email.emulator.exchange.control import session_of
from pulumi_dataverse_email.emulator.exchange.invocation import invoke
from pulumi_dataverse_email.emulator.exchange.session import Caller
from tests.unit.emulator.dataverse import ANNA
from tests.unit.emulator.exchange import APP, APP_OBJECT, EWS, Exchange

BEN = "ben@contoso.com"


def test_a_pointer_names_an_application_that_entra_knows(exchange: Exchange) -> None:
    assert exchange.error("New-ServicePrincipal", AppId=APP, ObjectId=APP_OBJECT) == (400, "ParameterBindingException")
    exchange.pointer()

    (read,) = exchange.run("Get-ServicePrincipal", Identity=APP)
    exchange.run("Set-ServicePrincipal", Identity=APP, DisplayName="Renamed")

    assert (read["AppId"], read["Identity"], read["DisplayName"]) == (APP, APP_OBJECT, "Mailer")
    assert exchange.run("Get-ServicePrincipal", Identity="renamed")
    assert exchange.error("New-ServicePrincipal", AppId=APP, ObjectId=APP_OBJECT) == (
        400,
        "ADObjectAlreadyExistsException",
    )


def test_a_pointer_takes_its_assignments_along(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    mailer.run("Remove-ServicePrincipal", Identity=APP)

    assert mailer.run("Get-ManagementRoleAssignment") == []
    assert mailer.names("Get-ManagementScope", Orphan=True) == ["CRM"]


def test_an_application_that_entra_lost_is_forgotten(mailer: Exchange) -> None:
    mailer.assignment("mail", CustomResourceScope="CRM")

    mailer.dataverse.control("DELETE", f"applications/{APP}")

    assert mailer.run("Get-ServicePrincipal") == []
    assert mailer.run("Get-ManagementRoleAssignment") == []


def test_an_access_policy_counts_nested_members(mailer: Exchange) -> None:
    mailer.recipient("inner@contoso.com", type="MailUniversalSecurityGroup", members=[BEN])
    mailer.recipient("outer@contoso.com", type="MailUniversalSecurityGroup", members=["inner@contoso.com"])

    def check(address: str) -> str:
        found = mailer.run("Test-ApplicationAccessPolicy", Identity=address, AppId=APP)
        result: str = found[0]["AccessCheckResult"]
        return result

    assert check(ANNA) == "Granted"
    (policy,) = mailer.run(
        "New-ApplicationAccessPolicy", AppId=[APP], AccessRight="RestrictAccess", PolicyScopeGroupID="outer"
    )
    assert (check(ANNA), check(BEN)) == ("Denied", "Granted")
    mailer.run("Set-ApplicationAccessPolicy", Identity=policy["Identity"], Description="CRM")
    assert mailer.run("Get-ApplicationAccessPolicy")[0]["Description"] == "CRM"
    mailer.run("Remove-ApplicationAccessPolicy", Identity=policy["Identity"])
    assert check(ANNA) == "Granted"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Environment]:
    """An environment without a port, for what is asked of it inside."""
    with closing(Environment(tmp_path, seed.load(None))) as environment:
        yield environment


def test_the_service_opens_what_the_scope_holds_once_caches_have_turned_over(held: Environment) -> None:
    registration = directory.Registration(client_id=UUID(APP), object_id=UUID(APP_OBJECT), secret="hush")
    with held.store.write() as transaction:
        directory.keep(transaction, registration)
        session = session_of(held, transaction)
        filtered = {"Name": "CRM", "RecipientRestrictionFilter": f"PrimarySmtpAddress -eq '{ANNA}'"}
        session.caller = Caller("", frozenset({"Exchange Administrator"}))
        invoke(session, "New-ServicePrincipal", {"AppId": APP, "ObjectId": APP_OBJECT})
        invoke(session, "New-ManagementScope", filtered)
        invoke(session, "New-ManagementRoleAssignment", {"App": APP, "Role": EWS, "CustomResourceScope": "CRM"})

        opened = {address: may_open(session, APP, address, "EWS.AccessAsApp") for address in (ANNA, BEN, "x@x.com")}
        other = may_open(session, APP, ANNA, "Mail.Send")
        switches.keep(transaction, switches.Switches(access_delay=1800))
        early = may_open(session_of(held, transaction), APP, ANNA, "EWS.AccessAsApp")

    assert opened == {ANNA: True, BEN: False, "x@x.com": False}
    assert not other
    assert not early


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"AppId": [APP], "AccessRight": "Admire", "PolicyScopeGroupID": ANNA}, "ParameterBindingException"),
        ({"AppId": [5], "AccessRight": "DenyAccess", "PolicyScopeGroupID": ANNA}, "ParameterBindingException"),
    ],
)
def test_an_access_policy_that_does_not_fit_is_refused(
    mailer: Exchange, parameters: dict[str, object], kind: str
) -> None:
    assert mailer.error("New-ApplicationAccessPolicy", **parameters) == (400, kind)


def test_an_access_policy_may_deny(mailer: Exchange) -> None:
    policy = {"AppId": "*", "AccessRight": "denyaccess", "PolicyScopeGroupID": ANNA}
    mailer.run("New-ApplicationAccessPolicy", **policy)

    results = [
        mailer.run("Test-ApplicationAccessPolicy", Identity=address, AppId=APP)[0]["AccessCheckResult"]
        for address in (ANNA, BEN)
    ]

    assert results == ["Denied", "Granted"]
    assert mailer.error("New-ApplicationAccessPolicy", **policy) == (400, "ADObjectAlreadyExistsException")
