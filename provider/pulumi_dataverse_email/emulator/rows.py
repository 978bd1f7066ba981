"""What the platform does when a row is made, changed or removed; the same for every way in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from . import approval, mailboxes, test_and_enable, validation
from .errors import ODataError
from .schema import TABLES, Column, Row, Table, Value
from .store import INTERSECTS, SQL_TABLES, Transaction

if TYPE_CHECKING:
    from .rights import Caller


@dataclass(frozen=True)
class Rows:
    """The rows of one transaction, written in the name of one user at one moment."""

    transaction: Transaction
    now: str
    """UTC, as the Web API writes it."""
    caller: "Caller | None" = None
    """The client that writes, whom rules bind; None for what the emulator does by itself, past every rule."""

    @property
    def user_id(self) -> Value:
        """The systemuser that is said to have written."""
        return self.caller.user["systemuserid"] if self.caller else None

    @property
    def real_user_id(self) -> Value:
        """Where that one is impersonated: the systemuser that really wrote."""
        return self.caller.real_user_id if self.caller else None

    def create(self, table: Table, values: Row) -> str:
        """Make a row from values that fit their columns, and what is born with it; return its id."""
        if self.caller is not None:
            values = approval.decided(self, table, {}, values)
        row: Row = {column.property: column.default for column in table.columns.values()}
        row |= self._by_system(table) | values
        row_id = str(row[table.primary_id] or uuid4())
        row[table.primary_id] = row_id
        row |= self._settled(table, {}, row)
        for column in table.columns.values():
            if column.required and row[column.property] is None and column.type not in ("EntityName", "Lookup"):
                text = f"Required field '{column.name}' is missing or null for entity '{table.logical_name}'."
                raise ODataError(400, "0x80040200", text)
        if self.caller is not None:
            validation.check(self, table, {}, row)
        row |= test_and_enable.asked(self, table, row, {name: value for name, value in values.items() if value})
        self.transaction.insert(table.logical_name, row)
        if mailboxes.has_one(self.transaction, table, row):
            mailboxes.give_birth(self, table, row)
        return row_id

    def change(self, table: Table, before: Row, changes: Row) -> None:
        """Change a row as it was read in this transaction, and what follows from it elsewhere."""
        if self.caller is not None:
            changes = approval.decided(self, table, before, self._without_cleared_secrets(table, changes))
        changes = changes | self._settled(table, before, changes)
        if self.caller is not None:
            validation.check(self, table, before, changes)
        changes |= test_and_enable.asked(self, table, before, changes)
        self.write(table, before[table.primary_id], changes)
        mailboxes.follow(self, table, before, changes)
        test_and_enable.forget(self, table, before, changes)

    def write(self, table: Table, row_id: Value, changes: Row) -> None:
        """Change a row and nothing else."""
        stamps: Row = {
            "modifiedon": self.now,
            "_modifiedby_value": self.user_id,
            "_modifiedonbehalfby_value": self.real_user_id,
        }
        stamps = {name: value for name, value in stamps.items() if name in SQL_TABLES[table.logical_name].c}
        self.transaction.update(table.logical_name, row_id, stamps | changes)

    def remove(self, table: Table, row_id: Value) -> None:
        """Delete a row; rows that point to it are deleted, unlinked or left, as their lookup says."""
        for other in TABLES.values():
            for column in other.columns.values():
                if table.logical_name in column.targets and column.on_delete != "keep":
                    self._release(other, column, table, row_id)
        for pairs in INTERSECTS.values():
            if table.primary_id in pairs.c:
                self.transaction.sql.execute(pairs.delete().where(pairs.c[table.primary_id] == row_id))
        self.transaction.delete(table.logical_name, row_id)

    def _release(self, table: Table, column: Column, target: Table, target_id: Value) -> None:
        sql_table = SQL_TABLES[table.logical_name]
        where = sql_table.c[column.property] == target_id
        if column.type_column:
            where &= sql_table.c[column.type_column] == target.logical_name
        for row in self.transaction.find(table.logical_name, where):
            if column.on_delete == "cascade":
                self.remove(table, row[table.primary_id])
            else:
                self.write(table, row[table.primary_id], {column.property: None})

    def _without_cleared_secrets(self, table: Table, changes: Row) -> Row:
        if self.transaction.switches.null_clears_secrets:
            return changes
        return {name: value for name, value in changes.items() if value is not None or name not in table.secrets}

    def _by_system(self, table: Table) -> Row:
        """Return what a new row is given unless it says otherwise."""
        organization = self.transaction.find("organization")
        unit = self.transaction.find("businessunit")
        team = self.transaction.find("team", SQL_TABLES["team"].c.isdefault)
        owner: Row = {"_ownerid_value": self.user_id, "owneridtype": "systemuser"}
        if self.user_id is None and team:
            owner = {"_ownerid_value": team[0]["teamid"], "owneridtype": "team"}
        given: Row = {
            "createdon": self.now,
            "modifiedon": self.now,
            "_createdby_value": self.user_id,
            "_modifiedby_value": self.user_id,
            "_createdonbehalfby_value": self.real_user_id,
            "_modifiedonbehalfby_value": self.real_user_id,
            "_businessunitid_value": unit[0]["businessunitid"] if unit else None,
        } | owner
        if organization and table.logical_name != "organization":
            given |= dict.fromkeys(("organizationid", "_organizationid_value"), organization[0]["organizationid"])
        kept = {column.property for column in table.columns.values()}
        return {name: value for name, value in given.items() if name in kept}

    def _settled(self, table: Table, before: Row, changes: Row) -> Row:
        """Return what follows inside the row itself: flags of secrets, state, owner, full name, approval."""
        settled: Row = {}
        for name, column in table.secrets.items():
            if column.flag and name in changes and (before or changes[name]):
                settled[column.flag] = bool(changes[name])
        if "statecode" in table.columns and before:
            settled |= _state(table, before, changes)
        if changes.get("_ownerid_value"):
            settled |= self._owner(changes["_ownerid_value"], changes["owneridtype"])
        if table.logical_name == "systemuser" and not changes.get("fullname"):
            names = [{**before, **changes}.get(part) for part in ("firstname", "lastname")]
            if {"firstname", "lastname"} & changes.keys():
                settled["fullname"] = " ".join(str(name) for name in names if name) or None
        return settled | mailboxes.approval_after(table, before, changes)

    def _owner(self, owner_id: Value, owner_type: Value) -> Row:
        owner = self.transaction.get(str(owner_type), owner_id) or {}
        return {
            "_owninguser_value": owner_id if owner_type == "systemuser" else None,
            "_owningteam_value": owner_id if owner_type == "team" else None,
            "_owningbusinessunit_value": owner.get("_businessunitid_value"),
        }


def _state(table: Table, before: Row, changes: Row) -> Row:
    """Let a state bring its default status along; a status must belong to the state."""
    state = changes.get("statecode", before["statecode"])
    if "statecode" in changes and changes.get("statuscode") is None:
        return {"statuscode": table.columns["statecode"].default_status[int(state or 0)]}
    status = changes.get("statuscode", before["statuscode"])
    if status is not None and table.columns["statuscode"].states[int(status)] != state:
        text = f"{status} is not a valid status code for state code {state} on {table.logical_name}."
        raise ODataError(400, "0x80048408", text)
    return {}
