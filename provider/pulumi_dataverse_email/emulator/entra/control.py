"""The control API of Entra: its settings, device codes to approve, tokens of foreign issuers."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from ..bodies import merged, read_body
from ..environment import Environment
from ..errors import ODataError
from . import configuration, devicecodes
from .configuration import Issuer
from .directory import EXCHANGE_AUDIENCE
from .issuers import assertion

Text = Annotated[str, StringConstraints(min_length=1)]


class Decision(BaseModel):
    """What a person does about a device code."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["approved", "declined"]
    user: Text | None = None
    """Principal name of who approves."""

    @model_validator(mode="after")
    def _approved_by_somebody(self) -> "Decision":
        if self.status == "approved" and self.user is None:
            raise ValueError("who approves must be named in 'user'")
        return self


class AssertionWish(BaseModel):
    """A token of any issuer, for a test that writes its own token file."""

    model_config = ConfigDict(extra="forbid")

    issuer: Text
    subject: Text
    audience: Text = EXCHANGE_AUDIENCE


def _settings(environment: Environment, _parameters: Mapping[str, str], _body: bytes) -> object:
    with environment.store.read() as transaction:
        return configuration.read(transaction).model_dump(mode="json")


def _change_settings(environment: Environment, _parameters: Mapping[str, str], body: bytes) -> object:
    with environment.store.write() as transaction:
        after = merged(configuration.read(transaction), body)
        configuration.keep(transaction, after)
    return after.model_dump(mode="json")


def _device_codes(environment: Environment, _parameters: Mapping[str, str], _body: bytes) -> object:
    with environment.store.read() as transaction:
        return {"value": devicecodes.pending(transaction)}


def _decide(environment: Environment, parameters: Mapping[str, str], body: bytes) -> object:
    decision, user_code = read_body(Decision, body), parameters["user_code"]
    with environment.store.write() as transaction:
        if not devicecodes.decide(transaction, user_code, decision.status, decision.user):
            raise ODataError(404, "", f"There is no device code {user_code}.")
    return None


def _make_assertion(environment: Environment, _parameters: Mapping[str, str], body: bytes) -> object:
    wish = read_body(AssertionWish, body)
    return {"value": assertion(environment, Issuer(issuer=wish.issuer, subject=wish.subject), wish.audience)}


ENDPOINTS: tuple[tuple[str, str, Callable[[Environment, Mapping[str, str], bytes], object]], ...] = (
    ("GET", "/entra", _settings),
    ("PATCH", "/entra", _change_settings),
    ("POST", "/entra/assertions", _make_assertion),
    ("GET", "/device-codes", _device_codes),
    ("PUT", "/device-codes/{user_code}", _decide),
)
"""Method, path under `/emulator`, and what is done."""
