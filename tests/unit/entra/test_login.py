"""Tokens of the emulated Entra, by the real msal."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Equal, Select
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.entra.login import Bearer
from pulumi_dataverse_email.errors import Forbidden, LoginError
from tests.system.emulated import Dataverse
from tests.unit.conftest import login

SECRET = "Str0ng-and-secret-Passw0rd"
NOBODY = "00000000-0000-4000-8000-000000000000"
NEW = "11111111-1111-4111-8111-111111111111"


def refusal(found: Bearer) -> str:
    """Return the error in which a login ends; it holds no secret."""
    with pytest.raises(LoginError) as caught:
        found(requests.Request("GET", "https://localhost").prepare())
    assert SECRET not in str(caught.value) + repr(caught.value)
    return str(caught.value)


def client(dataverse: Dataverse, **changes: str) -> Client:
    """Return the rows of the environment for another application."""
    return Client(Transport(dataverse.settings["DATAVERSE_URL"], login(dataverse, **changes)))


def test_one_token_serves_all_threads(dataverse: Dataverse) -> None:
    """Sixteen requests at once ask for one token."""
    rows = client(dataverse)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: rows.organization().name, range(16)))

    tokens = [request for request in dataverse.requests() if request["url"].endswith("/token")]
    assert (set(found), len(tokens)) == ({"Contoso"}, 1)


@pytest.mark.parametrize(
    ("setting", "value", "code", "advice"),
    [
        ("ARM_CLIENT_SECRET", SECRET, "AADSTS7000215", "Check clientSecret: it is the secret's value"),
        ("ARM_CLIENT_ID", NOBODY, "AADSTS700016", "Check clientId and tenantId"),
        ("DATAVERSE_URL", "https://elsewhere", "AADSTS", "Check environmentUrl"),
    ],
)
def test_a_refusal_says_what_to_check(dataverse: Dataverse, setting: str, value: str, code: str, advice: str) -> None:
    """Entra's own words, and for each of its codes what to do; msal answers instead of raising."""
    text = refusal(login(dataverse, **{setting: value}))

    assert text.startswith(f"log in at {dataverse.settings['AZURE_AUTHORITY_HOST']}/")
    assert code in text
    assert text.splitlines()[-1].startswith(advice)


def test_a_tenant_that_does_not_exist_is_a_login_error(dataverse: Dataverse) -> None:
    text = refusal(login(dataverse, ARM_TENANT_ID="nowhere.example"))

    assert "/nowhere.example as application" in text
    assert "tenantId" in text.splitlines()[-1]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>Sign in</html>"},
        {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "[]"},
        {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"},
        {"status": 200, "headers": {"Content-Type": "application/json"}, "body": ""},
        {"status": 400, "headers": {"Content-Type": "application/json"}, "body": json.dumps({"error": "invalid"})},
        {"status": 503, "headers": {"Content-Type": "text/html"}, "body": "<html>busy</html>"},
        {"reset": True},
    ],
    ids=["html", "list", "object", "nothing", "bare error", "busy", "reset"],
)
@pytest.mark.parametrize("path", ["/token", "openid-configuration"])
def test_an_odd_answer_is_a_login_error(dataverse: Dataverse, path: str, answer: dict[str, object]) -> None:
    """Whatever stands in Entra's place, no stranger's exception comes through."""
    dataverse.fault(path, answer, times=9)

    assert refusal(login(dataverse)).startswith("log in at ")


def test_nobody_at_the_authority_is_a_login_error(dataverse: Dataverse) -> None:
    text = refusal(login(dataverse, AZURE_AUTHORITY_HOST="https://login.invalid"))

    assert text.splitlines()[-1] == "Check tenantId and authorityHost, and that this machine reaches them."


def test_an_untrusted_authority_is_a_login_error(
    dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert refusal(login(dataverse)).startswith("log in at ")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    assert refusal(login(dataverse)).startswith("log in at ")


def test_a_login_error_comes_through_the_wire(dataverse: Dataverse) -> None:
    """A verb that has no token says so, and asks Dataverse nothing."""
    with pytest.raises(LoginError):
        client(dataverse, ARM_CLIENT_SECRET=SECRET).organization()

    assert dataverse.data_requests() == []


def test_an_application_without_a_role_is_forbidden(dataverse: Dataverse) -> None:
    """Dataverse names the privilege; we say where to give it."""
    dataverse.control("PUT", f"applications/{NEW}", {"secret": SECRET, "member": True, "roles": []})
    rows = client(dataverse, ARM_CLIENT_ID=NEW, ARM_CLIENT_SECRET=SECRET)
    with pytest.raises(Forbidden, match=r"HTTP 403 \(0x80040220\).*prvReadEmailServerProfile(.|\n)*security role"):
        rows.find("emailserverprofiles", Equal("name", "a"), Select(("name",)), key="emailserverprofileid")


def test_an_application_that_is_no_member_is_forbidden(dataverse: Dataverse) -> None:
    dataverse.control("PUT", f"applications/{NEW}", {"secret": SECRET, "member": False})
    rows = client(dataverse, ARM_CLIENT_ID=NEW, ARM_CLIENT_SECRET=SECRET)
    with pytest.raises(Forbidden, match=r"HTTP 403 \(0x80072560\)(.|\n)*application user of this environment"):
        rows.organization()


def test_a_login_hides_its_secret(dataverse: Dataverse) -> None:
    assert SECRET not in repr(login(dataverse, ARM_CLIENT_SECRET=SECRET))
