"""What a run of test-and-enable leaves behind: the outputs, and the sentences that a person reads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from .inputs import (
    ATTEMPTS,
    FAILED,
    LEFT_OUT,
    NOT_APPROVED,
    STATUSES,
    TESTED,
    TESTED_PROFILES,
    UNFINISHED,
    WAITING,
    Record,
    Wanted,
)
from .mailbox import Mailbox
from .waves import Results
from .who import Plan, recent


@dataclass(frozen=True)
class Outcome:
    """All that one run found out.

    Args:
        wanted: what the program wants.
        record: what the last run found.
        mailboxes: the group as it was read before anything was done.
        absent: name -> why there is no such mailbox.
        plan: what was to be done.
        results: what was done.
        not_approved: name -> why the address is not approved, and where a person approves it.
        alerts: name -> what the service says about the failure.
        now: the present moment.
    """

    wanted: Wanted
    record: Record
    mailboxes: Collection[Mailbox]
    absent: Mapping[str, str]
    plan: Plan
    results: Results
    not_approved: Mapping[str, str]
    alerts: Mapping[str, str]
    now: datetime

    def outputs(self) -> dict[str, object]:
        """Return what state keeps, empty parts left out."""
        later = self._to_do_later()
        unfinished = {*self.failed, *self.not_approved, *later}
        outputs: dict[str, object] = {
            STATUSES: {it.name: self.results.ended.get(it.name, it).status for it in self.mailboxes},
            FAILED: self.failed,
            NOT_APPROVED: dict(self.not_approved),
            LEFT_OUT: self.plan.left_out | later,
            ATTEMPTS: self._attempts(),
            UNFINISHED: sorted(unfinished),
            WAITING: {name: it.completed for name, it in self.results.unfinished.items()},
            TESTED: self._generations(),
            TESTED_PROFILES: self._profile_generations(),
        }
        return {name: it for name, it in outputs.items() if it}

    @property
    def failed(self) -> dict[str, str]:
        """Name -> which directions failed, and what the service says."""
        tested = {
            name: ": ".join(filter(None, (it.status, self.alerts.get(name))))
            for name, it in self.results.ended.items()
            if it.missing
        }
        return tested | self.results.refused

    def _to_do_later(self) -> dict[str, str]:
        """Return name -> why the mailbox is not tested yet, of those that the next run takes up again."""
        unfinished = dict.fromkeys(
            self.results.unfinished,
            f"its test has not ended in {self.wanted.timeout:.0f} s; the next `pulumi up` goes on waiting",
        )
        gone = dict.fromkeys(self.results.gone, "the mailbox was deleted while it was tested")
        return {**self.absent, **self.plan.exhausted, **self.results.untouched, **unfinished, **gone}

    def _attempts(self) -> dict[str, list[str]]:
        names = {it.name for it in self.mailboxes}
        kept = {name: recent(times, self.now) for name, times in self.record.attempts.items() if name in names}
        for name in self.results.attempts:
            kept[name] = [*kept.get(name, []), self.now.isoformat(timespec="seconds")]
        return {name: times for name, times in kept.items() if times}

    def _generations(self) -> dict[str, int]:
        """Return the generations found good: of the enabled ones; of the others, what was good before, if anything."""
        good = {it.name for it in (*self.plan.healthy, *self.results.succeeded)}
        owed = {name: it - 1 for name, it in self.wanted.generations.items() if name in self.plan.owed}
        return owed | _found_good(self.wanted.generations, good, self.record.generations)

    def _profile_generations(self) -> dict[str, int]:
        """Return the generations of the profiles, without the risen ones that no canary has proved."""
        unproved = self.results.unproved(self.plan.canaries)
        put_off = {it.profile_id for it in self.mailboxes if it.name in self.plan.exhausted}
        unproved |= put_off - {it.profile_id for it in self.plan.canaries}
        good = {name for name, profile_id in self.wanted.profiles.items() if profile_id not in unproved}
        return _found_good(self.wanted.profile_generations, good, self.record.profile_generations)


def _found_good(now: Mapping[str, int], good: Collection[str], before: Mapping[str, int]) -> dict[str, int]:
    return {name: it if name in good else before[name] for name, it in now.items() if name in good or name in before}
