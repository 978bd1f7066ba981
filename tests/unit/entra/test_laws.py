"""What holds for every way to log in."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests

from pulumi_dataverse_email.entra.login import Bearer
from pulumi_dataverse_email.entra.ways import DeviceCode, ManagedIdentity, Way, secrets
from pulumi_dataverse_email.errors import LoginError

from .conftest import CLIENT, PERSONS, SYSTEM, USER, Place, without_tenant

THREADS = 32
LIFETIME = 600


def signed(bearer: Bearer) -> str:
    """Return what a request is signed with."""
    request = bearer(requests.Request("GET", "https://localhost").prepare())
    return request.headers["Authorization"].removeprefix("Bearer ")


def opens(place: Place, bearer: Bearer) -> bool:
    """Whether the environment takes the login's token."""
    url = f"{place.dataverse.settings['DATAVERSE_URL']}/api/data/v9.2/WhoAmI"
    return requests.get(url, auth=bearer, timeout=30).status_code == 200


def test_one_token_serves_all_threads(place: Place, way: Way) -> None:
    """However many start at once, one token is asked for, and it opens the environment."""
    bearer = place.bearer(way)
    with ThreadPoolExecutor(THREADS) as threads:
        found = set(threads.map(lambda _: signed(bearer), range(THREADS)))

    assert (len(found), place.tokens()) == (1, 1)
    assert opens(place, bearer)


def test_a_token_is_renewed_before_it_expires(place: Place, way: Way) -> None:
    """One more request in the second half of a short life, and none before; it opens the environment throughout."""
    place.dataverse.control("PATCH", "entra", {"token_lifetime": LIFETIME})
    bearer = place.bearer(way)
    assert opens(place, bearer)
    for seconds, asked in ((LIFETIME // 2 - 2, 1), (4, 2), (1, 2)):
        place.clock.now += seconds
        place.dataverse.control("POST", "clock", {"advance": seconds})
        assert opens(place, bearer)
        assert place.tokens() == asked


def test_a_refused_token_is_asked_for_anew_once(place: Place, way: Way) -> None:
    """All threads meet the refusal of one token; the first to say so has it replaced, from the source on."""
    bearer, meet = place.bearer(way), Barrier(THREADS)

    def refused() -> None:
        signed(bearer)
        meet.wait()
        bearer.forget()
        signed(bearer)

    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(refused) for _ in range(THREADS)]:
            done.result()

    assert place.tokens() == 2
    assert place.assertions() in (0, 2)
    assert len(place.told) == isinstance(way, DeviceCode)


def test_no_text_holds_a_secret(place: Place, way: Way) -> None:
    """Neither a login's own text, before and after, nor that of what it is made of; tokens are secrets too."""
    login = place.login(way)
    bearer = login.signing(place.dataverse.settings["DATAVERSE_URL"])
    hidden = [*secrets(way), signed(bearer)]

    shown = "".join(repr(it) + str(it) for it in (way, login, vars(login)["_known"], bearer, place.authority))
    assert not [it for it in hidden if it and it in shown]


def test_no_log_holds_a_secret(place: Place, way: Way, caplog: pytest.LogCaptureFixture) -> None:
    """At its most verbose, of all who log: our own log takes in msal's and urllib3's."""
    caplog.set_level(logging.DEBUG)
    bearer = place.bearer(way)
    hidden = [*secrets(way), signed(bearer)]
    bearer.forget()
    signed(bearer)

    assert caplog.text
    assert not [it for it in hidden if it and it in caplog.text]


def test_netrc_has_no_say(place: Place, way: Way) -> None:
    """What stands there for every host would replace the proof that a pipeline gave us."""
    place.patch.setenv("NETRC", place.write("netrc", "default login somebody password else"))

    assert opens(place, place.bearer(way))


def test_a_refusal_is_explained_and_holds_no_secret(place: Place, way: Way) -> None:
    """It is asked for once, whoever waits; each thread gets the error, whose last line says what to do."""
    for client_id in (CLIENT, PERSONS, SYSTEM, USER):
        place.dataverse.control("DELETE", f"applications/{client_id}")
    bearer = place.bearer(way)

    def refusal() -> str:
        with pytest.raises(LoginError) as caught:
            signed(bearer)
        return str(caught.value) + repr(caught.value) + repr(caught.value.__cause__)

    with ThreadPoolExecutor(THREADS) as threads:
        found = set(threads.map(lambda _: refusal(), range(THREADS)))

    (text,) = found
    assert text.startswith("log in ")
    assert "See https://learn.microsoft.com/" in text or "az login" in text
    assert not [it for it in secrets(way) if it and it in text]
    assert place.tokens() + place.codes() == 1


def test_a_login_without_a_tenant_asks_the_environment(place: Place, way: Way) -> None:
    """One request, and what it names is where the login goes."""
    bearer = place.bearer(way, without_tenant(place))

    assert opens(place, bearer)
    assert opens(place, bearer)
    asked = [it for it in place.dataverse.requests() if it["status"] == 401]
    assert len(asked) == (not isinstance(way, ManagedIdentity))  # a machine knows its tenant
