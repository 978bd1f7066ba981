"""Which way to log in is chosen, and how contradictions are explained."""

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from pulumi_dataverse_email.entra.authorities import Authority
from pulumi_dataverse_email.entra.ways import (
    AzureCli,
    AzureDevOps,
    Certificate,
    ClientSecret,
    DeviceCode,
    Federated,
    GitHubActions,
    ManagedIdentity,
    TokenFile,
    TokenText,
    Way,
)
from pulumi_dataverse_email.errors import SettingsError
from pulumi_dataverse_email.settings import Settings, declared, given, load
from pulumi_dataverse_email.settings.login import Choice

SECRET = "Str0ng-and-secret-Passw0rd"
ONE = "5f0c2a10-0000-4000-8000-00000000a001"
TWO = "5f0c2a10-0000-4000-8000-00000000a002"
URL = "https://contoso.crm4.dynamics.com"
ARM = {"ARM_TENANT_ID": "contoso.com", "ARM_CLIENT_ID": ONE}
AZURE = {"AZURE_TENANT_ID": "contoso.com", "AZURE_CLIENT_ID": ONE}
GITHUB = {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://gh", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": SECRET}
PIPELINE = {"SYSTEM_OIDCREQUESTURI": "https://ado", "SYSTEM_ACCESSTOKEN": SECRET}
PIPELINE_OVER_HTTP = {"SYSTEM_OIDCREQUESTURI": "http://tfs/x", "SYSTEM_ACCESSTOKEN": SECRET}
CLUSTER = {
    **AZURE,
    "AZURE_FEDERATED_TOKEN_FILE": "/token",
    "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
}


def loaded(stated: dict[str, str]) -> Settings:
    """Load settings: names in upper case are variables, the others stand in the configuration."""
    environ = {name: text for name, text in stated.items() if name.isupper()}
    config = {f"dataverse-email:{key}": text for key, text in stated.items() if not key.isupper()}
    return load(given({"dataverse-email:environmentUrl": URL, **config}, environ))


@pytest.mark.parametrize(
    ("stated", "way"),
    [
        ({**ARM, "ARM_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
        ({**AZURE, "AZURE_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
        ({**ARM, "clientSecret": SECRET}, ClientSecret(ONE, SECRET)),
        ({**ARM, "clientSecret": SECRET, "ARM_USE_MSI": "maybe", **PIPELINE_OVER_HTTP}, ClientSecret(ONE, SECRET)),
        ({"clientId": ONE, "clientSecret": SECRET, "ARM_CLIENT_ID": TWO}, ClientSecret(ONE, SECRET)),
        ({**ARM, "ARM_CLIENT_CERTIFICATE_PATH": "app.pem"}, Certificate(ONE, "app.pem")),
        (
            {**AZURE, "clientCertificatePath": "app.pfx", "clientCertificatePassword": SECRET},
            Certificate(ONE, "app.pfx", SECRET),
        ),
        ({**ARM, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": SECRET}, Federated(ONE, TokenText(SECRET))),
        ({**ARM, "ARM_OIDC_TOKEN_FILE_PATH": "/token"}, Federated(ONE, TokenFile("/token"))),
        (CLUSTER, Federated(ONE, TokenFile("/token"))),
        ({**ARM, **GITHUB, "ARM_USE_OIDC": "True"}, Federated(ONE, GitHubActions("https://gh", SECRET))),
        (
            {**ARM, **PIPELINE, "ARM_USE_OIDC": "1", "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "sc"},
            Federated(ONE, AzureDevOps("https://ado", SECRET, "sc")),
        ),
        (
            {**ARM, **PIPELINE, "useOidc": "true", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "sc"},
            Federated(ONE, AzureDevOps("https://ado", SECRET, "sc")),
        ),
        ({"useMsi": "true"}, ManagedIdentity(None)),
        ({**ARM, "ARM_USE_MSI": "true"}, ManagedIdentity(ONE)),
        ({"useAzureCli": "true"}, AzureCli()),
        ({"ARM_USE_CLI": "true", "tenantId": "contoso.com"}, AzureCli()),
        ({"clientId": ONE, "useDeviceCode": "true"}, DeviceCode(ONE)),
        # The first place that states a way decides.
        ({**ARM, "ARM_CLIENT_SECRET": SECRET, "useAzureCli": "true"}, AzureCli()),
        ({**ARM, "ARM_USE_MSI": "true", "clientSecret": SECRET}, ClientSecret(ONE, SECRET)),
        ({**ARM, **CLUSTER, "ARM_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
        ({**ARM, "ARM_USE_MSI": "true", "useMsi": "false", "ARM_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
        ({**ARM, "useOidc": "false", "ARM_OIDC_TOKEN": "x", "ARM_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
        (
            {**ARM, "useOidc": "true", "oidcTokenFilePath": "/token", "ARM_OIDC_TOKEN": SECRET},
            Federated(ONE, TokenFile("/token")),
        ),
        # Families that agree may be mixed; the configuration settles those that do not.
        ({"ARM_TENANT_ID": "contoso.com", **AZURE, "AZURE_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
        ({"ARM_TENANT_ID": "a", "tenantId": "b", **AZURE, "AZURE_CLIENT_SECRET": SECRET}, ClientSecret(ONE, SECRET)),
    ],
)
def test_the_way_that_is_stated_is_chosen(stated: dict[str, str], way: Way) -> None:
    assert loaded(stated).way == way


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({**ARM}, ["clientSecret is missing", "clientId (ARM_CLIENT_ID) alone is half a way", "useAzureCli"]),
        ({}, ["clientId is missing", "clientSecret is missing", "useMsi"]),
        ({**ARM, **GITHUB}, ["oidcRequestUrl (ACTIONS_ID_TOKEN_REQUEST_URL)", "useOidc may be what you want"]),
        (
            {**ARM, "clientCertificatePassword": SECRET},
            ["clientCertificatePassword needs clientCertificatePath"],
        ),
        ({"ARM_CLIENT_SECRET": SECRET}, ["clientId is missing", "ARM_CLIENT_ID or AZURE_CLIENT_ID"]),
        ({"useDeviceCode": "true"}, ["clientId is missing"]),
        (
            {**ARM, "ARM_CLIENT_SECRET": SECRET, "ARM_CLIENT_CERTIFICATE_PATH": "app.pem"},
            [
                "clientSecret (ARM_CLIENT_SECRET) and clientCertificatePath (ARM_CLIENT_CERTIFICATE_PATH) are two ways",
                "keep one, or state the one that counts in the configuration",
            ],
        ),
        (
            {**ARM, "ARM_CLIENT_SECRET": SECRET, "ARM_USE_OIDC": "true"},
            ["clientSecret (ARM_CLIENT_SECRET) and useOidc (ARM_USE_OIDC) are two ways to log in in one place"],
        ),
        (
            {"clientId": ONE, "useMsi": "true", "useAzureCli": "true"},
            ["useMsi and useAzureCli are two ways", "keep one"],
        ),
        (
            {**ARM, "oidcToken": SECRET, "oidcTokenFilePath": "/token"},
            ["oidcToken and oidcTokenFilePath are two sources of a federated token"],
        ),
        (
            {**ARM, "ARM_USE_OIDC": "true"},
            [
                "useOidc is on, but there is no federated token",
                "permission `id-token: write`",
                "adoServiceConnectionId",
            ],
        ),
        (
            {**ARM, "useOidc": "true", "adoServiceConnectionId": "sc", "SYSTEM_OIDCREQUESTURI": "https://ado"},
            ["SYSTEM_ACCESSTOKEN: $(System.AccessToken)"],
        ),
        ({**ARM, "useOidc": "true", "adoServiceConnectionId": "sc"}, ["needs SYSTEM_OIDCREQUESTURI"]),
        (
            {"ARM_TENANT_ID": "fabrikam.com", **AZURE, "AZURE_CLIENT_SECRET": SECRET},
            [
                "tenantId is taken from ARM_TENANT_ID, which counts first, but clientId from AZURE_CLIENT_ID",
                "AZURE_TENANT_ID differs",
            ],
        ),
        (
            {"ARM_CLIENT_ID": TWO, **AZURE, "AZURE_CLIENT_SECRET": SECRET},
            ["clientId is taken from ARM_CLIENT_ID", "AZURE_CLIENT_ID differs"],
        ),
        (
            {"clientId": TWO, **ARM, "ARM_CLIENT_SECRET": SECRET},
            [
                "clientId in the configuration counts first",
                "clientSecret (ARM_CLIENT_SECRET) belongs to clientId (ARM_CLIENT_ID), another application",
            ],
        ),
        (
            {**ARM, "ARM_CLIENT_SECRET": SECRET, "environment": "china", "authorityHost": "login.microsoftonline.us"},
            ["environment contradicts authorityHost"],
        ),
        (
            {**ARM, "ARM_CLIENT_SECRET": SECRET, "ARM_ENVIRONMENT": "public", "AZURE_AUTHORITY_HOST": "127.0.0.1:8443"},
            ["environment (ARM_ENVIRONMENT) contradicts authorityHost (AZURE_AUTHORITY_HOST)"],
        ),
        (
            {"environmentUrl": "http://contoso", "ARM_CLIENT_SECRET": SECRET, "ARM_CLIENT_CERTIFICATE_PATH": "app.pem"},
            ["environmentUrl should be https", "are two ways to log in"],
        ),
    ],
)
def test_a_contradiction_is_explained(stated: dict[str, str], says: list[str]) -> None:
    """Each side is named where it stands; no value is repeated."""
    with pytest.raises(SettingsError) as caught:
        loaded(stated)

    text = str(caught.value)
    assert [it for it in says if it not in text] == []
    assert SECRET not in text


@pytest.mark.parametrize(
    ("stated", "host"),
    [
        ({}, None),
        ({"ARM_ENVIRONMENT": "USGovernment"}, "https://login.microsoftonline.us"),
        ({"environment": "dod"}, "https://login.microsoftonline.us"),
        ({"AZURE_ENVIRONMENT": "AzureUSGovernmentCloud"}, "https://login.microsoftonline.us"),
        ({"AZURE_ENVIRONMENT": "china"}, "https://login.partner.microsoftonline.cn"),
        ({"AZURE_AUTHORITY_HOST": "https://login.isolated.example/"}, "https://login.isolated.example"),
        (
            {"ARM_ENVIRONMENT": "public", "AZURE_AUTHORITY_HOST": "https://login.windows.net"},
            "https://login.windows.net",
        ),
        ({"environment": "china", "AZURE_AUTHORITY_HOST": "https://one"}, "https://login.partner.microsoftonline.cn"),
        ({"ARM_ENVIRONMENT": "china", "authorityHost": "https://one"}, "https://one"),
    ],
)
def test_the_cloud_says_where_to_log_in(stated: dict[str, str], host: str | None) -> None:
    """By its name, or by an address; the configuration counts before variables."""
    assert loaded({"useAzureCli": "true", **stated}).authority == Authority(host, None, URL)


def test_a_choice_hides_its_secret() -> None:
    """Debuggers print it on the way."""
    values = {"clientSecret": SECRET}

    assert SECRET not in repr(Choice(given({}, {"ARM_CLIENT_SECRET": SECRET}), values))


VARIABLES = sorted({name for it in declared().values() for name in it.variables})
TEXTS = st.sampled_from(["", "true", "false", ONE, TWO, "https://one", "public", SECRET])


@each(st.dictionaries(st.sampled_from([*VARIABLES, *declared()]), TEXTS, max_size=8))
def test_any_settings_load_or_are_explained(stated: dict[str, str]) -> None:
    """No stranger's exception, and no secret in an error or a text, whatever stands where."""
    try:
        shown = repr(loaded(stated))
    except SettingsError as error:
        shown = str(error)
        assert shown.splitlines()[-1].startswith("Mend these settings: ")
    secret = [it.key for it in declared().values() if it.secret] + [
        name for it in declared().values() if it.secret for name in it.variables
    ]
    if not any(text == SECRET and name not in secret for name, text in stated.items()):
        assert SECRET not in shown
