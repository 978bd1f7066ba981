"""Many users or queues at once: an organization of 50,000 is made by a few statements of SQL."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from .mailboxes import MIRRORED
from .schema import TABLES, Row, Table, Value
from .store import INTERSECTS, SQL_TABLES, Transaction


def copy(transaction: Transaction, table: Table, model_id: Value, owners: Sequence[Row]) -> None:
    """Make users or queues as copies of one that was born with its mailbox; each row of `owners` says what differs."""
    model = transaction.get(table.logical_name, model_id)
    if model is None or not owners:
        return
    mailbox = transaction.get("mailbox", model["_defaultmailbox_value"])
    # Sorted, since rows that follow each other in an index are several times as quick to add.
    named = sorted((_named(table, owner) for owner in owners), key=lambda row: str(row[table.primary_name]).casefold())
    own = [row | _leading(model, model_id, row[table.primary_id]) for row in named]
    if mailbox is not None:
        address = MIRRORED[table.logical_name]["emailaddress"]
        ids = [str(uuid5(NAMESPACE_OID, f"mailbox/{row[table.primary_id]}")) for row in own]
        mailboxes: list[Row] = [
            {"mailboxid": mailbox_id, "name": row[table.primary_name], "emailaddress": row[address]}
            | _leading(mailbox, model_id, row[table.primary_id])
            for mailbox_id, row in zip(ids, own, strict=True)
        ]
        _insert(transaction, TABLES["mailbox"], mailbox["mailboxid"], mailboxes)
        own = [
            row | _leading(model, mailbox["mailboxid"], mailbox_id) for mailbox_id, row in zip(ids, own, strict=True)
        ]
    _insert(transaction, table, model_id, own)
    if table.logical_name == "systemuser":
        pairs = INTERSECTS["systemuserroles"]
        given = transaction.sql.execute(sa.select(pairs.c.roleid).where(pairs.c.systemuserid == model_id)).scalars()
        joined = [{"roleid": role, "systemuserid": row["systemuserid"]} for role in given for row in own]
        if joined:
            transaction.sql.execute(pairs.insert(), joined)


def _named(table: Table, owner: Row) -> Row:
    if table.logical_name != "systemuser":
        return owner
    parts = [owner["firstname"], owner["lastname"]]
    return owner | {"fullname": " ".join(str(part) for part in parts if part) or None}


def _leading(model: Row, old: Value, new: Value) -> Row:
    """Return the columns that lead to what the copy has instead: what leads to the model itself, say."""
    return {name: new for name, value in model.items() if value == old}


def _insert(transaction: Transaction, table: Table, model_id: Value, copies: Sequence[Row]) -> None:
    """Copy a row, once for each of `copies`, which all say something of the same columns."""
    numbered = zip(copies, transaction.next_versions(len(copies)), strict=True)
    listed = json.dumps([{**row, "versionnumber": version} for row, version in numbered])
    model, one = SQL_TABLES[table.logical_name], sa.func.json_each(listed).table_valued("value").alias("one")
    own = {"versionnumber", *copies[0]}
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.json_extract(one.c.value, f"$.{column.name}") if column.name in own else column for column in model.c
    ]
    each = sa.select(*columns).select_from(model.join(one, sa.true())).where(model.c[table.primary_id] == model_id)
    transaction.sql.execute(model.insert().from_select(list(model.c), each))
