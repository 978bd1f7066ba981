"""Whether the members of a set, and what they are to hold, go together."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...declare import Fault, Rule, SetKind, TableKind
from ..owners import owner_of
from ..row import Props
from .members import MEMBERS, member_key, members, overridable
from .plan import mapping
from .props import SELECTION
from .selection import owners_of


@dataclass(frozen=True)
class _Judged:
    """What is to be said of members that differ in nothing but whose they are."""

    own: dict[str, object]
    faults: list[Fault]
    advice: dict[Rule, Props]


@dataclass
class Judgement:
    """What is to be said of a set.

    Args:
        members: the members as state spells them, with the settings of their own.
        common: what is wrong with the settings of all, or with the selection.
        faults: what is wrong with single members, by their keys.
        advice: the rules of best practice that the settings of all, or of some, break, and the values that do.
    """

    members: dict[str, dict[str, object]] = field(default_factory=dict)
    common: list[Fault] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    advice: dict[Rule, Props] = field(default_factory=dict)

    def all(self, where: Mapping[str, str] | None = None) -> Iterator[Fault]:
        """Yield every fault; of a member, with its key, or with where it stands."""
        yield from self.common
        for key, faults in self.faults.items():
            yield from (Fault(MEMBERS, f"{(where or {}).get(key, key)}: {fault}") for fault in faults)


def judge(kind: SetKind, inputs: Props) -> Judgement:
    """Judge the members, each with the settings of all, and the selection."""
    found, of = Judgement(), kind.of
    template = {name: it for name, it in inputs.items() if name in of.arguments}
    used = dict.fromkeys(owners_of(inputs))
    # Thousands of members mostly differ in nothing but whose they are: what is alike is judged once.
    known: dict[str, _Judged] = {}
    spelled: dict[str, str] = {}
    for key, own in members(inputs).items():
        first, whose = spelled.setdefault(key.casefold(), key), owner_of(of, key)
        if first != key:
            found.faults[key] = [Fault("", f"is the member '{first}' again, in another spelling")]
        elif not whose or "" in whose.values():
            begin = " or ".join(f"'{member_key(name, '...')}'" for name in of.owner_keys)
            found.faults[key] = [Fault("", f"a member is called {begin}, by what finds whose mailbox it is")]
        else:
            (name,) = whose
            used[name] = None
            alike = json.dumps([name, own], default=str, sort_keys=True)
            judged = known[alike] = known.get(alike) or _judged(of, template, whose, own)
            found.members[key] = judged.own
            found.advice |= judged.advice
            if judged.faults:
                found.faults[key] = judged.faults
    for name in used:
        values = {**template, name: name}
        faults = [Fault(rule.blames, rule.told(values)) for rule in of.broken_rules(values, "error")]
        found.common += [fault for fault in faults if fault not in found.common]
        found.advice |= dict.fromkeys(of.broken_rules(values, "warning"), values)
    if selection := mapping(inputs, SELECTION):
        found.common += [Fault(SELECTION, str(fault)) for fault in kind.selections.parse(selection)[1]]
    return found


def _judged(of: TableKind, template: Props, whose: Props, own: Props) -> _Judged:
    """Return a member's own settings as state spells them, and the faults that the template alone does not have."""
    values, found = of.parse({**template, **own, **whose})
    _, common = of.parse({**template, **whose})
    allowed = overridable(of)
    forbidden = [
        Fault(name, f"is no setting of a single member; declare a {of.name} of its own, or state it for all")
        for name in own
        if name in of.arguments and name not in allowed
    ]
    named = {fault.argument for fault in forbidden}
    faults = forbidden + [fault for fault in found if fault not in common and fault.argument not in named]
    broken = [] if faults or not own else of.broken_rules(values, "warning")
    return _Judged({name: values[name] for name in own if name in values}, faults, dict.fromkeys(broken, values))
