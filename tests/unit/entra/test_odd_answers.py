"""Whoever answers in the place of Entra or of a pipeline's service."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.entra.ways import Way
from pulumi_dataverse_email.errors import LoginError

from .conftest import Place, azure_devops, client_secret, github_actions, pfx, refusal, virtual_machine
from .test_laws import LIFETIME

ODD = [
    {"status": 200, "body": "<html>Sign in</html>"},
    {"status": 200, "body": "[]"},
    {"status": 200, "body": '{"value": 5, "oidcToken": null}'},
    {"status": 302, "headers": {"Location": "https://elsewhere.example"}},
    {"status": 503},
    {"status": 200, "body": "[" * 100_000},
    {"reset": True},
]


@pytest.mark.parametrize("answer", ODD, ids=["html", "list", "number", "redirect", "busy", "deep", "reset"])
@pytest.mark.parametrize(
    ("make", "path"),
    [(github_actions, "idtoken"), (azure_devops, "oidctoken"), (virtual_machine, "metadata"), (pfx, "/token")],
)
def test_an_odd_answer_is_a_login_error(
    place: Place, make: Callable[[Place], Way], path: str, answer: dict[str, object]
) -> None:
    """Whoever answers, no stranger's exception comes through, and no secret follows a redirect."""
    way = make(place)
    place.dataverse.fault(path, answer, times=9)

    assert refusal(place, way).startswith("log in ")


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8), st.lists, max_leaves=3)
FIELDS = st.sampled_from(["access_token", "expires_in", "token_type", "error", "error_description", "client_info"])
ANSWERS = (
    st.dictionaries(FIELDS, JSON | st.text(min_size=1)).map(json.dumps) | JSON.map(json.dumps) | st.text(max_size=9)
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([200, 201, 204, 301, 400, 401, 403, 404, 418]), ANSWERS)
def test_any_answer_is_a_token_or_a_login_error(place: Place, status: int, body: str) -> None:
    """Whatever stands in Entra's place: never a stranger's exception."""
    headers = {"Content-Type": "application/json"}
    place.dataverse.fault("/token", {"status": status, "headers": headers, "body": "" if status == 204 else body})
    with suppress(LoginError):
        place.bearer(client_secret(place))(requests.Request("GET", "https://localhost").prepare())
    place.dataverse.control("DELETE", "faults")


@pytest.mark.parametrize("lifetime", ["1" + "0" * 400, "1e999", "NaN"])
def test_an_odd_lifetime_is_a_login_error(place: Place, lifetime: str) -> None:
    """A number that no clock holds."""
    body = f'{{"access_token": "a-token", "expires_in": {lifetime}}}'
    place.dataverse.fault("/token", {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body})

    assert "no usable answer" in refusal(place, client_secret(place))


def test_trouble_at_entra_costs_no_token_that_is_still_good(place: Place) -> None:
    """It is renewed early, so that there is time: the old one serves to its end, and the next try brings a new one."""
    bearer = place.bearer(client_secret(place))

    def signed() -> str:
        return bearer(requests.Request("GET", "https://localhost").prepare()).headers["Authorization"]

    place.dataverse.control("PATCH", "entra", {"token_lifetime": LIFETIME})
    old = signed()
    place.dataverse.fault("/token", {"status": 503}, times=99)
    place.clock.now += LIFETIME - 1
    assert signed() == old
    place.clock.now += 2
    with pytest.raises(LoginError, match="no usable answer"):
        signed()
    place.dataverse.control("DELETE", "faults")
    place.clock.now += 1
    assert signed() != old


def test_a_blip_is_no_error(place: Place) -> None:
    """Asking for a token twice does no harm."""
    place.dataverse.fault("/token", {"status": 503}, times=2)

    place.bearer(client_secret(place))(requests.Request("GET", "https://localhost").prepare())
