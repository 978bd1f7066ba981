"""The settings, checked: all faults in one error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import ValidationError

from ..entra.authorities import Authority
from ..entra.ways import Way
from ..errors import SettingsError
from .declared import EXCHANGE, LIMITS, REACH, adapter, declared
from .given import Given
from .login import Choice


@dataclass(frozen=True)
class Settings:
    """What the provider needs to reach one environment."""

    environment_url: str
    organization_id: str | None
    way: Way
    """How to log in."""

    authority: Authority
    """Where to log in."""

    limits: Mapping[str, float]
    """Those that are given, of `LIMITS`, in seconds."""


@dataclass(frozen=True)
class ExchangeSettings:
    """How to reach Exchange, as far as it is stated."""

    transport: str = ""
    """`invoke_command`, `power_shell_remoting` or `handover`; empty where the platform decides."""

    cloud: str = "public"
    host: str = ""
    organization: str = ""
    server: str = ""
    user_name: str = ""
    password: str = field(default="", repr=False)
    authentication: str = "kerberos"
    domain_controller: str = ""


def load(given: Given) -> Settings:
    """Check what is given.

    Raises:
        SettingsError: with every fault, and the ways to give what is missing.
    """
    values, faults = _checked(given)
    choice = Choice(given, values)
    way, authority = choice.way(), choice.authority(str(values.get("environmentUrl", "")))
    faults = [it for it in faults if it[0] not in choice.unused]
    faults += [it for it in choice.faults if it[0] not in {key for key, _ in faults}]
    if faults or way is None:
        order = list(declared())
        raise SettingsError(_message(sorted(faults, key=lambda it: order.index(it[0]))))
    names = {setting.name: values[key] for key, setting in declared().items() if key in values}
    return Settings(
        environment_url=str(names["environment_url"]),
        organization_id=str(names["organization_id"]) if "organization_id" in names else None,
        way=way,
        authority=authority,
        limits={name: float(str(names[name])) for name in LIMITS if name in names},
    )


def reach(given: Given) -> Mapping[str, object]:
    """Return those of the settings `REACH` that are given, by name: `on` or `off`, numbers, `unlimited`.

    A preview needs them, and no other setting.

    Raises:
        SettingsError: with the faults of these settings alone.
    """
    keys = {key: setting.name for key, setting in declared().items() if setting.name in REACH}
    if not any(given.first(key) for key in keys):
        return {}
    values, faults = _checked(given)
    if mine := [fault for fault in faults if fault[0] in keys]:
        raise SettingsError(_message(mine))
    return {name: values[key] for key, name in keys.items() if key in values}


def exchange(given: Given) -> ExchangeSettings:
    """Return what is stated about Exchange.

    Raises:
        SettingsError: with the faults of these settings alone.
    """
    values, faults = _checked(given)
    keys = {key: setting.name for key, setting in declared().items() if setting.name in (*EXCHANGE, "environment")}
    mine = [fault for fault in faults if fault[0] in keys]
    stated = {name.removeprefix("exchange_"): str(values[key]) for key, name in keys.items() if key in values}
    cloud = stated.pop("environment", "public")
    in_clear = urlsplit(stated.get("server", ""))
    if stated.get("authentication") == "basic" and in_clear.scheme == "http" and in_clear.hostname != "localhost":
        mine.append(("exchangeAuthentication", "is basic, which sends the password in clear: give an https address"))
    if "user_name" not in stated and "password" in stated:
        mine.append(("exchangeUserName", f"is missing: {declared()['exchangeUserName'].ways}"))
    if mine:
        raise SettingsError(_message(mine))
    return ExchangeSettings(cloud=cloud, **stated)


def _checked(given: Given) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """Return the values that are in order, by key, and what is wrong with the others."""
    texts = {declared()[key].name: text for key, text in given.texts.items()}
    keys = {setting.name: key for key, setting in declared().items()}
    faults: list[tuple[str, str]] = []
    try:
        adapter().validate_python(texts)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            name = str(problem["loc"][0])
            message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input ")
            missing = problem["type"] == "missing"
            faults.append((keys[name], f"is missing: {declared()[keys[name]].ways}" if missing else message))
    wrong = {key for key, _ in faults}
    good = {name: text for name, text in texts.items() if keys[name] not in wrong}
    stand_in = {"environment_url": "stand-in"} if "environmentUrl" in wrong else {}
    values = adapter().validate_python({**good, **stand_in})
    return {keys[name]: value for name, value in values.items() if keys[name] not in wrong}, faults


def _message(faults: list[tuple[str, str]]) -> str:
    listed = "\n".join(f"  - {key} {text}" for key, text in faults)
    names = ", ".join(dict.fromkeys(key for key, _ in faults))
    return f"the settings of the environment are not complete:\n{listed}\nMend these settings: {names}."
