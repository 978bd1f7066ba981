"""What the emulated Entra and Exchange do as the emulator's clock moves on."""

from typing import Any

import msal
import pytest

from tests.unit.emulator.credentials import TODAY, identity
from tests.unit.emulator.dataverse import ANNA, Dataverse
from tests.unit.emulator.exchange import APP, Exchange, command

CLIENT = "5f0c2a10-0000-4000-8000-00000000a002"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
HOUR = 3600


def _later(dataverse: Dataverse, seconds: float) -> None:
    dataverse.control("POST", "clock", {"advance": seconds})


def test_a_token_expires_and_another_one_is_given(dataverse: Dataverse) -> None:
    token = dataverse.token().json()["access_token"]
    _later(dataverse, HOUR)

    stale = dataverse.call("GET", "WhoAmI", Authorization=f"Bearer {token}")

    assert (stale.status_code, "ExpiredAuthTicket" in stale.text) == (401, True)
    fresh = dataverse.token().json()["access_token"]
    assert dataverse.call("GET", "WhoAmI", Authorization=f"Bearer {fresh}").status_code == 200


def test_a_secret_expires(dataverse: Dataverse) -> None:
    secrets = [{"value": "hush", "expires": "2100-01-01T00:00:00Z"}]
    dataverse.control("PUT", f"applications/{CLIENT}", {"secrets": secrets})
    assert dataverse.token(client_id=CLIENT, client_secret="hush").status_code == 200

    dataverse.control("POST", "clock", {"now": "2100-01-01T00:00:01Z"})

    assert dataverse.token(client_id=CLIENT, client_secret="hush").json()["error_codes"] == [7000222]


@pytest.mark.parametrize(("days", "given"), [(36500, True), (400, False)])
def test_a_certificate_is_good_until_it_expires_by_the_emulators_clock(
    dataverse: Dataverse, days: int, *, given: bool
) -> None:
    known = identity(days=days)
    dataverse.control("PUT", f"applications/{CLIENT}", {"certificates": [{"pem": known.pem}]})
    dataverse.control("POST", "clock", {"now": TODAY.replace(year=2030).isoformat()})
    application = msal.ConfidentialClientApplication(
        CLIENT,
        authority=f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}",
        client_credential={"private_key": known.key_pem, "thumbprint": known.thumbprint},
        instance_discovery=False,
        http_client=dataverse.session,
    )

    answer: dict[str, Any] = application.acquire_token_for_client([f"{dataverse.url}/.default"])

    assert ("access_token" in answer) == given


def test_a_token_file_grows_old_until_it_is_written_anew(dataverse: Dataverse) -> None:
    def ask(assertion: str) -> int:
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return dataverse.token(client_assertion=assertion, client_assertion_type=kind).status_code

    wish = {"issuer": "https://oidc.example/cluster/", "subject": "system:serviceaccount:deployments:dataverse-email"}
    old = dataverse.control("POST", "entra/assertions", wish)["value"]
    assert ask(old) == 200

    _later(dataverse, HOUR + 1)

    assert ask(old) == 401
    assert ask(dataverse.control("POST", "entra/assertions", wish)["value"]) == 200


def test_a_device_code_expires(dataverse: Dataverse) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", {"public": True})
    url = f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}/oauth2/v2.0/devicecode"
    form = {"client_id": CLIENT, "scope": f"{dataverse.url}/.default"}
    flow = dataverse.session.post(url, form, timeout=30).json()

    _later(dataverse, flow["expires_in"] + 1)

    answer = dataverse.token(
        grant_type=DEVICE_CODE, client_id=CLIENT, client_secret="", device_code=flow["device_code"]
    )
    assert answer.json()["error"] == "expired_token"


def test_a_next_link_dies_in_minutes(exchange: Exchange) -> None:
    body = command("Get-Mailbox")
    link = exchange.post(body, Prefer="odata.maxpagesize=1").json()["@odata.nextLink"]
    assert exchange.post(body, link).ok

    _later(exchange.dataverse, 601)

    assert exchange.post(body, link).status_code == 400


def test_reading_catches_up_with_writing(exchange: Exchange) -> None:
    exchange.switch(replication_delay=300)
    made = exchange.scope("CRM")
    assert exchange.error("Get-ManagementScope", Identity="CRM")[0] == 404

    _later(exchange.dataverse, 301)
    assert exchange.run("Get-ManagementScope", Identity="CRM") == [made]

    exchange.run("Remove-ManagementScope", Identity="CRM")
    assert exchange.names("Get-ManagementScope") == ["CRM"]

    _later(exchange.dataverse, 301)
    assert exchange.names("Get-ManagementScope") == []


def test_a_scope_that_has_not_spread_yet_holds_nobody(exchange: Exchange) -> None:
    exchange.pointer()
    exchange.switch(replication_delay=300)
    exchange.scope("CRM", f"PrimarySmtpAddress -eq '{ANNA}'")
    exchange.assignment("mail", CustomResourceScope="CRM")
    test = {"Identity": APP, "Resource": ANNA}
    assert exchange.error("Test-ServicePrincipalAuthorization", **test)[0] == 404

    _later(exchange.dataverse, 301)

    assert [one["InScope"] for one in exchange.run("Test-ServicePrincipalAuthorization", **test)] == [True]


def test_an_organization_is_ready_some_time_after_it_was_customized(exchange: Exchange) -> None:
    exchange.switch(customized=False, customization_delay=HOUR)
    exchange.pointer()
    exchange.run("Enable-OrganizationCustomization")
    assert exchange.error("New-ManagementRoleAssignment", App=APP, Role="Application Mail.Read")[0] == 400

    _later(exchange.dataverse, HOUR)

    renewed = Exchange(exchange.dataverse)
    assert renewed.run("New-ManagementRoleAssignment", App=APP, Role="Application Mail.Read")
