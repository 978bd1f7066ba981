"""Device codes: a person approves elsewhere what a program without a browser waits for.

Microsoft Learn, "OAuth 2.0 device authorization grant".
"""

import secrets
from dataclasses import dataclass
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from ..errors import EntraError
from ..store import METADATA, SQL_TABLES, Transaction

LIFETIME = 900
"""Seconds in which a person must have approved; Microsoft's figure."""

INTERVAL = 1
"""Seconds between two questions of the program. Entra says 5; nobody shall wait that long for an emulator."""

DECLINED = 65004
"""The number for `authorization_declined`. The grant's page names no number; this one is for a declined consent."""

_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ23456789"
_USER_CODE_LENGTH = 9

CODES = sa.Table(
    "entra_device_code",
    METADATA,
    sa.Column("device_code", sa.Text, primary_key=True),
    sa.Column("user_code", sa.Text, nullable=False, unique=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("principal_name", sa.Text),
)


@dataclass(frozen=True)
class Person:
    """Who approved."""

    principal_name: str
    object_id: str


def start(transaction: Transaction, client_id: str, scope: str, base: str, now: float) -> dict[str, object]:
    """Return a new pair of codes, and what to tell the person; `base` is the URL that the client used, without path."""
    user_code = "".join(secrets.choice(_LETTERS) for _ in range(_USER_CODE_LENGTH))
    code = {"device_code": secrets.token_urlsafe(96), "user_code": user_code, "client_id": client_id, "scope": scope}
    transaction.sql.execute(CODES.insert(), {**code, "expires": now + LIFETIME, "status": "pending"})
    where = f"{base}/emulator/device-codes/{user_code}"
    return {
        "user_code": user_code,
        "device_code": code["device_code"],
        "verification_uri": where,
        "expires_in": LIFETIME,
        "interval": INTERVAL,
        "message": f'To sign in, send {{"status": "approved", "user": "..."}} to PUT {where}.',
    }


def redeem(transaction: Transaction, device_code: str, client_id: str, now: float) -> tuple[Person, str]:
    """Return who approved and what scope, and use the code up.

    Raises:
        EntraError: 400, nobody has approved yet, somebody declined, or the code is unknown or too old.
    """
    found = _find(transaction, CODES.c.device_code == device_code)
    if found is None or found["client_id"] != client_id:
        text = "Error validating credentials. The provided device_code is not valid."
        raise EntraError(400, "bad_verification_code", 70018, text)
    if found["expires"] <= now:
        text = "Verification code expired. Have the user retry the sign-in."
        raise EntraError(400, "expired_token", 70019, text)
    if found["status"] == "pending":
        text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
        raise EntraError(400, "authorization_pending", 70016, text)
    if found["status"] == "declined":
        raise EntraError(400, "authorization_declined", DECLINED, "User declined to consent to access the app.")
    transaction.sql.execute(CODES.delete().where(CODES.c.device_code == device_code))
    return _person(transaction, str(found["principal_name"])), str(found["scope"])


def pending(transaction: Transaction) -> list[dict[str, object]]:
    """Return the codes that somebody may approve, without what only the program may know."""
    query = sa.select(CODES.c.user_code, CODES.c.client_id, CODES.c.scope, CODES.c.status).order_by(CODES.c.expires)
    return [dict(row) for row in transaction.sql.execute(query).mappings()]


def decide(
    transaction: Transaction, user_code: str, status: Literal["approved", "declined"], principal_name: str | None
) -> bool:
    """Approve or decline in a person's name; say whether there is such a code."""
    change = CODES.update().where(CODES.c.user_code == user_code.upper())
    return transaction.sql.execute(change.values(status=status, principal_name=principal_name)).rowcount > 0


def _find(transaction: Transaction, where: sa.ColumnElement[bool]) -> dict[str, Any] | None:
    found = transaction.sql.execute(sa.select(CODES).where(where)).mappings().first()
    return None if found is None else dict(found)


def _person(transaction: Transaction, principal_name: str) -> Person:
    """Return the person with the object id that the environment knows, or one made from the name."""
    users = transaction.find("systemuser", SQL_TABLES["systemuser"].c.domainname == principal_name)
    known = users[0]["azureactivedirectoryobjectid"] if users else None
    return Person(principal_name, str(known or uuid5(NAMESPACE_URL, principal_name.lower())))
