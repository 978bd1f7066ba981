"""The inputs of a test-and-enable, read once; and the names under which state keeps what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..named import MEMBERS, SELECTIONS

Props = Mapping[str, Any]
"""Properties that `check` let through: their shape is known."""

MAILBOXES = "mailboxes"
GENERATIONS = "generations"
PROFILES = "profiles"
PROFILE_GENERATIONS = "profile_generations"
STATUSES = "statuses"

COMPUTED = (GENERATIONS, MEMBERS, SELECTIONS, PROFILES, PROFILE_GENERATIONS, STATUSES)
"""Inputs that are no arguments."""

FAILED, NOT_APPROVED, LEFT_OUT, ATTEMPTS = "failed", "not_approved", "left_out", "attempts"

UNFINISHED = "unfinished"
"""Output: the mailboxes that the next update takes up again, whether or not anything changes."""

WAITING = "waiting"
"""Output: of the mailboxes whose test had not ended in time, when the test before it ended."""

TESTED, TESTED_PROFILES = "tested_generations", "tested_profile_generations"
"""Outputs: the generations that have been found good."""

WATCHED = "watched"
"""Output: the mailboxes whose status stands in the inputs, since it fell once."""

FALLEN = "fallen"
"""Output of a refresh: its inputs hold statuses that fell, so the engine can name them."""

SWITCHED_OFF = "switched_off"
"""Output: synchronization was off, so nothing was tested."""

FOUND = (STATUSES, ATTEMPTS, WAITING, TESTED, TESTED_PROFILES)
"""Outputs that outlast a time in which nothing is tested."""

CANARIES = 2
"""Of each profile: one may fail for a reason of its own."""

WAVE_SIZE = 50
"""As many as one request carries; a wrong setting then harms no more."""

TIMEOUT = 3600
"""Seconds: Microsoft promises a few minutes for a test, and repeats one that meets a passing trouble for up to 50."""

STOP_AFTER_FAILURES = 5
"""So many are no accident any more."""


def _part(properties: Props, name: str) -> Mapping[str, Any]:
    found = properties.get(name)
    return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Wanted:
    """What a program wants tested, and how.

    Args:
        inputs: those that `check` let through, all known by now.
        bound: seconds that the verb may take; `None` where the program does not say.
        of_sets: member of a set -> the set's name, once they are known.
    """

    inputs: Props
    bound: float | None = None
    of_sets: Mapping[str, str] = field(default_factory=dict)

    @property
    def mailboxes(self) -> Mapping[str, str]:
        """Name -> id of a mailbox, or what its resource waits for."""
        return _part(self.inputs, MAILBOXES)

    @property
    def members(self) -> Mapping[str, Mapping[str, int]]:
        """Name of a set -> its stated members, each with the generation of what is its own."""
        return _part(self.inputs, MEMBERS)

    @property
    def selections(self) -> Mapping[str, Mapping[str, object]]:
        """Name of a set -> its selection, where it has one."""
        return _part(self.inputs, SELECTIONS)

    @property
    def generations(self) -> Mapping[str, int]:
        """Name of a mailbox -> its generation, where a resource declares it; a member's rises with its set's too."""
        stated = _part(self.inputs, GENERATIONS)
        return {**stated} | {
            key: stated.get(name, 0) + self.members.get(name, {}).get(key, 0) for key, name in self.of_sets.items()
        }

    @property
    def profiles(self) -> Mapping[str, str]:
        """Name of a profile that a resource declares -> its id."""
        return _part(self.inputs, PROFILES)

    @property
    def profile_generations(self) -> Mapping[str, int]:
        """Name of such a profile -> its generation."""
        return _part(self.inputs, PROFILE_GENERATIONS)

    @property
    def approval(self) -> str:
        """What is done about addresses that are not approved: `require`, `approve` or `ignore`."""
        return str(self.inputs.get("approval") or "require")

    @property
    def canaries(self) -> int | Sequence[str]:
        """Who is tested first: so many of each profile, or these."""
        stated = self.inputs.get("canaries")
        return CANARIES if stated is None else stated

    @property
    def wave_size(self) -> int:
        """How many are tested at a time."""
        return int(self.inputs.get("wave_size") or WAVE_SIZE)

    @property
    def timeout(self) -> float:
        """Seconds that the waiting may take in all."""
        stated = float(self.inputs.get("timeout") or TIMEOUT)
        return stated if self.bound is None else min(stated, self.bound)

    @property
    def stop_after_failures(self) -> int:
        """After how many failures no further wave is begun."""
        return int(self.inputs.get("stop_after_failures") or STOP_AFTER_FAILURES)

    @property
    def retests_all(self) -> bool:
        """Whether a change of a profile tests its healthy mailboxes too."""
        return self.inputs.get("retest") == "all"

    @property
    def takes_over(self) -> bool:
        """Whether a mailbox is taken from another organization that synchronizes it."""
        return self.inputs.get("sync_from_this_organization_only") is True


@dataclass(frozen=True)
class Record:
    """What the last run of a test-and-enable found; nothing at first.

    Args:
        outputs: those in state.
    """

    outputs: Props

    @property
    def statuses(self) -> Mapping[str, str]:
        """Name of a mailbox -> how its last test ended."""
        return _part(self.outputs, STATUSES)

    @property
    def left_out(self) -> Mapping[str, str]:
        """Name of a mailbox -> why it was not tested."""
        return _part(self.outputs, LEFT_OUT)

    @property
    def unfinished(self) -> Sequence[str]:
        """Names of the mailboxes that needed a test and are not enabled."""
        found = self.outputs.get(UNFINISHED)
        return found if isinstance(found, list) else []

    @property
    def attempts(self) -> Mapping[str, Sequence[str]]:
        """Name of a mailbox -> when its tests were asked for, within the last day."""
        return _part(self.outputs, ATTEMPTS)

    @property
    def waiting(self) -> Mapping[str, str]:
        """Name of a mailbox whose test had not ended -> when the one before it ended."""
        return _part(self.outputs, WAITING)

    @property
    def generations(self) -> Mapping[str, int]:
        """Name of a mailbox -> the generation that was found good."""
        return _part(self.outputs, TESTED)

    @property
    def profile_generations(self) -> Mapping[str, int]:
        """Name of a profile -> the generation that its canaries proved, or that was there when it was first met."""
        return _part(self.outputs, TESTED_PROFILES)
