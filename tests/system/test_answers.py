"""Nobody answers, somebody else does, or with a refusal: a clear error, and nothing written."""

import json

import certifi
import pytest

from .emulated import Dataverse
from .programs import BUILT_IN, MAILBOX, PROFILE
from .stack import FAILED, Stack

NOWHERE = "https://contoso.crm4.invalid"


def _token_for_any_environment(dataverse: Dataverse) -> None:
    """Let Entra give a token for whatever address: a real one does not see a name that does not resolve."""
    token = {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": "any"}
    answer = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(token)}
    dataverse.fault("/oauth2/v2.0/token", answer, times=99)


def _refused(stack: Stack) -> str:
    stack.program(PROFILE + MAILBOX)
    shown = stack.up(status=FAILED).flat
    assert "Traceback" not in shown
    assert stack.state() == {}
    return shown


def test_an_address_that_does_not_resolve(stack: Stack, dataverse: Dataverse) -> None:
    """A misspelt address is named, with what to check."""
    _token_for_any_environment(dataverse)
    stack.settings["DATAVERSE_URL"] = NOWHERE

    shown = _refused(stack)

    assert "contoso.crm4.invalid cannot be reached" in shown
    assert "Check environmentUrl" in shown


def test_an_address_that_answers_html(stack: Stack, dataverse: Dataverse) -> None:
    """A page instead of the Web API, a portal's or a proxy's, is called by its name."""
    answer = {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>Sign in</html>"}
    dataverse.fault("/api/data", answer, times=99)

    shown = _refused(stack)

    assert "answered HTTP 200 with text/html, which is not the Dataverse Web API" in shown
    assert "Check environmentUrl" in shown
    assert dataverse.writes() == []


def test_a_certificate_that_is_not_trusted(stack: Stack, dataverse: Dataverse, other_dataverse: Dataverse) -> None:
    """An untrusted certificate is an error that names REQUESTS_CA_BUNDLE; it is never ignored."""
    _token_for_any_environment(dataverse)
    stack.settings["DATAVERSE_URL"] = other_dataverse.settings["DATAVERSE_URL"]

    shown = _refused(stack)

    assert "a certificate that this machine does not trust" in shown
    assert "REQUESTS_CA_BUNDLE" in shown
    assert other_dataverse.requests() == []


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("ARM_CLIENT_SECRET", "a-wrong-client-secret", "AADSTS7000215"),
        ("ARM_TENANT_ID", "00000000-0000-4000-8000-000000000000", "tenantId"),
        ("AZURE_AUTHORITY_HOST", NOWHERE, "authorityHost"),
        ("REQUESTS_CA_BUNDLE", certifi.where(), "authorityHost"),
    ],
    ids=["secret", "tenant", "authority", "trust"],
)
def test_a_login_that_fails(stack: Stack, dataverse: Dataverse, variable: str, text: str, said: str) -> None:
    """Where there is no token, the error says what was tried and what to check, and shows no secret."""
    stack.settings[variable] = text

    shown = _refused(stack)

    assert "log in at" in shown
    assert said in shown
    assert "client-secret" not in shown
    assert dataverse.data_requests() == []


@pytest.mark.parametrize(
    ("application", "said"),
    [
        ({"roles": []}, "Give the application user a security role that grants prvRead"),
        ({"member": False}, "Add the application as an application user of this environment"),
    ],
    ids=["no role", "no member"],
)
def test_an_application_that_may_not(
    stack: Stack, dataverse: Dataverse, application: dict[str, object], said: str
) -> None:
    """An application user without a role, or none at all, is an error that says what an administrator does."""
    secret = dataverse.settings["ARM_CLIENT_SECRET"]
    dataverse.control("PUT", f"applications/{dataverse.settings['ARM_CLIENT_ID']}", {"secret": secret, **application})

    shown = _refused(stack)

    assert "HTTP 403" in shown
    assert said in shown
    assert [row["incomingusername"] for row in dataverse.rows("emailserverprofiles")] == [None]


def test_settings_that_are_missing(stack: Stack) -> None:
    """An `up` without settings names each that is missing and the ways to give it."""
    stack.settings.clear()

    shown = _refused(stack)

    for key in ("environmentUrl", "clientId", "clientSecret"):
        assert f"dataverse-email:{key}" in shown
    assert "DATAVERSE_URL" in shown
    assert "pulumi config set --secret dataverse-email:clientSecret" in shown


def test_a_lost_answer_is_not_a_lost_row(stack: Stack, dataverse: Dataverse) -> None:
    """A create whose answer is lost meets its own row when it is repeated: one profile, no twin."""
    dataverse.fault("/emailserverprofiles", {"reset": True}, method="PATCH", when="after")
    stack.program(PROFILE + MAILBOX)

    stack.up()

    assert sorted(dataverse.names("emailserverprofiles")) == ["Contoso Exchange", "Microsoft Exchange Online"]
    stack.clean("--refresh")


def test_a_failed_adoption_can_be_repeated(stack: Stack, dataverse: Dataverse) -> None:
    """A refused write leaves the mailbox as it was and out of state; the next `up` adopts it."""
    before = dataverse.anna()
    problem = json.dumps({"error": {"code": "0x80040265", "message": "A plug-in of the environment said no."}})
    answer = {"status": 400, "headers": {"Content-Type": "application/json"}, "body": problem}
    dataverse.fault("/mailboxes", answer, method="PATCH")
    stack.program(BUILT_IN)

    assert "A plug-in of the environment said no." in stack.up(status=FAILED).text
    assert dataverse.anna() == before
    assert stack.state() == {}

    stack.up()
    stack.destroy()
    assert dataverse.anna()["incomingemaildeliverymethod"] == before["incomingemaildeliverymethod"]
