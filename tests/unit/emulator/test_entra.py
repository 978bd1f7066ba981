import jwt
import msal
import pytest

from tests.unit.emulator.dataverse import NOBODY, Dataverse


def test_msal_gets_a_token_that_the_web_api_takes(dataverse: Dataverse) -> None:
    settings = dataverse.settings
    application = msal.ConfidentialClientApplication(
        settings["ARM_CLIENT_ID"],
        authority=f"{settings['AZURE_AUTHORITY_HOST']}/{settings['ARM_TENANT_ID']}",
        client_credential=settings["ARM_CLIENT_SECRET"],
        instance_discovery=False,
        http_client=dataverse.session,
    )
    token = application.acquire_token_for_client([f"{dataverse.url}/.default"])

    answer = dataverse.call("GET", "WhoAmI", Authorization=f"Bearer {token['access_token']}")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": NOBODY}, 400, "unauthorized_client", 700016),
        ({"tenant": NOBODY}, 400, "invalid_request", 90002),
        ({"scope": "https://elsewhere.example/.default"}, 400, "invalid_resource", 500011),
        ({"scope": "user.read"}, 400, "invalid_scope", 70011),
        ({"grant_type": "password"}, 501, "not_emulated", 70003),
        ({"grant_type": "carrier-pigeon"}, 400, "unsupported_grant_type", 70003),
        ({"grant_type": ""}, 400, "invalid_request", 900144),
        ({"client_id": ""}, 400, "invalid_request", 900144),
    ],
)
def test_a_token_is_refused_in_entras_words(
    dataverse: Dataverse, change: dict[str, str], status: int, error: str, number: int
) -> None:
    answer = dataverse.token(**change)

    body = answer.json()
    assert (status, error, [number]) == (answer.status_code, body["error"], body["error_codes"])
    assert body["error_description"].startswith(f"AADSTS{number}: ")


def test_the_secret_may_come_by_http_basic(dataverse: Dataverse) -> None:
    settings = dataverse.settings

    answer = dataverse.session.post(
        f"{dataverse.url}/{settings['ARM_TENANT_ID']}/oauth2/v2.0/token",
        {"grant_type": "client_credentials", "scope": f"{dataverse.url}//.default"},
        auth=(settings["ARM_CLIENT_ID"], settings["ARM_CLIENT_SECRET"]),
        timeout=30,
    )

    assert answer.json()["token_type"] == "Bearer"


def test_a_call_without_a_token_learns_where_to_get_one(dataverse: Dataverse) -> None:
    answer = dataverse.call("GET", "WhoAmI", Authorization="")

    authority = f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}/oauth2/authorize"
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == (f"Bearer authorization_uri={authority}, resource_id={dataverse.url}/")


def _changed(token: str, **claims: object) -> str:
    """The claims of a token, changed, under a key of somebody else."""
    return jwt.encode({**jwt.decode(token, options={"verify_signature": False}), **claims}, "k" * 32, "HS256")


def test_a_forged_token_is_refused(dataverse: Dataverse) -> None:
    forged = _changed(dataverse.token().json()["access_token"])

    assert dataverse.call("GET", "WhoAmI", Authorization=f"Bearer {forged}").status_code == 401


def test_the_environment_answers_to_localhost_too(dataverse: Dataverse) -> None:
    elsewhere = dataverse.url.replace("127.0.0.1", "localhost")
    token = dataverse.token(scope=f"{elsewhere}/.default").json()["access_token"]

    answer = dataverse.call("GET", f"{elsewhere}/api/data/v9.2/WhoAmI", Authorization=f"Bearer {token}")

    assert answer.json()["@odata.context"].startswith(elsewhere)


def test_a_token_for_one_host_name_is_no_use_at_another(dataverse: Dataverse) -> None:
    elsewhere = dataverse.url.replace("127.0.0.1", "localhost")

    assert dataverse.call("GET", f"{elsewhere}/api/data/v9.2/WhoAmI").status_code == 401


def test_a_token_lives_as_long_as_the_test_wants(dataverse: Dataverse) -> None:
    dataverse.control("PATCH", "entra", {"token_lifetime": 60})

    answer = dataverse.token().json()

    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (answer["expires_in"], claims["exp"] - claims["iat"]) == (60, 60)


@pytest.mark.parametrize("body", [{"token_lifetime": 0}, {"token_life": 60}, [], 5, None])
def test_a_setting_of_entra_that_does_not_fit_is_refused(dataverse: Dataverse, body: object) -> None:
    answer = dataverse.session.patch(f"{dataverse.url}/emulator/entra", json=body, timeout=30)

    assert answer.status_code == 400


def test_a_token_of_another_tenant_is_no_use(dataverse: Dataverse) -> None:
    dataverse.control("PATCH", "organization", {"tenantid": NOBODY})

    assert dataverse.call("GET", "WhoAmI").status_code == 401


def test_the_keys_that_tokens_are_signed_with_are_published(dataverse: Dataverse) -> None:
    tenant = dataverse.settings["ARM_TENANT_ID"]
    found = dataverse.session.get(f"{dataverse.url}/{tenant}/v2.0/.well-known/openid-configuration", timeout=30).json()
    keys = jwt.PyJWKSet.from_dict(dataverse.session.get(found["jwks_uri"], timeout=30).json())
    token = dataverse.token().json()["access_token"]

    claims = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], audience=dataverse.url)

    assert claims["appid"] == dataverse.settings["ARM_CLIENT_ID"]
