"""Periods of time as the query functions mean them."""

from datetime import UTC, datetime

import pytest

from pulumi_dataverse_email.emulator import periods

WEDNESDAY = datetime(2024, 1, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unit", "number", "start", "end"),
    [
        ("Day", 0, "2024-01-31", "2024-02-01"),
        ("Day", -1, "2024-01-30", "2024-01-31"),
        ("Week", 0, "2024-01-28", "2024-02-04"),
        ("Week", 1, "2024-02-04", "2024-02-11"),
        ("Month", -1, "2023-12-01", "2024-01-01"),
        ("Month", 1, "2024-02-01", "2024-03-01"),
        ("Year", -1, "2023-01-01", "2024-01-01"),
    ],
)
def test_a_calendar_unit_begins_with_its_first_day(unit: str, number: int, start: str, end: str) -> None:
    found = periods.whole(WEDNESDAY, unit, number)

    assert (start, end) == tuple(moment.date().isoformat() for moment in found)


@pytest.mark.parametrize(
    ("unit", "number", "there"),
    [
        ("Month", 1, "2024-02-29T15:30"),
        ("Month", -11, "2023-02-28T15:30"),
        ("Year", 1, "2025-01-31T15:30"),
        ("Week", -1, "2024-01-24T15:30"),
        ("Hour", 9, "2024-02-01T00:30"),
        ("Minute", -30, "2024-01-31T15:00"),
    ],
)
def test_a_day_that_a_month_does_not_have_becomes_its_last(unit: str, number: int, there: str) -> None:
    assert periods.later(WEDNESDAY, unit, number) == datetime.fromisoformat(f"{there}+00:00")


def test_the_last_days_begin_at_midnight_and_the_last_hours_do_not() -> None:
    assert periods.back(WEDNESDAY, "Day", 2)[0] == datetime(2024, 1, 29, tzinfo=UTC)
    assert periods.back(WEDNESDAY, "Hour", 2)[0] == datetime(2024, 1, 31, 13, 30, tzinfo=UTC)
    assert periods.ahead(WEDNESDAY, "Day", 2)[1] == datetime(2024, 2, 3, tzinfo=UTC)
    assert periods.ahead(WEDNESDAY, "Hour", 2)[1] == datetime(2024, 1, 31, 17, 30, tzinfo=UTC)
