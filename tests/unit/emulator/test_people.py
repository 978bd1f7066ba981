"""A person signs in at the emulated Entra with a device code."""

from typing import Any

import jwt
import msal
import pytest

from tests.unit.emulator.dataverse import Dataverse

CLIENT = "5f0c2a10-0000-4000-8000-00000000a002"


def _application(dataverse: Dataverse) -> Any:  # noqa: ANN401 - msal has no types
    dataverse.control("PUT", f"applications/{CLIENT}", {"public": True})
    settings = dataverse.settings
    return msal.PublicClientApplication(
        CLIENT,
        authority=f"{settings['AZURE_AUTHORITY_HOST']}/{settings['ARM_TENANT_ID']}",
        instance_discovery=False,
        http_client=dataverse.session,
    )


def _decide(dataverse: Dataverse, flow: dict[str, Any], **decision: object) -> None:
    dataverse.control("PUT", f"device-codes/{flow['user_code']}", decision)


def test_a_person_signs_in_with_a_device_code(dataverse: Dataverse) -> None:
    application = _application(dataverse)
    flow = application.initiate_device_flow([f"{dataverse.url}/.default"])
    _decide(dataverse, flow, status="approved", user="anna@contoso.com")

    token = application.acquire_token_by_device_flow(flow)["access_token"]

    (anna,) = dataverse.get("systemusers?$filter=domainname eq 'anna@contoso.com'")["value"]
    assert dataverse.get("WhoAmI", Authorization=f"Bearer {token}")["UserId"] == anna["systemuserid"]
    assert dataverse.get("mailboxes", Authorization=f"Bearer {token}")["value"]


def test_a_person_stays_signed_in(dataverse: Dataverse) -> None:
    application = _application(dataverse)
    scopes = [f"{dataverse.url}/user_impersonation"]
    flow = application.initiate_device_flow(scopes)
    _decide(dataverse, flow, status="approved", user="anna@contoso.com")
    application.acquire_token_by_device_flow(flow)
    (account,) = application.get_accounts()

    assert "access_token" in application.acquire_token_silent(scopes, account)
    renewed = application.acquire_token_silent(scopes, account, force_refresh=True)

    claims = jwt.decode(renewed["access_token"], options={"verify_signature": False})
    assert claims["upn"] == "anna@contoso.com"


def test_a_person_without_a_role_may_not_read(dataverse: Dataverse) -> None:
    application = _application(dataverse)
    flow = application.initiate_device_flow([f"{dataverse.url}/.default"])
    _decide(dataverse, flow, status="approved", user="ben@contoso.com")
    token = application.acquire_token_by_device_flow(flow)["access_token"]

    assert dataverse.error("GET", "mailboxes", Authorization=f"Bearer {token}") == (403, "0x80040220")


def test_a_stranger_to_the_environment_is_no_member(dataverse: Dataverse) -> None:
    application = _application(dataverse)
    flow = application.initiate_device_flow([f"{dataverse.url}/.default"])
    _decide(dataverse, flow, status="approved", user="stranger@contoso.com")
    token = application.acquire_token_by_device_flow(flow)["access_token"]

    assert dataverse.error("GET", "WhoAmI", Authorization=f"Bearer {token}") == (403, "0x80072560")


def _poll(dataverse: Dataverse, code: str) -> str:
    answer = dataverse.token(
        grant_type="urn:ietf:params:oauth:grant-type:device_code", client_id=CLIENT, client_secret="", device_code=code
    )
    assert answer.status_code == 400
    error: str = answer.json()["error"]
    return error


def test_a_program_waits_until_somebody_decides(dataverse: Dataverse) -> None:
    flow = _application(dataverse).initiate_device_flow([f"{dataverse.url}/.default"])

    assert _poll(dataverse, flow["device_code"]) == "authorization_pending"
    _decide(dataverse, flow, status="declined")
    assert _poll(dataverse, flow["device_code"]) == "authorization_declined"


def test_a_made_up_code_is_refused(dataverse: Dataverse) -> None:
    _application(dataverse)

    assert _poll(dataverse, "made up") == "bad_verification_code"


def test_a_confidential_application_signs_nobody_in_without_its_secret(dataverse: Dataverse) -> None:
    answer = dataverse.token(
        grant_type="urn:ietf:params:oauth:grant-type:device_code", client_secret="", device_code="any"
    )

    assert answer.json()["error_codes"] == [7000218]


def test_the_codes_that_wait_are_listed_without_what_only_the_program_knows(dataverse: Dataverse) -> None:
    flow = _application(dataverse).initiate_device_flow([f"{dataverse.url}/.default"])

    (listed,) = dataverse.control("GET", "device-codes")["value"]

    assert (listed["user_code"], listed["status"]) == (flow["user_code"], "pending")
    assert "device_code" not in listed


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("device-codes/NOBODYSCODE", {"status": "declined"}, 404),
        ("device-codes/NOBODYSCODE", {"status": "approved"}, 400),
        ("device-codes/NOBODYSCODE", {"status": "maybe"}, 400),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(
    dataverse: Dataverse, path: str, body: dict[str, str], status: int
) -> None:
    answer = dataverse.session.put(f"{dataverse.url}/emulator/{path}", json=body, timeout=30)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        ("user.read", "invalid_scope"),
        ("openid", "invalid_scope"),
        ("{url}/.default https://outlook.office365.com/.default", "invalid_scope"),
        ("https://elsewhere.example/.default", "invalid_resource"),
    ],
)
def test_a_person_is_asked_about_one_known_resource(dataverse: Dataverse, scope: str, error: str) -> None:
    _application(dataverse)
    url = f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}/oauth2/v2.0/devicecode"

    form = {"client_id": CLIENT, "scope": scope.format(url=dataverse.url)}
    answer = dataverse.session.post(url, form, timeout=30)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_refresh_token_that_is_none_is_refused(dataverse: Dataverse, token: str) -> None:
    answer = dataverse.token(grant_type="refresh_token", refresh_token=token)

    assert answer.status_code == 400
