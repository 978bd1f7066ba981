"""Creates, with the rows around the new one where the body holds them (deep insert).

Microsoft Learn, "Create a table row using the Web API": an object under a lookup's name makes the row that it leads to;
an array under a collection's name makes rows that lead back; `@odata.bind` with an array takes rows that are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from . import addresses, links, mailboxes
from .errors import ODataError, bad_payload, no_such_message
from .rights import Caller
from .rows import Rows
from .schema import TABLES, Table
from .writing import BIND, read_body

MAX_DEPTH = 10
"""Levels of rows within rows; no source gives the service's own limit."""

Body = Mapping[str, object]


@dataclass(frozen=True)
class Inserter:
    """Makes rows in the name of one caller."""

    rows: Rows
    caller: Caller

    def create(self, table: Table, body: Body, row_id: str = "", depth: int = 0) -> str:
        """Make a row and those nested in it; return its id.

        Raises:
            ODataError: 412 for an id that is taken, and all refusals of bodies and rights.
        """
        self.caller.require("Create", table)
        name = table.logical_name
        if "Create" in table.unsupported:
            raise no_such_message("Create", name)
        mailboxes.refuse_creation(self.rows.transaction, table)
        if depth > MAX_DEPTH:
            raise bad_payload(name, f"Error Message : Rows may be nested {MAX_DEPTH} levels deep.")
        around = {key: value for key, value in body.items() if _leads_around(key, value, table)}
        plain = {key: value for key, value in body.items() if key not in around}
        for key, value in around.items():
            if key in table.navigation:
                plain[f"{key}{BIND}"] = self._behind(key, value, table, depth)
        changes = read_body(plain, table, self.rows.transaction, creating=True)
        if row_id:
            changes[table.primary_id] = row_id
        chosen = changes.get(table.primary_id)
        if chosen and self.rows.transaction.get(name, chosen):
            raise ODataError(412, "0x80040237", "A record with matching key values already exists.")
        made = self.rows.create(table, changes)
        for key, value in around.items():
            if key not in table.navigation:
                self._back(key, value, table, made, depth)
        return made

    def _behind(self, name: str, value: object, table: Table, depth: int) -> str:
        """Make the row that a lookup of the new one leads to; return its URL."""
        targets = table.navigation[name][1]
        if not isinstance(value, dict) or len(targets) > 1 or targets[0] not in TABLES:
            raise bad_payload(table.logical_name, f"Error Message : No row can be made of what stands under '{name}'.")
        target = TABLES[targets[0]]
        return f"{target.entity_set_name}({self.create(target, value, depth=depth + 1)})"

    def _back(self, key: str, value: object, table: Table, made: str, depth: int) -> None:
        """Make or take the rows of a collection of the new one."""
        if not isinstance(value, list):
            raise bad_payload(table.logical_name, f"Error Message : A JSON array was expected under '{key}'.")
        name = key.removesuffix(BIND)
        for entry in value:
            if name != key:
                other, other_id = addresses.referred_row(entry)
            elif name in table.collections and isinstance(entry, dict):
                other = TABLES[table.collections[name].table]
                other_id = self.create(other, entry, depth=depth + 1)
            else:
                raise bad_payload(table.logical_name, f"Error Message : No row can be made of what stands in '{key}'.")
            links.join(self.rows, table, made, name, (other, other_id))


def _leads_around(key: str, value: object, table: Table) -> bool:
    if key in table.navigation:
        return value is not None
    name = key.removesuffix(BIND)
    return name in table.collections or name in table.associations
