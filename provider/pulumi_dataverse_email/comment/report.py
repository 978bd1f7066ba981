"""What a preview comes to: counts, the verdict, and whether a gate lets it pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .changes import Change, What, changes
from .dangers import Danger, Finding, findings
from .preview import Diagnostic, Preview
from .words import Words, counted, happening

DRIFT = "drift"
WARNING = "warning"
ERROR = "error"
UPDATE = "update"
CREATE = "create"

COUNTED = {
    Danger.LOSS: ("loss of synchronization", "losses of synchronization"),
    Danger.SCOPE: ("widened scope", "widened scopes"),
    Danger.DELETE: ("declaration removed", "declarations removed"),
    Danger.REPLACE: ("replacement", "replacements"),
    Danger.APPROVAL: ("approval", "approvals"),
    Danger.TEST: ("new test called for", "new tests called for"),
}


def gates() -> tuple[str, ...]:
    """Return the words that `--fail-on` knows."""
    return (*Danger, UPDATE, CREATE, DRIFT, WARNING, ERROR)


@dataclass(frozen=True)
class Report:
    """A preview, read for a person."""

    preview: Preview

    @cached_property
    def changes(self) -> list[Change]:
        """Every resource that the preview names, and what happens to it."""
        return changes(self.preview)

    @cached_property
    def words(self) -> Words:
        """How this preview's resources are called."""
        return Words(self.changes)

    @cached_property
    def findings(self) -> list[Finding]:
        """The dangers, the worst first."""
        return findings(self.changes, self.words)

    @property
    def errors(self) -> list[Diagnostic]:
        """What failed; `pulumi.log.error` of a program stands here too, though it stops nothing."""
        return [it for it in self.preview.diagnostics if it.severity == "error"]

    @property
    def warnings(self) -> list[Diagnostic]:
        """What the rules, the provider and the program warn of."""
        return [it for it in self.preview.diagnostics if it.severity == "warning"]

    @property
    def drifted(self) -> list[Change]:
        """Resources that somebody changed behind Pulumi's back."""
        return [change for change in self.changes if change.drifts]

    def happened(self) -> Counter[str]:
        """Count what `--fail-on` may name."""
        found: Counter[str] = Counter(finding.danger for finding in self.findings)
        what = Counter(change.what for change in self.changes)
        found[Danger.DELETE] = what[What.DELETE]
        found[Danger.REPLACE] = what[What.REPLACE]
        found[UPDATE] = what[What.UPDATE]
        found[CREATE] = what[What.CREATE] + what[What.IMPORT]
        found[DRIFT] = len(self.drifted)
        found[WARNING] = len(self.warnings)
        found[ERROR] = len(self.errors)
        return +found

    def refused(self, words: Iterable[str]) -> list[str]:
        """Return what happens of that which a gate names, with numbers: `2 delete`."""
        happened = self.happened()
        return [f"{happened[word]} {word}" for word in words if happened[word]]

    @property
    def verdict(self) -> str:
        """Say in one line what a reviewer has to know."""
        counts = self._counts()
        if self.errors:
            return f"**The preview has errors: what follows may be incomplete.** {counts}"
        found = Counter(finding.danger for finding in self.findings)
        drift = f" {counted(len(self.drifted), 'resource')} drifted." if self.drifted else ""
        if found:
            dangers = ", ".join(counted(found[it], *COUNTED[it]) for it in Danger if found[it])
            return f"**Look closely: {dangers}.**{drift} {counts}"
        if any(change.what is not What.NOTHING for change in self.changes):
            return f"**Nothing dangerous was found.**{drift} {counts}"
        return f"**Nothing changes.** {counts}"

    def _counts(self) -> str:
        what = Counter(happening(change) for change in self.changes if change.what is not What.NOTHING)
        counts = [f"{number} {word}" for word, number in what.most_common()]
        # The engine counts the stack itself, and does not list what stays the same.
        same = max(self.preview.change_summary.get("same", 0) - 1, 0)
        counts += [f"{same} unchanged"] if same else []
        resources = [f"Resources: {', '.join(counts)}."] if counts else []
        return " ".join(resources + ([f"{counted(len(self.warnings), 'warning')}."] if self.warnings else []))
