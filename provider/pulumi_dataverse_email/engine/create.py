"""`create`: make a row under our own id, or take over the one that is there. It can be repeated."""

from dataclasses import dataclass
from itertools import accumulate

from ..dataverse.rows import AnyOf, Equal, Guid, OneOf, Row, Rows, Select
from ..declare import TableKind
from ..errors import RowConflict, RowExists
from .adopt import Adoption
from .check import next_row_id
from .find import look_up, named
from .meet import meet
from .owners import waiting_id
from .props import ADOPTED, ROW_ID, keys, row_of
from .row import Props, flags, holds, lookup_ids, restorable, results, select, stated, write
from .run import Run

REPLACEMENTS = 50
"""How many replacements of one resource are recognized as its own rows: more than a resource lives to see."""


def create(kind: TableKind, run: Run, inputs: Props) -> tuple[str, dict[str, object]]:
    """Bring the row about and return its id and the outputs.

    Raises:
        WrongEnvironment: another environment or organization than the state's would be written to.
        KeyNotFound: a user, queue or profile is not there.
        RowConflict: the row is not ours to write.
        DataverseError, LoginError, SettingsError: nobody answers, or with a refusal.
    """
    rows = run.rows()
    what = select(kind, [*restorable(kind), *stated(kind, inputs)])
    if kind.born(inputs):
        outputs = meet(kind, run, rows, inputs)
        row_id = row_of(waiting_id(kind, inputs), outputs)
    elif kind.table.singular:
        row_id = run.organization_id
        row = rows.read(kind.table.entity_set, row_id, what)
        outputs = Adoption(kind, run, rows, row_id, row).take(inputs)
    elif inputs.get("adopt"):
        row_id, row = named(kind, rows, str(inputs["name"]), what)
        outputs = Adoption(kind, run, rows, row_id, row).take(inputs)
    else:
        row_id = str(inputs[ROW_ID])
        outputs = _Making(kind, run, rows, row_id, inputs).make()
    run.created.add(row_id)
    run.anew -= keys(kind, inputs)  # they may have led elsewhere than at a resource that is deleted later
    return row_id, {**inputs, **outputs, **run.identity()}


@dataclass(frozen=True)
class _Making:
    kind: TableKind
    run: Run
    rows: Rows
    row_id: str
    inputs: Props

    def make(self) -> dict[str, object]:
        table, what = self.kind.table, select(self.kind, stated(self.kind, self.inputs))
        called = self.kind.called(self.inputs)
        found = self._same_name_or_id(what)
        if (row := found.pop(self.row_id, None)) is not None:
            return self._take_back(row)
        earlier = self._earlier_row_ids()
        self._refuse_taken([row_id for row_id in found if row_id not in earlier])
        for row_id in found:
            self.run.report.warn(
                f"{table.label} '{called}' ({row_id}), an earlier row of this resource, has the same name. "
                "A replacement deletes it in this run; if it was retained, there are two now: delete one of them."
            )
        ids = look_up(self.kind, self.run, self.rows, self.inputs)
        written = stated(self.kind, self.inputs)
        late = {name: it for name, it in written.items() if not self.kind.columns[name].at_create}
        first = {name: it for name, it in written.items() if name not in late}
        try:
            self.rows.create(table.entity_set, self.row_id, write(self.kind, first, ids))
        except RowExists:
            # Made since we looked, by somebody else or by another run: our own lost tries the wire settles.
            return self._take_back(self.rows.read(table.entity_set, self.row_id, what))
        if late := {name: it for name, it in late.items() if it != self.kind.columns[name].default}:
            self.rows.update(table.entity_set, self.row_id, write(self.kind, late, ids))
        return {ADOPTED: False, **flags(self.kind, written), **lookup_ids(self.kind, ids)}

    def _same_name_or_id(self, what: Select) -> dict[str, Row]:
        """Return the rows that have our name or our id, without the one that this row replaces."""
        table, replaced = self.kind.table, self.run.replaced.get(self.row_id)
        called = self.kind.called(self.inputs)
        ids = [Guid(row_id) for row_id in (self.row_id, replaced) if row_id]
        where = AnyOf([Equal(table.name, called), OneOf(table.primary_id, ids)])
        rows = self.rows.find(table.entity_set, where, what, key=table.primary_id)
        found = {str(row[table.primary_id]): row for row in rows}
        if replaced and found.pop(replaced, None) is None and replaced not in self.run.deleted:
            raise RowConflict(
                f"replace {table.label} '{called}': the row that it replaces ({replaced}) is not in this "
                "environment. Nothing was written.\n"
                "If it was deleted, run `pulumi refresh` first; else point the settings at the state's environment."
            )
        return found

    def _earlier_row_ids(self) -> set[str]:
        """Return the ids that rows of this very resource may have had: after `pulumi state taint` nothing names it."""
        proposed = self.run.proposals.get(self.row_id, self.row_id)
        return set(accumulate(range(REPLACEMENTS), lambda row_id, _: next_row_id(proposed, row_id), initial=proposed))

    def _refuse_taken(self, others: list[str]) -> None:
        if others:
            adopt = "To take that one over, set adopt=True; i" if "adopt" in self.kind.arguments else "I"
            raise RowConflict(
                f"create {self.kind.table.label} '{self.kind.called(self.inputs)}': that name is taken by "
                f"{', '.join(others)}. Nothing was written.\n"
                f"{adopt}f it is this resource under an earlier logical name or parent, add aliases=[...] to its "
                "options; else choose another name."
            )

    def _take_back(self, row: Row) -> dict[str, object]:
        """Accept a row with our id as the work of an interrupted run, or refuse it."""
        ids = look_up(self.kind, self.run, self.rows, self.inputs)
        again, different = {}, []
        for name, wanted in stated(self.kind, self.inputs).items():
            if self.kind.columns[name].secret or not self.kind.columns[name].at_create:
                again[name] = wanted
            elif not holds(self.kind, name, row, ids.get(name, wanted)):
                different.append(name)
        label = f"{self.kind.table.label} '{row[self.kind.table.name]}'"
        if different:
            adopts = "adopt" in self.kind.arguments
            way = "take it over with adopt=True" if adopts else "declare it first as it is there"
            raise RowConflict(
                f"create {label}: a row with the id {self.row_id} is there already and differs in "
                f"{', '.join(different)}. Nothing was written.\n"
                f"If it is yours, retained or from an interrupted run, {way}; if you tainted or replaced the "
                "resource, run `pulumi state untaint` and `pulumi up --refresh` instead."
            )
        if again:
            self.rows.update(self.kind.table.entity_set, self.row_id, write(self.kind, again, ids))
        self.run.report.warn(
            f"{label} ({self.row_id}) was there already, under this resource's own id and with the declared values, as "
            "after an interrupted run or `--replace`: it is kept. If another stack owns it, remove it from one of them "
            "with `pulumi state delete`."
        )
        return {ADOPTED: False, **results(self.kind, row), **flags(self.kind, again), **lookup_ids(self.kind, ids)}
