"""What one process has seen and done with one environment: the memory that the six verbs share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol

from ..dataverse.deadline import CLOCK, Clock
from ..dataverse.rows import Organization, Rows
from ..declare import TableKind
from ..errors import SettingsError, WrongEnvironment
from ..exchange.interface import Exchange
from .claims import Claims
from .owners import Ahead
from .props import ADOPTED, HOST, ORGANIZATION, keys
from .reach import Limits, Reach
from .read_ahead import ReadAhead
from .watched import Watched


class Report(Protocol):
    """Where messages for the person at the terminal go."""

    def warn(self, message: str) -> None:
        """Show a warning that stays in the run's diagnostics."""
        ...

    def status(self, message: str) -> None:
        """Show how far a long piece of work is; the next message takes the place of this one."""
        ...

    def error(self, message: str) -> None:
        """Show what was not achieved, where the rest of the resource is done and recorded."""
        ...


def no_exchange(_platform: str) -> Exchange | None:
    """Stand where nobody has said how to reach Exchange.

    Raises:
        SettingsError: always.
    """
    raise SettingsError("nothing says how to reach Exchange.\nSet exchangeTransport.")


@dataclass(frozen=True)
class Target:
    """The environment that the settings name.

    Args:
        host: as state records it; `None` where the settings name none.
        organization_id: the organization that must answer; `None` where the settings name none.
        connect: checks the settings and opens the wire.
        limits: how far one run may go.
        exchange: opens the wire to Exchange, on that platform; `None` where nothing is to be sent to it.
    """

    host: str | None
    organization_id: str | None
    connect: Callable[[], Rows]
    limits: Limits = field(default_factory=Limits)
    exchange: Callable[[str], Exchange | None] = no_exchange


@dataclass
class Run:
    """One process's memory for one environment; shared by the host's threads."""

    target: Target
    report: Report
    settled: dict[str, str] = field(default_factory=dict)
    """Row id that the program's side proposes -> the one that state has."""

    replaced: dict[str, str] = field(default_factory=dict)
    """Row id of a replacement -> the row id that it replaces."""

    proposals: dict[str, str] = field(default_factory=dict)
    """Row id that `check` settled -> the one that the program's side proposed."""

    records: dict[str, Mapping[str, object]] = field(default_factory=dict)
    """Row id that this process let go without restoring it -> what the row held before it was adopted."""

    generations: dict[str, int] = field(default_factory=dict)
    """What identifies a resource -> its generation in state."""

    created: set[str] = field(default_factory=set)
    """Ids that `create` returned in this process."""

    compared: set[str] = field(default_factory=set)
    """Ids of rows in state that the program of this run declares: `diff` was asked about them after `check`."""

    keys: set[tuple[str, str, str]] = field(default_factory=set)
    """Kind, argument and value of what identifies the rows that the program declares: a refresh calls `diff` alone."""

    anew: set[tuple[str, str, str]] = field(default_factory=set)
    """Those of the `keys` whose resource is new or replaced, and not created yet."""

    claims: Claims = field(default_factory=Claims)
    """Which resource has which mailbox."""

    deleted: set[str] = field(default_factory=set)
    """Ids of rows that `delete` removed in this process."""

    written: set[str] = field(default_factory=set)
    """Ids of the rows that this process wrote, or tried to: nothing that was read of them before counts."""

    ahead: Ahead = field(init=False)
    """Owners that were looked up before their resources ask for them."""

    reads: ReadAhead = field(init=False)
    """Rows that were listed before their resources ask for them."""

    clock: Clock = CLOCK
    """What waiting goes by."""

    members: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Name of a set -> the rows of its members by their keys, as this process last saw or wrote them."""

    retest: set[str] = field(default_factory=set)
    """Ids of rows of which this process wrote something that calls for a new test-and-enable."""

    written_on: dict[str, str] = field(default_factory=dict)
    """Id of a row in state -> when an earlier run last wrote something that calls for one."""

    reach: Reach = field(init=False)
    """What this run may do, and has done."""

    _said: set[str] = field(default_factory=set)
    _found: dict[tuple[str, str], str] = field(default_factory=dict)
    _rows: Rows | None = None
    _exchanges: dict[str, Exchange | None] = field(default_factory=dict)
    _organization: Organization | None = None
    _state_organizations: set[str] = field(default_factory=set)
    _foreign: str | None = None
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.reach = Reach(self.target.limits)
        self.ahead = Ahead(self.written)
        self.reads = ReadAhead(self.written)

    def say_once(self, message: str) -> None:
        """Show a warning that is true of the whole run."""
        with self._lock:
            new = message not in self._said
            self._said.add(message)
        if new:
            self.report.warn(message)

    def meet_state(self, state: Mapping[str, object]) -> None:
        """Remember which environment a state belongs to, and refuse it where the settings name another.

        Asks nobody: what is compared are the host in state and the host in the settings.

        Raises:
            WrongEnvironment: the settings name another host.
        """
        host, organization = str(state.get(HOST, "")), str(state.get(ORGANIZATION, ""))
        if organization:
            with self._lock:
                self._state_organizations.add(organization)
        if not host or self.target.host in (None, host) or self._renamed(organization):
            return
        self._foreign = (
            f"the state belongs to the environment {host} (organization {organization}), "
            f"but the settings name {self.target.host}. Nothing was sent.\n"
            f"Point the settings at {host}; or, if the same organization has a new address, set "
            f"dataverse-email:organizationId to {organization}."
        )
        raise WrongEnvironment(self._foreign)

    def moved(self, state: Mapping[str, object]) -> bool:
        """Say whether the environment of a state has another address now."""
        return self.target.host is not None and state.get(HOST) not in (None, self.target.host)

    def rows(self, state: Mapping[str, object] | None = None) -> Rows:
        """Open the wire, once, and make sure that the right organization answers.

        Args:
            state: the outputs of the resource at hand; `None` where it has none yet.

        Raises:
            WrongEnvironment: the state or the settings belong to another organization.
            SettingsError, LoginError, DataverseError: nobody answers.
        """
        if state is not None:
            self.meet_state(state)
        elif self._foreign:
            raise WrongEnvironment(self._foreign)
        with self._lock:
            if self._rows is None:
                self._rows = Watched(self.target.connect(), self.written)
            if self._organization is None:
                self._organization = self._rows.organization()
            rows, answering = self._rows, self._organization.organization_id
            expected = {text.lower() for text in self._state_organizations}
        if self.target.organization_id:
            expected.add(self.target.organization_id.lower())
        if others := sorted(expected - {answering.lower()}):
            raise WrongEnvironment(
                f"the organization {answering} ('{self._organization.name}') answers at {self.target.host}, "
                f"but the state or the settings belong to {', '.join(others)}. Nothing was written.\n"
                "This environment was copied or replaced: use a stack of its own for it, "
                "or point the settings at the environment that the state belongs to."
            )
        return rows

    def exchange(self, platform: str) -> Exchange | None:
        """Open the wire to Exchange, once; `None` where the settings say that nothing is to be sent to it.

        Raises:
            SettingsError: the settings of Exchange are missing or contradict each other.
        """
        with self._lock:
            if platform not in self._exchanges:
                self._exchanges[platform] = self.target.exchange(platform)
            return self._exchanges[platform]

    def identity(self) -> dict[str, object]:
        """Return the outputs that say where a row lives; after `rows` only."""
        return {HOST: self.target.host or "", ORGANIZATION: self.organization_id}

    @property
    def organization(self) -> Organization:
        """The organization that answers; after `rows` only."""
        if self._organization is None:
            raise RuntimeError("nobody has asked yet which organization answers")
        return self._organization

    @property
    def organization_id(self) -> str:
        """The id of the organization that answers; after `rows` only."""
        return self._organization.organization_id if self._organization else ""

    def declares(self, kind: TableKind, row_id: str, outputs: Mapping[str, object]) -> bool:
        """Say whether the program of this run declares the row, as far as `check` and `diff` have told.

        An earlier run may have taken the row over and ended before its deletes: then this one only compares it, and
        the delete that comes late must not give the row back or remove it. A replacement on demand is not compared:
        the row is deleted, and then declared anew under its key.
        """
        if outputs.get(ADOPTED):
            return row_id in self.compared or not self.anew.isdisjoint(keys(kind, outputs))
        return row_id in self.proposals and row_id not in self.replaced.values()

    def last_written(self, row_id: str) -> str | None:
        """Return when we last wrote to the row what calls for a new test-and-enable; `None` where nobody knows of it.

        The service says by its own clock when a test ended, in whole seconds: that this machine's is ahead by less than
        a test takes does no harm.
        """
        now = self.clock.moment().isoformat(timespec="seconds")
        return now if row_id in self.retest else self.written_on.get(row_id)

    def once(self, entity_set: str, key: str, look_up: Callable[[], str]) -> str:
        """Return what is to be known of the row with that name or id, looked up once in this process."""
        with self._lock:
            found = (entity_set, key.casefold())
            if found not in self._found:
                self._found[found] = look_up()
            return self._found[found]

    def _renamed(self, organization: str) -> bool:
        given = self.target.organization_id
        return given is not None and given.lower() == organization.lower()
