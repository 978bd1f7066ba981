"""Schedules tests in waves and waits for them together: canaries first, few enough at a time, never for ever."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from ...dataverse.rows import Guid, OneOf, Row, Rows, Update
from ...errors import DataverseEmailError, DataverseError, RowNotFound, Throttled, UnknownOutcome
from ..run import Run
from .inputs import Wanted
from .mailbox import ENTITY_SET, KEY, PRIMARY, PROGRESS, SCHEDULED, Mailbox

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
"""Seconds between two looks: the first ones soon, because a wrong password shows at once; then fewer, for minutes."""

STATUS_EVERY: Final = 3.0
"""Seconds between two status lines."""

UNDER_WAY, ADMINISTRATION = "0x8005e248", "0x8005e257"
"""What Dataverse answers for a mailbox under test, and for an organization in administration mode.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
"""


@dataclass
class Results:
    """How the tests ended.

    Args:
        ended: name -> the mailbox after its test.
        refused: name -> why its test could not even be asked for.
        unfinished: name -> the mailbox before its test, which has not ended yet.
        untouched: name -> why no test was asked for.
        gone: names of mailboxes that were deleted meanwhile.
        attempts: names of those whose test was asked for.
    """

    ended: dict[str, Mailbox] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unfinished: dict[str, Mailbox] = field(default_factory=dict)
    untouched: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> list[Mailbox]:
        """Those that are enabled now."""
        return [it for it in self.ended.values() if not it.missing]

    @property
    def failures(self) -> int:
        """How many failed."""
        return len(self.ended) - len(self.succeeded) + len(self.refused)

    def unproved(self, canaries: Collection[Mailbox]) -> set[str]:
        """Return the ids of the profiles none of whose canaries is enabled."""
        return {it.profile_id for it in canaries} - {it.profile_id for it in self.succeeded}


@dataclass
class Waves:
    """The tests of one run.

    Args:
        run: this process's memory.
        rows: the wire.
        wanted: what the program wants.
        healthy: how many of the group are enabled already.
        total: how many the group has.
    """

    run: Run
    rows: Rows
    wanted: Wanted
    healthy: int
    total: int
    results: Results = field(default_factory=Results)
    _waiting: dict[str, Mailbox] = field(default_factory=dict)
    _now: dict[str, Mailbox] = field(default_factory=dict)
    _uncertain: set[str] = field(default_factory=set)
    _older: set[str] = field(default_factory=set)
    _called_off: set[str] = field(default_factory=set)
    _stopped: str = ""
    _end: float = 0.0
    _told: float = float("-inf")

    def carry_out(self, joined: Sequence[Mailbox], canaries: Sequence[Mailbox], others: Sequence[Mailbox]) -> Results:
        """Test all, unless too many fail; what is under test already is waited for with the rest.

        Raises:
            LoginError: no token, and nothing was sent.
        """
        self._end = self.run.clock.now() + self.wanted.timeout
        self._wait_for(joined)
        self._older = {it.name for it in joined if it.row_id in self.run.retest}
        self._schedule([it for it in canaries if it.name not in self._waiting])
        self._wait(partial(self._have_shown, canaries))
        unproved = self.results.unproved(canaries)
        why = self._stopped or "no canary of its profile could be enabled"
        self._leave([it for it in others if it.profile_id in unproved], why)
        for wave in _waves([it for it in others if it.profile_id not in unproved], self.wanted.wave_size):
            if not self._stopped and self.results.failures >= self.wanted.stop_after_failures:
                self._stopped = f"the run stopped after {self.results.failures} failures"
            if self._stopped:
                self._leave(wave, self._stopped)
                continue
            self._schedule(wave)
            # One that met a passing trouble may take an hour: it holds up nobody else.
            self._wait(partial(self._is_over, {it.name for it in wave}))
        self._wait(lambda: not self._waiting)
        self.results.unfinished |= self._waiting
        if joined or self.results.attempts:
            self._tell()
        return self.results

    def _have_shown(self, canaries: Sequence[Mailbox]) -> bool:
        """Say whether no canary that is under test yet could tell more: one with a passing trouble may take an hour."""
        unproved = self.results.unproved(canaries)
        going_on = [now for it in canaries if (now := self._now.get(it.name))]
        return all(it.is_postponed and it.profile_id not in unproved for it in going_on)

    def _is_over(self, wave: Collection[str]) -> bool:
        return all(it.is_postponed for name, it in self._now.items() if name in wave)

    def _schedule(self, mailboxes: Sequence[Mailbox]) -> None:
        if not mailboxes:
            return
        try:
            outcomes = self.rows.batch([Update(ENTITY_SET, it.row_id, self._request(it)) for it in mailboxes])
        except DataverseEmailError as error:
            if not self.results.attempts:
                raise
            self._stop(mailboxes, error)
            return
        for mailbox, outcome in zip(mailboxes, outcomes, strict=True):
            self._scheduled(mailbox, outcome.error)

    def _request(self, mailbox: Mailbox) -> Row:
        over = self.wanted.takes_over and mailbox.row.get(PRIMARY) is not True
        return {SCHEDULED: True, PRIMARY: True} if over else {SCHEDULED: True}

    def _scheduled(self, mailbox: Mailbox, error: DataverseError | None) -> None:
        if error is None or isinstance(error, UnknownOutcome):
            self.results.attempts.append(mailbox.name)
            self._wait_for([mailbox])
            if error:
                self._uncertain.add(mailbox.name)
        elif error.code == UNDER_WAY:
            self._wait_for([mailbox])
        elif error.code == ADMINISTRATION:
            self._stop([mailbox], "the organization is in administration mode, in which Dataverse tests nobody")
        elif isinstance(error, Throttled):
            self._stop([mailbox], error)
        elif isinstance(error, RowNotFound):
            self.results.gone.append(mailbox.name)
        else:
            self.results.refused[mailbox.name] = f"its test was refused: {flat(error)}"

    def _stop(self, mailboxes: Sequence[Mailbox], why: object) -> None:
        self._stopped = self._stopped or flat(why)
        self._leave(mailboxes, self._stopped)

    def _leave(self, mailboxes: Sequence[Mailbox], why: str) -> None:
        self.results.untouched |= {it.name: f"it was not tested: {why}" for it in mailboxes}

    def _wait_for(self, mailboxes: Sequence[Mailbox]) -> None:
        self._waiting |= {it.name: it for it in mailboxes}
        self._now |= {it.name: it for it in mailboxes}

    def _wait(self, over: Callable[[], bool]) -> None:
        """Look again and again, ever more seldom, until it is over, or the time is."""
        pause = FIRST_PAUSE
        while not over():
            left = self._end - self.run.clock.now()
            if left <= 0:
                self._stopped = self._stopped or f"{self.wanted.timeout:.0f} seconds were over before its turn"
                return
            self.run.clock.pause(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._look()
            except (UnknownOutcome, Throttled):
                continue  # the tests go on all the same
            except DataverseEmailError as error:
                self._stopped = flat(error)
                return
            if self.run.clock.now() - self._told >= STATUS_EVERY:
                self._tell()

    def _look(self) -> None:
        ids = [Guid(it.row_id) for it in self._waiting.values()]
        found = {str(row[KEY]).lower(): row for row in self.rows.find(ENTITY_SET, OneOf(KEY, ids), PROGRESS, key=KEY)}
        for name, before in list(self._waiting.items()):
            row = found.get(before.row_id.lower())
            if row is None:
                self.results.gone.append(name)
                self._forget(name)
                continue
            now = self._now[name] = before.after(row)
            if now.is_scheduled:
                self._called_off.discard(name)
            elif now.completed != before.completed:
                self._forget(name)
                if name in self._older:
                    # That test may have begun before this run wrote the mailbox: it says nothing about what it holds.
                    self._older.discard(name)
                    self._schedule([now])
                else:
                    self.results.ended[name] = now
            elif name in self._uncertain:
                self.results.untouched[name] = "it was not tested: the answer to the request was lost on the way there"
                self._forget(name)
            elif name in self._called_off:
                self.results.untouched[name] = "its test was called off before it ended, by somebody else"
                self._forget(name)
            else:
                self._called_off.add(name)  # a second look tells whether the first one only came early

    def _forget(self, name: str) -> None:
        del self._waiting[name], self._now[name]
        self._uncertain.discard(name)
        self._called_off.discard(name)

    def _tell(self) -> None:
        self._told = self.run.clock.now()
        enabled = self.healthy + len(self.results.succeeded)
        self.run.report.status(f"{enabled} of {self.total} enabled, {self.results.failures} failed")


def flat(error: object) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split())


def _waves(mailboxes: Sequence[Mailbox], size: int) -> Iterator[Sequence[Mailbox]]:
    for start in range(0, len(mailboxes), size):
        yield mailboxes[start : start + size]
