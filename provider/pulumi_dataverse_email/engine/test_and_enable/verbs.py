"""`create`, `update` and `read` of a test-and-enable."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...dataverse.rows import Rows
from ...declare import Kind, SetKind
from ...errors import WrongEnvironment
from ..props import TIMEOUTS, allowed
from ..run import Run
from .alerts import alerts
from .approve import approve, path
from .group import Group, Search
from .inputs import COMPUTED, FALLEN, FOUND, STATUSES, SWITCHED_OFF, WATCHED, Record, Wanted
from .mailbox import ENABLED, GONE, JOINED, LEFT, UNTESTED, Mailbox
from .outcome import Outcome
from .scope import wait_for_scope
from .waves import Waves
from .who import Choice, Plan, backlogs, obstacle, rose

Props = Mapping[str, object]

OFF = "dataverse-email:synchronization is off: no mailbox is approved, tested or enabled. Set it to on to have them so."


@dataclass(frozen=True)
class Enabling:
    """Carries out the verbs that talk to Dataverse.

    Args:
        kind: the declaration.
        sets: the declaration of a set of mailboxes, and with it that of a mailbox.
        run: this process's memory.
    """

    kind: Kind
    sets: SetKind
    run: Run

    def bring_about(self, verb: str, inputs: Props, olds: Props) -> dict[str, object]:
        """Approve, test and enable whom the inputs name and who needs it; return the outputs, failures among them.

        Args:
            verb: `create` or `update`, whose time the program may bound.
            inputs: those that `check` let through.
            olds: the outputs in state; empty for a new resource.

        Raises:
            WrongEnvironment: another organization answers than the state's, or one outside production.
            KeyNotFound: no profile has that name.
            ReachExceeded: more mailboxes would be tested than one run may; nothing was sent.
            DataverseError, LoginError, SettingsError: nobody answers, or with a refusal, and no test was asked for.
        """
        rows = self.run.rows(olds or None)
        wanted, record = Wanted(inputs, allowed(inputs, verb)), Record(olds)
        statuses = inputs.get(STATUSES)
        known = {**inputs, WATCHED: sorted(statuses) if isinstance(statuses, Mapping) else None}
        if not self.run.target.limits.synchronization:
            self.run.say_once(OFF)
            kept = {name: olds[name] for name in FOUND if name in olds}
            return {**kept, **known, **self.run.identity(), SWITCHED_OFF: True}
        self._refuse_outside_production(inputs)
        return {**known, **self._outcome(rows, wanted, record).outputs(), **self.run.identity()}

    def read(self, olds: Props) -> tuple[dict[str, object], dict[str, object]]:
        """Return outputs and inputs; a status that fell, and who joined or left, stands in the inputs.

        Raises:
            WrongEnvironment: another organization answers than the state's.
            DataverseError, LoginError, SettingsError: nobody answers, or with a refusal.
        """
        inputs = {name: olds[name] for name in (*self.kind.arguments, *COMPUTED, TIMEOUTS) if name in olds}
        inputs.pop(STATUSES, None)
        watched = olds.get(WATCHED)
        there = dict.fromkeys(watched if isinstance(watched, list) else (), ENABLED)
        if not self.run.target.limits.synchronization:
            self.run.meet_state(olds)
            return dict(olds), inputs | ({STATUSES: there} if there else {})
        rows = self.run.rows(olds)
        group = self._search(rows, Wanted(olds)).group()
        record = Record(olds)
        now = {it.name: it.status for it in group.mailboxes} | dict.fromkeys(group.absent, GONE)
        fallen = _fallen(record, group)
        there |= fallen
        outputs = {
            **olds,
            **self.run.identity(),
            # Who joined is known from the next update on: until then each refresh finds it new.
            STATUSES: {name: now.get(name, LEFT) for name in record.statuses},
            WATCHED: sorted(there) or None,
            FALLEN: bool(fallen) or None,
        }
        return outputs, inputs | ({STATUSES: there} if there else {})

    def _search(self, rows: Rows, wanted: Wanted) -> Search:
        return Search(self.kind, self.sets, self.run, rows, wanted)

    def _outcome(self, rows: Rows, wanted: Wanted, record: Record) -> Outcome:
        group = self._search(rows, wanted).group()
        wanted = replace(wanted, of_sets=group.of_sets)
        everybody = wanted.retests_all and not Wanted(record.outputs).retests_all
        run = self.run
        choice = Choice(wanted, record, group.mailboxes, run.retest, run.written_on, everybody, run.clock.moment())
        return self._carry_out(rows, group, choice)

    def _carry_out(self, rows: Rows, group: Group, choice: Choice) -> Outcome:
        wanted, now = choice.wanted, choice.now
        plan = choice.plan()
        approving = plan.unapproved if wanted.approval == "approve" else []
        self.run.reach.test(self.kind.name, len(plan.tests) + len(approving))
        approval = approve(rows, approving)
        not_approved = approval.refused if approving else {it.name: _to_approve(it) for it in plan.unapproved}
        plan = choice.ordered(plan, [*plan.tests, *approval.approved])
        self._warn_of_backlogs(plan, choice)
        if plan.tests:
            wait_for_scope(self.run, wanted)
        waves = Waves(self.run, rows, wanted, len(plan.healthy), len(group.mailboxes))
        results = waves.carry_out(plan.joined, plan.canaries, plan.others)
        failed = [it for it in results.ended.values() if it.missing]
        texts = alerts(rows, failed)
        return Outcome(wanted, choice.record, group.mailboxes, group.absent, plan, results, not_approved, texts, now)

    def _refuse_outside_production(self, inputs: Props) -> None:
        organization = self.run.organization
        if organization.is_production or inputs.get("allow_outside_production") is True:
            return
        raise WrongEnvironment(
            f"{self.kind.name}: the organization '{organization.name}' is of the type "
            f"{organization.type or '(it tells none)'}, not a production one. Nothing was sent: a test in a copy takes "
            "mailboxes away from the organization that they were copied from.\n"
            "Set dataverse-email:synchronization to off for copies; or, where the mailboxes are this organization's "
            "own, set allow_outside_production=True."
        )

    def _warn_of_backlogs(self, plan: Plan, choice: Choice) -> None:
        if names := backlogs(plan.tests, choice.now):
            self.run.report.warn(
                f"{self.kind.name}: mail of more than 7 days comes in once these queues are enabled: "
                f"{', '.join(names)}. State a later process_email_received_after where that is not wanted."
            )


def _to_approve(mailbox: Mailbox) -> str:
    why = "Exchange Online asks for an administrator's approval: " if mailbox.is_online else ""
    return f"{why}{path(mailbox)}"


def _fallen(record: Record, group: Group) -> dict[str, str]:
    """Return name -> what is not as the last run left it, of all that a further run could do something about."""
    fallen = dict.fromkeys(group.absent, GONE)
    generations = Wanted(record.outputs, of_sets=group.of_sets).generations
    for mailbox in group.mailboxes:
        if reason := obstacle(mailbox):
            if mailbox.name not in record.left_out:
                fallen[mailbox.name] = f"left out: {reason}"
        elif mailbox.missing:
            fallen[mailbox.name] = mailbox.status
        elif mailbox.name not in record.statuses:
            fallen[mailbox.name] = JOINED
        elif mailbox.name in record.left_out and rose(mailbox.name, generations, record.generations):
            fallen[mailbox.name] = UNTESTED
    here = {*group.absent, *(it.name for it in group.mailboxes)}
    return fallen | dict.fromkeys(record.statuses.keys() - here, LEFT)
