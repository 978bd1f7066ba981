"""How an application proves itself to the emulated Entra, told with msal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import msal
import pytest

from tests.unit.emulator.credentials import Identity, identity
from tests.unit.emulator.dataverse import Dataverse

CLIENT = "5f0c2a10-0000-4000-8000-00000000a002"
OTHER_TENANT = "5f0c2a10-0000-4000-8000-00000000c071"
SUBJECT = "repo:contoso/mail:ref:refs/heads/main"
GITHUB = "https://token.actions.githubusercontent.com"


def _register(dataverse: Dataverse, **registration: object) -> None:
    dataverse.control("PUT", f"applications/{CLIENT}", registration)


def _ask(dataverse: Dataverse, credential: object) -> dict[str, Any]:
    settings = dataverse.settings
    application = msal.ConfidentialClientApplication(
        CLIENT,
        authority=f"{settings['AZURE_AUTHORITY_HOST']}/{settings['ARM_TENANT_ID']}",
        client_credential=credential,
        instance_discovery=False,
        http_client=dataverse.session,
    )
    answer: dict[str, Any] = application.acquire_token_for_client([f"{dataverse.url}/.default"])
    return answer


def _show(dataverse: Dataverse, assertion: str) -> dict[str, Any]:
    return _ask(dataverse, {"client_assertion": lambda: assertion})


def _pem(known: Identity) -> dict[str, object]:
    return {"private_key": known.key_pem, "thumbprint": known.thumbprint}


def _numbers(answer: dict[str, Any]) -> list[int]:
    return list(answer["error_codes"])


def test_a_certificate_opens_the_web_api(dataverse: Dataverse) -> None:
    known = identity()
    _register(dataverse, certificates=[{"pem": known.pem}])

    token = _ask(dataverse, _pem(known))["access_token"]

    assert dataverse.call("GET", "WhoAmI", Authorization=f"Bearer {token}").status_code == 200


def test_a_certificate_may_be_named_by_its_sha256_thumbprint(dataverse: Dataverse) -> None:
    known = identity()
    _register(dataverse, certificates=[{"pem": known.pem}])

    assert "access_token" in _ask(dataverse, {"private_key": known.key_pem, "public_certificate": known.pem})


def test_a_certificate_may_come_from_a_pfx_file(dataverse: Dataverse, tmp_path: Path) -> None:
    known = identity()
    _register(dataverse, certificates=[{"pem": known.pem}])
    (tmp_path / "app.pfx").write_bytes(known.pfx("open sesame"))

    answer = _ask(dataverse, {"private_key_pfx_path": str(tmp_path / "app.pfx"), "passphrase": "open sesame"})

    assert "access_token" in answer


def test_a_renewed_certificate_is_known_by_subject_name_and_issuer(dataverse: Dataverse) -> None:
    authority = identity("Contoso CA")
    renewed = identity("mail.contoso.com", number=1, issuer=authority)
    _register(dataverse, trusted_subjects=[{"subject": "mail.contoso.com", "issuer_pem": authority.pem}])

    answer = _ask(dataverse, {**_pem(renewed), "public_certificate": renewed.pem})

    assert "access_token" in answer


@pytest.mark.parametrize(
    "shown", [identity("mail.contoso.com", number=1), identity("other", number=1, issuer=identity("Contoso CA"))]
)
def test_a_certificate_of_another_subject_or_issuer_is_unknown(dataverse: Dataverse, shown: Identity) -> None:
    authority = identity("Contoso CA")
    _register(dataverse, trusted_subjects=[{"subject": "mail.contoso.com", "issuer_pem": authority.pem}])

    assert _numbers(_ask(dataverse, {**_pem(shown), "public_certificate": shown.pem})) == [700027]


def test_an_unregistered_certificate_is_unknown(dataverse: Dataverse) -> None:
    _register(dataverse, certificates=[{"pem": identity().pem}])

    assert _numbers(_ask(dataverse, _pem(identity(number=1)))) == [700027]


def test_a_key_must_fit_its_certificate(dataverse: Dataverse) -> None:
    known = identity()
    _register(dataverse, certificates=[{"pem": known.pem}])

    answer = _ask(dataverse, {**_pem(known), "private_key": identity(number=1).key_pem})

    assert _numbers(answer) == [700027]


def test_an_expired_certificate_is_refused(dataverse: Dataverse) -> None:
    expired = identity(days=1)
    _register(dataverse, certificates=[{"pem": expired.pem}])

    answer = _ask(dataverse, _pem(expired))

    assert _numbers(answer) == [700027]
    assert "The key used is expired" in answer["error_description"]


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"aud": "https://elsewhere.example"}, 700023),
        ({"exp": 1}, 700024),
        ({"sub": "somebody"}, 700021),
        ({"iss": "somebody", "sub": "somebody"}, 700021),
    ],
)
def test_an_assertion_must_say_the_right_things(dataverse: Dataverse, change: dict[str, object], number: int) -> None:
    known = identity()
    _register(dataverse, certificates=[{"pem": known.pem}])
    audience = f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}/oauth2/v2.0/token"
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": audience, "exp": datetime.now(UTC) + timedelta(minutes=5), **change}
    thumbprint = jwt.utils.base64url_encode(bytes.fromhex(known.thumbprint)).decode()

    answer = _show(dataverse, jwt.encode(claims, known.private, "RS256", headers={"x5t": thumbprint}))

    assert _numbers(answer) == [number]


@pytest.mark.parametrize("assertion", ["a.b.c", "nonsense", "bnVsbA.bnVsbA.x", "eyJhbGciOiJSUzI1NiJ9.e30", "\0"])
def test_a_malformed_assertion_is_refused(dataverse: Dataverse, assertion: str) -> None:
    answer = dataverse.token(
        client_assertion=assertion, client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    )

    assert (answer.status_code, answer.json()["error_codes"]) == (400, [50027])


def test_each_of_several_secrets_is_good_until_it_expires(dataverse: Dataverse) -> None:
    _register(
        dataverse,
        secrets=[
            {"value": "old", "expires": "2020-01-01T00:00:00Z"},
            {"value": "new"},
            {"value": "newer", "expires": "9999-12-31T23:59:59-23:00"},
        ],
    )

    assert "access_token" in _ask(dataverse, "new")
    assert "access_token" in _ask(dataverse, "newer")
    assert _numbers(_ask(dataverse, "old")) == [7000222]
    assert _numbers(_ask(dataverse, "wrong")) == [7000215]


def _from_github(dataverse: Dataverse) -> str:
    found = dataverse.control("GET", "logins")["github_actions"]
    url = f"{found['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=api://AzureADTokenExchange"
    headers = {"Authorization": f"Bearer {found['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    answer: str = dataverse.session.get(url, headers=headers, timeout=30).json()["value"]
    return answer


def _from_azure_devops(dataverse: Dataverse) -> str:
    found = dataverse.control("GET", "logins")["azure_devops"]
    answer: str = dataverse.session.post(
        f"{found['SYSTEM_OIDCREQUESTURI']}?api-version=7.1&serviceConnectionId=0",
        headers={"Authorization": f"Bearer {found['SYSTEM_ACCESSTOKEN']}", "X-TFS-FedAuthRedirect": "Suppress"},
        timeout=30,
    ).json()["oidcToken"]
    return answer


def _from_file(dataverse: Dataverse) -> str:
    found = dataverse.control("GET", "logins")["workload_identity"]
    return Path(found["AZURE_FEDERATED_TOKEN_FILE"]).read_text("ascii")


@pytest.mark.parametrize("source", [_from_github, _from_azure_devops, _from_file])
def test_a_pipeline_needs_no_secret(dataverse: Dataverse, source: Any) -> None:  # noqa: ANN401 - one of the three above
    settings = dataverse.settings
    application = msal.ConfidentialClientApplication(
        settings["ARM_CLIENT_ID"],
        authority=f"{settings['AZURE_AUTHORITY_HOST']}/{settings['ARM_TENANT_ID']}",
        client_credential={"client_assertion": lambda: source(dataverse)},
        instance_discovery=False,
        http_client=dataverse.session,
    )

    assert "access_token" in application.acquire_token_for_client([f"{dataverse.url}/.default"])


@pytest.mark.parametrize(
    ("credential", "number"),
    [
        ({"issuer": "https://elsewhere.example", "subject": SUBJECT}, 700211),
        ({"issuer": GITHUB, "subject": "repo:contoso/other:ref:refs/heads/main"}, 700213),
        ({"issuer": GITHUB, "subject": SUBJECT.upper()}, 7002138),
        ({"issuer": GITHUB, "subject": SUBJECT, "audience": "api://elsewhere"}, 700212),
    ],
)
def test_a_federated_token_must_match_in_every_part(
    dataverse: Dataverse, credential: dict[str, str], number: int
) -> None:
    _register(dataverse, federated_credentials=[credential])

    assert _numbers(_show(dataverse, _from_github(dataverse))) == [number]


def test_a_forged_federated_token_is_refused(dataverse: Dataverse) -> None:
    _register(dataverse, federated_credentials=[{"issuer": GITHUB, "subject": SUBJECT}])
    claims = jwt.decode(_from_github(dataverse), options={"verify_signature": False})

    answer = _show(dataverse, jwt.encode(claims, identity().private, "RS256"))

    assert _numbers(answer) == [50013]


def test_a_pipelines_token_is_only_for_the_pipeline(dataverse: Dataverse) -> None:
    url = dataverse.control("GET", "logins")["github_actions"]["ACTIONS_ID_TOKEN_REQUEST_URL"]

    assert dataverse.session.get(url, timeout=30).status_code == 401


def test_a_test_may_have_a_token_of_any_issuer(dataverse: Dataverse) -> None:
    wish = {"issuer": "https://cluster.example/", "subject": "deployer"}
    _register(dataverse, federated_credentials=[wish])

    made = dataverse.control("POST", "entra/assertions", wish)["value"]

    assert "access_token" in _show(dataverse, made)


def test_an_application_belongs_to_its_tenant(dataverse: Dataverse) -> None:
    _register(dataverse, secret="hush", tenant_id=OTHER_TENANT)

    assert dataverse.token(client_id=CLIENT, client_secret="hush").json()["error_codes"] == [700016]


def test_an_application_may_be_let_into_another_tenant(dataverse: Dataverse) -> None:
    tenant = dataverse.settings["ARM_TENANT_ID"]
    _register(dataverse, secret="hush", tenant_id=OTHER_TENANT, consented_tenants=[tenant])

    assert dataverse.token(client_id=CLIENT, client_secret="hush").status_code == 200


def test_a_tenant_is_known_by_its_domain_too(dataverse: Dataverse) -> None:
    assert dataverse.token(tenant="contoso.onmicrosoft.com").status_code == 200


@pytest.mark.parametrize(
    ("registration", "named"),
    [
        ({}, "secret"),
        ({"certificates": [{"pem": "no certificate"}]}, "certificates.0.pem"),
        ({"secret": "x", "federated": []}, "federated"),
        ({"secret": "x", "managed_identity": "robot"}, "managed_identity"),
    ],
)
def test_a_registration_that_does_not_fit_says_where(
    dataverse: Dataverse, registration: dict[str, object], named: str
) -> None:
    url = f"{dataverse.url}/emulator/applications/{CLIENT}"

    answer = dataverse.session.put(url, json=registration, timeout=30)

    assert answer.status_code == 400
    assert named in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("?api-version=7.1&serviceConnectionId=0", {}, 302),
        ("?api-version=7.1&serviceConnectionId=0", {"X-TFS-FedAuthRedirect": "Suppress"}, 401),
        ("", {"Authorization": "Bearer {SYSTEM_ACCESSTOKEN}"}, 400),
    ],
)
def test_azure_devops_refuses_in_its_own_way(
    dataverse: Dataverse, query: str, headers: dict[str, str], status: int
) -> None:
    found = dataverse.control("GET", "logins")["azure_devops"]
    sent = {name: value.format(**found) for name, value in headers.items()}

    answer = dataverse.session.post(
        f"{found['SYSTEM_OIDCREQUESTURI']}{query}", headers=sent, timeout=30, allow_redirects=False
    )

    assert answer.status_code == status
