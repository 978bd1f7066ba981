"""Opens the wires that the settings name: to Dataverse, and to Exchange."""

import math
from collections.abc import Callable
from typing import Final, cast
from urllib.parse import urlsplit

from . import settings
from .dataverse.client import Client
from .dataverse.deadline import CLOCK, current
from .dataverse.transport import Limits, Transport
from .entra.login import login
from .errors import ExchangeUnsettled, SettingsError
from .exchange.by_cmdlets import ByCmdlets
from .exchange.clouds import HOSTS
from .exchange.commands import Cmdlets
from .exchange.interface import Exchange
from .exchange.invoke_command import InvokeCommand
from .exchange.remoting import Authentication, Remoting, Server
from .exchange.settling import Clock, Settling

TRANSPORTS: Final = {"exchange_online": "invoke_command", "exchange_server": "power_shell_remoting"}
"""By platform, the transport that carries cmdlets to it."""

HANDOVER: Final = "handover"

Tell = Callable[[str], None]


def dataverse(given: settings.Given, tell: Tell) -> Client:
    """Open the wire to Dataverse; nothing is sent yet.

    Raises:
        SettingsError: the settings are missing or contradict each other.
    """
    checked = settings.load(given)
    signs = login(checked.way, checked.authority, tell).signing(checked.environment_url)
    return Client(Transport(checked.environment_url, signs, limits=Limits(**checked.limits), tell=tell))


def exchange(given: settings.Given, platform: str, tell: Tell) -> Exchange | None:
    """Open the wire to Exchange; None where the settings say that nothing is to be sent to it.

    Raises:
        SettingsError: the settings are missing, contradict each other, or name a transport of another platform.
        LoginError: nothing tells which tenant it is.
    """
    stated = settings.exchange(given)
    transport = stated.transport or TRANSPORTS[platform]
    if transport == HANDOVER:
        return None
    if transport != TRANSPORTS[platform]:
        raise SettingsError(
            f"exchangeTransport is {transport}, which does not reach {platform}.\n"
            f"Set it to {TRANSPORTS[platform]} or {HANDOVER}, or leave it out."
        )
    cmdlets = _online(given, stated, tell) if platform == "exchange_online" else Remoting(_server(stated))
    return ByCmdlets(cmdlets, Settling(Clock(CLOCK.now, _pause), tell))


def _pause(seconds: float) -> None:
    """Wait, as far as the program's `custom_timeouts` allow.

    Raises:
        ExchangeUnsettled: they do not.
    """
    if seconds > current(math.inf).left():
        advice = "Run again, which finds what was done; or allow more in custom_timeouts."
        raise ExchangeUnsettled("wait for Exchange", "the time that custom_timeouts allows is over", advice)
    CLOCK.pause(seconds)


def _online(given: settings.Given, stated: settings.ExchangeSettings, tell: Tell) -> Cmdlets:
    checked = settings.load(given)
    tokens = login(checked.way, checked.authority, tell)
    host = stated.host or HOSTS[stated.cloud]
    return InvokeCommand(host, tokens.tenant(), tokens, organization=stated.organization)


def _server(stated: settings.ExchangeSettings) -> Server:
    if not stated.server:
        ways = settings.declared()["exchangeServer"].ways
        raise SettingsError(f"exchangeServer is missing: {ways}.\nSet it, or set exchangeTransport to {HANDOVER}.")
    parts = urlsplit(stated.server)
    return Server(
        parts.hostname or "",
        stated.user_name,
        stated.password,
        cast("Authentication", stated.authentication),
        tls=parts.scheme == "https",
        port=parts.port,
        domain_controller=stated.domain_controller,
    )
