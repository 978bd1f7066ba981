import pytest
from pydantic import TypeAdapter, ValidationError

from pulumi_dataverse_email.declare import Moment, whole
from pulumi_dataverse_email.declare.values import BooleanForm, CaselessForm, Form, MomentForm


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("2026-11-01", "2026-11-01T00:00:00Z"),
        ("2026-11-01T08:00", "2026-11-01T08:00:00Z"),
        ("2026-11-01T08:00:00.999Z", "2026-11-01T08:00:00Z"),
        ("2026-11-01T01:00:00+02:00", "2026-10-31T23:00:00Z"),
        ("0999-01-01", "0999-01-01T00:00:00Z"),
    ],
)
def test_a_moment_goes_out_in_utc_and_whole_seconds(text: str, wire: str) -> None:
    """Without an offset a moment is UTC."""
    assert MomentForm().write(text) == wire


def test_the_date_of_a_date_that_was_never_set_is_none() -> None:
    """Dataverse fills empty dates of a mailbox with the first day of 1900."""
    assert MomentForm().read("1900-01-01T00:00:00Z") is None
    assert MomentForm().read("2026-11-01T00:00:00Z") == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize("text", ["1900-01-01", "1899-12-31T23:59:59Z", "0001-01-01"])
def test_the_date_that_means_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="later than 1900-01-01"):
        TypeAdapter(Moment).validate_python(text)


def test_text_that_is_no_moment_equals_itself_alone() -> None:
    """Comparing never fails, whatever a program states; refusing is the business of check."""
    assert MomentForm().normal("last Tuesday") == "last Tuesday"
    assert MomentForm().normal(5) == 5


def test_case_carries_no_meaning_in_keys() -> None:
    assert CaselessForm().normal("ANNA@Contoso.com") == CaselessForm().normal("anna@contoso.COM")
    assert CaselessForm().normal(5) == 5


def test_plain_values_are_what_they_are() -> None:
    assert (Form().write("a"), Form().read("a"), Form().normal("a")) == ("a", "a", "a")


def test_whole_numbers_are_integers_at_any_depth() -> None:
    """The record of an adopted row holds numbers too."""
    found = whole({"previous": {"port": 443.0, "hosts": [1.0, 1.5]}, "name": "x"})

    assert found == {"previous": {"port": 443, "hosts": [1, 1.5]}, "name": "x"}
    assert "443.0" not in repr(found)


def test_a_boolean_that_was_never_written_is_no() -> None:
    """Dataverse answers null for it, which is no difference to a program that says False."""
    assert BooleanForm().read(None) is False
    assert BooleanForm().read(True) is True  # noqa: FBT003  a value of the wire
