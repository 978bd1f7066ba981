"""Writes to a row that is there: what belongs inside a document, and what takes a right of its own."""

from dataclasses import dataclass

from ..dataverse.rows import Row, Rows, Select
from ..declare import CLEAR, NotUnderstood, TableKind, document
from ..errors import DataverseError, RowConflict
from .row import Props, holds, select, write
from .run import Run


@dataclass(frozen=True)
class Sender:
    """Writes columns of one row.

    Args:
        kind: the declaration.
        run: this process's memory.
        rows: the wire.
        row_id: the row's id.
    """

    kind: TableKind
    run: Run
    rows: Rows
    row_id: str

    def send(self, values: Props, found: Props) -> list[str]:
        """Write some columns and return the arguments that were refused; each refusal is reported.

        Columns that take a right of their own go last and apart: what they meet leaves the rest done, and the caller
        records it, so that the next update tries again.

        Raises:
            RowConflict: the text that holds a value has another shape than the declared one; nothing was written.
            DataverseError: the other columns were not written, or it is not known.
        """
        apart = {name: it for name, it in values.items() if self.kind.columns[name].apart}
        others = {name: it for name, it in values.items() if name not in apart}
        if not others.keys().isdisjoint(self.kind.retested):
            self.run.retest.add(self.row_id)
        if others:
            row = write(self.kind, others, found) | self._documents(others)
            self.rows.update(self.kind.table.entity_set, self.row_id, row)
        return self._apart(apart) if apart else []

    def _documents(self, values: Props) -> Row:
        """Return the texts with the new values inside, read just before, so that what others wrote there stays."""
        changed = {wire: it for wire, it in self.kind.documents.items() if it.keys() & values.keys()}
        if not changed:
            return {}
        there = self.rows.read(self.kind.table.entity_set, self.row_id, Select(tuple(changed)))
        return {wire: self._written(wire, there[wire], values) for wire in changed}

    def _written(self, wire: str, text: object, values: Props) -> str | None:
        columns = self.kind.documents[wire]
        tried = f"update {self.kind.table.entity_set}({self.row_id}): {wire}"
        (root,) = {column.root for column in columns.values()}
        try:
            found = document(text, root, [column.element for column in columns.values()])
        except NotUnderstood as error:
            raise RowConflict(
                f"{tried} has a shape that is not understood: {error}\nNothing was written. "
                f"Set {', '.join(columns)} in the admin center, and leave them out of the program."
            ) from None
        changes: dict[str, int | None] = {}
        for name, value in values.items():
            if name in columns:
                code = None if value == CLEAR else self.kind.arguments[name].form.write(value)
                changes[columns[name].element] = code if code is None else int(str(code))
        after = {name: {**found.codes, **changes}.get(column.element) for name, column in columns.items()}
        missing = [name for name, code in after.items() if code is None]
        if 0 < len(missing) < len(columns):
            raise RowConflict(
                f"{tried} holds no {' and no '.join(missing)} yet, and is written as a whole. Nothing was written.\n"
                f"State all of {', '.join(columns)}."
            )
        return found.written(changes)

    def _apart(self, values: Props) -> list[str]:
        entity_set = self.kind.table.entity_set
        try:
            self.rows.update(entity_set, self.row_id, write(self.kind, values, {}))
            # Some services answer like a success and keep the old value.
            row = self.rows.read(entity_set, self.row_id, select(self.kind, values))
        except DataverseError as error:
            refused, why = list(values), str(error)
        else:
            refused = [name for name, wanted in values.items() if not holds(self.kind, name, row, wanted)]
            why = f"update {entity_set}({self.row_id}): Dataverse agreed, and kept the old value."
        if refused:
            advice = "; ".join(dict.fromkeys(self.kind.columns[name].apart for name in refused))
            self.run.report.error(
                f"{self.kind.name} {self.row_id}: {' and '.join(refused)} could not be written; all else is done.\n"
                f"{why}\n{advice} Until then each `pulumi up` tries again."
            )
        return refused
