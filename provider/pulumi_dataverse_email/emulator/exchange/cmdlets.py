"""The cmdlets' parameters, read from `cmdlets.json`, and how JSON is bound to them."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from .errors import ExchangeError, bad_parameter

Bound: TypeAlias = str | bool | list[str] | None

UNIVERSAL = frozenset({"Confirm", "Force", "WhatIf"})
"""Parameters that concern the person at a prompt; over HTTP only WhatIf means something."""

_LISTS = ("[]", "MultiValuedProperty")
_TRUTH = {"true": True, "$true": True, "false": False, "$false": False}


class Parameter(BaseModel):
    """One parameter of a cmdlet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    mandatory: bool = False
    """In each of its parameter sets."""
    sets: tuple[str, ...] = ()
    """The parameter sets that it belongs to; all of them when empty."""
    max_length: int | None = None

    def belongs_to(self, parameter_set: str) -> bool:
        """Whether it may be given with the other parameters of that set."""
        return not self.sets or parameter_set in self.sets


class Role(BaseModel):
    """An application role: what it permits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    permissions: tuple[str, ...]


class _Facts(BaseModel):
    source: list[str]
    note: str
    roles: tuple[Role, ...]
    cmdlets: dict[str, dict[str, Parameter]]


_FACTS = _Facts.model_validate_json(files(__package__).joinpath("cmdlets.json").read_text("utf-8"))
CMDLETS = _FACTS.cmdlets
APPLICATION_ROLES = {role.name: role for role in _FACTS.roles}


class Arguments:
    """The arguments of one call, bound; what nobody asks for is found by `unused`."""

    def __init__(self, cmdlet: str, given: Mapping[str, Bound]) -> None:
        self.cmdlet = cmdlet
        self._given = dict(given)
        self._used: set[str] = set(UNIVERSAL)

    def has(self, name: str) -> bool:
        """Whether it was given, be it null."""
        self._used.add(name)
        return name in self._given

    def text(self, name: str) -> str | None:
        """Return a text, or None."""
        value = self._value(name)
        return None if value is None else str(value)

    def required(self, name: str) -> str:
        """Return a text that binding has made sure of."""
        return str(self._value(name))

    def flag(self, name: str) -> bool | None:
        """Return a switch or Boolean, or None when it was not given."""
        value = self._value(name)
        return None if value is None else bool(value)

    def texts(self, name: str) -> list[str]:
        """Return several texts."""
        value = self._value(name)
        return value if isinstance(value, list) else [] if value is None else [str(value)]

    def unused(self) -> list[str]:
        """Return the parameters that were given and not looked at."""
        return sorted(self._given.keys() - self._used)

    def _value(self, name: str) -> Bound:
        self._used.add(name)
        return self._given.get(name)


def bind(cmdlet: str, given: Mapping[str, object]) -> Arguments:
    """Return the arguments of a known cmdlet.

    Raises:
        ExchangeError: 400, a parameter is unknown, missing, of the wrong type, or does not go with the others.
    """
    parameters = CMDLETS[cmdlet]
    names = {name.casefold(): name for name in parameters}
    bound: dict[str, Bound] = {}
    for key, value in given.items():
        name = names.get(key.casefold())
        if name is None:
            raise bad_parameter(f"A parameter cannot be found that matches parameter name '{key}'.")
        bound[name] = _value(name, parameters[name], value)
    _check_sets(parameters, bound)
    return Arguments(cmdlet, bound)


def _value(name: str, parameter: Parameter, value: object) -> Bound:
    if value is None:
        if parameter.mandatory:
            raise bad_parameter(f"Cannot bind argument to parameter '{name}' because it is null.")
        return None
    if parameter.type in ("SwitchParameter", "Boolean"):
        truth = value if isinstance(value, bool) else _TRUTH.get(str(value).lower())
        if truth is None:
            raise _misfit(name, value, parameter)
        return truth
    if parameter.type.endswith(_LISTS):
        several = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in several):
            raise _misfit(name, value, parameter)
        return [str(one) for one in several]
    if isinstance(value, (dict, list)):
        raise _misfit(name, value, parameter)
    text = str(value)
    if parameter.max_length is not None and len(text) > parameter.max_length:
        reason = (
            f"The length of the property is too long. The maximum length is {parameter.max_length} and the length of "
            f"the value provided is {len(text)}."
        )
        raise ExchangeError(400, "BadRequest", "Microsoft.Exchange.Data.DataValidationException", f"{name}: {reason}")
    if not text and parameter.mandatory:
        raise bad_parameter(f"Cannot bind argument to parameter '{name}' because it is an empty string.")
    return text


def _misfit(name: str, value: object, parameter: Parameter) -> ExchangeError:
    shown = json.dumps(value)
    text = f"Cannot process argument transformation on parameter '{name}'. Cannot convert {shown} to {parameter.type}."
    return bad_parameter(text)


def _check_sets(parameters: Mapping[str, Parameter], bound: Mapping[str, Bound]) -> None:
    """Find a parameter set that all that was given belongs to, and that lacks nothing."""
    every = {name for parameter in parameters.values() for name in parameter.sets} or {""}
    fitting = [one for one in sorted(every) if all(parameters[name].belongs_to(one) for name in bound)]
    if not fitting:
        raise bad_parameter("Parameter set cannot be resolved using the specified named parameters.")
    missing = [
        [name for name, one in parameters.items() if one.mandatory and one.belongs_to(chosen) and name not in bound]
        for chosen in fitting
    ]
    if [] not in missing:
        fewest = min(missing, key=len)
        text = f"Cannot process command because of one or more missing mandatory parameters: {' '.join(fewest)}."
        raise bad_parameter(text)
