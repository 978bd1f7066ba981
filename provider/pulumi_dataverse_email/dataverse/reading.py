"""What to ask of rows, and the rows in an answer: each is what it must be, or the answer is not Dataverse's.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview
"""

import re
from collections.abc import Iterator, Mapping

from ..errors import NotDataverse
from .rows import ETAG, Link, Row, Select, Value

FORMATTED = "OData.Community.Display.V1.FormattedValue"
"""The annotation that names the row which a lookup points at, without a request of its own."""

NEXT = "@odata.nextLink"

_LINK = re.compile(r"https://[\w.:-]+/api/data/v[!-~]+", re.ASCII)
_ETAG = re.compile(r'(W/)?"[!#-~]*"')


def options(select: Select) -> str:
    """Return the query options that ask for these columns and no others."""
    columns = ",".join((*select.columns, *(f"_{lookup}_value" for lookup in select.lookups)))
    text = f"$select={columns}"
    if select.expand:
        inner = ",".join(f"{navigation}({_inner(what)})" for navigation, what in select.expand.items())
        text += f"&$expand={inner}"
    return text


def preferences(select: Select, page_size: int | None = None) -> dict[str, str]:
    """Return the header that asks for names of lookups, where there are any, and for pages of a size."""
    wanted = [f'odata.include-annotations="{FORMATTED}"'] if _has_lookups(select) else []
    if page_size is not None:
        wanted.append(f"odata.maxpagesize={page_size}")
    return {"Prefer": ",".join(wanted)} if wanted else {}


def page(tried: str, found: Mapping[str, object]) -> tuple[list[Mapping[str, object]], str]:
    """Return the rows of one page, as they came, and the link to the next one; empty where it is the last.

    Raises:
        NotDataverse: the answer is no page of rows.
    """
    rows, link = found.get("value"), found.get(NEXT, "")
    if not isinstance(rows, list) or not all(isinstance(it, dict) for it in rows):
        raise _strange(tried, "is no page of rows")
    if not isinstance(link, str) or (link and not _LINK.fullmatch(link)):
        raise _strange(tried, "names a next page that is no address of the Web API")
    return rows, link


def row(tried: str, found: Mapping[str, object], select: Select) -> Row:
    """Return what was selected of a row.

    Raises:
        NotDataverse: a column holds what no column can hold.
    """
    try:
        return dict(_columns(found, select))
    except _StrangeColumnError as column:
        raise _strange(tried, f"holds a strange value in {column}") from None


def row_id(tried: str, found: Row, key: str) -> str:
    """Return a row's id.

    Raises:
        NotDataverse: it has none.
    """
    value = found[key]
    if not isinstance(value, str):
        raise _strange(tried, f"has a row without {key}")
    return value


class _StrangeColumnError(Exception):
    """A column's value is of no type that a column has."""


def _columns(found: Mapping[str, object], select: Select) -> Iterator[tuple[str, Value]]:
    if not found:  # the service sends the row's id, whatever is selected
        raise _StrangeColumnError("the whole row, which is empty")
    for name in select.columns:
        value = found.get(name)
        if not isinstance(value, str | int | float | None):
            raise _StrangeColumnError(name)
        yield name, value
    for lookup in select.lookups:
        yield lookup, _link(found, f"_{lookup}_value")
    for navigation, what in (select.expand or {}).items():
        inner = found.get(navigation)
        if not isinstance(inner, dict | None):
            raise _StrangeColumnError(navigation)
        yield navigation, None if inner is None else dict(_columns(inner, what))
    if select.etag:
        etag = found.get(ETAG)
        # It goes back in a header, where a line end would begin another one.
        if not isinstance(etag, str) or not _ETAG.fullmatch(etag):
            raise _StrangeColumnError(ETAG)
        yield ETAG, etag


def _link(found: Mapping[str, object], column: str) -> Link | None:
    target, name = found.get(column), found.get(f"{column}@{FORMATTED}")
    if target is None:
        return None
    if not isinstance(target, str) or not isinstance(name, str | None):
        raise _StrangeColumnError(column)
    return Link("", target.lower(), name or "")


def _has_lookups(select: Select) -> bool:
    return bool(select.lookups) or any(map(_has_lookups, (select.expand or {}).values()))


def _inner(select: Select) -> str:
    """Return the options of an expanded row, which are separated by semicolons."""
    return options(select).replace("&", ";")


def _strange(tried: str, what: str) -> NotDataverse:
    return NotDataverse(
        tried,
        f"the answer {what}, which the Dataverse Web API never sends",
        "Check environmentUrl; if it is right, something between this machine and Dataverse changes its answers.",
    )
