"""Filters by meaning: equal ones select the same, and a difference is told in the person's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.emulator.exchange import opath as witness
from pulumi_dataverse_email.emulator.exchange.properties import matches
from pulumi_dataverse_email.exchange import filters
from pulumi_dataverse_email.exchange.filters import Difference, difference, meaning
from pulumi_dataverse_email.exchange.opath import Node, parse, spell

from .filters import recipients, respelt, trees

GROUP = "CN=Sales,OU=x,DC=com"


@given(trees.flatmap(lambda tree: st.tuples(st.just(spell(tree)), respelt(tree), respelt(tree))))
def test_another_spelling_is_no_difference(texts: tuple[str, str, str]) -> None:
    first, second, third = texts

    assert not difference(first, second)
    assert not difference(second, first)
    assert not difference(second, third)


@given(trees, trees)
def test_a_difference_is_seen_from_both_sides(one: Node, other: Node) -> None:
    there, back = difference(spell(one), spell(other)), difference(spell(other), spell(one))

    assert (there.added, there.removed) == (back.removed, back.added)
    assert bool(there) == (meaning(one) != meaning(other))


@given(trees, trees, recipients)
def test_equal_filters_select_the_same_recipients(one: Node, other: Node, recipient: dict[str, object]) -> None:
    """The emulator's evaluator is a second implementation; where it tells two filters apart, so must we."""
    chosen = [matches(witness.parse(spell(tree)), recipient) for tree in (one, other)]

    assert chosen[0] == chosen[1] or meaning(one) != meaning(other)


@given(trees.flatmap(lambda tree: st.tuples(st.just(tree), respelt(tree))), recipients)
def test_a_filter_that_was_respelt_selects_the_same(pair: tuple[Node, str], recipient: dict[str, object]) -> None:
    tree, text = pair

    assert matches(witness.parse(spell(tree)), recipient) == matches(witness.parse(text), recipient)


@given(trees)
def test_the_emulators_own_spelling_is_no_difference(tree: Node) -> None:
    text = spell(tree)

    assert not difference(text, witness.spell(witness.parse(text)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("City -ne 'a'", "-not(City -eq 'A')"),
        ("City -notlike 'a*'", "!(City -like 'a*')"),
        ("-not(City -eq 'a' -or Title -eq 'b')", "City -ne 'a' -and Title -ne 'b'"),
        ("!(!(City -eq 'a'))", "City -eq 'a'"),
        (f"MemberOfGroup -eq '{GROUP}'", 'memberofgroup -eq "cn=SALES , ou=X, dc=com"'),
        (r"MemberOfGroup -eq 'CN=A\, B,DC=com'", "MemberOfGroup -eq 'CN=\"A, B\",DC=com'"),
        (r"MemberOfGroup -eq 'CN=K\C3\B6ln,DC=com'", "MemberOfGroup -eq 'CN=Köln,DC=com'"),
    ],
)
def test_these_mean_the_same(one: str, other: str) -> None:
    assert not difference(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("City -eq 'a'", "City -eq 'a '"),
        ("City -eq $null", "City -eq 'null'"),
        ("City -eq $true", "City -eq 'true'"),
        ("City -eq 'strasse'", "City -eq 'straße'"),
        ("-not(City -gt 'a')", "City -le 'a'"),
        ("City -like 'a'", "City -eq 'a'"),
        ("City -eq 'CN=a,DC=x'", "City -eq 'CN=a, DC=x'"),
        ("City -eq 'a' -or City -eq 'b'", "City -eq 'a' -and City -eq 'b'"),
    ],
)
def test_these_may_not_mean_the_same(one: str, other: str) -> None:
    assert difference(one, other)


@pytest.mark.parametrize(
    ("earlier", "later", "added", "removed"),
    [
        ("City -eq 'a'", "(city -EQ 'A') -or City  -eq 'b'", ["City  -eq 'b'"], []),
        ("City -eq 'a' -or City -eq 'b'", "CITY -eq 'B'", [], ["City -eq 'a'"]),
        ("City -eq 'a' -or City -eq 'b'", "City -eq 'b' -or City -eq \"c\"", ['City -eq "c"'], ["City -eq 'a'"]),
        (
            "Office -eq 'x' -and (City -eq 'a' -or City -eq 'b')",
            "(City -eq 'b' -or City -eq 'a' -or City -eq 'c') -and Office -eq 'X'",
            ["City -eq 'c'"],
            [],
        ),
        ("City -eq 'a'", "City -eq 'b'", ["City -eq 'b'"], ["City -eq 'a'"]),
        (
            "City -eq 'a' -and City -eq 'b'",
            "City -eq 'a' -or City -eq 'b'",
            ["City -eq 'a' -or City -eq 'b'"],
            ["City -eq 'a' -and City -eq 'b'"],
        ),
        ("City -eq 'a' -and !(City -eq 'b')", "City -eq 'a'", [], ["!(City -eq 'b')"]),
    ],
)
def test_a_difference_is_told_by_clauses(earlier: str, later: str, added: list[str], removed: list[str]) -> None:
    found = difference(earlier, later)

    assert (list(found.added), list(found.removed), found.unread) == (added, removed, "")


def test_what_cannot_be_read_is_compared_as_text_and_says_so() -> None:
    same, other = difference("(City =  'a')", "city = 'A'"), difference("City = 'a'", "City -eq 'a'")

    assert not same
    assert "position 7" in same.unread
    assert other == Difference(("City -eq 'a'",), ("City = 'a'",), other.unread)
    assert str(other).splitlines()[:2] == ["- City = 'a'", "+ City -eq 'a'"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("City =", "at position 6"),
        ("City -like '*x'", "a wildcard cannot stand in front: City -like '*x'"),
        ("City -notlike '*x*'", "a wildcard cannot stand in front"),
        ("City -like $null", "-like needs a text"),
        ("City -gt $null", "-gt cannot be used with $null"),
        ("MemberOfGroup -eq 'Sales'", "MemberOfGroup needs a distinguished name"),
        ("-not(memberOfGroup -eq '')", "matches nobody: memberOfGroup -eq ''"),
        ("City -eq 'a' -or City -eq 'b' -and City -eq 'c'", "say by parentheses what belongs together"),
        ("Office -eq 'x' -and (City -eq 'a' -and City -eq 'b' -or City -eq 'c')", "by parentheses"),
        ("City -eq 'x' -or (City -eq 'a' -and City -eq 'b' -or City -eq 'c')", "by parentheses"),
    ],
)
def test_a_fault_says_what_is_wrong(text: str, fault: str) -> None:
    (found,) = filters.faults(text)

    assert fault in found


@pytest.mark.parametrize(
    "text",
    [
        "City -like '*'",
        "City -like 'a*'",
        "City -eq $null",
        f"MemberOfGroup -eq '{GROUP}' -or MemberOfGroup -eq $null",
        "(City -eq 'a' -and City -eq 'b') -or City -eq 'c'",
        "(City -eq 'a' -or City -eq 'b') -and City -eq 'c'",
        "!(City -eq 'a') -and City -eq 'b'",
    ],
)
def test_these_have_no_fault(text: str) -> None:
    assert filters.faults(text) == []


def test_all_faults_are_found_at_once() -> None:
    assert len(filters.faults("City -like '*x' -or MemberOfGroup -eq 'y' -or City -lt $null")) == 3


def test_a_long_filter_is_a_warning() -> None:
    short, long = (" -or ".join(f"City -eq '{number:04}'" for number in range(count)) for count in (50, 200))

    assert filters.warnings(short) == []
    assert f"has {len(long)} characters" in filters.warnings(long)[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("City -eq 'a'", ("a",)),
        ("(city -eq 'a') -or CITY -eq 'b'", ("a", "b")),
        ("City -eq 'a' -or Title -eq 'b'", None),
        ("City -eq 'a' -and City -eq 'b'", None),
        ("City -ne 'a'", None),
        ("City -eq $null", None),
    ],
)
def test_a_list_of_values_is_read_only_where_it_says_everything(text: str, found: tuple[str, ...] | None) -> None:
    assert filters.values(parse(text), "City") == found
