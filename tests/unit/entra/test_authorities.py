"""Which tenant an environment belongs to, and whom a secret may be sent to."""

import base64
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.entra.authorities import CLOUDS, Authority, host_of
from pulumi_dataverse_email.entra.login import demanded, login
from pulumi_dataverse_email.entra.session import EntraSession
from pulumi_dataverse_email.entra.ways import ClientSecret
from pulumi_dataverse_email.errors import LoginError

from .conftest import CLIENT, SECRET, Place, azure_cli, without_tenant

TENANT = "5f0c2a10-0000-4000-8000-00000000c070"
ENVIRONMENT = "https://contoso.crm4.dynamics.com"


def challenge(host: str, tenant: str = TENANT) -> str:
    """Return what Dataverse answers to a request without a token."""
    return f"Bearer authorization_uri=https://{host}/{tenant}/oauth2/authorize, resource_id={ENVIRONMENT}/"


@pytest.mark.parametrize(
    ("configured", "named", "asked"),
    [
        (None, "login.microsoftonline.com", "https://login.microsoftonline.com"),
        (None, "login.windows.net", "https://login.microsoftonline.com"),
        (None, "login.microsoftonline.us", "https://login.microsoftonline.us"),
        (None, "login.partner.microsoftonline.cn", "https://login.partner.microsoftonline.cn"),
        ("https://login.microsoftonline.com", "login.windows.net", "https://login.microsoftonline.com"),
        ("https://login.isolated.example:8443", "login.isolated.example:8443", "https://login.isolated.example:8443"),
    ],
)
def test_a_trusted_challenge_names_the_tenant(configured: str | None, named: str, asked: str) -> None:
    """Microsoft's own hosts count, and the one that is configured; of a cloud, its present name is asked."""
    assert Authority(configured, None, ENVIRONMENT).named_by(challenge(named)) == f"{asked}/{TENANT}"


@pytest.mark.parametrize(
    ("configured", "header"),
    [
        (None, ""),
        (None, 'Basic realm="contoso"'),
        (None, challenge("login.evil.example")),
        (None, challenge("login.microsoftonline.com.evil.example")),
        (None, challenge("login.microsoftonline.com@evil.example")),
        (None, challenge("login.microsoftonline.com:8443")),
        (None, challenge("login.microsoftonline.com").replace("https:", "http:")),
        (None, challenge("login.microsoftonline.com", "common")),
        (None, challenge("login.microsoftonline.com", "..")),
        (None, challenge("[login.microsoftonline.com")),
        ("https://login.microsoftonline.com", challenge("login.microsoftonline.us")),
        ("https://login.isolated.example", challenge("login.microsoftonline.com")),
        ("https://login.isolated.example", challenge("login.evil.example")),
    ],
)
def test_any_other_challenge_is_refused(configured: str | None, header: str) -> None:
    """An answer alone never decides where a secret goes."""
    with pytest.raises(ValueError, match=r"its answer|IPv6"):
        Authority(configured, None, ENVIRONMENT).named_by(header)


@given(st.text(), st.sampled_from([None, "https://login.isolated.example"]))
def test_no_challenge_leads_to_a_stranger(text: str, configured: str | None) -> None:
    """Whatever an answer says, the address is of a host that is known, or there is none."""
    for header in (text, f"Bearer authorization_uri={text}", f"Bearer authorization_uri=https://{text}/{TENANT}/"):
        try:
            found = Authority(configured, None, ENVIRONMENT).named_by(header)
        except ValueError:
            continue
        assert found.rpartition("/")[0] in {configured, *(host_of(cloud) for cloud in CLOUDS)}


def test_a_stranger_s_challenge_gets_no_secret(place: Place) -> None:
    """The environment's answer is read, refused and explained; nothing else is sent."""
    header = {"WWW-Authenticate": challenge("login.evil.example")}
    place.dataverse.fault("/api/data/", {"status": 401, "headers": header})
    with pytest.raises(LoginError) as caught:
        place.bearer(ClientSecret(CLIENT, SECRET), without_tenant(place))(
            requests.Request("GET", ENVIRONMENT).prepare()
        )

    text = str(caught.value)
    assert text.startswith(f"find the tenant of {place.dataverse.settings['DATAVERSE_URL']}: ")
    assert "login.evil.example" in text
    assert text.splitlines()[-1].startswith("Give tenantId")
    assert len(place.dataverse.requests()) == 1


def test_an_environment_that_does_not_answer_is_a_login_error(place: Place) -> None:
    nobody = Authority(None, None, "https://127.0.0.1:1")
    with pytest.raises(LoginError, match=r"find the tenant of https://127.0.0.1:1: no answer \(ConnectionError\)"):
        place.bearer(ClientSecret(CLIENT, SECRET), nobody)(requests.Request("GET", ENVIRONMENT).prepare())


def test_all_who_log_in_alike_have_one_login(place: Place) -> None:
    """Whatever environment they serve; another secret or tenant is another login."""
    way = ClientSecret(CLIENT, SECRET)
    one = login(way, place.authority, place.approve)

    assert login(ClientSecret(CLIENT, SECRET), place.authority, print) is one
    assert login(ClientSecret(CLIENT, "another"), place.authority, print) is not one
    assert login(way, without_tenant(place), print) is not one


CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
CHALLENGE = f'Bearer error="insufficient_claims", claims="{base64.b64encode(CLAIMS.encode()).decode()}"'


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        (CHALLENGE, CLAIMS),
        (CHALLENGE.replace("=", ""), ""),
        (CHALLENGE.replace("insufficient_claims", "invalid_token"), ""),
        ('Bearer error="insufficient_claims", claims="/w=="', ""),
        ("", ""),
    ],
)
def test_what_a_challenge_demands_is_read(header: str, claims: str) -> None:
    """Continuous access evaluation: the resource says what a new token needs, in base64."""
    assert demanded(header) == claims


def test_the_cli_cannot_pass_on_what_is_demanded(place: Place) -> None:
    """A person has to log in again, and is told so."""
    bearer = place.bearer(azure_cli(place))
    bearer(requests.Request("GET", ENVIRONMENT).prepare())
    bearer.forget(CHALLENGE)
    with pytest.raises(LoginError, match=r"demands a fresh login of the person(.|\n)*az logout"):
        bearer(requests.Request("GET", ENVIRONMENT).prepare())


def test_what_a_challenge_demands_is_part_of_the_next_request(place: Place) -> None:
    """Read where it leaves this machine."""
    sent, send = [], EntraSession.send

    def keep(self: EntraSession, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # noqa: ANN401  as the base has it
        sent.append(parse_qs(str(request.body)))
        return send(self, request, **options)

    place.patch.setattr(EntraSession, "send", keep)
    bearer = place.bearer(ClientSecret(CLIENT, SECRET))
    bearer(requests.Request("GET", ENVIRONMENT).prepare())
    bearer.forget(CHALLENGE)
    bearer(requests.Request("GET", ENVIRONMENT).prepare())

    assert [it.get("claims") for it in sent if "scope" in it] == [None, [CLAIMS]]
