"""Rules about dates, which ask what day it is."""

from collections.abc import Callable
from datetime import datetime

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


def _has_come(name: str) -> Callable[[Values], bool]:
    def holds(values: Values) -> bool:
        moment = MomentForm().normal(values.get(name))
        # Text that is no moment is a fault already.
        return not isinstance(moment, datetime) or moment.date().isoformat() <= str(values[TODAY])

    return holds
