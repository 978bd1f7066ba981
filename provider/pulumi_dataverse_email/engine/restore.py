"""`on_delete="restore"`: write back what an adopted row held before, as far as that is ours to decide."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..dataverse.rows import Link, Row, Rows, Select
from ..declare import CLEAR, TableKind
from ..errors import RowNotFound
from .props import lookup_id
from .row import Props, holds, select, stated, value
from .run import Run
from .send import Sender


@dataclass(frozen=True)
class Restoration:
    """One row that is given back.

    Args:
        kind: the declaration.
        run: this process's memory.
        rows: the wire.
        row_id: the row's id.
        olds: the outputs in state: what we wrote last.
        previous: what the row held before.
    """

    kind: TableKind
    run: Run
    rows: Rows
    row_id: str
    olds: Props
    previous: Props

    def carry_out(self) -> str:
        """Write back the stated columns that still hold what we wrote; return a sentence on what was left, if any."""
        try:
            row = self.rows.read(self.kind.table.entity_set, self.row_id, self.what)
        except RowNotFound:
            return ""
        restored, obstacles = self.plan(row)
        if restored:
            refused = Sender(self.kind, self.run, self.rows, self.row_id).send(restored, ids(self.kind, restored))
            obstacles |= dict.fromkeys(refused, "it was refused")
        return self.left(row, obstacles)

    @property
    def what(self) -> Select:
        """What to read of the row."""
        return select(self.kind, self._columns)

    def plan(self, row: Row) -> tuple[dict[str, object], dict[str, str]]:
        """Return what is to be written back, and why other columns are left as they are."""
        obstacles = {name: self._obstacle(name, row) for name in self._columns}
        restored = {
            name: self.previous[name]
            for name, obstacle in obstacles.items()
            if not obstacle and not holds(self.kind, name, row, self.previous[name])
        }
        torn = self._torn(restored, row)
        restored = {name: it for name, it in restored.items() if name not in torn}
        return restored, {name: obstacle for name, obstacle in obstacles.items() if obstacle} | torn

    def left(self, row: Row, obstacles: Mapping[str, str]) -> str:
        """Return a sentence on what was left; none where all was restored."""
        left = ", ".join(f"{name} ({obstacle})" for name, obstacle in obstacles.items())
        return f"{self.kind.table.label} '{row[self.kind.table.name]}': restore left {left} as it is." if left else ""

    @property
    def _columns(self) -> list[str]:
        # An adopted row is never renamed: its name needs no restoring.
        return [name for name in stated(self.kind, self.olds) if name not in self.kind.identifying]

    def _obstacle(self, name: str, row: Row) -> str:
        """Return why a column is not restored; empty where it may be."""
        column, ours = self.kind.columns[name], self.olds[name]
        if name in self.kind.lookups:
            ours = self.olds.get(lookup_id(name), ours)
        if column.secret:
            obstacle = "a secret cannot be read, so its former value is not known"
        elif not column.restorable or name not in self.previous:
            obstacle = "its former value is never restored"
        elif holds(self.kind, name, row, self.previous[name]):
            obstacle = ""
        elif not holds(self.kind, name, row, ours):
            obstacle = f"somebody else has set it since, to {_shown(value(self.kind, name, row), row, column.wire)}"
        elif secret := self._secret_of(name):
            obstacle = f"it goes with {secret}, whose former value is not known"
        elif name in self.kind.disabled and not self.run.target.limits.synchronization:
            obstacle = "dataverse-email:synchronization is off"
        elif self.previous[name] in column.retired:
            obstacle = f"it was {self.previous[name]}, which Microsoft has retired"
        elif name in self.kind.lookups and self.previous[name] != CLEAR:
            obstacle = self._missing(name)
        else:
            obstacle = ""
        return obstacle

    def _torn(self, restored: Props, row: Row) -> dict[str, str]:
        """Say which values cannot be cleared, because others of their text stay: it has all of them or none."""
        torn: dict[str, str] = {}
        for columns in self.kind.documents.values():
            after = {name: restored.get(name, value(self.kind, name, row)) for name in columns}
            staying = [name for name, it in after.items() if it != CLEAR]
            cleared = [name for name in columns if restored.get(name) == CLEAR]
            torn |= dict.fromkeys(cleared if staying else (), f"it is written together with {' and '.join(staying)}")
        return torn

    def _secret_of(self, name: str) -> str:
        """Return the stated secret that a former value would not fit; empty where there is none."""
        if self.previous[name] == CLEAR:
            return ""
        secrets = (it for it, column in self.kind.columns.items() if column.goes_with == name)
        return next((it for it in secrets if self.olds.get(it) not in (None, CLEAR)), "")

    def _missing(self, name: str) -> str:
        """Say why a former target cannot be pointed at again; thousands of mailboxes ask about few profiles."""
        table, target = self.kind.lookups[name].target, str(self.previous[name])

        def look_up() -> str:
            try:
                row = self.rows.read(table.entity_set, target, Select((table.name, "statecode")))
            except RowNotFound:
                return f"the {table.label} {target} is gone"
            return "" if row.get("statecode") == 0 else f"the {table.label} '{row.get(table.name)}' is inactive"

        return self.run.once(table.entity_set, target, look_up)


def ids(kind: TableKind, restored: Props) -> dict[str, object]:
    """Return what is to be looked up for former values: lookups are recorded by the id that they led to."""
    return {name: str(it) for name, it in restored.items() if name in kind.lookups}


def _shown(there: object, row: Row, wire: str) -> str:
    link = row.get(wire)
    if isinstance(link, Link):
        return f"'{link.name}'" if link.name else link.row_id
    return "nothing" if there == CLEAR else str(there)
