"""The manual: what it takes from the declarations is what they say, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from pulumi_dataverse_email.comment import gates
from pulumi_dataverse_email.declare import Argument, CrossRule, Kind, Rule
from pulumi_dataverse_email.resources import KINDS
from tools.kind_pages import FOLDER, pages
from tools.manual import manual
from tools.pages import DOCS
from tools.rules_page import PAGE as RULES

from .kinds import ARGUMENTS, name

MANUAL = manual()
LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)")
"""A link within the checkout: its file, and the place in it."""


@pytest.mark.parametrize("page", MANUAL, ids=lambda page: page.name)
def test_a_page_says_what_is_declared(page: Path) -> None:
    """`make docs` writes them."""
    assert page.read_text("utf-8") == MANUAL[page]


def test_every_kind_has_its_page_and_no_other_has() -> None:
    assert {*FOLDER.iterdir()} == pages().keys()


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
def test_a_page_tells_all_of_an_argument(kind: Kind, argument: Argument) -> None:
    """Its sentence, its words or limits, and where Microsoft says so stand under its name."""
    told = MANUAL[FOLDER / f"{kind.name}.md"].partition(f"\n### `{argument.name}`\n")[2].partition("\n### ")[0]
    limits = [argument.schema[it] for it in ("maxLength", "minimum", "maximum") if it in argument.schema]
    words = [f"`{word}`" for word in argument.schema.get("enum", ())]

    assert argument.description.partition("\n")[0].partition(". ")[0] in told
    assert [it for it in (*words, *map(str, limits), "https://learn.microsoft.com/") if it not in told] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=name)
def test_every_rule_is_told(kind: Kind) -> None:
    """With what it says, and whether it stops the preview."""
    page = RULES.read_text("utf-8")

    rules: list[Rule | CrossRule] = [*kind.rules, *kind.across]
    for rule in rules:
        begins = rule.says.partition("{")[0]
        severity = "stops" if rule.severity == "error" else "warns"
        assert f"[`{rule.blames}`](kinds/{kind.name}.md#{rule.blames}) | {severity} | {begins}" in page


def test_every_word_of_the_gate_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \|", (DOCS / "comment.md").read_text("utf-8"), re.MULTILINE)

    assert told == list(gates())


@pytest.mark.parametrize("page", [*DOCS.rglob("*.md"), DOCS.parent / "README.md"], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file of the checkout, and where it names a place, to a heading there."""
    for file, place in LINK.findall(page.read_text("utf-8")):
        target = page.parent / file if file else page
        assert target.exists(), file
        if place:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert place in {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in headings}
