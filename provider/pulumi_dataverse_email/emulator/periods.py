"""Days, weeks, months and years around a moment.

Days begin at midnight UTC and weeks on Sunday, the settings of a new organization.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from .errors import bad_request

Period = tuple[datetime, datetime]
"""Its first moment, and the first one after it."""


def midnight(moment: datetime) -> datetime:
    """Return when the day of a moment began."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def later(moment: datetime, unit: str, number: int) -> datetime:
    """Go a number of units on or, below zero, back; a day that the month does not have becomes its last.

    Raises:
        ODataError: 400, when that leads beyond the calendar.
    """
    try:
        if unit not in ("Month", "Year"):
            return moment + number * timedelta(**{f"{unit.lower()}s": 1})
        months = moment.year * 12 + moment.month - 1 + number * (12 if unit == "Year" else 1)
        year, month = months // 12, months % 12 + 1
        return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        raise bad_request("The date or the number of periods leads beyond the calendar.") from None


def whole(now: datetime, unit: str, number: int) -> Period:
    """Return the day, week, month or year that is so many after the current one."""
    start = later(_start(now, unit), unit, number)
    return start, later(start, unit, 1)


def back(now: datetime, unit: str, number: int) -> Period:
    """Return the last units up to now; all but hours begin with their first day."""
    moment = later(now, unit, -number)
    return (moment if unit == "Hour" else midnight(moment)), now + timedelta(seconds=1)


def ahead(now: datetime, unit: str, number: int) -> Period:
    """Return the next units from now; all but hours end with their last day."""
    moment = later(now, unit, number)
    return now, (moment if unit == "Hour" else later(midnight(moment), "Day", 1))


def _start(now: datetime, unit: str) -> datetime:
    """Return when the current day, week, month or year began."""
    day = midnight(now)
    match unit:
        case "Week":
            return day - timedelta(days=(day.weekday() + 1) % 7)
        case "Month":
            return day.replace(day=1)
        case "Year":
            return day.replace(month=1, day=1)
    return day
