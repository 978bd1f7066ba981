"""Managed identities, told with msal."""

from typing import Any

import msal
import pytest

from tests.unit.emulator.dataverse import NOBODY, Dataverse

SYSTEM = "5f0c2a10-0000-4000-8000-00000000a003"
USER = "5f0c2a10-0000-4000-8000-00000000a004"
RESOURCE_ID = "/subscriptions/1/resourceGroups/mail/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mail"


@pytest.fixture(params=["app_service", "virtual_machine"])
def machine(dataverse: Dataverse, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Dataverse:
    """A program on such a machine, which has a system-assigned identity and a user-assigned one."""
    for name, value in dataverse.control("GET", "logins")[request.param].items():
        monkeypatch.setenv(name, value)
    dataverse.control("PUT", f"applications/{SYSTEM}", {"managed_identity": "system"})
    dataverse.control("PUT", f"applications/{USER}", {"managed_identity": "user", "resource_id": RESOURCE_ID})
    return dataverse


def _ask(machine: Dataverse, identity: object, resource: str | None = None) -> dict[str, Any]:
    client = msal.ManagedIdentityClient(identity, http_client=machine.session)
    answer: dict[str, Any] = client.acquire_token_for_client(resource=resource or machine.url)
    return answer


@pytest.mark.parametrize(
    "identity",
    [
        msal.SystemAssignedManagedIdentity(),
        msal.UserAssignedManagedIdentity(client_id=USER),
        msal.UserAssignedManagedIdentity(resource_id=RESOURCE_ID),
    ],
)
def test_a_machines_identity_opens_the_web_api(machine: Dataverse, identity: object) -> None:
    token = _ask(machine, identity)["access_token"]

    assert machine.call("GET", "WhoAmI", Authorization=f"Bearer {token}").status_code == 200


def test_an_identity_that_the_machine_has_not_gets_no_token(machine: Dataverse) -> None:
    assert "error" in _ask(machine, msal.UserAssignedManagedIdentity(client_id=NOBODY))


def test_a_machine_gets_no_token_for_an_unknown_resource(machine: Dataverse) -> None:
    answer = _ask(machine, msal.SystemAssignedManagedIdentity(), "https://elsewhere.example")

    assert "500011" in answer["error_description"]


@pytest.mark.parametrize("path", ["identity/token", "metadata/identity/oauth2/token"])
def test_an_identity_is_not_given_to_a_forged_request(dataverse: Dataverse, path: str) -> None:
    answer = dataverse.session.get(f"{dataverse.url}/{path}?api-version=1&resource={dataverse.url}", timeout=30)

    assert answer.status_code in (400, 401)


def test_a_managed_identity_has_no_other_way_in(machine: Dataverse) -> None:
    assert machine.token(client_id=SYSTEM).json()["error_codes"] == [700016]


@pytest.mark.parametrize("query", ["", "?api-version=2018-02-01"])
def test_a_question_about_nothing_is_refused(machine: Dataverse, query: str) -> None:
    url = f"{machine.url}/metadata/identity/oauth2/token{query}"

    assert machine.session.get(url, headers={"Metadata": "true"}, timeout=30).status_code == 400
