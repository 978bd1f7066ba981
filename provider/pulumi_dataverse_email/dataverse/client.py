"""Rows of one environment over the Web API: create, read, find, update, delete."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from ..errors import NotDataverse, RowNotFound
from .answers import content
from .rows import Conditions, Guid, Link, Organization, Row, Secret, Select, Unlink
from .transport import Request, Transport

FORMATTED = "OData.Community.Display.V1.FormattedValue"
READ = {"Prefer": f'odata.include-annotations="{FORMATTED}"'}
"""Names of the rows that lookups point at come as annotations, without a request of their own."""


class Client:
    """Speaks rows with one environment.

    Source of the forms used: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview

    Args:
        transport: sends the requests.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def organization(self) -> Organization:
        """Return the organization that answers."""
        path = "RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
        tried = "ask which organization this is"
        answer = self._read(tried, path, {})
        detail = answer.get("Detail")
        organization_id = detail.get("OrganizationId") if isinstance(detail, dict) else None
        if not isinstance(detail, dict) or not organization_id:
            raise NotDataverse(tried, "the answer names no organization", "Check environmentUrl.")
        return Organization(str(organization_id), str(detail.get("FriendlyName", "")))

    def create(self, entity_set: str, row_id: str, row: Row) -> None:
        """Make the row under the id that the caller chose.

        A replay meets its own row, never a twin: the service then answers 412.
        """
        self._write(f"create {entity_set}({row_id})", entity_set, row_id, row, {"If-None-Match": "*"})

    def read(self, entity_set: str, row_id: str, select: Select) -> Row:
        """Return one row."""
        path = f"{entity_set}({row_id})?{_options(select)}"
        return _row(self._read(f"read {entity_set}({row_id})", path, READ), select)

    def find(self, entity_set: str, any_of: Conditions, select: Select) -> list[Row]:
        """Return all rows that meet one of the conditions."""
        clauses = " or ".join(f"{column} eq {_literal(value)}" for column, value in any_of)
        tried = f"find {entity_set} where {clauses}"
        path = f"{entity_set}?{_options(select)}&$filter={quote(clauses)}"
        rows: list[Row] = []
        while path:
            answer = self._read(tried, path, READ)
            page = answer.get("value")
            rows += [_row(row, select) for row in page] if isinstance(page, list) else []
            path = str(answer.get("@odata.nextLink", ""))
        return rows

    def update(self, entity_set: str, row_id: str, row: Row) -> None:
        """Write some columns; a row that was deleted meanwhile is not made anew."""
        self._write(f"update {entity_set}({row_id})", entity_set, row_id, row, {"If-Match": "*"})

    def delete(self, entity_set: str, row_id: str) -> None:
        """Delete one row; one that is gone already is no error."""
        try:
            self._ask(Request(f"delete {entity_set}({row_id})", "DELETE", f"{entity_set}({row_id})"))
        except RowNotFound:
            return

    def _write(self, tried: str, entity_set: str, row_id: str, row: Row, condition: dict[str, str]) -> None:
        headers = {"Content-Type": "application/json", **condition}
        secrets = tuple(value.text for value in row.values() if isinstance(value, Secret))
        body = json.dumps(_body(row)).encode()
        self._ask(Request(tried, "PATCH", f"{entity_set}({row_id})", headers, body, secrets))

    def _read(self, tried: str, path: str, headers: Mapping[str, str]) -> dict[str, object]:
        return self._ask(Request(tried, "GET", path, headers))

    def _ask(self, request: Request) -> dict[str, object]:
        return content(request, self._transport.host, self._transport.send(request))


def _options(select: Select) -> str:
    columns = ",".join((*select.columns, *(f"_{lookup}_value" for lookup in select.lookups)))
    options = [f"$select={columns}"]
    if select.expand:
        inner = ",".join(f"{navigation}({_options(what)})" for navigation, what in select.expand.items())
        options.append(f"$expand={inner}")
    return "&".join(options)


def _literal(value: str | Guid) -> str:
    return value.text if isinstance(value, Guid) else "'" + value.replace("'", "''") + "'"


def _body(row: Row) -> dict[str, object]:
    body: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Link):
            body[f"{name}@odata.bind"] = f"/{value.entity_set}({value.row_id})"
        elif isinstance(value, Unlink):
            body[f"{name}@odata.bind"] = None
        else:
            body[name] = value.text if isinstance(value, Secret) else value
    return body


def _row(answer: dict[str, object], select: Select) -> Row:
    row: Row = {name: answer.get(name) for name in select.columns}
    for lookup in select.lookups:
        target = answer.get(f"_{lookup}_value")
        name = answer.get(f"_{lookup}_value@{FORMATTED}")
        row[lookup] = None if target is None else Link("", str(target).lower(), str(name or ""))
    for navigation, what in (select.expand or {}).items():
        inner = answer.get(navigation)
        row[navigation] = _row(inner, what) if isinstance(inner, dict) else None
    return row
