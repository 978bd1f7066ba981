"""The comment: what stands in it, and in which order."""

import re
from collections.abc import Iterable, Iterator

from ..declare import SetKind
from ..engine.mailbox_set.props import GENERATIONS, SET_ID, TEMPLATE_GENERATION
from ..resource import TOKEN
from .changes import Change, What, at
from .dangers import fate, lines
from .markdown import LONGEST_MESSAGE, Section, block, code, fitted, row, table
from .picture import picture
from .preview import Diagnostic, Place, Preview
from .report import Report
from .words import KEPT, NOT_STATED, Words, called, counted, happening, label, noun, plural

LIMITS = {"github": 65_536, "azure-devops": 150_000}
"""Characters of a comment; both services say so only when they refuse one.

GitHub: `Body is too long (maximum is 65536 characters)`.
Azure DevOps: `A discussion comment cannot be longer than 150000 characters`.
"""

SUMMARY_LIMIT = 1_048_576
"""Bytes of a job summary (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)."""

LONGEST_MARKER = 200
"""Characters of project and stack in the line that finds the comment again."""

PAGE = re.compile(r"\((https://learn\.microsoft\.com/[A-Za-z0-9/._-]+)\)$")
"""Where a rule stands: the only foreign text that becomes a link."""

BLAMED = re.compile(r"value \{.*\} has a problem", re.DOTALL)
"""How the engine prints the value of a property that a provider blames, secret or not."""

NO_REASON = "- `preview failed`"
"""What the engine adds to the reasons that it has given."""

REFUSED = re.compile(rf"^{re.escape(TOKEN)}(\w+) resource ('.*?') has a problem: ", re.DOTALL)
"""How it begins a reason that a provider gives without blaming a property."""

NUMBERS = (SET_ID, GENERATIONS, TEMPLATE_GENERATION)
"""Inputs of a set that stand for settings which stand beside them."""

MEMBERS = ("mailboxes", "members", "addresses", "groups")
"""Inputs of groups that name members."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m|<\{%[^%]*%\}>")


def comment(preview: Preview, limit: int) -> str:
    """Return a preview as Markdown of at most `limit` bytes; what is least harmful to lose is left out first."""
    report = Report(preview)
    return fitted(_opening(report), _sections(report), limit)


def _opening(report: Report) -> str:
    urns = [step.urn for step in report.preview.steps] + [it.urn for it in report.preview.diagnostics]
    place = next((place for urn in urns if (place := Place.of(urn)).stack), Place(""))
    stack = f"{place.project}/{place.stack}".strip("/")
    # Pipelines find the comment of an earlier run by its first line, to write the new one in its place.
    marker = f"<!-- dataverse-email comment {re.sub(r'[^A-Za-z0-9_./]', '-', stack)[:LONGEST_MARKER]} -->"
    heading = f"## Email synchronization: {code(stack)}" if stack else "## Email synchronization"
    return f"{marker}\n{heading}\n\n{report.verdict.strip()}"


def _sections(report: Report) -> Iterator[Section]:
    yield from _messages("Errors", report.errors, harm=9)
    if report.findings:
        yield Section("### Look at these first\n", tuple(lines(report.findings)), harm=8)
    ours: dict[str, list[Change]] = {}
    for change in report.changes:
        if change.kind_name and change.what is not What.NOTHING:
            ours.setdefault(change.kind_name, []).append(change)
    for them in ours.values():
        yield _table(them, report.words)
    yield from _messages("Warnings", report.warnings, harm=7)
    yield from _others(report.changes)
    yield from picture(report.changes)
    for them in ours.values():
        yield from _details(them, report.words)


def _messages(title: str, diagnostics: Iterable[Diagnostic], harm: int) -> Iterator[Section]:
    found = dict.fromkeys(sorted(map(_message, diagnostics)))
    if len(found) > 1:
        found.pop(NO_REASON, None)
    if found:
        yield Section(f"### {title}\n", tuple(found), harm)


def _message(diagnostic: Diagnostic) -> str:
    text = COLOUR.sub("", diagnostic.message).strip()
    text = text.removeprefix(f"{diagnostic.severity}: ")
    text = BLAMED.sub("value [hidden] has a problem", text)
    who = Place.of(diagnostic.urn).name if diagnostic.urn else ""
    text, blames = REFUSED.subn(r"\1 \2: ", text)
    about = f"{code(who)}: " if who and not blames and diagnostic.severity == "warning" else ""
    if "\n" in text:
        return f"{block(text)}\n"
    page = PAGE.search(text)
    link = f" ([Microsoft]({page[1]}))" if page else ""
    return f"- {about}{code(text[: page.start()].rstrip() if page else text, LONGEST_MESSAGE)}{link}"


def _table(changes: list[Change], words: Words) -> Section:
    name = noun(changes[0]).capitalize()
    ordered = sorted(changes, key=lambda change: list(What).index(change.what))
    rows = tuple(line for change in ordered for line in _rows(change, words))
    head = f"### {plural(name)}\n\n{table('What happens', name, 'Setting', 'Before', 'After')}"
    return Section(head, rows, harm=5)


def _rows(change: Change, words: Words) -> Iterator[str]:
    happens = happening(change)
    stated = counted(len(change.stated(change.new)), "setting")
    if change.what in (What.CREATE, What.IMPORT):
        before = "gone" if change.gone else "there already" if change.adopts else "none"
        happens = "drifted: created again" if change.gone else happens
        yield row(happens, called(change), "all that are stated", before, f"{stated}, see below")
    elif change.what is What.DELETE:
        yield row(happens, called(change), "all that are stated", "declared", fate(change))
    shown = [path for path in change.differing if not (isinstance(change.kind, SetKind) and path[0] in NUMBERS)]
    if change.what in (What.CREATE, What.IMPORT, What.DELETE):
        return
    if not shown:
        again = "made anew" if change.what is What.REPLACE else "what an earlier run did not achieve is tried again"
        yield row(happens, called(change), "", "", again)
    for path in shown:
        how = f"drifted, {happens} back" if change.drifted(path) and change.what is What.UPDATE else happens
        yield row(how, called(change), label(change, path), *_sides(change, path, words))


def _sides(change: Change, path: tuple[str, ...], words: Words) -> tuple[str, str]:
    if found := _membership(change, path):
        return found
    before, after = words.value(change, path, change.old), words.value(change, path, change.new)
    if before == after == KEPT:
        return before, "another secret"
    if before == after:
        return before, "a new row of that name" if change.kind and path[0] in change.kind.lookups else "another value"
    return before, "no longer managed, stays as it is" if after == NOT_STATED and not path[1:] else after


def _membership(change: Change, path: tuple[str, ...]) -> tuple[str, str] | None:
    """Say that somebody joins or leaves a group; nothing of an entry that is on both sides."""
    there, then = (at(state.inputs, path) is not None for state in (change.old, change.new))
    is_setting = isinstance(change.kind, SetKind) and path[2:]
    if not change.is_group or path[0] not in MEMBERS or not path[1:] or is_setting or there == then:
        return None
    return ("a member", "no longer a member") if there else ("not a member", "a member")


def _others(changes: Iterable[Change]) -> Iterator[Section]:
    others = [change for change in changes if not change.kind_name and change.what is not What.NOTHING]
    if others:
        each = (f"- {happening(it)}: {code(it.place.type)} {code(it.place.name)}" for it in others)
        yield Section("### Resources of other providers\n", tuple(each), harm=3)


def _details(changes: Iterable[Change], words: Words) -> Iterator[Section]:
    shown = [it for it in changes if it.what is not What.UPDATE]
    rows = tuple(
        row(called(it), label(it, (name,)), words.value(it, (name,), it.state))
        for it in shown
        for name in it.stated(it.state)
    )
    if rows:
        name = noun(shown[0])
        summary = f"All settings of {counted(len(shown), name)} created, replaced or deleted"
        head = f"<details><summary>{summary}</summary>\n\n{table(name.capitalize(), 'Setting', 'Value')}"
        yield Section(head, rows, harm=0, tail="\n</details>")
