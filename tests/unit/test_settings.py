import pytest

from pulumi_dataverse_email.errors import SettingsError
from pulumi_dataverse_email.settings import Settings, environment_host, given, load

SECRET = "Str0ng-and-secret-Passw0rd"
CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"
WHOLE = {
    "environmentUrl": "https://contoso.crm4.dynamics.com",
    "tenantId": "contoso.com",
    "clientId": CLIENT,
    "clientSecret": SECRET,
}


def test_nothing_is_given() -> None:
    """Without settings there are no values, and that is no error."""
    assert given({}, {}) == {}


def test_configuration_counts_before_the_environment() -> None:
    config = {"dataverse-email:environmentUrl": "https://config"}
    environ = {"DATAVERSE_URL": "https://environ"}

    assert given(config, environ) == {"environmentUrl": "https://config"}


@pytest.mark.parametrize("key", ["tenantId", "clientId", "clientSecret"])
def test_arm_variables_count_before_azure_ones(key: str) -> None:
    name = {"tenantId": "TENANT_ID", "clientId": "CLIENT_ID", "clientSecret": "CLIENT_SECRET"}[key]
    both = {f"ARM_{name}": "arm", f"AZURE_{name}": "azure"}

    assert given({}, both) == {key: "arm"}
    assert given({}, {f"AZURE_{name}": "azure"}) == {key: "azure"}


def test_what_is_empty_is_not_given() -> None:
    """An empty value lets the next place count; spaces around a value mean nothing."""
    config = {"dataverse-email:tenantId": ""}

    assert given(config, {"ARM_TENANT_ID": "  ", "AZURE_TENANT_ID": " contoso.com\n"}) == {"tenantId": "contoso.com"}


def test_whole_settings_load() -> None:
    """Hosts and GUIDs are spelled one way; what may be left out has its default."""
    settings = load({**WHOLE, "environmentUrl": "HTTPS://Contoso.CRM4.Dynamics.com/", "clientId": CLIENT.upper()})

    assert settings.environment_url == "https://contoso.crm4.dynamics.com"
    assert (settings.client_id, settings.organization_id) == (CLIENT, None)
    assert settings.authority_host == "https://login.microsoftonline.com"
    assert settings.client_secret.get_secret_value() == SECRET


def test_an_address_may_leave_out_the_scheme_and_state_a_port() -> None:
    assert load({**WHOLE, "environmentUrl": "127.0.0.1:8443"}).environment_url == "https://127.0.0.1:8443"


def test_all_faults_stand_in_one_error() -> None:
    """Nobody mends settings one error at a time: each fault is listed, with the ways to give what is missing."""
    with pytest.raises(SettingsError) as caught:
        load({"environmentUrl": "http://contoso", "organizationId": "contoso"})

    text = str(caught.value)
    assert (
        "pulumi config set --secret dataverse-email:clientSecret ... or ARM_CLIENT_SECRET or AZURE_CLIENT_SECRET"
        in text
    )
    assert "pulumi config set dataverse-email:tenantId ... or ARM_TENANT_ID or AZURE_TENANT_ID" in text
    assert "organizationId should be a GUID" in text
    assert text.splitlines()[-1] == (
        "Mend these settings: environmentUrl, organizationId, tenantId, clientId, clientSecret."
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://contoso.crm4.dynamics.com",
        "ftp://contoso.crm4.dynamics.com",
        "https://",
        "https:///main.aspx",
        "https://contoso.crm4.dynamics.com/main.aspx",
        "https://contoso.crm4.dynamics.com?app=1",
        "https://contoso.crm4.dynamics.com#top",
        f"https://crm:{SECRET}@contoso.crm4.dynamics.com",
        "https://contoso.crm4.dynamics.com:https",
        "https://contoso.crm4.dynamics.com:0",
        "https://contoso.crm4.dynamics.com:70000",
        "https://[contoso",
    ],
)
def test_an_odd_address_is_refused(url: str) -> None:
    """An address is https and a host only; what was given is not repeated."""
    with pytest.raises(SettingsError, match="environmentUrl should be https and a host only") as caught:
        load({**WHOLE, "environmentUrl": url})

    assert SECRET not in str(caught.value)
    assert environment_host(url) is None


@pytest.mark.parametrize("fault", ["environmentUrl", "clientId", "tenantId"])
def test_a_secret_is_never_told(fault: str) -> None:
    """Neither an error, wherever it stands, nor the settings' own text holds the secret."""
    with pytest.raises(SettingsError) as caught:
        load({**WHOLE, fault: ""})

    assert SECRET not in str(caught.value) + repr(caught.value)
    assert SECRET not in str(load(WHOLE)) + repr(load(WHOLE))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Contoso.crm4.dynamics.com", "contoso.crm4.dynamics.com"),
        ("https://contoso.api.crm4.dynamics.com", "contoso.crm4.dynamics.com"),
        ("https://contoso.crm4.dynamics.com:443", "contoso.crm4.dynamics.com"),
        ("contoso.API.crm4.dynamics.com/", "contoso.crm4.dynamics.com"),
        ("https://api.contoso.com", "api.contoso.com"),
        ("https://127.0.0.1:8443", "127.0.0.1"),
        ("https://[::1]:8443", "::1"),
        ("", None),
    ],
)
def test_one_environment_has_one_host(url: str, host: str | None) -> None:
    """State records a host without its port, and without the label of the same service's other name."""
    assert environment_host(url) == host


def test_each_setting_has_its_sentence() -> None:
    fields = Settings.model_fields.values()

    assert all(field.description and field.description.endswith(".") for field in fields)


def test_an_explicit_provider_takes_no_address_from_the_environment() -> None:
    """A program that names a second environment never writes to the first one by surprise."""
    environ = {"DATAVERSE_URL": "https://first.crm4.dynamics.com", "ARM_CLIENT_ID": "one"}
    found = given({"dataverse-email:explicitProvider": "true", "dataverse-email:environmentUrl": ""}, environ)

    assert found == {"clientId": "one"}
