"""`create`: make a row under our own id, or take over the one that is there. It can be repeated."""

from collections.abc import Iterable, Mapping

from ..dataverse.rows import Guid, Row, Rows, Select
from ..declare import CLEAR, Kind
from ..errors import DataverseError, OwnerNotFound, RowConflict, RowExists, Unreachable
from .props import ADOPTED, OWNER_ID, PREVIOUS, ROW_ID
from .row import Props, conditions, holds, is_guid, lookup_ids, resolve, restorable, results, select, value, write
from .run import Run


def create(kind: Kind, run: Run, inputs: Props) -> tuple[str, dict[str, object]]:
    """Bring the row about and return its id and the outputs.

    Raises:
        WrongEnvironment: another environment or organization than the state's would be written to.
        OwnerNotFound: a user, queue or profile is not there.
        RowConflict: the row is not ours to write.
        DataverseError, LoginError, SettingsError: nobody answers, or with a refusal.
    """
    rows = run.rows()
    if kind.owner_keys:
        row_id, outputs = _adopt_born(kind, run, rows, inputs)
    elif inputs.get("adopt"):
        row_id, outputs = _adopt_named(kind, run, rows, inputs)
    else:
        row_id, outputs = _make(kind, run, rows, inputs)
    run.created.add(row_id)
    return row_id, {**inputs, **run.identity(), **outputs}


def _make(kind: Kind, run: Run, rows: Rows, inputs: Props) -> tuple[str, dict[str, object]]:
    table, name, row_id = kind.table, str(inputs["name"]), str(inputs[ROW_ID])
    replaced = run.replaced.get(row_id)
    stated = _columns(kind, inputs)
    what = select(kind, stated)
    candidates: list[tuple[str, str | Guid]] = [
        (table.name, name),
        *((table.primary_id, Guid(it)) for it in (row_id, replaced) if it),
    ]
    found = rows.find(table.entity_set, candidates, Select((table.primary_id, *what.columns), what.lookups))
    by_id = {str(row[table.primary_id]): row for row in found}
    if replaced and replaced not in by_id:
        raise RowConflict(
            f"replace {table.label} '{name}': the row that it replaces ({replaced}) is not in this environment.\n"
            "Run `pulumi refresh` first if it was deleted; else point the settings at the environment of the state."
        )
    if row_id not in by_id:
        _refuse_taken(kind, name, [it for it in by_id if it != replaced])
        targets = resolve(kind, run, rows, inputs)
        try:
            rows.create(table.entity_set, row_id, write(kind, stated, targets))
        except RowExists:
            # Made since we looked: by an earlier try whose answer was lost, or by somebody else.
            by_id[row_id] = rows.read(table.entity_set, row_id, what)
        else:
            flags = {it: True for it, wire in kind.results.items() for c in stated if kind.columns[c].set_flag == wire}
            return row_id, {ADOPTED: False, **flags, **lookup_ids(targets)}
    targets = resolve(kind, run, rows, inputs)
    _take_back(kind, run, rows, row_id, by_id[row_id], stated, targets)
    return row_id, {ADOPTED: False, **results(kind, by_id[row_id]), **lookup_ids(targets)}


def _take_back(  # noqa: PLR0913, PLR0917  the parts of one comparison
    kind: Kind, run: Run, rows: Rows, row_id: str, row: Row, stated: Props, targets: Mapping[str, str]
) -> None:
    """Accept a row with our id as the work of an interrupted run, or refuse it."""
    secrets = {name: it for name, it in stated.items() if kind.columns[name].secret}
    shown = {name: targets.get(name, it) for name, it in stated.items() if name not in secrets}
    different = [name for name, wanted in shown.items() if not holds(kind, name, row, wanted)]
    label, name = kind.table.label, row[kind.table.name]
    if different:
        raise RowConflict(
            f"create {label} '{name}': a row with the id {row_id} is there already and differs in "
            f"{', '.join(different)}. Nothing was written.\n"
            "If it is yours, from an interrupted run, take it over with adopt=True."
        )
    if secrets:
        rows.update(kind.table.entity_set, row_id, write(kind, secrets, {}))
    run.report.warn(
        f"{label} '{name}' ({row_id}) was there already, with the declared values: it is taken for the work of an "
        "interrupted run. If another stack owns it, remove it from one of them with `pulumi state delete`."
    )


def _adopt_named(kind: Kind, run: Run, rows: Rows, inputs: Props) -> tuple[str, dict[str, object]]:
    table, name = kind.table, str(inputs["name"])
    what = select(kind, [*restorable(kind), *_columns(kind, inputs)])
    found = rows.find(table.entity_set, [(table.name, name)], Select((table.primary_id, *what.columns), what.lookups))
    if not found:
        raise OwnerNotFound(
            f"adopt {table.label} '{name}': none has that name.\nCheck the spelling, or remove adopt=True to make it."
        )
    if len(found) > 1:
        ids = ", ".join(str(row[table.primary_id]) for row in found)
        raise RowConflict(
            f"adopt {table.label} '{name}': {len(found)} rows share that name ({ids}).\n"
            "Rename or delete all but one in the admin center, then run again."
        )
    row_id = str(found[0][table.primary_id])
    run.claim(row_id, ("name", name))
    return row_id, _adopt(kind, run, rows, row_id, found[0], inputs)


def _adopt_born(kind: Kind, run: Run, rows: Rows, inputs: Props) -> tuple[str, dict[str, object]]:
    what = select(kind, [*restorable(kind), *_columns(kind, inputs)])
    owner_id, row_id, row = born(kind, rows, inputs, what)
    name = next(name for name in kind.owner_keys if name in inputs)
    run.claim(row_id, (name, str(inputs[name]).casefold()))
    return row_id, {OWNER_ID: owner_id, **_adopt(kind, run, rows, row_id, row, inputs)}


def born(kind: Kind, rows: Rows, inputs: Props, what: Select) -> tuple[str, str, Row]:
    """Find the row that was born with the owner that the inputs name, in one request.

    Returns:
        The owner's id, the row's id, and the row.

    Raises:
        OwnerNotFound: there is no such owner, or it has no row.
        RowConflict: several owners have that key.
    """
    name, key = next((name, it) for name, it in kind.owner_keys.items() if name in inputs)
    text, owner = str(inputs[name]), key.owner
    columns = key.ids if is_guid(text) else key.natural_keys
    inner = Select((kind.table.primary_id, *what.columns), what.lookups)
    outer = Select((owner.primary_id, owner.name), expand={key.mailbox: inner})
    found = rows.find(owner.entity_set, conditions(columns, text), outer)
    tried = f"find the {kind.table.label} of {owner.label} '{text}'"
    if not found:
        raise OwnerNotFound(
            f"{tried}: no {owner.label} has {' or '.join(columns)} '{text}'.\n"
            f"Check the spelling; a {owner.label} must exist before its {kind.table.label} is declared."
        )
    if len(found) > 1:
        ids = ", ".join(str(row[owner.primary_id]) for row in found)
        raise RowConflict(f"{tried}: {len(found)} rows share that key ({ids}).\nGive one of these ids instead.")
    row = found[0].get(key.mailbox)
    if not isinstance(row, dict):
        raise OwnerNotFound(
            f"{tried}: the {owner.label} has no {kind.table.label}.\n"
            f"Open the {owner.label} in the admin center: a {kind.table.label} is made for each one that is enabled."
        )
    return str(found[0][owner.primary_id]), str(row[kind.table.primary_id]), row


def _adopt(  # noqa: PLR0913, PLR0917  the parts of one adoption
    kind: Kind, run: Run, rows: Rows, row_id: str, row: Row, inputs: Props
) -> dict[str, object]:
    """Record what was there, write what differs, and put it back if that fails half-way."""
    targets = resolve(kind, run, rows, inputs)
    previous = {name: value(kind, name, row) for name in restorable(kind)}
    different = {
        name: wanted
        for name, wanted in _columns(kind, inputs).items()
        if kind.columns[name].secret or not holds(kind, name, row, targets.get(name, wanted))
    }
    for name in [name for name in different if kind.columns[name].moves_forward]:
        if (there := later(kind, name, row, different[name])) is not None:
            run.report.warn(
                f"{kind.table.label} '{row[kind.table.name]}': {name} stays at {there}, where the service moved it; "
                f"the program says {different[name]}, which is earlier."
            )
            del different[name]
    if different:
        try:
            rows.update(kind.table.entity_set, row_id, write(kind, different, targets))
        except Unreachable as error:
            _put_back(kind, rows, row_id, different, previous, error)
            raise
    flags = {it: True for it, wire in kind.results.items() for c in different if kind.columns[c].set_flag == wire}
    return {ADOPTED: True, PREVIOUS: previous, **results(kind, row), **flags, **lookup_ids(targets)}


def _put_back(  # noqa: PLR0913, PLR0917  the parts of one repair
    kind: Kind, rows: Rows, row_id: str, written: Props, previous: Props, error: DataverseError
) -> None:
    former = {name: it for name, it in previous.items() if name in written}
    targets = {name: str(former[name]) for name in kind.lookups if isinstance(former.get(name), str)}
    try:
        rows.update(kind.table.entity_set, row_id, write(kind, former, targets))
    except DataverseError:
        error.add_note(f"{kind.table.label} {row_id} may hold the declared values now, although no state records it.")


def later(kind: Kind, name: str, row: Row, wanted: object) -> object:
    """Return the row's date where the service has moved it past the stated one."""
    there = value(kind, name, row)
    if CLEAR in (there, wanted):
        return None
    form = kind.arguments[name].form
    return there if form.normal(there) > form.normal(wanted) else None  # type: ignore[operator]  # both are moments


def _columns(kind: Kind, inputs: Props) -> dict[str, object]:
    return {name: inputs[name] for name in kind.columns if name in inputs}


def _refuse_taken(kind: Kind, name: str, others: Iterable[str]) -> None:
    if ids := ", ".join(others):
        raise RowConflict(
            f"create {kind.table.label} '{name}': that name is taken by {ids}. Nothing was written.\n"
            "To take that one over, set adopt=True; if it is this resource under an earlier logical name or parent, "
            "add aliases=[...] to its options; else choose another name."
        )
