"""Values inside an XML text: what is read, what is written, and what stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.declare import NotUnderstood, document

ROOT, ELEMENTS = "Settings", ("One", "Two")
BOTH = "<Settings><One>1</One><Two>2</Two></Settings>"

SPACES = st.text(" \n\t", max_size=3)
OTHERS = st.lists(
    st.sampled_from(
        ["<Other>1</Other>", '<Other a="/>"/>', "<!-- <One>7</One> -->", "<Three> é &amp; </Three>", "<A><B/></A>"]
    ),
    max_size=3,
).map("".join)
NUMBERS = st.integers(0, 10**6)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """Return a text with places for `One` and `Two`, and the same text with `{one}` and `{two}` there."""
    head = draw(st.sampled_from(["", '<?xml version="1.0" encoding="utf-16"?>\r\n', "<!-- before -->"]))
    attributes = draw(st.sampled_from(["", ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', " a='>'"]))
    one = draw(st.sampled_from(["<One>0</One>", "<One/>", "<One></One>", "<One >\n 5 </One >"]))
    two = draw(st.sampled_from(["<Two>0</Two>", "<Two />"]))
    around = [draw(SPACES) + draw(OTHERS) for _ in range(3)]
    form = f"{head}<Settings{attributes}>{around[0]}{{one}}{around[1]}{{two}}{around[2]}</Settings>{draw(SPACES)}"
    return form.replace("{one}", one).replace("{two}", two), form


@given(texts(), NUMBERS, NUMBERS)
def test_only_the_values_change(text_and_form: tuple[str, str], one: int, two: int) -> None:
    """All that stands around the values stays, byte for byte."""
    text, form = text_and_form
    written = document(text, ROOT, ELEMENTS).written({"One": one, "Two": two})

    assert written == form.replace("{one}", f"<One>{one}</One>").replace("{two}", f"<Two>{two}</Two>")


@given(texts(), NUMBERS, NUMBERS)
def test_what_is_written_is_read(text_and_form: tuple[str, str], one: int, two: int) -> None:
    written = document(text_and_form[0], ROOT, ELEMENTS).written({"One": one, "Two": two})

    assert document(written, ROOT, ELEMENTS).codes == {"One": one, "Two": two}


@given(texts())
def test_writing_nothing_changes_nothing(text_and_form: tuple[str, str]) -> None:
    assert document(text_and_form[0], ROOT, ELEMENTS).written({}) == text_and_form[0]


@pytest.mark.parametrize("text", [None, "", "<Settings/>", "<Settings />", "<Settings></Settings>"])
def test_a_text_without_values_gets_them(text: str | None) -> None:
    written = document(text, ROOT, ELEMENTS).written({"One": 1, "Two": 2})

    assert str(written).replace(" ", "") == BOTH


def test_values_go_behind_what_is_there() -> None:
    assert document("<Settings a='/>'/>\n", ROOT, ELEMENTS).written({"One": 1}) == (
        "<Settings a='/>'><One>1</One></Settings>\n"
    )
    assert document("<Settings><Other/></Settings >", ROOT, ELEMENTS).written({"One": 1}) == (
        "<Settings><Other/><One>1</One></Settings >"
    )


def test_a_value_that_goes_leaves_the_others() -> None:
    found = document("<Settings><Other/><One>1</One><Two>2</Two></Settings>", ROOT, ELEMENTS)

    assert found.written({"One": None}) == "<Settings><Other/><Two>2</Two></Settings>"
    assert found.written({"One": None, "Two": None}) == "<Settings><Other/></Settings>"


def test_a_text_without_anything_left_is_none() -> None:
    """A text that came with the values goes with them."""
    assert document(BOTH, ROOT, ELEMENTS).written({"One": None, "Two": None}) is None
    assert document(None, ROOT, ELEMENTS).written({"One": None}) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("One=1", "it is no XML (not well-formed"),
        ("<Settings><One>1</Settings>", "it is no XML (mismatched tag"),
        ("<Settings>\ud800</Settings>", "it is no XML"),
        ("<Other><One>1</One></Other>", "its root is <Other>, not <Settings>"),
        ("<Settings><User><One>1</One></User></Settings>", "<One> is not directly in <Settings>"),
        ("<Settings><One>1</One><One>2</One></Settings>", "<One> is there twice"),
        ("<Settings><One>many</One></Settings>", "<One> holds something else than a whole number"),
        ("<Settings><One>-1</One></Settings>", "<One> holds something else than a whole number"),
        ("<Settings><One for='user'>1</One></Settings>", "<One> holds something else than a whole number"),
        ("<Settings><One><!-- x -->1</One></Settings>", "<One> holds something else than a whole number"),
        ("<Settings><One><Code>1</Code></One></Settings>", "<One> holds something else than a whole number"),
        ("<!DOCTYPE Settings><Settings/>", "it has a document type"),
    ],
)
def test_another_shape_is_not_understood(text: str, why: str) -> None:
    """The message says what does not fit, and quotes the text."""
    with pytest.raises(NotUnderstood) as caught:
        document(text, ROOT, ELEMENTS)

    assert str(caught.value).startswith(why)
    assert str(caught.value).endswith(": " + text.encode(errors="backslashreplace").decode())


def test_a_long_text_is_quoted_in_part() -> None:
    with pytest.raises(NotUnderstood) as caught:
        document(f"<Other>{'x' * 5000}</Other>", ROOT, ELEMENTS)

    assert len(str(caught.value)) < 300
    assert str(caught.value).endswith("x...")
