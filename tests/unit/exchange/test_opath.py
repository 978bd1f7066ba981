"""The language of filters: text to tree, tree to text, and where a text stops making sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.emulator.exchange import opath as witness
from pulumi_dataverse_email.exchange.opath import And, Comparison, FilterSyntaxError, Node, Not, Or, parse, spell

from .filters import respelt, trees

A, B, C = (Comparison("City", "eq", letter) for letter in "abc")


@given(trees)
def test_parser_and_printer_are_inverse(tree: Node) -> None:
    assert parse(spell(tree)) == tree


@given(trees.flatmap(respelt))
def test_printing_what_was_read_is_stable(text: str) -> None:
    once = spell(parse(text))

    assert spell(parse(once)) == once


@given(st.text(alphabet="ab'\"()!$-*\\ \n5,=@ſé") | st.text() | trees.flatmap(respelt))
def test_any_text_is_a_tree_or_a_syntax_error_in_it(text: str) -> None:
    try:
        parse(text)
        position = 0
    except FilterSyntaxError as error:
        position = error.position

    assert 0 <= position <= len(text)


@given(st.lists(st.sampled_from(["City", "-eq", "'a'", "(", ")", "-and", "-or", "-not", "!", "$null", "7"])))
def test_what_the_emulator_reads_is_read_alike(words: list[str]) -> None:
    text = " ".join(words)
    try:
        expected = witness.spell(witness.parse(text))
    except witness.FilterError:
        with pytest.raises(FilterSyntaxError):
            parse(text)
    else:
        assert witness.spell(witness.parse(spell(parse(text)))) == expected


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("City -eq 'a'", A),
        ('  ( ( City  -EQ\t"a" ) )\n', A),
        ("City -eq 'it''s'", Comparison("City", "eq", "it's")),
        ("City -eq $NULL", Comparison("City", "eq", None)),
        ("City -eq -7", Comparison("City", "eq", "-7")),
        ("City -eq 'a' -and City -eq 'b' -and City -eq 'c'", And((A, B, C))),
        ("(City -eq 'a' -or City -eq 'b') -or City -eq 'c'", Or((A, B, C))),
        ("City -eq 'a' -or City -eq 'b' -and City -eq 'c'", Or((A, And((B, C))))),
        ("-not City -eq 'a' -and City -eq 'b'", And((Not(A), B))),
        ("!(City -eq 'a' -and City -eq 'b')", Not(And((A, B)))),
    ],
)
def test_a_filter_reads_as(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at position 1, a property, -not or an opening parenthesis was expected: >>>"),
        ("City", "at position 5, an operator"),
        ("City -eq", "at position 9, a text in quotes"),
        ("City -eq 'Bonn", "at position 10, a closing ' later was expected: City -eq >>>'Bonn"),
        ("City -eq Bonn", "at position 10, a text in quotes, a number, $true, $false or $null was expected"),
        ("City = 'Bonn'", "at position 6, a property, an operator or a value was expected: City >>>= 'Bonn'"),
        ("City -is 'Bonn'", "at position 6"),
        ("(City -eq 'a'", "at position 14, -and, -or or a closing parenthesis"),
        ("City -eq 'a')", "at position 13, -and, -or or the end was expected"),
        ("City -eq 'a' City -eq 'b'", "at position 14, -and, -or or the end was expected"),
        ("(" * 101 + "City -eq 'a'" + ")" * 101, "at position 101, no more than 100 levels"),
        ("!" * 10_000 + "City -eq 'a'", "at position 101, no more than 100 levels"),
    ],
)
def test_a_syntax_error_shows_its_position(text: str, message: str) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        parse(text)

    assert message in str(caught.value)


def test_a_thousand_clauses_are_no_thousand_levels() -> None:
    text = " -or ".join(f"PrimarySmtpAddress -eq 'a{number}@x.com'" for number in range(1000))

    assert spell(parse(text)) == text
