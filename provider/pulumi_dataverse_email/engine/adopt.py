"""Adoption: take over a row that is there, record what it held, and put it back if that fails half-way."""

from dataclasses import dataclass

from ..dataverse.rows import Row, Rows
from ..declare import TableKind
from ..errors import DataverseError, RowConflict, UnknownOutcome
from .find import look_up
from .props import ADOPTED, PREVIOUS, REFUSED, WRITTEN_ON
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
            WRITTEN_ON: self.run.last_written(self.row_id),
            **results(self.kind, self.row),
            **flags(self.kind, different),
            **lookup_ids(self.kind, found),
        }

    def _different(self, inputs: Props, found: Props) -> dict[str, object]:
        different, kept = differences(self.kind, self.row, inputs, found)
        for name, there in kept.items():
            self.run.report.warn(
                f"{self.kind.table.label} '{self.row[self.kind.table.name]}': {name} stays at {there}, where the "
                f"service moved it; the program says {inputs[name]}, which is earlier."
            )
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


def differences(kind: TableKind, row: Row, inputs: Props, found: Props) -> tuple[dict[str, object], dict[str, object]]:
    """Return what is to be written so that the row holds what is stated, and dates that the service has moved on.

    Args:
        kind: the declaration.
        row: the row with all stated columns.
        inputs: what is stated.
        found: what had to be looked up for it.

    Raises:
        RowConflict: a column differs that cannot be changed.
    """
    different: dict[str, object] = {}
    kept: dict[str, object] = {}
    for name, wanted in stated(kind, inputs).items():
        column = kind.columns[name]
        there = later(kind, name, row, wanted) if column.moves_forward else None
        if there is not None:
            kept[name] = there
        elif column.immutable and not holds(kind, name, row, found.get(name, wanted)):
            label = f"{kind.table.label} '{row[kind.table.name]}'"
            raise RowConflict(
                f"adopt {label}: its {name} is {value(kind, name, row)}, not {wanted}, and cannot be "
                "changed. Nothing was written.\nWrite it as it is there, or make a profile of another name."
            )
        elif column.secret or not holds(kind, name, row, found.get(name, wanted)):
            different[name] = wanted
    return different, kept
