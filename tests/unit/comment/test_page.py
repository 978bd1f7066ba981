"""Laws of the whole comment: whatever a preview holds, it is never markup, never a secret, never too long."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pulumi_dataverse_email.comment import LIMITS, Preview, comment
from pulumi_dataverse_email.resources import KINDS

from .previews import OFF, ON, UNKNOWN, preview, step, text, urn

MARKDOWN = MarkdownIt("commonmark").enable("table")

OURS = re.compile(
    r"</?code>|<!-- dataverse-email comment [\w./-]* -->\n?|</details>\n?|<details><summary>[\w ,]+</summary>\n?"
)
"""All the HTML that a comment may hold."""

HEADINGS = {"Errors", "Look at these first", "Warnings", "Resources of other providers", "Picture"}

KEPT = sorted((Path(__file__).parents[2] / "system" / "comments").iterdir())

SECRET = "hunter2-hunter2"

NASTY = st.sampled_from(
    [
        "# heading",
        "**bold** _it_ ~~no~~",
        "[link](javascript:alert(1))",
        "![image](https://example.com/x.png)",
        "<img src=x onerror=alert(1)>",
        "<!-- -->",
        "--> <b>",
        "</details><script>",
        "| a | b |\n| --- | --- |",
        "`` ` ```",
        "```\n# out\n```",
        "~~~",
        "\n\n- item\n\n> quote",
        "https://example.com",
        "@everyone #1",
        '"]; click n0 "javascript:x"',
        "%%{init}%%",
        "&lt;b&gt; &#60;",
        "\ud800\u202e\x00",
        "a\\",
        "a\\|",
    ]
)
NAMES = NASTY | st.text(st.characters(), max_size=30)
OPS = st.sampled_from(["create", "update", "delete", "replace", "same", "refresh", "import", "what-is-this"])
KIND_NAMES = (
    st.sampled_from(["EmailServerProfile", "Mailbox", "MailboxSet", "ImpersonationScope", "aws:s3:Bucket"]) | NAMES
)
VALUES = st.recursive(
    NAMES | st.booleans() | st.integers() | st.none() | st.sampled_from(["[secret]", UNKNOWN, {"clear": True}]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
INPUTS = st.dictionaries(
    st.sampled_from([*KINDS["Mailbox"].arguments, "name", "approval", "mailboxes", "generation", "generations"])
    | NAMES,
    VALUES,
    max_size=5,
)
STEPS = st.builds(
    lambda op, kind, name, old, new, outputs: step(op, kind, name, old, new, _state={"outputs": outputs}),
    OPS,
    KIND_NAMES,
    NAMES,
    st.none() | INPUTS,
    st.none() | INPUTS,
    st.dictionaries(st.sampled_from(["on_delete", "adopted", "previous"]), VALUES, max_size=3),
)
DIAGNOSTICS = st.fixed_dictionaries(
    {"message": NAMES, "severity": st.sampled_from(["error", "warning", "info"]), "urn": NAMES}
)
PREVIEWS = st.builds(
    lambda steps, diagnostics: text(*steps, diagnostics=diagnostics),
    st.lists(STEPS, max_size=8),
    st.lists(DIAGNOSTICS, max_size=4),
)


def _tokens(page: str) -> list[Token]:
    tokens = MARKDOWN.parse(page)
    return [it for token in tokens for it in (token, *(token.children or ()))]


def _holds_nothing_foreign(page: str) -> None:
    """Find our own headings, tables, HTML, pictures and Microsoft's pages, and nothing that came with a name."""
    tokens = _tokens(page)
    for token in tokens:
        if token.type in ("html_inline", "html_block"):
            assert OURS.fullmatch(token.content), token.content
        elif token.type == "fence":
            assert token.info in ("mermaid", "text")
        elif token.type == "link_open":
            assert str(token.attrs["href"]).startswith("https://learn.microsoft.com/")
        elif token.type == "heading_open":
            heading = tokens[tokens.index(token) + 1].content
            assert heading in HEADINGS or re.fullmatch(r"Email synchronization(: .*)?|[A-Z0-9][a-z0-9 ]*", heading)
        else:
            assert token.type not in ("image", "em_open", "s_open", "blockquote_open", "hr", "code_block")


@settings(max_examples=150, deadline=None)
@given(PREVIEWS)
def test_what_a_preview_holds_is_never_markup(printed: bytes) -> None:
    """Whatever names and values hold, a parser of CommonMark finds what we wrote alone."""
    _holds_nothing_foreign(comment(Preview.read(printed), LIMITS["github"]))


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_comments_on_real_previews_are_commonmark(kept: Path) -> None:
    """The comments that the system tests keep are read as they are meant, and have room to spare."""
    written = kept.read_text()

    _holds_nothing_foreign(written)
    assert len(written.encode()) < LIMITS["github"]


@settings(max_examples=100, deadline=None)
@given(PREVIEWS, st.integers(1_200, 5_000))
def test_a_comment_is_never_longer_than_its_limit(printed: bytes, limit: int) -> None:
    assert len(comment(Preview.read(printed), limit).encode()) <= limit


@settings(max_examples=100, deadline=None)
@given(PREVIEWS)
def test_a_picture_holds_no_syntax_but_ours(printed: bytes) -> None:
    """Each line of the picture is a node, an edge or a colour; a name is letters, digits and entities."""
    pictures = [it for it in _tokens(comment(Preview.read(printed), LIMITS["github"])) if it.info == "mermaid"]

    for line in "".join(it.content for it in pictures).splitlines():
        assert re.fullmatch(
            r"flowchart LR|  n\d+ --> n\d+|  classDef [a-z]+ [\w:#,-]+"
            r'|  n\d+\["(?:[^\W_]|[ \-_.@]|#\d+;)+<br/>[a-z ]+"\]:::[a-z]+',
            line,
        ), line


@pytest.mark.parametrize("op", ["create", "update", "delete", "replace", "same", "import"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_is_never_shown(kind: str, op: str) -> None:
    """Not even one that the engine would print in clear, in a value or in a message that quotes it."""
    secrets = [name for name, argument in KINDS[kind].arguments.items() if argument.secret]
    inputs: dict[str, Any] = dict.fromkeys(secrets, SECRET) | {
        "user": "anna",
        "name": "n",
        "faults": [SECRET],
        "__provider": SECRET,
        "row_id": SECRET,
        "on_delete": {"4dabf18193072939515e22adb298388d": "x", "plaintext": SECRET},
    }
    other = inputs | dict.fromkeys(secrets, f"other-{SECRET}")
    blamed = f"error: property password value {{&{{{SECRET}}}}} has a problem: too long"

    page = comment(
        preview(
            step(op, kind, "one", inputs, other, _state={"outputs": {**inputs, "previous": inputs}}),
            step(op, "a:b:C", "stranger", {"password": SECRET}, {"password": f"{SECRET}2"}),
            diagnostics=[{"message": blamed, "severity": "error", "urn": urn("a:b:C", "stranger")}],
        ),
        LIMITS["github"],
    )

    assert SECRET not in page
    assert "__provider" not in page


def test_thousands_of_changes_leave_the_dangerous_ones() -> None:
    """The limit is met, the picture is drawn in groups, and each of a few losses stands in the comment."""
    created = [
        step("create", "Mailbox", f"m{it}", None, {**ON, "user": f"user{it}@contoso.com"}) for it in range(5_000)
    ]
    lost = [step("update", "Mailbox", f"x{it}", {**ON, "user": f"x{it}"}, {**OFF, "user": f"x{it}"}) for it in range(9)]

    for limit in LIMITS.values():
        page = comment(preview(*created, *lost), limit)

        assert len(page.encode()) <= limit
        assert all(f"`x{it}`" in page for it in range(9))
        assert "5000 taken over, 9 changed" in page
        assert "lines are left out" in page


def test_colours_are_left_out() -> None:
    """A message may hold the codes of a terminal, or the engine's own for them."""
    message = "error: <{%fg 1%}>\x1b[31mno<{%reset%}>"

    page = comment(preview(diagnostics=[{"message": message, "severity": "error"}]), LIMITS["github"])

    assert "- `no`" in page


def test_pipelines_find_an_earlier_comment_by_its_first_line() -> None:
    page = comment(Preview.read(json.dumps({"steps": [{"op": "same", "urn": urn("a:b:C", "x")}]}).encode()), 5_000)

    assert page.splitlines()[0] == "<!-- dataverse-email comment pipeline/test -->"
