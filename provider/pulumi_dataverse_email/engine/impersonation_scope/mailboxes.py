"""The mailboxes that a scope names, as Exchange knows them: by their addresses."""

from collections.abc import Mapping
from typing import Final

from ...dataverse.rows import Rows, Select
from ...declare import SetKind
from ...errors import KeyNotFound
from ..mailbox_set.resolve import member_rows
from ..named import MEMBERS, SELECTIONS, Named
from ..run import Run
from .wanted import Props

FROM_RESOURCES: Final = (MEMBERS, SELECTIONS)
"""The computed inputs that the program's side reads from the sets that it is given."""

MEMBER: Final = "member"
"""What stands beside each member of a set: that it is one, whatever its own settings are."""

ADDRESS: Final = "emailaddress"


def settled(news: Props) -> dict[str, object]:
    """Return the computed inputs: a member that changes is no change of the scope, one that comes or goes is."""
    members, selections = news.get(MEMBERS), news.get(SELECTIONS)
    found: dict[str, object] = {SELECTIONS: selections} if selections else {}
    if isinstance(members, Mapping):
        found[MEMBERS] = {name: _keys(it) for name, it in members.items()}
    elif members is not None:
        found[MEMBERS] = members
    return found


def addresses_of(sets: SetKind, run: Run, rows: Rows, inputs: Props) -> tuple[str, ...]:
    """Return the addresses of the mailboxes, each once, in the order in which they are named.

    Raises:
        KeyNotFound: some are not there, or have no address; it names them.
        DataverseError: nobody answers, or with a refusal.
    """
    mailboxes = {name: str(it) for name, it in _part(inputs, "mailboxes").items()}
    named = Named(sets, run, rows, mailboxes, _parts(inputs, MEMBERS), _parts(inputs, SELECTIONS))
    ids = named.ids()
    there = member_rows(sets.of, rows, ids, Select((ADDRESS,)))
    missing = {**named.absent}
    for row_id, name in ids.items():
        if row_id not in there:
            missing[name] = f"there is no mailbox {row_id}"
        elif not there[row_id].get(ADDRESS):
            missing[name] = "its mailbox has no address"
    if missing:
        reasons = "".join(f"\n  {name}: {reason}" for name, reason in missing.items())
        raise KeyNotFound(
            f"turn mailboxes into addresses, which are what Exchange knows: {len(missing)} have none.{reasons}\n"
            "Declare mailboxes whose user or queue has a mail address."
        )
    if not ids:
        raise KeyNotFound(
            "turn mailboxes into addresses: their sets have no members, and a scope of nobody is none. "
            "Nothing was changed.\n"
            "Give the sets members, or remove the scope from the program."
        )
    return tuple(dict.fromkeys(str(there[row_id][ADDRESS]) for row_id in ids))


def _keys(members: object) -> object:
    return dict.fromkeys(members, MEMBER) if isinstance(members, Mapping) else members


def _parts(inputs: Props, name: str) -> dict[str, Mapping[str, object]]:
    there = _part(inputs, name)
    return {it: _part(there, it) for it in there}


def _part(inputs: Props, name: str) -> Mapping[str, object]:
    found = inputs.get(name)
    return found if isinstance(found, Mapping) else {}
