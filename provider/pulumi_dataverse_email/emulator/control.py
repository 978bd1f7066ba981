"""The control API under `/emulator/`: what a test does to the environment, past every rule of the Web API.

It asks for no token, because the emulator listens on the loopback interface only.
"""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from . import behaviour
from .bodies import misfit, read_body, read_object
from .entra import control as entra_control
from .entra import directory
from .environment import Environment
from .errors import ODataError, no_such_row, no_such_segment
from .exchange import control as exchange_control
from .faults import Fault
from .handling import Handler, Parameters
from .limits import Limits
from .planting import keep_application
from .rows import Rows
from .schema import ENTITY_SETS, TABLES, Column, Row, Table
from .seed import Application, OrganizationType
from .store import APPLICATIONS, SQL_TABLES, Transaction
from .values import read_guid, read_value

Text = Annotated[str, StringConstraints(min_length=1)]


class OrganizationChange(BaseModel):
    """What may be changed of the organization; another id is another organization behind the same address."""

    model_config = ConfigDict(extra="forbid", strict=True)

    organizationid: UUID | None = None
    friendlyname: Text | None = None
    uniquename: Text | None = None
    urlname: Text | None = None
    version: Text | None = None
    environmentid: Text | None = None
    datacenterid: Text | None = None
    geo: Text | None = None
    tenantid: UUID | None = None
    organizationtype: OrganizationType | None = None
    administrationmode: bool | None = None


def _faults(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    return environment.faults.pending()


def _add_fault(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    environment.faults.add(read_body(Fault, body))
    return None


def _clear_faults(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    environment.faults.clear()
    return None


def _limits(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    return environment.counters.shown()


def _set_limits(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    environment.counters.set(read_body(Limits, body))
    return environment.counters.shown()


def _lift_limits(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    environment.counters.set(None)
    return None


def _requests(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    return environment.log.entries()


def _clear_requests(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    environment.log.clear()
    return None


def _reset(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    environment.reset()
    return None


def _organization(environment: Environment, _parameters: Parameters, _body: bytes) -> object:
    return environment.organization()


def _change_organization(environment: Environment, _parameters: Parameters, body: bytes) -> object:
    changes = read_body(OrganizationChange, body).model_dump(mode="json", exclude_none=True)
    environment.change_organization(changes.pop("organizationid", None), changes)
    return environment.organization()


def _put_application(environment: Environment, parameters: Parameters, body: bytes) -> object:
    try:
        application = Application.model_validate({**read_object(body), "client_id": _guid(parameters["client_id"])})
    except ValidationError as error:
        raise misfit(error) from None
    with environment.store.write() as transaction:
        keep_application(Rows(transaction, transaction.now), application)
    return None


def _remove_application(environment: Environment, parameters: Parameters, _body: bytes) -> object:
    client_id = _guid(parameters["client_id"])
    with environment.store.write() as transaction:
        exchange_control.forget_application(environment, transaction, client_id)
        directory.remove(transaction, client_id)
        transaction.sql.execute(APPLICATIONS.delete().where(APPLICATIONS.c.client_id == client_id))
    return None


def _rows(environment: Environment, parameters: Parameters, _body: bytes) -> object:
    table = _table(parameters)
    columns = SQL_TABLES[table.logical_name].c
    order = (columns[table.primary_name], columns[table.primary_id])
    with environment.store.read() as transaction:
        return {"value": [_shown(table, row) for row in transaction.find(table.logical_name, order=order)]}


def _make_row(environment: Environment, parameters: Parameters, body: bytes) -> object:
    table = _table(parameters)
    if table.logical_name == "organization":
        raise ODataError(400, "", "There is one organization; PATCH /emulator/organization changes it.")
    with environment.store.write() as transaction:
        values = _values(table, body, transaction)
        if transaction.get(table.logical_name, values.get(table.primary_id)):
            raise ODataError(400, "", f"There is a row with the id {values[table.primary_id]} already.")
        row_id = Rows(transaction, transaction.now).create(table, values)
        return _shown(table, _existing(table, row_id, transaction))


def _row(environment: Environment, parameters: Parameters, _body: bytes) -> object:
    table = _table(parameters)
    with environment.store.read() as transaction:
        return _shown(table, _existing(table, _guid(parameters["id"]), transaction))


def _change_row(environment: Environment, parameters: Parameters, body: bytes) -> object:
    table, row_id = _table(parameters), _guid(parameters["id"])
    with environment.store.write() as transaction:
        row, values = _existing(table, row_id, transaction), _values(table, body, transaction)
        if values.setdefault(table.primary_id, row_id) != row_id:
            raise ODataError(400, "", "A row keeps its id; make another one.")
        Rows(transaction, transaction.now).change(table, row, values)
        return _shown(table, _existing(table, row_id, transaction))


def _remove_row(environment: Environment, parameters: Parameters, _body: bytes) -> object:
    table, row_id = _table(parameters), _guid(parameters["id"])
    if table.logical_name == "organization":
        raise ODataError(400, "", "The organization cannot be deleted; PATCH /emulator/organization changes it.")
    with environment.store.write() as transaction:
        _existing(table, row_id, transaction)
        Rows(transaction, transaction.now).remove(table, row_id)
    return None


ENDPOINTS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/faults", _faults),
    ("POST", "/faults", _add_fault),
    ("DELETE", "/faults", _clear_faults),
    ("GET", "/limits", _limits),
    ("PUT", "/limits", _set_limits),
    ("DELETE", "/limits", _lift_limits),
    ("GET", "/requests", _requests),
    ("DELETE", "/requests", _clear_requests),
    ("GET", "/organization", _organization),
    ("PATCH", "/organization", _change_organization),
    ("PUT", "/applications/{client_id}", _put_application),
    ("DELETE", "/applications/{client_id}", _remove_application),
    ("GET", "/rows/{set}", _rows),
    ("POST", "/rows/{set}", _make_row),
    ("GET", "/rows/{set}/{id}", _row),
    ("PATCH", "/rows/{set}/{id}", _change_row),
    ("DELETE", "/rows/{set}/{id}", _remove_row),
    ("POST", "/reset", _reset),
    *behaviour.ENDPOINTS,
    *entra_control.ENDPOINTS,
    *exchange_control.ENDPOINTS,
)
"""Method, path under `/emulator`, and what is done."""


def _table(parameters: Parameters) -> Table:
    try:
        return ENTITY_SETS[parameters["set"]]
    except KeyError:
        raise no_such_segment(parameters["set"]) from None


def _guid(text: str) -> str:
    guid = read_guid(text)
    if guid is None:
        raise ODataError(400, "", f"'{text}' is no GUID.")
    return guid


def _existing(table: Table, row_id: str, transaction: Transaction) -> Row:
    row = transaction.get(table.logical_name, row_id)
    if row is None:
        raise no_such_row(table.logical_name, row_id)
    return row


def _shown(table: Table, row: Row) -> Row:
    return {name: None if name in table.secrets else row[name] for name in table.properties}


def _values(table: Table, body: bytes, transaction: Transaction) -> Row:
    values: Row = {}
    for name, value in read_object(body).items():
        column = table.properties.get(name)
        if column is None or name == "versionnumber":
            raise ODataError(400, "", f"'{name}' is no column of {table.logical_name} that can be set.")
        values[name] = read_value(column, value, table.logical_name)
        if column.is_lookup:
            values |= _target(column, values[name], transaction)
    return values


def _target(column: Column, row_id: object, transaction: Transaction) -> Row:
    """Return what says which table a lookup points to, once it is known that it points to a row."""
    if row_id is None:
        return {column.type_column: None} if column.type_column else {}
    for target in column.targets:
        if target not in TABLES or transaction.get(target, str(row_id)):
            return {column.type_column: target} if column.type_column else {}
    raise ODataError(400, "", f"'{column.property}': {row_id} is no row of {' or '.join(column.targets)}.")
