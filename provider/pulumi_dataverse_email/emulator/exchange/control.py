"""The control API of Exchange: its switches, and recipients changed behind the administrators' backs."""

from collections.abc import Callable, Mapping

from pydantic import ValidationError

from ..bodies import merged, misfit, read_object
from ..environment import Environment
from ..errors import ODataError
from ..store import Transaction
from . import principals, switches
from .recipients import Recipient
from .session import Caller, Session


def session_of(environment: Environment, transaction: Transaction, tenant: str | None = None) -> Session:
    """Return a session of nobody in a tenant, the organization's when none is given."""
    tenant = tenant or str(transaction.setting("organization")["tenantid"])
    return Session(transaction, tenant, Caller("", frozenset()), anchored_by_guid=False, now=environment.seconds())


def forget_application(environment: Environment, transaction: Transaction, client_id: str) -> None:
    """Let what Exchange knows of an application go, as when Entra lost it."""
    principals.follow(session_of(environment, transaction), client_id)


def _switches(environment: Environment, _parameters: Mapping[str, str], _body: bytes) -> object:
    with environment.store.read() as transaction:
        return switches.read(transaction).model_dump(mode="json")


def _change_switches(environment: Environment, _parameters: Mapping[str, str], body: bytes) -> object:
    with environment.store.write() as transaction:
        after = merged(switches.read(transaction), body)
        switches.keep(transaction, after)
    return after.model_dump(mode="json")


def _recipients(environment: Environment, _parameters: Mapping[str, str], _body: bytes) -> object:
    with environment.store.read() as transaction:
        return {"value": session_of(environment, transaction).recipients.all()}


def _put_recipient(environment: Environment, parameters: Mapping[str, str], body: bytes) -> object:
    try:
        recipient = Recipient.model_validate({**read_object(body), "address": parameters["address"]})
    except ValidationError as error:
        raise misfit(error) from None
    with environment.store.write() as transaction:
        tenant = str(recipient.tenant_id) if recipient.tenant_id else None
        session = session_of(environment, transaction, tenant)
        session.recipients.remove(recipient.address)
        session.recipients.add([recipient], session.moment)
    return None


def _remove_recipient(environment: Environment, parameters: Mapping[str, str], _body: bytes) -> object:
    with environment.store.write() as transaction:
        if not session_of(environment, transaction).recipients.remove(parameters["address"]):
            raise ODataError(404, "", f"There is no recipient {parameters['address']}.")
    return None


ENDPOINTS: tuple[tuple[str, str, Callable[[Environment, Mapping[str, str], bytes], object]], ...] = (
    ("GET", "/exchange", _switches),
    ("PATCH", "/exchange", _change_switches),
    ("GET", "/recipients", _recipients),
    ("PUT", "/recipients/{address}", _put_recipient),
    ("DELETE", "/recipients/{address}", _remove_recipient),
)
"""Method, path under `/emulator`, and what is done."""
