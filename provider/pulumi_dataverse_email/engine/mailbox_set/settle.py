"""Brings a set about: `create` and `update`, which goes on where the last one ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...dataverse.rows import Rows
from ...declare import SetKind
from ...errors import DataverseEmailError, KeyNotFound, ReachExceeded, RowConflict, RowNotFound
from ..find import look_up
from ..owners import Born
from ..props import WRITTEN_ON
from ..row import Props, restorable, select
from ..run import Run
from .leave import count, give_back, on_delete, others_left_alone
from .members import claimed_by, members, wanted
from .plan import FAILED, LOOKED_UP, MAILBOXES, ROW, WAITING, Plan, Taken, Wanted, leaving, mapping, taken
from .props import SELECTION, SET_ID
from .resolve import member_rows, resolve
from .told import counted, listed, names
from .write import carry_out, may_be_done


def create(kind: SetKind, run: Run, inputs: Props) -> tuple[str, dict[str, object]]:
    """Take the members over and return the set's id and the outputs.

    What fails for one member is that member's: it is recorded, and the next update tries it again.

    Raises:
        WrongEnvironment: another environment or organization than the state's would be written to.
        KeyNotFound: the selection finds nobody, or a profile is not there; nothing was written.
        ReachExceeded: the selection finds more than the run may take over; nothing was written.
        DataverseError, LoginError, SettingsError: nobody answers, or with a refusal.
    """
    set_id = str(inputs[SET_ID])
    return f"set:{set_id}", Settling(kind, run, set_id, {}, inputs).carry_out()


def update(kind: SetKind, run: Run, _id: str, olds: Props, news: Props) -> dict[str, object]:
    """Take over who joins, give back who leaves, write what changed and what failed before; return the outputs.

    Raises:
        WrongEnvironment: the state belongs to another environment or organization.
        KeyNotFound: the selection finds nobody any more, or a profile is not there; nothing was written.
        ReachExceeded: more members leave, or join by selection, than the run may write; nothing was written.
        DataverseError: any other failure before the first write.
    """
    run.meet_state(olds)
    return Settling(kind, run, str(news[SET_ID]), olds, news).carry_out()


@dataclass
class Settling:
    """One set on its way to what is declared.

    Args:
        kind: the declaration.
        run: this process's memory.
        set_id: the set's logical name.
        olds: the outputs in state; empty at creation.
        news: the checked inputs.
    """

    kind: SetKind
    run: Run
    set_id: str
    olds: Props
    news: Props
    failed: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    _gone: set[str] = field(default_factory=set)
    _common: dict[str, object] = field(default_factory=dict)
    _own: dict[str, dict[str, object]] = field(default_factory=dict)

    def carry_out(self) -> dict[str, object]:
        """Write what differs and return the outputs."""
        old, own = taken(self.kind.of, self.olds), members(self.news)
        rows = self._rows_of(old, own)
        mine = self._claimed(rows)
        self._plan(old, own, mine)
        going = others_left_alone(self.kind, self.run, self.set_id, leaving(old, rows.values()))
        count(self.kind, self.run, on_delete(self.news), going)
        self._count_joining(old)
        # What fails keeps its record: the row is ours all the same, as long as it is there.
        behind = {key: it.behind(self.kind.of) for key, it in old.items()}
        records = self._write()
        records |= {key: it for key, it in behind.items() if key in self.failed and key not in self._gone}
        try:
            stuck = give_back(self.kind, self.run, self.rows, self.news, going)
        except DataverseEmailError as error:  # what was written meanwhile is to be recorded all the same
            stuck = dict.fromkeys(going, str(error))
        self.failed |= stuck
        records |= {key: behind[key] for key in stuck}
        for record in records.values():
            if written_on := self.run.last_written(str(record[ROW])):
                record[WRITTEN_ON] = written_on
        self.run.members[self.set_id] = {key: mine[key] for key in records if key in mine}
        self._tell(len({*rows, *self.failed, *self.waiting}))
        return {
            **self.news,
            MAILBOXES: records,
            FAILED: self.failed or None,
            WAITING: self.waiting or None,
            LOOKED_UP: self._looked_up(own) or None,
            **self.run.identity(),
        }

    @cached_property
    def rows(self) -> Rows:
        """The wire; opened once the state's environment was compared."""
        return self.run.rows(self.olds or None)

    def _rows_of(self, old: Mapping[str, Taken], own: Mapping[str, Props]) -> dict[str, str]:
        """Return the row of each member; who has none, or one that must not be written to, fails or waits."""
        selection = mapping(self.news, SELECTION)
        named = own if selection else [key for key in own if key not in old]
        found, missing = resolve(self.kind, self.run, self.rows, named, selection)
        if selection:
            self._judge_selected(found, own)
        absent = self.waiting if self.news.get("when_missing") == "wait" else self.failed
        absent.update(missing)
        self.waiting.update({key: one.hindrance for key, one in found.items() if one.hindrance})
        # Also whoever fails or waits is declared: a resource that is deleted later must not give the row back.
        self.run.created.update(one.row_id for one in found.values() if one.row_id)
        stay = {} if selection else {key: member.row_id for key, member in old.items() if key in own}
        return stay | {key: one.row_id for key, one in found.items() if not one.hindrance}

    def _judge_selected(self, found: Mapping[str, Born], own: Mapping[str, Props]) -> None:
        if not found:
            raise KeyNotFound(
                f"find the members of '{self.set_id}': nobody meets all of the selection. Nothing was written.\n"
                "Check its words; to give all mailboxes back, remove the set from the program."
            )
        if others := {key: it for key, it in own.items() if key not in found and it}:
            self.run.report.warn(f"{self.kind.name}: not in the selection, though settings name them: {names(others)}.")

    def _claimed(self, rows: Mapping[str, str]) -> dict[str, str]:
        """Return the rows that no other member and no other resource of the program has."""
        first: dict[str, str] = {}
        for key, row_id in rows.items():
            if row_id in first:
                self.failed[key] = f"is the mailbox of {first[row_id]}, too: keep one of the two."
                continue
            try:
                self.run.claims.claim(row_id, claimed_by(self.set_id))
            except RowConflict as error:
                self.failed[key] = str(error)
                continue
            first[row_id] = key
        return {key: row_id for row_id, key in first.items()}

    def _plan(self, old: Mapping[str, Taken], own: Mapping[str, Props], rows: Mapping[str, str]) -> None:
        of = self.kind.of
        behind = {**mapping(self.olds, FAILED), **mapping(self.olds, WAITING)}
        fresh = {
            key: row_id
            for key, row_id in rows.items()
            if key in behind or key not in old or old[key].row_id != row_id or self.run.claims.gave_back(row_id)
        }
        self._look_up({key: own[key] for key in rows if key in own}, again=bool(fresh))
        self._refuse_leaving_at_once()
        inputs = {key: wanted(of, self.news, own.get(key, {})) for key in rows if key not in self.failed}
        columns = dict.fromkeys([*restorable(of), *(name for it in inputs.values() for name in it)])
        there = member_rows(of, self.rows, list(fresh.values()), select(of, columns, results=False))
        before = {**self.run.records, **{member.row_id: member.previous for member in old.values()}}
        for key, its in inputs.items():
            member = Wanted(of, key, its, {**self._common, **self._own.get(key, {})})
            if key not in fresh:
                self.plan.keep(member, old[key])
            elif (row := there.get(rows[key].lower())) is not None:
                self.plan.take(member, row, before.get(rows[key]))
            else:
                self._gone.add(key)
                self.failed[key] = f"its {of.table.label} {rows[key]} is not there any more."

    def _look_up(self, own: Mapping[str, Props], *, again: bool) -> None:
        """Look up what the settings name: a profile that is missing for all is an error, for one it is the one's.

        Args:
            own: the settings of single members.
            again: whether what state knows is looked up too: a row that is new to us is to get what is there now.
        """
        self._common = self._ids(self.news, again=again)
        for key, its in own.items():
            try:
                if ids := self._ids(its, again=again):
                    self._own[key] = ids
            except (KeyNotFound, RowConflict) as error:
                self.failed[key] = str(error)

    def _refuse_leaving_at_once(self) -> None:
        """Refuse to write what the selection goes by: its members would have left it with the first write.

        Raises:
            RowConflict: the selection names another row than the settings of all.
        """
        selected = look_up(self.kind.selections, self.run, self.rows, mapping(self.news, SELECTION))
        for name in self._common.keys() & selected.keys():
            if self._common[name] != selected[name]:
                raise RowConflict(
                    f"take over the selection of '{self.set_id}': it finds mailboxes by {name}, and the settings of "
                    "all state another one: they would have left the selection at once. Nothing was written.\n"
                    "Select by something that the set does not change."
                )

    def _ids(self, settings: Props, *, again: bool) -> dict[str, object]:
        texts = {name: it for name in self.kind.of.lookups if isinstance(it := settings.get(name), str)}
        known = {} if again else mapping(self.olds, LOOKED_UP)
        ids = {name: led_to for name, it in texts.items() if (led_to := mapping(known, name).get(it.casefold()))}
        asked = {name: it for name, it in texts.items() if name not in ids}
        return ids | look_up(self.kind.of, self.run, self.rows, asked)

    def _count_joining(self, old: Mapping[str, Taken]) -> None:
        """Count those whom a selection brings in and a write changes: no preview has named them.

        Raises:
            ReachExceeded: they are more than the run may write.
        """
        known = {member.row_id for member in old.values()}
        joining = [it.row_id for it in self.plan.changes if it.values and it.row_id not in known]
        if mapping(self.news, SELECTION) and (reason := self.run.reach.join(*joining)):
            raise ReachExceeded(f"take over the selection of '{self.set_id}': {reason}")

    def _write(self) -> dict[str, dict[str, object]]:
        """Write what is planned and return what state is to keep of each member."""
        of = self.kind.of
        records = {it.member.key: it.record for it in self.plan.changes}
        changes = [it for it in self.plan.changes if it.values]
        outcomes = carry_out(self.run, self.rows, [it.update for it in changes], "mailboxes written")
        for change, outcome in zip(changes, outcomes, strict=True):
            key, error = change.member.key, outcome.error
            if isinstance(error, RowNotFound):
                self._gone.add(key)
                del records[key]
            if error is not None:
                self.failed[key] = str(error)
        self.run.retest.update(
            change.row_id
            for change, outcome in zip(changes, outcomes, strict=True)
            if may_be_done(outcome) and not change.values.keys().isdisjoint(of.retested)
        )
        return records

    def _looked_up(self, own: Mapping[str, Props]) -> dict[str, dict[str, object]]:
        """Return the ids that the texts of lookups led to, argument by argument."""
        found: dict[str, dict[str, object]] = {}
        for its, ids in ((self.news, self._common), *((own[key], ids) for key, ids in self._own.items())):
            for name, led_to in ids.items():
                found.setdefault(name, {})[str(its[name]).casefold()] = led_to
        return found

    def _tell(self, in_all: int) -> None:
        label = f"{self.kind.name} '{self.set_id}'"
        for name, kept in self.plan.later.items():
            of = counted(len(kept), "mailbox", "mailboxes")
            self.run.report.warn(
                f"{label}: {name} of {of} stays where the service moved it, later than the program says: "
                f"{names(dict.fromkeys(kept))}."
            )
        if self.waiting:
            self.run.report.warn(
                f"{label}: {len(self.waiting)} of {counted(in_all, 'member', 'members')} wait, nothing was written to "
                f"them; each `pulumi up` tries again.\n{listed(self.waiting)}"
            )
