"""Logins as verbs use them: from the settings to a row that is read."""

from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from pulumi_dataverse_email import dynamic
from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.dynamic import MailboxProvider
from pulumi_dataverse_email.errors import DataverseError
from pulumi_dataverse_email.messages import LogReport
from pulumi_dataverse_email.settings import declared

from .conftest import CLIENT, CONNECTION, SECRET, USER, Place, client_secret, virtual_machine

ANNA = {"user": "anna@contoso.com"}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    """A machine without settings, and a process that remembers nothing."""
    del place
    monkeypatch.setattr(dynamic, "_runs", {})
    for setting in declared().values():
        for name in setting.variables:
            monkeypatch.delenv(name, raising=False)


def provider(place: Place, **config: str) -> Any:  # noqa: ANN401  the host's own calls are untyped
    """Return a provider of that configuration, for the emulated environment."""
    made = MailboxProvider()
    here = place.dataverse.settings
    config = {"environmentUrl": here["DATAVERSE_URL"], "authorityHost": here["AZURE_AUTHORITY_HOST"], **config}
    made.configure(ConfigureRequest(Config({f"dataverse-email:{it}": text for it, text in config.items()}, "p")))
    return made


def github(place: Place) -> dict[str, str]:
    for name, text in place.variables("github_actions").items():
        place.patch.setenv(name, text)
    return {"useOidc": "true", "clientId": CLIENT}


def pipeline(place: Place) -> dict[str, str]:
    for name, text in place.variables("azure_devops").items():
        place.patch.setenv(name, text)
    place.patch.setenv("ARM_USE_OIDC", "true")
    return {"clientId": CLIENT, "adoServiceConnectionId": CONNECTION}


def cluster(place: Place) -> dict[str, str]:
    for name, text in place.variables("workload_identity").items():
        place.patch.setenv(name, text)
    return {}


def machine(place: Place) -> dict[str, str]:
    virtual_machine(place)
    place.register(USER, managed_identity="user", member=True, roles=["System Administrator"])
    return {"useMsi": "true", "clientId": USER}


def secret(place: Place) -> dict[str, str]:
    place.patch.setenv("AZURE_CLIENT_ID", CLIENT)
    place.patch.setenv("AZURE_CLIENT_SECRET", SECRET)
    return {}


@pytest.mark.parametrize("prepare", [github, pipeline, cluster, machine, secret], ids=lambda it: it.__name__)
def test_a_verb_logs_in_by_what_its_place_offers(place: Place, prepare: Any) -> None:  # noqa: ANN401  one of those above
    """No tenant is stated but in the cluster: the environment names it."""
    assert provider(place, **prepare(place)).create(ANNA).id


def test_providers_that_log_in_alike_share_a_token(place: Place) -> None:
    """Two explicit providers of one process, with other limits: one token."""
    config = {"clientId": CLIENT, "clientSecret": SECRET, "tenantId": place.dataverse.settings["ARM_TENANT_ID"]}
    for limits in ({}, {"readTimeout": "60"}, {"longestWait": "10"}):
        provider(place, **config, **limits).create(ANNA)

    assert place.tokens() == 1


def test_a_person_is_told_what_to_do(place: Place) -> None:
    """By the report that Pulumi shows; here where no engine listens, by our log."""
    place.patch.setattr(LogReport, "warn", lambda _, message: place.approve(message))
    place.register(CLIENT, public=True)

    assert provider(place, clientId=CLIENT, useDeviceCode="true").create(ANNA).id
    assert len(place.told) == 1


def test_a_token_that_expires_during_a_run_is_renewed(place: Place) -> None:
    """The service says so first, when its clock is ahead: one refusal, one token, and the verb goes on."""
    rows = Client(Transport(place.dataverse.settings["DATAVERSE_URL"], place.bearer(client_secret(place))))
    rows.organization()
    place.dataverse.control("POST", "clock", {"advance": 4000})
    place.dataverse.forget_requests()

    assert rows.organization().name == "Contoso"
    assert place.tokens() == 1
    assert [it["status"] for it in place.dataverse.requests() if "/api/data/" in it["url"]] == [401, 200]


def test_a_login_that_dataverse_goes_on_refusing_is_an_error(place: Place) -> None:
    """The organization moved to another tenant: a new token is tried once, not for ever."""
    rows = Client(Transport(place.dataverse.settings["DATAVERSE_URL"], place.bearer(client_secret(place))))
    place.dataverse.control("POST", "faults", {"path": "/api/data/", "times": 9, "answer": {"status": 401}})
    with pytest.raises(DataverseError, match="HTTP 401"):
        rows.organization()

    assert place.tokens() == 2
