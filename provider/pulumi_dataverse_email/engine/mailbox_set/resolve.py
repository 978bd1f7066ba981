"""Who the members of a set are: their owners and rows, found by lists."""

from collections.abc import Collection, Iterable, Mapping

from ...dataverse.rows import Guid, OneOf, Row, Rows, Select
from ...declare import SetKind, TableKind
from ...errors import KeyNotFound, RowConflict
from ..owners import Born, called, guid, judged, owner_of, texts_of, told
from ..row import Props
from ..run import Run
from .selection import FEW, Selection


def members_of(
    kind: SetKind, run: Run, set_id: str, keys: Iterable[str], selection: Props
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the rows of a set's members, and why some have none, by their keys, for who is not the set itself.

    Costs nothing where this process has seen the set, which comes before all that name it; else as much as `resolve`.
    """
    if (known := run.members.get(set_id)) is not None:
        left = {key for key in keys if key not in known and not selection}
        return dict(known), dict.fromkeys(left, f"the set '{set_id}' has not taken it over: see what that says")
    found, missing = resolve(kind, run, run.rows(), keys, selection)
    there = {key: one.row_id for key, one in found.items() if not one.hindrance}
    return there, missing | {key: one.hindrance for key, one in found.items() if one.hindrance}


def resolve(
    kind: SetKind, run: Run, rows: Rows, keys: Iterable[str], selection: Props
) -> tuple[dict[str, Born], dict[str, str]]:
    """Return whom the members of a set are, and why some are not to be found, by their keys.

    Args:
        kind: the declaration.
        run: this process's memory.
        rows: the wire.
        keys: the members that the set states; of a selection, those that are to be called so.
        selection: the set's; empty where its members are stated.

    Raises:
        KeyNotFound: there is no such business unit, team or profile.
        RowConflict: several have that name.
        DataverseError: nobody answers, or with a refusal.
    """
    if selection:
        return Selection(kind.selections, kind.of, run, rows, selection).members(keys), {}
    return _stated(kind.of, rows, keys)


def _stated(kind: TableKind, rows: Rows, keys: Iterable[str]) -> tuple[dict[str, Born], dict[str, str]]:
    """Find the owners, in one list for each type of them; save for their case, keys are spelled as the columns are."""
    asked: dict[str, dict[str, str]] = {}
    for member in keys:
        for name, text in owner_of(kind, member).items():
            asked.setdefault(name, {})[member] = str(text)
    found: dict[str, Born] = {}
    missing: dict[str, str] = {}
    for name, texts in asked.items():
        owners = _owners(kind, rows, name, texts.values())
        for member, text in texts.items():
            try:
                found[member] = judged(kind, name, text, owners.get(text, ()))
            except (KeyNotFound, RowConflict) as error:
                missing[member] = str(error)
    return found, missing


def member_rows(kind: TableKind, rows: Rows, ids: Collection[str], what: Select) -> dict[str, Row]:
    """Return the rows with those ids, as far as they are there, from one list."""
    if not ids:
        return {}
    table, wanted = kind.table, {it.lower() for it in ids}
    where = OneOf(table.primary_id, [Guid(it) for it in wanted]) if len(wanted) <= FEW else None
    found = rows.list(table.entity_set, what, key=table.primary_id, where=where)
    return {row_id: row for row in found if (row_id := str(row[table.primary_id])) in wanted}


def _owners(kind: TableKind, rows: Rows, name: str, texts: Collection[str]) -> Mapping[str, list[Row]]:
    """Return the owners that have each of the keys."""
    key = kind.owner_keys[name]
    entity_set, primary_id, what = key.owner.entity_set, key.owner.primary_id, Select(told(key), (key.mailbox,))
    wanted: dict[str, list[str]] = {}
    for text in texts:
        wanted.setdefault(guid(text) or text.casefold(), []).append(text)
    where = called(key, list(texts)) if len(texts) <= FEW else None
    found: dict[str, list[Row]] = {}
    others: list[Row] = []
    for row in rows.list(entity_set, what, key=primary_id, where=where):
        met = [text for spelled in texts_of(key, row) & wanted.keys() for text in wanted[spelled]]
        for text in met:
            found.setdefault(text, []).append(row)
        if where and not met:
            others.append(row)
    missing = [text for text in texts if text not in found]
    if missing and not where:
        others = rows.find(entity_set, called(key, missing), what, key=primary_id)
    if others:
        # The service takes more spellings for equal than we do: only a question about one text tells whose a row is.
        found |= {text: rows.find(entity_set, called(key, [text]), what, key=primary_id) for text in missing}
    return found
