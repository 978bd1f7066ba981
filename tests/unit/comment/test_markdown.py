import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pulumi_dataverse_email.comment.markdown import Section, block, clean, code, fitted, row, table, weight

MARKDOWN = MarkdownIt("commonmark").enable("table")

ANYTHING = st.text(st.characters(), max_size=300) | st.text("`|\\<>&*_[]()#!~\n\t @:-+=\"'$%{}abc ", max_size=40)
"""Any text, lone surrogates too, and text in which all is syntax."""


def _shown(inline: str) -> str:
    """Return what a reader sees of a span of code, and fail for anything else."""
    (paragraph,) = [token for token in MARKDOWN.parse(inline) if token.type == "inline"]
    kinds = [token.type for token in paragraph.children or ()]
    texts = [token.content for token in paragraph.children or ()]
    if kinds == ["code_inline"]:
        return texts[0]
    assert (kinds[0], kinds[-1]) == ("html_inline", "html_inline")
    assert (texts[0], texts[-1]) == ("<code>", "</code>")
    assert set(kinds[1:-1]) <= {"text", "text_special"}
    return "".join(texts[1:-1])


@given(ANYTHING.filter(clean))
@example("`")
@example("|`|")
@example(" a ")
@example("a\\|b")
@example("    ")
@example("\ud800\u202e|")
def test_code_shows_any_text_and_nothing_else(text: str) -> None:
    assert clean(text) == _shown(code(text))


@given(st.lists(ANYTHING.filter(clean), min_size=1, max_size=4))
@example(["a|b", "`|"])
@example(["\\", "|"])
def test_a_row_has_as_many_cells_as_it_was_given(texts: list[str]) -> None:
    """No text in a cell ends it, the row, or the table."""
    page = f"{table(*('h' for _ in texts))}\n{row(*map(code, texts))}"

    tokens = MARKDOWN.parse(page)

    cells = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "td_open"]
    assert [code(text).strip() for text in texts] == cells


@given(ANYTHING)
def test_a_block_shows_any_text_line_by_line(text: str) -> None:
    (token,) = MARKDOWN.parse(block(text))

    assert token.type == "fence"
    assert [clean(line, 2000) for line in text.splitlines()] == token.content.splitlines()


def test_the_end_of_too_long_a_block_stays() -> None:
    """The last line of a traceback says why."""
    assert "the reason" in block("x\n" * 5000 + "the reason")


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b", "\x00", "\x1b", "\ud800"])
def test_what_hides_or_turns_text_is_made_visible(character: str) -> None:
    assert clean(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


SECTIONS = st.builds(
    Section,
    head=st.text("# abc", max_size=30),
    lines=st.lists(st.text("- aé", min_size=1, max_size=80), min_size=1, max_size=30).map(tuple),
    harm=st.integers(0, 9),
    tail=st.sampled_from(["", "\n</details>"]),
    whole=st.booleans(),
)


@given(st.lists(SECTIONS, max_size=8), st.integers(150, 4000))
def test_a_page_is_never_longer_than_its_limit(sections: list[Section], limit: int) -> None:
    page = fitted("opening", sections, limit)

    assert weight(page) <= limit
    assert page.startswith("opening")
    assert ("lines are left out" in page) is (weight(fitted("opening", sections, 1_000_000)) > limit)


def test_the_least_harmful_goes_first_from_its_end() -> None:
    """What is dangerous stays until nothing else is left; a whole section is not torn."""
    lines = tuple(f"line {number}" for number in range(20))
    sections = [
        Section("danger", lines, harm=8),
        Section("table", lines, harm=5),
        Section("picture", lines, harm=1, whole=True),
        Section("details", lines, harm=0),
    ]
    full = weight(fitted("opening", sections, 10_000))

    slightly, halved, hardly = (fitted("opening", sections, limit) for limit in (full - 1, 450, 250))

    assert "details\nline 0" in slightly
    assert "picture" in slightly
    assert "details" not in halved
    assert "picture" not in halved
    assert "line 19\n\ntable\nline 0" in halved
    assert "table" not in hardly
    assert "danger\nline 0" in hardly
