import pytest

from pulumi_dataverse_email.entra.authorities import Authority
from pulumi_dataverse_email.entra.ways import ClientSecret
from pulumi_dataverse_email.errors import SettingsError
from pulumi_dataverse_email.settings import Declared, Settings, declared, environment_host, given, load

SECRET = "Str0ng-and-secret-Passw0rd"
CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"
URL = "https://contoso.crm4.dynamics.com"
WHOLE = {
    "environmentUrl": URL,
    "tenantId": "contoso.com",
    "clientId": CLIENT,
    "clientSecret": SECRET,
}


def loaded(**texts: str) -> Settings:
    """Return what a stack's configuration with these settings loads as."""
    return load(given({f"dataverse-email:{key}": text for key, text in texts.items()}, {}))


def test_nothing_is_given() -> None:
    """Without settings there are no values, and that is no error."""
    assert given({}, {}).texts == {}


def test_configuration_counts_before_the_environment() -> None:
    config = {"dataverse-email:environmentUrl": "https://config"}
    environ = {"DATAVERSE_URL": "https://environ"}

    assert given(config, environ).texts == {"environmentUrl": "https://config"}


@pytest.mark.parametrize("setting", declared().values(), ids=lambda it: it.key)
def test_variables_count_in_their_order(setting: Declared) -> None:
    """`ARM_*` before `AZURE_*`, as the declaration lists them; the configuration before them all."""
    environ = {name: name for name in setting.variables}
    for name in setting.variables:
        assert given({}, environ).texts == {setting.key: name}
        del environ[name]
    assert given({f"dataverse-email:{setting.key}": "here"}, environ).texts == {setting.key: "here"}
    assert sorted(setting.variables, key=lambda it: it.startswith("AZURE_")) == list(setting.variables)


def test_what_is_empty_is_not_given() -> None:
    """An empty value lets the next place count; spaces around a value mean nothing."""
    config = {"dataverse-email:tenantId": ""}

    assert given(config, {"ARM_TENANT_ID": "  ", "AZURE_TENANT_ID": " contoso.com\n"}).texts == {
        "tenantId": "contoso.com"
    }


def test_whole_settings_load() -> None:
    """Hosts and GUIDs are spelled one way; what may be left out has its default."""
    settings = loaded(**{**WHOLE, "environmentUrl": "HTTPS://Contoso.CRM4.Dynamics.com/", "clientId": CLIENT.upper()})

    assert settings.environment_url == "https://contoso.crm4.dynamics.com"
    assert settings.way == ClientSecret(CLIENT, SECRET)
    assert settings.authority == Authority(None, "contoso.com")
    assert (settings.organization_id, settings.limits) == (None, {})


def test_a_tenant_may_be_left_out() -> None:
    """The environment is asked which one it belongs to."""
    settings = loaded(**{key: text for key, text in WHOLE.items() if key != "tenantId"})

    assert settings.authority == Authority(None, None, "https://contoso.crm4.dynamics.com")


def test_limits_are_seconds() -> None:
    assert loaded(**WHOLE, readTimeout="30", longestWait="1.5").limits == {"read_timeout": 30.0, "longest_wait": 1.5}


@pytest.mark.parametrize("login", [WHOLE, {"useAzureCli": "true"}], ids=["secret", "cli"])
@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("readTimeout", "0", "readTimeout should be greater than 0"),
        ("readTimeout", "1e10", "readTimeout should be less than or equal to 604800"),
        ("readTimeout", "inf", "readTimeout should be a finite number"),
        ("connectTimeout", "soon", "connectTimeout should be a valid number"),
        ("useMsi", "perhaps", "useMsi should be a valid boolean"),
        ("environment", "mars", "environment should be one of public, usgovernment, dod, china"),
        ("tenantId", "../common", "tenantId should be a GUID or a domain name"),
        ("clientId", "the-app", "clientId should be a GUID"),
        ("oidcRequestUrl", "http://pipeline", "oidcRequestUrl should begin with https:// and a host"),
        ("oidcRequestUrl", "https://[pipeline", "oidcRequestUrl should begin with https:// and a host"),
        ("authorityHost", "http://login", "authorityHost should be https and a host only"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(login: dict[str, str], key: str, text: str, fault: str) -> None:
    """With the setting's name, and without the value."""
    with pytest.raises(SettingsError) as caught:
        loaded(**{"environmentUrl": URL, **login, key: text})

    assert fault in str(caught.value)
    assert str(caught.value).splitlines()[-1] == f"Mend these settings: {key}."


def test_an_address_may_leave_out_the_scheme_and_state_a_port() -> None:
    assert loaded(**{**WHOLE, "environmentUrl": "127.0.0.1:8443"}).environment_url == "https://127.0.0.1:8443"


def test_all_faults_stand_in_one_error() -> None:
    """Nobody mends settings one error at a time: each fault is listed, with the ways to give what is missing."""
    with pytest.raises(SettingsError) as caught:
        loaded(environmentUrl="http://contoso", organizationId="contoso")

    text = str(caught.value)
    assert (
        "pulumi config set --secret dataverse-email:clientSecret ... or ARM_CLIENT_SECRET or AZURE_CLIENT_SECRET"
        in text
    )
    assert "pulumi config set dataverse-email:clientId ... or ARM_CLIENT_ID or AZURE_CLIENT_ID" in text
    assert "organizationId should be a GUID" in text
    assert text.splitlines()[-1] == ("Mend these settings: environmentUrl, organizationId, clientId, clientSecret.")


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
        loaded(**{**WHOLE, "environmentUrl": url})

    assert SECRET not in str(caught.value)
    assert environment_host(url) is None


@pytest.mark.parametrize("fault", ["environmentUrl", "clientId", "useMsi"])
def test_a_secret_is_never_told(fault: str) -> None:
    """Neither an error, wherever it stands, nor the settings' own text holds the secret."""
    with pytest.raises(SettingsError) as caught:
        loaded(**{**WHOLE, fault: "?"})

    assert SECRET not in str(caught.value) + repr(caught.value)
    assert SECRET not in str(loaded(**WHOLE)) + repr(loaded(**WHOLE)) + repr(
        given({"dataverse-email:clientSecret": SECRET}, {})
    )
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


@pytest.mark.parametrize("setting", declared().values(), ids=lambda it: it.key)
def test_each_setting_has_its_sentence_and_its_secrecy(setting: Declared) -> None:
    """What is a secret by its name is one by its declaration."""
    assert setting.description.endswith(".")
    assert setting.secret == setting.name.endswith(("_secret", "_password", "_token"))


def test_an_explicit_provider_takes_no_address_from_the_environment() -> None:
    """A program that names a second environment never writes to the first one by surprise."""
    environ = {"DATAVERSE_URL": "https://first.crm4.dynamics.com", "ARM_CLIENT_ID": "one"}
    found = given({"dataverse-email:explicitProvider": "true", "dataverse-email:environmentUrl": ""}, environ)

    assert found.texts == {"clientId": "one"}
