"""The tables of the rules."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pulumi_dataverse_email.declare import CrossRule, Kind, Rule, TableKind
from pulumi_dataverse_email.resources import KINDS

from .kind_pages import linked, source
from .pages import DOCS, put, table

PAGE = DOCS / "rules.md"
SEVERITIES = {"error": "stops", "warning": "warns"}


class Told(NamedTuple):
    """One line of a table."""

    about: str
    severity: str
    says: str
    source: str


def written(page: str) -> str:
    """Return the page with the tables as they should be."""
    return put(page, "rules", "\n".join(part for kind in KINDS.values() for part in _parts(kind)))


def _parts(kind: Kind) -> Iterable[str]:
    """Yield the kind's own rules, then those between it and each kind of resource that its arguments name."""
    yield f"## {kind.name}\n\n{_table(kind, [*map(_told, kind.rules), *_earlier_dates(kind)])}"
    for through in dict.fromkeys(rule.through for rule in kind.across):
        label = f"a {kind.table.label}" if isinstance(kind, TableKind) else f"`{kind.name}`"
        between = f"Between {label} and its {kind.lookups[through].target.label}"
        yield f"## {between}\n\n{_table(kind, [_told(rule) for rule in kind.across if rule.through == through])}"


def _table(kind: Kind, told: Iterable[Told]) -> str:
    order = list(kind.arguments)
    rows = [
        (linked(kind, it.about), SEVERITIES[it.severity], it.says, source(it.source))
        for it in sorted(told, key=lambda it: (order.index(it.about), it.severity))
    ]
    return table(("about", "severity", "what it says", "source"), rows)


def _told(rule: Rule | CrossRule) -> Told:
    says = re.sub(r"\{(\w+)\}", r"*\1*", rule.says) if isinstance(rule, Rule) else rule.says
    return Told(rule.blames, rule.severity, says, rule.source)


def _earlier_dates(kind: Kind) -> Iterable[Told]:
    """Yield what is said of dates that are earlier than before."""
    for name, column in kind.columns.items():
        if column.moved_back:
            yield Told(name, "warning", f"moves back: {column.moved_back}", column.source)
