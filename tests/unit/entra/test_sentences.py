"""Whatever keeps a login from succeeding has its own sentence of what to do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_dataverse_email.entra import azure_cli as cli
from pulumi_dataverse_email.entra import ways
from pulumi_dataverse_email.entra.refusals import ADVICE, explained
from pulumi_dataverse_email.entra.ways import Way
from tests.unit.emulator.credentials import identity

from .conftest import (
    CLIENT,
    CONNECTION,
    PASSWORD,
    SECRET,
    Place,
    azure_cli,
    client_secret,
    device_code,
    github_actions,
    pem,
    refusal,
    token_file,
    token_text,
    virtual_machine,
)

HAS_NONE = "No federated credential of the application has this "
REACH = "Check tenantId and authorityHost, and that this machine reaches them and the token service."
NOT_LOGGED_IN = "#!/bin/sh\necho \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n"
NOBODY = "00000000-0000-4000-8000-000000000000"


def wrong_secret(_place: Place) -> Way:
    return ways.ClientSecret(CLIENT, PASSWORD)


def expired_secret(place: Place) -> Way:
    place.register(CLIENT, secrets=[{"value": PASSWORD, "expires": "2020-01-01T00:00:00Z"}])
    return ways.ClientSecret(CLIENT, PASSWORD)


def unknown_application(_place: Place) -> Way:
    return ways.ClientSecret(NOBODY, SECRET)


def expired_certificate(place: Place) -> Way:
    expired = identity(days=1)
    place.register(CLIENT, certificates=[{"pem": expired.pem}])
    return ways.Certificate(CLIENT, place.write("app.pem", expired.key_pem + expired.pem))


def another_certificate(place: Place) -> Way:
    pem(place)
    other = identity(number=1)
    return ways.Certificate(CLIENT, place.write("app.pem", other.key_pem + other.pem))


def wrong_pfx_password(place: Place) -> Way:
    return ways.Certificate(CLIENT, place.write("app.pfx", identity().pfx(PASSWORD)), "another")


def wrong_passphrase(place: Place) -> Way:
    return ways.Certificate(CLIENT, place.write("app.pem", sealed()), "another")


def no_passphrase(place: Place) -> Way:
    return ways.Certificate(CLIENT, place.write("app.pem", sealed()))


def sealed() -> str:
    return identity().pem + "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"


def no_certificate_file(place: Place) -> Way:
    return ways.Certificate(CLIENT, str(place.files / "missing.pem"))


def certificate_without_key(place: Place) -> Way:
    return ways.Certificate(CLIENT, place.write("app.pem", identity().pem))


def foreign_key(place: Place) -> Way:
    return ways.Certificate(CLIENT, place.write("app.pem", identity(number=1).key_pem + identity().pem))


def odd_pem(place: Place) -> Way:
    text = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n"
    return ways.Certificate(CLIENT, place.write("app.pem", text))


def no_token_file(place: Place) -> Way:
    return ways.Federated(CLIENT, ways.TokenFile(str(place.files / "missing")))


def empty_token_file(place: Place) -> Way:
    return ways.Federated(CLIENT, ways.TokenFile(place.write("token", " \n")))


def binary_token_file(place: Place) -> Way:
    return ways.Federated(CLIENT, ways.TokenFile(place.write("token", b"\xff\xfe")))


def odd_token(place: Place) -> Way:
    return ways.Federated(CLIENT, ways.TokenFile(place.write("token", PASSWORD)))


def of(change: str, text: str) -> Callable[[Place], Way]:
    """Let GitHub's tokens differ in one point from what the application trusts."""

    def make(place: Place) -> Way:
        known = {
            "issuer": "https://token.actions.githubusercontent.com",
            "subject": "repo:contoso/mail:ref:refs/heads/main",
        }
        place.register(CLIENT, federated_credentials=[{**known, change: text}])
        return github_actions(place)

    return make


def refused_by_github(place: Place) -> Way:
    found = place.variables("github_actions")
    return ways.Federated(CLIENT, ways.GitHubActions(found["ACTIONS_ID_TOKEN_REQUEST_URL"], PASSWORD))


def refused_by_azure_devops(place: Place) -> Way:
    url = place.variables("azure_devops")["SYSTEM_OIDCREQUESTURI"]
    return ways.Federated(CLIENT, ways.AzureDevOps(url, PASSWORD, CONNECTION))


def unreached_github(_place: Place) -> Way:
    return ways.Federated(CLIENT, ways.GitHubActions("https://127.0.0.1:1/token", PASSWORD))


def no_identity(place: Place) -> Way:
    virtual_machine(place)
    return ways.ManagedIdentity(NOBODY)


def no_azure(place: Place) -> Way:
    place.patch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "https://127.0.0.1:1")
    return ways.ManagedIdentity(None)


def no_cli(place: Place) -> Way:
    place.patch.setenv("PATH", str(place.files))
    return ways.AzureCli()


def script(text: str) -> Callable[[Place], Way]:
    """Let the Azure CLI do something else."""

    def make(place: Place) -> Way:
        way = azure_cli(place)
        place.write("az", text)
        return way

    return make


def slow_cli(place: Place) -> Way:
    place.patch.setattr(cli, "SECONDS", 0.01)
    return script(f"#!/bin/sh\necho {PASSWORD}\nexec sleep 60\n")(place)


def private_application(place: Place) -> Way:
    place.register(CLIENT, secret=PASSWORD)
    return ways.DeviceCode(CLIENT)


@pytest.mark.parametrize(
    ("make", "said", "advice"),
    [
        (wrong_secret, "AADSTS7000215", "Check clientSecret: it is the secret's value"),
        (expired_secret, "AADSTS7000222", "The client secret has expired"),
        (unknown_application, "AADSTS700016", "Check clientId and tenantId"),
        (expired_certificate, "AADSTS700027", "The certificate has expired"),
        (another_certificate, "AADSTS700027", "The application does not know this certificate"),
        (wrong_pfx_password, "app.pfx cannot be opened", "Check clientCertificatePath and"),
        (wrong_passphrase, "the passphrase does not open", "Check clientCertificatePath and"),
        (no_passphrase, "is encrypted", "Give its passphrase as clientCertificatePassword."),
        (no_certificate_file, "No such file", "Check clientCertificatePath."),
        (certificate_without_key, "does not hold both", "Put both into the file of clientCertificatePath"),
        (foreign_key, "belongs to another certificate", "Put the application's certificate and its own key"),
        (odd_pem, "it is not PEM as it should be", "Check clientCertificatePath"),
        (no_token_file, "No such file", "Check oidcTokenFilePath"),
        (empty_token_file, "is empty", "Check oidcTokenFilePath"),
        (binary_token_file, "it holds no text", "Check oidcTokenFilePath"),
        (odd_token, "AADSTS50027", "The federated token is no token"),
        (of("issuer", "https://elsewhere"), "AADSTS700211", HAS_NONE + "issuer"),
        (of("audience", "api://elsewhere"), "AADSTS700212", HAS_NONE + "audience"),
        (of("subject", "repo:contoso/other"), "AADSTS700213", HAS_NONE + "subject"),
        (of("subject", "repo:Contoso/mail:ref:refs/heads/main"), "AADSTS7002138", "The subject of the federated"),
        (refused_by_github, "HTTP 401", "Give the job the permission `id-token: write`."),
        (refused_by_azure_devops, "HTTP 401", "Check adoServiceConnectionId"),
        (unreached_github, "no usable answer (ConnectionError)", REACH),
        (no_identity, "Identity not found", "Assign a managed identity to this machine"),
        (no_azure, "no usable answer", "Run this on a machine in Azure that has a managed identity"),
        (no_cli, "there is no az on PATH", "Install the Azure CLI"),
        (script(NOT_LOGGED_IN), "Please run 'az login'", "Run `az login --tenant"),
        (script("#!/bin/sh\necho no JSON\n"), "az printed no token", "Try `az account get-access-token`"),
        (script("#!/missing/interpreter\n"), "cannot be started", "Repair the Azure CLI."),
        (slow_cli, "did not answer within", "Try `az account get-access-token`"),
        (private_application, "AADSTS7000218", "Allow public client flows"),
    ],
)  # fmt: skip
def test_each_trouble_has_its_sentence(place: Place, make: Callable[[Place], Way], said: str, advice: str) -> None:
    """What came back, and on the last line what to do."""
    text = refusal(place, make(place))

    assert said in text
    assert text.splitlines()[-1].startswith(advice)


def test_a_person_who_declines_is_told_so(place: Place) -> None:
    way = device_code(place)
    place.patch.setattr(
        Place,
        "approve",
        lambda self, message: self.dataverse.control(
            "PUT", f"device-codes/{message.rstrip('.').rpartition('/')[2]}", {"status": "declined"}
        ),
    )

    assert refusal(place, way).splitlines()[-1].startswith("The person declined")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AADSTS50076", "Entra demands a second factor."),
        ("AADSTS53003", "A Conditional Access policy forbids this login"),
        ("AADSTS65001", "Nobody has consented to this"),
        ("AADSTS7000229", "The application has no service principal in this tenant"),
        ("AADSTS90094", "Check tenantId, clientId and clientSecret."),
    ],
)
def test_what_the_emulator_does_not_refuse_is_explained_too(place: Place, code: str, advice: str) -> None:
    """A code without a sentence of its own has that of its way."""
    body = json.dumps({"error": "interaction_required", "error_description": f"{code}: no.\r\nTrace ID: 1"})
    place.dataverse.fault("/token", {"status": 400, "headers": {"Content-Type": "application/json"}, "body": body})
    text = refusal(place, client_secret(place))

    assert text.splitlines()[0].endswith(f"{code}: no.")
    assert text.splitlines()[-1].startswith(advice)


def test_an_assertion_that_is_quoted_is_blotted_out(place: Place) -> None:
    """Whatever stands in Entra's place may repeat what it was sent."""
    for way in (token_text(place), token_file(place)):
        source = way.source if isinstance(way, ways.Federated) else None
        token = source.token if isinstance(source, ways.TokenText) else Path(getattr(source, "path", "")).read_text()
        body = json.dumps({"error": "invalid_client", "error_description": f"I do not like {token}"})
        place.dataverse.fault("/token", {"status": 400, "headers": {"Content-Type": "application/json"}, "body": body})

        text = refusal(place, way)

        assert "I do not like [secret]" in text
        assert token not in text


def test_advice_stands_in_the_order_that_finds_the_longer_code_s_own() -> None:
    """No code's sentence is hidden by another's: `AADSTS70021:` is not part of `AADSTS700211:`."""
    for mark, advice in ADVICE.items():
        assert explained("invalid", f"{mark} said", ways.AzureCli(), ()).splitlines()[-1] == str(advice)
        assert advice.page.startswith("https://learn.microsoft.com/")
        assert advice.text.endswith(".")
