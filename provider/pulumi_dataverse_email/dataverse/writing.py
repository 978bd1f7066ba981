"""Operations on one row as requests, alone or as parts of a batch."""

import json
from collections.abc import Iterator

from .reading import options, preferences
from .rows import Create, Delete, Link, Operation, Read, Row, Secret, Unlink, Update
from .transport import Request

JSON = {"Content-Type": "application/json"}


def request(operation: Operation) -> Request:
    """Return what is sent for an operation.

    Each may be sent again: a create meets its own row, an update of a version meets its own work, a row that is
    deleted stays so. Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/
    perform-conditional-operations-using-web-api
    """
    tried, path = operation.tried, operation.path
    match operation:
        case Read():
            headers = preferences(operation.select)
            return Request(tried, "GET", f"{path}?{options(operation.select)}", headers)
        case Create():
            return _write(operation, {"If-None-Match": "*"})
        case Update():
            return _write(operation, {"If-Match": operation.etag})
        case Delete():
            return Request(tried, "DELETE", path, {"If-Match": operation.etag})


def _write(operation: Create | Update, condition: dict[str, str]) -> Request:
    secrets = tuple(value.text for value in operation.row.values() if isinstance(value, Secret))
    return Request(operation.tried, "PATCH", operation.path, condition | JSON, _body(operation.row), secrets)


def _body(row: Row) -> bytes:
    """Return the row as JSON: ASCII on one line, so that no text in it can end a part of a batch."""
    return json.dumps(dict(_bound(row))).encode("ascii")


def _bound(row: Row) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, Link):
            yield f"{name}@odata.bind", f"/{value.entity_set}({value.row_id})"
        elif isinstance(value, Unlink):
            yield f"{name}@odata.bind", None
        else:
            yield name, value.text if isinstance(value, Secret) else value
