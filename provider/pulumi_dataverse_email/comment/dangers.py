"""What a reviewer must see first: what could end in an incident."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pulumi.runtime.rpc import UNKNOWN

from ..declare import CLEAR, TableKind
from ..engine.props import PREVIOUS, lookup_id
from ..resources import TABLE_KINDS
from .changes import Change, Path, What, at
from .markdown import code
from .members import SCOPE, SET, TEST, are, belongs, entries, members, stay, tested_again, who
from .preview import State
from .words import Words, called, label, listed, noun, plural, quoted

SYNCHRONIZED = "server_side_synchronization"
"""The word of every delivery method that this package is about."""

APPROVE = "approve"
"""The word of `approval` that sends approvals."""

MAILBOX = TABLE_KINDS["Mailbox"]


class Danger(StrEnum):
    """What could end in an incident, the worst first; the words are those of `--fail-on`."""

    LOSS = "loss"
    SCOPE = "scope"
    DELETE = "delete"
    REPLACE = "replace"
    APPROVAL = "approval"
    TEST = "test"


FATES = {
    "retain": "stays as it is, no longer managed",
    "disable": "set to none",
    "restore": "put back to what was there before",
}
"""What each `on_delete` does."""

HEADINGS = {
    Danger.LOSS: "Synchronization stops",
    Danger.SCOPE: "The scope widens",
    Danger.DELETE: "No longer declared",
    Danger.REPLACE: "Replaced",
    Danger.APPROVAL: "Addresses will be approved",
    Danger.TEST: "A new test is called for",
}


@dataclass(frozen=True)
class Finding:
    """One danger of one resource; `says` is what happens and why, as Markdown."""

    danger: Danger
    change: Change
    says: str


def findings(changes: Iterable[Change], words: Words) -> list[Finding]:
    """Return all dangers of our kinds, the worst first."""
    found = [it for change in changes if change.kind_name for finder in FINDERS for it in finder(change, words)]
    return sorted(found, key=lambda finding: list(Danger).index(finding.danger))


def lines(found: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each danger, one for all resources that it meets in the same way."""
    alike: dict[tuple[Danger, str, str], list[Change]] = {}
    for finding in found:
        alike.setdefault((finding.danger, noun(finding.change), finding.says), []).append(finding.change)
    for (danger, one, says), changes in alike.items():
        who = one if len(changes) == 1 else f"{len(changes)} {plural(one)}"
        yield f"- **{HEADINGS[danger]}:** {who} {listed(map(called, changes))}: {says}"


def fate(change: Change) -> str:
    """Say in a few words what the deletion of a resource does."""
    if change.kind_name == TEST:
        return "nothing is done in Dataverse"
    return FATES.get(_policy(change), "deleted")


def _policy(change: Change) -> str:
    """Return what deletion does: what the state says, as the engine asks it and not the program."""
    if change.old.retain_on_delete:
        return "retain"
    stays = change.adopted or change.kind_name == SET
    return str(change.old.outputs.get("on_delete") or ("retain" if stays else "delete"))


def _deletions(change: Change, words: Words) -> Iterator[Finding]:
    if change.what is not What.DELETE:
        return
    policy, kind = _policy(change), change.kind if isinstance(change.kind, TableKind) else None
    if change.kind_name == SCOPE and policy != "retain":
        yield Finding(Danger.SCOPE, change, "it is deleted, and limits the account no longer.")
    elif policy == "disable":
        yield Finding(Danger.LOSS, change, f"its deletion sets {quoted(change, _methods(change))} to none.")
    elif policy == "restore" and kind:
        yield _restoration(change, words)
    elif policy == "restore":
        yield Finding(Danger.LOSS, change, f"its members are {fate(change)}, which may be none.")
    elif policy == "delete" and kind and kind.uses:
        yield Finding(Danger.DELETE, change, "the row is deleted; that is refused while something uses it.")
    else:
        yield Finding(Danger.DELETE, change, f"{fate(change)}.")


def _restoration(change: Change, words: Words) -> Finding:
    """Say what deletion with `restore` puts back."""
    back = _put_back(change)
    values = listed(f"{quoted(change, [name])} {words.said(change, (name,), it)}" for name, it in back.items())
    lost = any(_stops(change.old.outputs.get(name), back.get(name)) for name in _methods(change))
    return Finding(
        Danger.LOSS if lost else Danger.DELETE,
        change,
        f"its deletion puts back {values}, where nobody changed it since." if back else "its deletion changes nothing.",
    )


def _put_back(change: Change) -> dict[str, object]:
    """Return what a row gets back, by the conditions of `engine/restore.py` that need no look at the row."""
    kind, ours, before = change.kind, change.old.outputs, change.old.outputs.get(PREVIOUS)
    if not isinstance(kind, TableKind) or not isinstance(before, dict):
        return {}
    restorable = {
        name: column
        for name, column in kind.columns.items()
        if column.restorable and not column.secret and name not in kind.identifying and name in before and name in ours
    }
    return {
        name: before[name]
        for name, column in restorable.items()
        if before[name] not in column.retired
        and not kind.arguments[name].equal(before[name], ours.get(lookup_id(name), ours[name]))
    }


def _losses(change: Change, words: Words) -> Iterator[Finding]:
    old, new, methods = change.old.inputs, change.new.inputs, _methods(change)
    if change.what is What.CREATE and methods and all(new.get(name) == word for name, word in methods.items()):
        yield Finding(Danger.LOSS, change, "all its delivery methods become none, whatever they are now.")
    if change.what not in (What.UPDATE, What.REPLACE):
        return
    stops = [
        f"{quoted(change, [name])} becomes {words.said(change, (name,), new.get(name))}"
        for name in methods
        if _stops(old.get(name), new.get(name))
    ]
    lookups = change.kind.lookups if change.kind else {}
    emptied = [name for name, it in lookups.items() if it.retest and new.get(name) == CLEAR != old.get(name)]
    stops += [f"{quoted(change, [name])} is emptied" for name in emptied]
    stops += _own_losses(change, words)
    _, left = members(change)
    if left and change.kind_name == SET and _on_leaving(change) != "retain":
        stops.append(f"{who(left)} no longer {belongs(left)} to it, and {are(left)} {FATES[_on_leaving(change)]}")
    if left and change.kind_name == SET and _on_leaving(change) == "retain":
        yield Finding(Danger.DELETE, change, f"{who(left)} no longer {belongs(left)} to it, and {stay(left)} as now.")
    if left and change.kind_name == SCOPE:
        stops.append(f"{who(left)} {are(left)} no longer inside it")
    if stops:
        yield Finding(Danger.LOSS, change, f"{listed(stops)}.")


def _replacements(change: Change, _words: Words) -> Iterator[Finding]:
    if change.what is not What.REPLACE:
        return
    reasons = {reason.partition(".")[0] for step in change.steps for reason in step.replace_reasons}
    why = _why(change, reasons)
    because = f" {why}" if why else ""
    if change.adopted:
        yield Finding(Danger.REPLACE, change, f"it is given up ({fate(change)}) and taken over again{because}.")
    else:
        yield Finding(Danger.REPLACE, change, f"a new one takes its place{because}; the old one: {fate(change)}.")


def _tests(change: Change, _words: Words) -> Iterator[Finding]:
    if change.what not in (What.UPDATE, What.REPLACE):
        return
    if again := list(tested_again(change)):
        yield Finding(Danger.TEST, change, f"of {listed(again)}.")
    old, new = change.generations
    if new is None or new == old or change.kind is None:
        return
    why = _why(change, {name for name, column in change.kind.columns.items() if column.retest})
    whose = "" if _methods(change) else "its mailboxes are to be tested, "
    may = ", if that turns out to be another value" if new == UNKNOWN else ""
    yield Finding(Danger.TEST, change, f"{whose}{why or 'because it is replaced'}{may}.")


def _approvals(change: Change, _words: Words) -> Iterator[Finding]:
    old, new = change.old.inputs, change.new.inputs
    if change.what not in (What.CREATE, What.UPDATE, What.REPLACE) or new.get("approval") != APPROVE:
        return
    joined, _ = members(change)
    is_new = change.what is not What.UPDATE or old.get("approval") != APPROVE
    approved = sorted(entries(change, "mailboxes", new.get("mailboxes"))) if is_new else joined
    if approved or new.get("all_mailboxes"):
        yield Finding(Danger.APPROVAL, change, f"{who(approved) or 'all mailboxes of the profile'}.")


def _scopes(change: Change, _words: Words) -> Iterator[Finding]:
    if change.kind_name != SCOPE or change.what not in (What.UPDATE, What.REPLACE):
        return
    joined, _ = members(change)
    if joined:
        yield Finding(Danger.SCOPE, change, f"{listed(map(code, joined))} is added.")
    new = change.new.inputs
    if unclear := _why(change, {name for name, *_ in change.differing if not isinstance(new.get(name), dict | list)}):
        yield Finding(Danger.SCOPE, change, f"perhaps, {unclear}.")


FINDERS: tuple[Callable[[Change, Words], Iterator[Finding]], ...] = (
    _losses,
    _deletions,
    _replacements,
    _tests,
    _approvals,
    _scopes,
)


def _why(change: Change, names: Collection[str]) -> str:
    """Say which of some inputs change; nothing where none does."""
    changed = [name for name, *_ in change.differing if name in names]
    return f"because {quoted(change, changed)} {'changes' if len(changed) == 1 else 'change'}" if changed else ""


def _methods(change: Change) -> dict[str, str]:
    """Return the delivery methods and their word for none; a kind that is not known yet has those of a mailbox."""
    if change.kind_name in (TEST, SCOPE):
        return {}
    return (change.row_kind or MAILBOX).disabled


def _stops(old: object, new: object) -> bool:
    return old == SYNCHRONIZED and new not in (SYNCHRONIZED, UNKNOWN, None)


def _own_losses(change: Change, words: Words) -> Iterator[str]:
    """Yield the members of a set whose own settings switch a direction off."""
    for path in change.differing:
        if path[2:] and path[2] in _methods(change) and _stops(_held(change.old, path), _held(change.new, path)):
            yield f"{label(change, path)} becomes {words.value(change, path, change.new)}"


def _held(state: State, path: Path) -> object:
    """Return what a member of a set holds: its own setting, else that of all."""
    own = at(state.inputs, path)
    return state.inputs.get(path[2]) if own is None else own


def _on_leaving(change: Change) -> str:
    """Return what becomes of the mailboxes of members that leave: what the program says now."""
    return str(change.new.inputs.get("on_delete") or "retain")
