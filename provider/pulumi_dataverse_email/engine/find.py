"""Finds rows by the keys that programs give: a row by its name, the target of a lookup."""

from collections.abc import Iterable, Iterator, Mapping

from ..dataverse.rows import Equal, Guid, OneOf, Row, Rows, Select
from ..declare import Choice, Kind, Learnt, Lookup, TableKind
from ..errors import KeyNotFound, RowConflict
from .owners import guid
from .run import Run

Props = Mapping[str, object]


def named(kind: TableKind, rows: Rows, name: str, what: Select) -> tuple[str, Row]:
    """Find the kind's one row with that name.

    Raises:
        KeyNotFound: none has that name.
        RowConflict: several have it.
    """
    table = kind.table
    found = rows.find(table.entity_set, Equal(table.name, name), what, key=table.primary_id)
    if not found:
        raise KeyNotFound(
            f"adopt {table.label} '{name}': none has that name.\nCheck the spelling, or remove adopt=True to make it."
        )
    if len(found) > 1:
        raise RowConflict(
            f"adopt {table.label} '{name}': {_shared(found, table.primary_id)}.\n"
            "Rename or delete all but one in the admin center, then run again."
        )
    if (called := found[0][table.name]) != name:
        raise KeyNotFound(
            f"adopt {table.label} '{name}': it is called '{called}', and adoption renames nothing.\n"
            "Write the name as it is there."
        )
    return str(found[0][table.primary_id]), found[0]


def look_up(kind: Kind, run: Run, rows: Rows, inputs: Props) -> dict[str, object]:
    """Return what the wire needs for arguments and only the environment knows: ids of lookups, codes to be learnt.

    Each costs one request in a process; an id costs none, unless something may speak against its row.

    Raises:
        KeyNotFound: no row has the name, or holds the code.
        RowConflict: several have it.
    """
    found: dict[str, object] = {}
    for name, lookup in kind.lookups.items():
        key = inputs.get(name)
        if isinstance(key, str):
            found[name] = _target(run, rows, name, lookup, key)
    return found | learn(kind, run, rows, inputs)


def learn(kind: Kind, run: Run, rows: Rows, inputs: Props) -> dict[str, object]:
    """Return the codes of the words in the inputs that are published nowhere.

    Raises:
        KeyNotFound: the row that holds one is not there.
    """
    return {name: _code(run, rows, word, source) for name, word, source in learnable(kind, inputs)}


def learnable(kind: Kind, inputs: Props) -> Iterator[tuple[str, Choice, Learnt]]:
    """Yield the arguments that state a word whose code is published nowhere, the word, and where the code is."""
    for name, argument in kind.arguments.items():
        for word in argument.choice or ():
            if word.learnt is not None and word.value == inputs.get(name):
                yield name, word, word.learnt


def _code(run: Run, rows: Rows, word: Choice, learnt: Learnt) -> int:
    table = learnt.table

    def ask() -> str:
        found = rows.find(
            table.entity_set, Equal(table.name, learnt.name), Select((learnt.column,)), key=table.primary_id
        )
        codes = {str(row[learnt.column]) for row in found if row[learnt.column] is not None}
        tried = f"learn the code of '{word.value}' from the {table.label} '{learnt.name}'"
        if not codes:
            raise KeyNotFound(
                f"{tried}: none has that name, and Microsoft publishes the code nowhere. Nothing was written.\n"
                f"Dataverse makes this {table.label} where its tenant has Exchange Online; where only another tenant "
                "has, make one of that type and name in the admin center first, or choose another word."
            )
        if len(codes) > 1:
            raise RowConflict(
                f"{tried}: {len(found)} rows have that name, with different codes. Nothing was written.\n"
                f"Rename all but the built-in {table.label} in the admin center."
            )
        return codes.pop()

    return int(run.once(table.entity_set, f"{learnt.column} of {learnt.name}", ask))


def _target(run: Run, rows: Rows, name: str, lookup: Lookup, key: str) -> str:
    table, row_id = lookup.target, guid(key)
    if row_id and not lookup.hindrances:
        return row_id
    where = OneOf(table.primary_id, [Guid(row_id)]) if row_id else Equal(lookup.text_key, key)
    what = Select(tuple(it.wire for it in lookup.hindrances))

    def ask() -> str:
        found = rows.find(table.entity_set, where, what, key=table.primary_id)
        if not found:
            if row_id:
                return row_id  # the service judges what the caller may not read
            raise KeyNotFound(
                f"find {table.label} '{key}': none has that {lookup.text_key}.\n"
                f"Check the spelling, or declare the {table.label} in this program and pass the resource."
            )
        if len(found) > 1:
            raise RowConflict(
                f"find {table.label} '{key}': {_shared(found, table.primary_id)}.\nGive one of these ids instead."
            )
        for it in lookup.hindrances:
            if found[0].get(it.wire) not in it.usual:
                run.report.warn(f"{name} '{key}': {it.says}.\n{it.advice}")
        return str(found[0][table.primary_id])

    return run.once(table.entity_set, key, ask)


def _shared(found: Iterable[Row], primary_id: str) -> str:
    ids = [str(row[primary_id]) for row in found]
    return f"{len(ids)} rows share that key ({', '.join(ids)})"
