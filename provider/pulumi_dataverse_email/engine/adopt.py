"""Adoption: take over a row that is there, record what it held, and put it back if that fails half-way."""

from dataclasses import dataclass

from ..dataverse.rows import Row, Rows
from ..declare import TableKind
from ..errors import DataverseError, RowConflict, UnknownOutcome
from .find import look_up
from .props import ADOPTED, PREVIOUS, REFUSED
from .row import Props, flags, holds, later, lookup_ids, restorable, results, stated, value
from .run import Run
from .send import Sender


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

    kind: TableKind
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
        refused: list[str] = []
        if different:
            try:
                refused = Sender(self.kind, self.run, self.rows, self.row_id).send(different, found)
            except UnknownOutcome as error:
                # What goes apart goes last: it was not sent yet.
                written = {name: it for name, it in different.items() if not self.kind.columns[name].apart}
                self._put_back({name: it for name, it in there.items() if name in written}, written, error)
                raise
        return {
            REFUSED: refused or None,
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
            Sender(self.kind, self.run, self.rows, self.row_id).send(former, ids)
        except DataverseError:
            left = list(written)
        if left:
            error.add_note(
                f"The {self.kind.table.label} {self.row_id} may hold the declared values of {', '.join(left)} now, "
                "although no state records it: run `pulumi up` again."
            )
