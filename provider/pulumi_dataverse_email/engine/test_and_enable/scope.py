"""Waits until the scope that limits the account is effective: a test before that fails, and switches mailboxes off."""

from datetime import datetime
from typing import Final

from ...declare import MomentForm
from ...errors import ExchangeRefused
from ..impersonation_scope.effective import effective_from
from ..run import Run
from .inputs import Wanted

PAUSE: Final = 30.0
"""Seconds between two messages about how long it still takes."""


def wait_for_scope(run: Run, wanted: Wanted) -> None:
    """Wait until the time from which the scope is effective; without a scope, for nothing.

    Raises:
        ExchangeRefused: that would take longer than the timeout; nothing was tested.
        ExchangeNotFound: the scope is gone.
        ExchangeError: nobody answers, or with a refusal.
    """
    moment = _effective(run, wanted)
    if moment is None:
        return
    text = f"{moment:%Y-%m-%d %H:%M:%S} UTC"
    left = (moment - run.clock.moment()).total_seconds()
    if left > wanted.timeout:
        raise ExchangeRefused(
            "test and enable mailboxes",
            f"the scope is effective from {text} on, in {left:.0f} s, and timeout is {wanted.timeout:.0f} s",
            f"Nothing was tested. Run again after {text}, or set timeout to {left + 3600:.0f}.",
        )
    while left > 0:
        run.report.status(f"waiting for the scope, which is effective from {text} on: {left:.0f} s")
        run.clock.pause(min(PAUSE, left))
        left = (moment - run.clock.moment()).total_seconds()


def _effective(run: Run, wanted: Wanted) -> datetime | None:
    stated, scope = wanted.inputs.get("scope_effective_after"), wanted.inputs.get("impersonation_scope")
    if stated:
        moment = MomentForm().normal(stated)
        return moment if isinstance(moment, datetime) else None
    if not scope:
        return None
    found = effective_from(run, str(scope))
    if found is None:
        run.report.warn(
            "nobody can know from when on the scope is effective, since nothing is sent to Exchange, or it says none: "
            "mailboxes that are tested too early are switched off. State scope_effective_after once it is carried out."
        )
    return found
