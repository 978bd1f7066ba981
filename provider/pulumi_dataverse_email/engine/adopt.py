"""Adoption: take over a row that is there, record what it held, and put it back if that fails half-way."""

from dataclasses import dataclass

from ..dataverse.rows import Row, Rows
from ..declare import Kind
from ..errors import DataverseError, RowConflict, UnknownOutcome
from .find import look_up
from .props import ADOPTED, PREVIOUS
from .row import Props, flags, holds, later, lookup_ids, restorable, results, stated, value, write
from .run import Run


@dataclass(frozen=True)
class Adoption:
    """One row that is taken over.

    Args:
        kind: the declaration.
        run: this process's memory.
        rows: the wire.
        row_id: the row's id.
        row: the row with all restorable and all stated columns.
    """

    kind: Kind
    run: Run
    rows: Rows
    row_id: str
    row: Row

    def take(self, inputs: Props) -> dict[str, object]:
        """Write what differs and return the outputs.

        Raises:
            DataverseError: the write failed. Where its outcome is unknown, the former values were written back.
        """
        found = look_up(self.kind, self.run, self.rows, inputs)
        there = {name: value(self.kind, name, self.row) for name in restorable(self.kind)}
        # In a replacement the row still holds what we wrote: what counts is what it held before that.
        previous = self.run.records.get(self.row_id, there)
        different = self._different(inputs, found)
        if different:
            try:
                self.rows.update(self.kind.table.entity_set, self.row_id, write(self.kind, different, found))
            except UnknownOutcome as error:
                self._put_back({name: it for name, it in there.items() if name in different}, different, error)
                raise
        return {
            ADOPTED: True,
            PREVIOUS: previous,
            **results(self.kind, self.row),
            **flags(self.kind, different),
            **lookup_ids(self.kind, found),
        }

    def _different(self, inputs: Props, found: Props) -> dict[str, object]:
        different: dict[str, object] = {}
        for name, wanted in stated(self.kind, inputs).items():
            column = self.kind.columns[name]
            there = later(self.kind, name, self.row, wanted) if column.moves_forward else None
            if there is not None:
                self.run.report.warn(
                    f"{self.kind.table.label} '{self.row[self.kind.table.name]}': {name} stays at {there}, where the "
                    f"service moved it; the program says {wanted}, which is earlier."
                )
            elif column.immutable and not holds(self.kind, name, self.row, found.get(name, wanted)):
                label = f"{self.kind.table.label} '{self.row[self.kind.table.name]}'"
                raise RowConflict(
                    f"adopt {label}: its {name} is {value(self.kind, name, self.row)}, not {wanted}, and cannot be "
                    "changed. Nothing was written.\nWrite it as it is there, or make a profile of another name."
                )
            elif column.secret or not holds(self.kind, name, self.row, found.get(name, wanted)):
                different[name] = wanted
        return different

    def _put_back(self, former: Props, written: Props, error: DataverseError) -> None:
        """Write the former values back; what cannot be, the error names."""
        left = [name for name in written if name not in former]
        ids = {name: str(former[name]) for name in self.kind.lookups if isinstance(former.get(name), str)}
        try:
            if former:
                self.rows.update(self.kind.table.entity_set, self.row_id, write(self.kind, former, ids))
        except DataverseError:
            left = list(written)
        if left:
            error.add_note(
                f"The {self.kind.table.label} {self.row_id} may hold the declared values of {', '.join(left)} now, "
                "although no state records it: run `pulumi up` again."
            )
