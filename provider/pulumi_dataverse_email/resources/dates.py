"""Rules about dates, which ask what day it is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from ..declare import TODAY, MomentForm, Rule, Values
from .sources import BEST_PRACTICES


def not_in_the_future(name: str) -> Rule:
    """Return the warning about a date before which mail is not read: the argument `name`."""
    return Rule(
        reads=(name,),
        blames=name,
        says="the date is in the future: mail that arrives before it is never read; give today's or an earlier one",
        source=BEST_PRACTICES,
        holds=_has_come(name),
        severity="warning",
    )


SOON = timedelta(days=30)
"""From when on a date of expiry is warned of: a month has time for a request, an approval and a deployment."""


def expires(name: str, what: str, renewal: str, source: str) -> tuple[Rule, Rule]:
    """Return the warnings that `what` expires soon, and that it has expired, by the date in the argument `name`."""

    def left(values: Values) -> timedelta:
        moment, today = MomentForm().normal(values.get(name)), values[TODAY]
        # Where there is no date, nothing expires; text that is no moment is a fault already.
        return moment.date() - today if isinstance(moment, datetime) and isinstance(today, date) else timedelta.max

    return (
        Rule(
            reads=(name,),
            blames=name,
            says=f"{what} expires on {{{name}}}, in {SOON.days} days or less: {renewal}",
            source=source,
            holds=lambda values: not timedelta(0) <= left(values) <= SOON,
            severity="warning",
        ),
        Rule(
            reads=(name,),
            blames=name,
            says=f"{what} has expired on {{{name}}}: {renewal}",
            source=source,
            holds=lambda values: left(values) >= timedelta(0),
            severity="warning",
        ),
    )


def _has_come(name: str) -> Callable[[Values], bool]:
    def holds(values: Values) -> bool:
        moment = MomentForm().normal(values.get(name))
        # Text that is no moment is a fault already.
        return not isinstance(moment, datetime) or moment.date().isoformat() <= str(values[TODAY])

    return holds
