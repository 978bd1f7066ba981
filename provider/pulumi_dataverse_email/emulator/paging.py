"""Pages that follow each other by the last row that was shown, as the real paging cookie does.

Microsoft Learn, "Page results": `$skiptoken` holds a cookie with the order's values of the last and the first row of
the page before, so that rows which come or go meanwhile shift nothing. Clients hand it back unread.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

import sqlalchemy as sa

from .errors import ODataError
from .filters import Key
from .schema import Table
from .store import SQL_TABLES, Transaction
from .values import read_guid

Position = Sequence[str | int | None]
"""What a row holds for each part of an order."""

_LINK_SAFE = "(),='/:*$"
"""What next links leave as it is; `;`, `+` and `&` would mean something else to a reader of the link."""

_TOKEN = re.compile(r'<cookie pagenumber="(\d{1,9})" pagingcookie="([^"]*)" istracking="False" />')
_COOKIE = re.compile(r'<cookie page="\d{1,9}">(.*)</cookie>', re.DOTALL)
_PART = re.compile(r'<(\w+) (?:last="([^"]*)"|lastnull="1") (?:first="[^"]*"|firstnull="1") />')


@dataclass(frozen=True)
class Bookmark:
    """Where a page begins: its number, from 1, and the row that the page before ended with."""

    page: int
    last: Mapping[str, str | None]


def read(token: str) -> Bookmark:
    """Return what a skip token says.

    Raises:
        ODataError: 400, when it is none of ours.
    """
    match = _TOKEN.fullmatch(token) or _TOKEN.fullmatch(unquote(token))
    cookie = _COOKIE.fullmatch(unquote(match[2])) if match else None
    parts = list(_PART.finditer(cookie[1])) if cookie else []
    if match is None or cookie is None or "".join(part[0] for part in parts) != cookie[1]:
        raise _malformed()
    return Bookmark(int(match[1]), {part[1]: None if part[2] is None else unescape(part[2]) for part in parts})


def after(bookmark: Bookmark, order: Sequence[Key]) -> sa.ColumnElement[bool]:
    """Return the condition that rows of later pages meet.

    Raises:
        ODataError: 400, when the bookmark belongs to another order.
    """
    if list(bookmark.last) != list(dict.fromkeys(key.name for key in order)):
        raise _malformed()
    beyond: list[sa.ColumnElement[bool]] = []
    equal: list[sa.ColumnElement[bool]] = []
    for key in order:
        value = _value(key, bookmark.last[key.name])
        beyond.append(sa.and_(*equal, _further(key, value)))
        equal.append(key.sql.is_(None) if value is None else key.sql == value)
    return sa.or_(*beyond)


def token(page: int, order: Sequence[Key], first: Position, last: Position) -> str:
    """Return the skip token of the page with that number, after one that showed the rows `first` to `last`."""
    parts: dict[str, str] = {}
    for key, there, here in zip(order, first, last, strict=True):
        parts.setdefault(key.name, f"<{key.name} {_side('last', key, here)} {_side('first', key, there)} />")
    cookie = f'<cookie page="{page - 1}">{"".join(parts.values())}</cookie>'
    return quote(
        f'<cookie pagenumber="{page}" pagingcookie="{quote(cookie, safe="")}" istracking="False" />', safe="=/"
    )


def positions(
    transaction: Transaction, table: Table, order: Sequence[Key], ids: Sequence[object]
) -> dict[object, Position]:
    """Return what rows hold for each part of an order, by their id."""
    key = SQL_TABLES[table.logical_name].c[table.primary_id]
    columns: list[sa.ColumnElement[Any]] = [part.sql.label(f"part_{index}") for index, part in enumerate(order)]
    found = transaction.sql.execute(sa.select(key, *columns).where(key.in_(ids)))
    return {row[0]: list(row[1:]) for row in found}


def link(url: str, options: Mapping[str, str], skip_token: str) -> str:
    """Return the absolute URL of the next page: the same options, and where it begins."""
    kept = [f"{name}={quote(value, safe=_LINK_SAFE)}" for name, value in options.items() if name != "$skiptoken"]
    return f"{url}?{'&'.join([*kept, *([f'$skiptoken={skip_token}'] if skip_token else [])])}".rstrip("?")


def _further(key: Key, value: str | int | None) -> sa.ColumnElement[bool]:
    if value is None:  # comes first ascending, last descending
        return sa.false() if key.descending else key.sql.is_not(None)
    if key.descending:
        return sa.or_(key.sql < value, key.sql.is_(None))
    return key.sql > value


def _value(key: Key, text: str | None) -> str | int | None:
    if text is None or key.kind not in ("number", "guid"):
        return text
    guid = read_guid(text.strip("{}")) if key.kind == "guid" else None
    if key.kind == "number" and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if guid is None:
        raise _malformed()
    return guid


def _side(name: str, key: Key, value: str | int | None) -> str:
    if value is None:
        return f'{name}null="1"'
    text = f"{{{str(value).upper()}}}" if key.kind == "guid" else str(value)
    return f'{name}="{escape(text)}"'


def _malformed() -> ODataError:
    return ODataError(400, "0x8004112A", "The paging cookie is malformed.")
