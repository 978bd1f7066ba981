"""Carries out the writes of a set, fifty rows a request, and tells how far it is."""

from collections.abc import Sequence

from ...dataverse.rows import Outcome, Rows, Update
from ...errors import DataverseEmailError, Refused, Throttled, UnknownOutcome
from ..run import Run

PORTION = 50
"""Rows of one request: after each the person at the terminal may be told."""

QUIET = 3.0
"""Seconds between two lines that tell how far it is."""

WHOLE = (UnknownOutcome, Throttled)
"""What all rows of a request fail with when the request itself did."""


def carry_out(run: Run, rows: Rows, updates: Sequence[Update], what: str) -> list[Outcome]:
    """Write many rows and return how each ended, in their order.

    After a request that failed as a whole no further one is sent: it would only meet the same.

    Args:
        run: this process's memory.
        rows: the wire.
        updates: what is written.
        what: says what is done, such as `mailboxes written`.

    Raises:
        LoginError: no token, and nothing was sent.
    """
    done: list[Outcome] = []
    told = run.clock.now()
    trouble: object = None
    for start in range(0, len(updates), PORTION):
        try:
            outcomes = rows.batch(updates[start : start + PORTION])
        except DataverseEmailError as error:
            if not done:
                raise
            trouble = error
            break
        done += outcomes
        if run.clock.now() - told > QUIET:
            told, failed = run.clock.now(), sum(it.error is not None for it in done)
            run.report.status(f"{len(done) - failed} of {len(updates)} {what}, {failed} failed")
        if all(isinstance(it.error, WHOLE) for it in outcomes):
            trouble = outcomes[0].error
            break
    reason = f"was not sent, because of an earlier failure: {str(trouble).partition(chr(10))[0]}"
    return done + [Outcome(it, error=Refused(it.tried, reason, "Run again.")) for it in updates[len(done) :]]


def may_be_done(outcome: Outcome) -> bool:
    """Say whether the write was carried out, as far as anybody knows."""
    return outcome.error is None or isinstance(outcome.error, UnknownOutcome) or outcome.error.uncertain
