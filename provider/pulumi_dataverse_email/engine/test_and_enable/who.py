"""Who is tested, who is left out and why: pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .inputs import CANARIES, Record, Wanted
from .mailbox import ACTIVE, Mailbox, moment

DAY = timedelta(days=1)

MOST_ATTEMPTS = 3
"""Tests of one mailbox within a day: each may switch the mailbox off, and a third one has never told more."""

OLD = timedelta(days=7)
"""A queue that reads mail from longer ago brings in a backlog."""


@dataclass(frozen=True)
class Plan:
    """What is to be done with the mailboxes of a group.

    Args:
        healthy: those that are enabled and stay untouched.
        joined: those under test already, by whomever.
        canaries: those to be tested first, or to be waited for first where they are under test already.
        others: those to be tested after that.
        unapproved: those to be tested once their address is approved.
        left_out: name -> why the mailbox is not tested; only a change of the mailbox itself can end that.
        exhausted: name -> why it is not tested now, but later.
        owed: names of those left out whose success is older than their settings: they are tested once they can be.
    """

    healthy: list[Mailbox] = field(default_factory=list)
    joined: list[Mailbox] = field(default_factory=list)
    canaries: list[Mailbox] = field(default_factory=list)
    others: list[Mailbox] = field(default_factory=list)
    unapproved: list[Mailbox] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    exhausted: dict[str, str] = field(default_factory=dict)
    owed: list[str] = field(default_factory=list)

    @property
    def tests(self) -> list[Mailbox]:
        """All whose test is to be asked for."""
        return [mailbox for mailbox in (*self.canaries, *self.others) if not mailbox.is_scheduled]


@dataclass(frozen=True)
class Choice:
    """Chooses whom to test.

    Args:
        wanted: what the program wants.
        record: what the last run found.
        mailboxes: the group.
        written: ids of the mailboxes and profiles to which this process wrote what calls for a test.
        written_on: id of a mailbox or profile -> when an earlier run did, as far as state tells.
        everybody: whether the healthy ones are tested too.
        now: the present moment.
    """

    wanted: Wanted
    record: Record
    mailboxes: Collection[Mailbox]
    written: Collection[str]
    written_on: Mapping[str, str]
    everybody: bool
    now: datetime

    def plan(self) -> Plan:
        """Return what is to be done with each mailbox, each in one place."""
        plan = Plan()
        to_test: list[Mailbox] = []
        for mailbox in self.mailboxes:
            if reason := obstacle(mailbox):
                plan.left_out[mailbox.name] = reason
                if not mailbox.missing and self._needs_test(mailbox):
                    plan.owed.append(mailbox.name)
            elif mailbox.is_scheduled:
                # Its statuses are those of the test before: a success among them proves nothing.
                plan.joined.append(mailbox)
            elif not self._needs_test(mailbox):
                plan.healthy.append(mailbox)
            elif reason := self._exhausted(mailbox):
                plan.exhausted[mailbox.name] = reason
            elif not self._may_be_tested(mailbox):
                plan.unapproved.append(mailbox)
            else:
                to_test.append(mailbox)
        self._put_off(plan, to_test)
        return self.ordered(plan, to_test)

    def ordered(self, plan: Plan, to_test: Sequence[Mailbox]) -> Plan:
        """Return the plan with those to be tested in their order: canaries of each profile, then the others."""
        first = [mailbox for profile in self._profiles(to_test) for mailbox in self._canaries(profile, plan, to_test)]
        names = {mailbox.name for mailbox in first}
        healthy = [mailbox for mailbox in plan.healthy if mailbox.name not in names]
        others = [mailbox for mailbox in to_test if mailbox.name not in names]
        return replace(plan, healthy=healthy, canaries=first, others=others)

    @property
    def risen_profiles(self) -> dict[str, str]:
        """Id -> name of the profiles that changed since their mailboxes were last found good."""
        profiles = {it.profile_id: str(it.profile["name"]) for it in self.mailboxes if it.profile_id}
        profiles |= {profile_id: name for name, profile_id in self.wanted.profiles.items()}
        tested = {it.profile_id for it in self.mailboxes if not self._is_older(it, it.profile_id)}
        untested = {it.profile_id for it in self.mailboxes} - tested
        return {
            profile_id: name
            for profile_id, name in profiles.items()
            if rose(name, self.wanted.profile_generations, self.record.profile_generations)
            or profile_id in self.written
            or profile_id in untested
        }

    def _needs_test(self, mailbox: Mailbox) -> bool:
        of_changed_profile = self.wanted.retests_all and mailbox.profile_id in self.risen_profiles
        if mailbox.missing or of_changed_profile:
            return True
        if self._ended_since(mailbox):
            return False
        changed = rose(mailbox.name, self.wanted.generations, self.record.generations)
        unfinished = mailbox.name in self.record.unfinished
        written = mailbox.row_id in self.written or self._is_older(mailbox, mailbox.row_id)
        return changed or unfinished or written or self.everybody

    def _is_older(self, mailbox: Mailbox, row_id: str) -> bool:
        """Say whether a mailbox's last test is older than what we wrote to it or to its profile."""
        written_on = self.written_on.get(row_id)
        return written_on is not None and not (mailbox.completed and moment(mailbox.completed) >= moment(written_on))

    def _ended_since(self, mailbox: Mailbox) -> bool:
        """Say whether the test that the last run waited for has ended, with the settings that are still wanted."""
        if mailbox.name not in self.record.waiting or mailbox.row_id in self.written:
            return False
        then = replace(self.wanted, inputs=self.record.outputs).generations.get(mailbox.name)
        same = then == self.wanted.generations.get(mailbox.name)
        return same and not mailbox.is_scheduled and mailbox.completed != self.record.waiting[mailbox.name]

    def _exhausted(self, mailbox: Mailbox) -> str:
        """Say that a mailbox was tested often enough for a day; empty where it was not."""
        attempts = recent(self.record.attempts.get(mailbox.name, ()), self.now)
        if len(attempts) < MOST_ATTEMPTS:
            return ""
        again = moment(min(attempts)) + DAY
        return (
            f"it was tested {len(attempts)} times within a day, the last time with {mailbox.status}; "
            f"`pulumi up` tests it again after {again:%Y-%m-%d %H:%M} UTC"
        )

    def _may_be_tested(self, mailbox: Mailbox) -> bool:
        return mailbox.is_approved or (self.wanted.approval == "ignore" and not mailbox.is_online)

    def _profiles(self, to_test: Sequence[Mailbox]) -> list[str]:
        return sorted({mailbox.profile_id for mailbox in to_test} | self.risen_profiles.keys())

    def _canaries(self, profile_id: str, plan: Plan, to_test: Sequence[Mailbox]) -> Sequence[Mailbox]:
        """Return who of a profile goes first; a healthy mailbox does where the profile changed and no other can."""
        under_test = [mailbox for mailbox in plan.joined if not mailbox.is_postponed]
        ours = [mailbox for mailbox in (*under_test, *to_test) if mailbox.profile_id == profile_id]
        healthy = [it for it in self._healthy(profile_id, plan) if not self._exhausted(it)]
        # Where none of those that are named can go first, a whole wave must not go in their place.
        return self._first([*ours, *healthy]) or ours[: CANARIES if self.wanted.canaries else 0]

    def _first(self, mailboxes: Sequence[Mailbox]) -> Sequence[Mailbox]:
        """Return those that the program means by its canaries."""
        stated = self.wanted.canaries
        return mailboxes[:stated] if isinstance(stated, int) else [it for it in mailboxes if it.name in stated]

    def _put_off(self, plan: Plan, to_test: Sequence[Mailbox]) -> None:
        """Leave for another day the canaries of changed profiles that nobody can prove today."""
        for profile_id in self.risen_profiles:
            if not self._canaries(profile_id, plan, to_test):
                for mailbox in self._first(self._healthy(profile_id, plan)):
                    plan.healthy.remove(mailbox)
                    plan.exhausted[mailbox.name] = self._exhausted(mailbox)

    def _healthy(self, profile_id: str, plan: Plan) -> list[Mailbox]:
        """Return the enabled mailboxes that may prove a profile, where it changed."""
        if profile_id not in self.risen_profiles:
            return []
        return [mailbox for mailbox in plan.healthy if mailbox.profile_id == profile_id and mailbox.is_approved]


def obstacle(mailbox: Mailbox) -> str:
    """Return why a mailbox cannot be tested as it is, whatever the program wants; empty where it can."""
    if not mailbox.wanted:
        return "none of its delivery methods is server-side synchronization"
    if mailbox.row.get("statecode") != ACTIVE:
        return "the mailbox is inactive"
    if not mailbox.profile_id:
        return "it has no email server profile"
    if mailbox.profile.get("statecode") != ACTIVE:
        return f"its email server profile '{mailbox.profile.get('name')}' is inactive"
    if not mailbox.row.get("emailaddress"):
        return "it has no email address"
    return "its user is disabled" if mailbox.has_disabled_user else ""


def recent(attempts: Iterable[str], now: datetime) -> list[str]:
    """Return those attempts that are younger than a day."""
    return [text for text in attempts if now - moment(text) < DAY]


def backlogs(mailboxes: Iterable[Mailbox], now: datetime) -> list[str]:
    """Return the names of the queues whose mail of more than a week comes in once they are enabled."""
    return [
        mailbox.name
        for mailbox in mailboxes
        if mailbox.is_of_queue
        and any(it.name == "incoming" for it in mailbox.missing)
        and ((since := mailbox.reads_mail_since) is None or now - since > OLD)
    ]


def rose(name: str, now: Mapping[str, int], then: Mapping[str, int]) -> bool:
    """Say whether a generation rose since it was found good; one that was never met counts by its mailboxes alone."""
    return name in then and name in now and now[name] > then[name]
