"""The settings of Exchange, and the wire that they lead to."""

import pytest

from pulumi_dataverse_email import wires
from pulumi_dataverse_email.errors import SettingsError
from pulumi_dataverse_email.settings import ExchangeSettings, exchange, given

from .test_settings import WHOLE


def stated(**texts: str) -> ExchangeSettings:
    """Return what a stack's configuration with these settings says of Exchange."""
    return exchange(given({f"dataverse-email:{key}": text for key, text in texts.items()}, {}))


def reached(platform: str, **texts: str) -> object:
    """Return the wire to Exchange that these settings lead to."""
    whole = given({f"dataverse-email:{key}": text for key, text in {**WHOLE, **texts}.items()}, {})
    return wires.exchange(whole, platform, lambda _: None)


def test_nothing_needs_to_be_stated() -> None:
    assert stated() == ExchangeSettings()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Exchange01.contoso.com", "http://exchange01.contoso.com"),
        ("https://exchange01.contoso.com:8443/PowerShell/", "https://exchange01.contoso.com:8443"),
        ("http://localhost:5985", "http://localhost:5985"),
    ],
)
def test_one_server_has_one_address(text: str, address: str) -> None:
    assert stated(exchangeServer=text).server == address


@pytest.mark.parametrize(
    ("texts", "blamed"),
    [
        ({"exchangeServer": "exchange01"}, "exchangeServer should be the full name"),
        ({"exchangeServer": "10.0.0.1"}, "exchangeServer should be the full name"),
        ({"exchangeServer": "https://u:p@exchange01.contoso.com"}, "exchangeServer should be the full name"),
        ({"exchangeServer": "https://[x"}, "exchangeServer should be the full name"),
        ({"exchangeTransport": "carrier_pigeon"}, "exchangeTransport should be"),
        ({"exchangeAuthentication": "magic"}, "exchangeAuthentication should be"),
        ({"exchangeHost": "http://outlook.office365.com"}, "exchangeHost should be https"),
        ({"exchangePassword": "hush-hush"}, "exchangeUserName is missing"),
        (
            {"exchangeServer": "exchange01.contoso.com", "exchangeAuthentication": "basic"},
            "sends the password in clear",
        ),
    ],
)
def test_what_is_wrong_is_told_and_no_secret_with_it(texts: dict[str, str], blamed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        stated(**texts)

    assert blamed in str(caught.value)
    assert "hush-hush" not in str(caught.value) + repr(caught.value)


def test_a_password_is_not_shown() -> None:
    assert "hush-hush" not in repr(stated(exchangeUserName="CONTOSO\\admin", exchangePassword="hush-hush"))


def test_what_is_wrong_with_dataverse_is_no_matter_here() -> None:
    assert stated(environmentUrl="nonsense").cloud == "public"


@pytest.mark.parametrize("platform", ["exchange_online", "exchange_server"])
def test_nothing_is_opened_where_commands_are_handed_over(platform: str) -> None:
    assert reached(platform, exchangeTransport="handover") is None


@pytest.mark.parametrize(
    ("platform", "texts", "says"),
    [
        ("exchange_online", {"exchangeTransport": "power_shell_remoting"}, "does not reach exchange_online"),
        ("exchange_server", {"exchangeTransport": "invoke_command"}, "does not reach exchange_server"),
        ("exchange_server", {}, "exchangeServer is missing"),
    ],
)
def test_a_transport_reaches_its_own_platform_only(platform: str, texts: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        reached(platform, **texts)


def test_each_platform_has_its_transport() -> None:
    assert reached("exchange_online") is not None
    assert reached("exchange_server", exchangeServer="exchange01.contoso.com") is not None
