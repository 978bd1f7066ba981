"""The tables of the rules."""

from collections.abc import Iterable

from pulumi_dataverse_email.declare import CrossRule, Kind, Rule
from pulumi_dataverse_email.resources import KINDS

from .kind_pages import linked, source
from .pages import DOCS, put, table

PAGE = DOCS / "rules.md"
SEVERITIES = {"error": "stops", "warning": "warns"}


def written(page: str) -> str:
    """Return the page with the tables as they should be."""
    return put(page, "rules", "\n".join(part for kind in KINDS.values() for part in _parts(kind)))


def _parts(kind: Kind) -> Iterable[str]:
    """Yield the kind's own rules, then those between it and each kind of resource that its arguments name."""
    yield f"## {kind.name}\n\n{_table(kind, kind.rules)}"
    for through in dict.fromkeys(rule.through for rule in kind.across):
        between = f"Between a {kind.table.label} and its {kind.lookups[through].target.label}"
        yield f"## {between}\n\n{_table(kind, [rule for rule in kind.across if rule.through == through])}"


def _table(kind: Kind, rules: Iterable[Rule | CrossRule]) -> str:
    order = list(kind.arguments)
    rows = [
        (linked(kind, rule.blames), SEVERITIES[rule.severity], rule.says, source(rule.source))
        for rule in sorted(rules, key=lambda rule: (order.index(rule.blames), rule.severity))
    ]
    return table(("about", "severity", "what it says", "source"), rows)
