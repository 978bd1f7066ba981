"""Conditions as the text of `$filter`."""

from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.conditions import LONGEST_FILTER, MOST_CONDITIONS, filters
from pulumi_dataverse_email.dataverse.rows import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    EndsWith,
    Equal,
    Guid,
    OneOf,
    StartsWith,
)

ROW = "11111111-1111-4111-8111-111111111111"
NAME = Equal("name", "a")
CODE = Equal("code", 1)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Equal("name", "Anna's"), "name eq 'Anna''s'"),
        (Equal("number", -5), "number eq -5"),
        (Equal("number", 0.5), "number eq 0.5"),
        (Equal("flag", value=True), "flag eq true"),
        (Equal("_owner_value", Guid(ROW)), f"_owner_value eq {ROW}"),
        (Equal("name", None), "name eq null"),
        (
            AtLeast("createdon", datetime(2026, 11, 1, 1, tzinfo=timezone(timedelta(hours=2)))),
            "createdon ge 2026-10-31T23:00:00Z",
        ),
        (StartsWith("name", "O'N"), "startswith(name,'O''N')"),
        (EndsWith("name", "@a.b"), "endswith(name,'@a.b')"),
        (OneOf("code", [1, 2, 1]), "code eq 1 or code eq 2"),
        (AnyOf([NAME, CODE]), "name eq 'a' or code eq 1"),
        (AllOf([NAME, CODE]), "name eq 'a' and code eq 1"),
        (AllOf([NAME]), "name eq 'a'"),
        (AnyOf([AllOf([NAME, CODE]), CODE]), "(name eq 'a' and code eq 1) or code eq 1"),
        (AllOf([OneOf("code", [1, 2]), NAME]), "name eq 'a' and (code eq 1 or code eq 2)"),
        (
            AllOf([AnyOf([NAME, AllOf([CODE, OneOf("x", [1, 2])])])]),
            "name eq 'a' or (code eq 1 and (x eq 1 or x eq 2))",
        ),
    ],
)
def test_a_condition_has_one_text(where: Condition, text: str) -> None:
    assert list(filters(where)) == [text]


@pytest.mark.parametrize("where", [OneOf("code", []), AnyOf([]), AllOf([NAME, OneOf("code", [])]), AnyOf([AnyOf([])])])
def test_what_nothing_can_meet_is_not_asked(where: Condition) -> None:
    assert list(filters(where)) == []


def test_all_of_nothing_is_everything() -> None:
    assert list(filters(AllOf([]))) == [""]


@given(text=st.text(max_size=60), number=st.integers(1, 1_500), among=st.booleans())
def test_many_values_are_asked_for_within_the_limits(text: str, number: int, *, among: bool) -> None:
    """Each value stands in just one request, and none of them breaks the service's limits."""
    values = [f"{text}{counter}" for counter in range(number)]
    many = OneOf("name", values)
    texts = list(filters(AllOf([CODE, many]) if among else many))

    alternatives = [f"name eq '{value.replace(chr(39), chr(39) * 2)}'" for value in values]
    left = alternatives
    for found in texts:
        size = next(it for it in range(1, len(left) + 1) if found.endswith((left[it - 1], f"{left[it - 1]})")))
        inner = " or ".join(left[:size])
        assert found == (f"code eq 1 and {f'({inner})' if size > 1 else inner}" if among else inner)
        assert size + among <= MOST_CONDITIONS
        assert len(quote(found)) <= LONGEST_FILTER
        left = left[size:]
    assert left == []


@pytest.mark.parametrize(("number", "requests"), [(1, 1), (500, 1), (501, 2), (1_250, 3)])
def test_five_hundred_conditions_are_the_limit(number: int, requests: int) -> None:
    texts = list(filters(OneOf("code", range(number))))

    assert [text.count(" eq ") for text in texts] == [*[500] * (requests - 1), number - 500 * (requests - 1)]


def test_what_cannot_be_taken_apart_is_left_to_the_service() -> None:
    long = Equal("name", "a" * 40_000)

    assert list(filters(AnyOf([long, NAME]))) == [f"name eq '{long.value}'", "name eq 'a'"]
