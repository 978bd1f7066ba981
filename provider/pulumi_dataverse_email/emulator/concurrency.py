"""Optimistic concurrency: conditions on the version of a row.

Microsoft Learn, "Perform conditional operations using the Web API".
"""

from .errors import ODataError
from .reading import etag
from .schema import Row, Table
from .store import Transaction


def is_on(transaction: Transaction, table: Table) -> bool:
    """Whether the table's rows can be asked for by version."""
    return table.logical_name != "emailserverprofile" or transaction.switches.profile_has_optimistic_concurrency


def check(transaction: Transaction, table: Table, expected: str | None, row: Row) -> None:
    """Refuse a write whose `If-Match` names another version.

    Raises:
        ODataError: 412; 400 where the table has no optimistic concurrency.
    """
    if expected in (None, "*"):
        return
    if not is_on(transaction, table):
        text = f"Optimistic concurrency isn't enabled for entity type {table.logical_name}."
        raise ODataError(400, "0x8006088D", text)
    if expected != etag(row):
        text = "The version of the existing record doesn't match the RowVersion property provided."
        raise ODataError(412, "0x80060882", text)
