"""Carries a plan out in Exchange, and takes back what was done where the rest fails."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from ...errors import DataverseEmailError, ExchangeError
from ...exchange.interface import Exchange
from ...exchange.objects import ManagementScope, NewScope, RoleAssignment
from .held import Held
from .plan import ChangeAssignment, ChangeScope, MakeAssignment, MakePrincipal, MakeScope, RemoveAssignment, Step


@dataclass
class Work:
    """The carrying out of one plan.

    Args:
        exchange: the organization.
        held: what it held before.
    """

    exchange: Exchange
    held: Held
    scope: ManagementScope | None = field(init=False)
    assignments: dict[str, RoleAssignment] = field(init=False)
    """Ours, by id."""
    _undo: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scope = self.held.scope
        self.assignments = {it.guid: it for it in (*self.held.kept, *self.held.former)}

    def carry_out(self, steps: Iterable[Step]) -> None:
        """Do all steps, in their order.

        Raises:
            ExchangeError: a step failed; those before it stay done.
        """
        for step in steps:
            self._do(step)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Take back what was done where the block fails: where there is no state yet, nobody would know of it.

        A pointer to the application stays, it grants nothing.
        """
        try:
            yield
        except DataverseEmailError:
            for undo in reversed(self._undo):
                with suppress(ExchangeError):  # what fails now is told by what failed first, and found by the next run
                    undo()
            raise

    def _do(self, step: Step) -> None:
        exchange = self.exchange
        match step:
            case MakePrincipal(principal):
                exchange.create_principal(principal)
            case MakeScope(wanted):
                made = self.scope = exchange.create_scope(wanted)
                self._undo.append(lambda: exchange.remove_scope(made))
            case ChangeScope(held, wanted):
                changed = self.scope = exchange.change_scope(held, wanted)
                before = NewScope(held.name, held.recipient_filter, held.recipient_root, held.exclusive)
                self._undo.append(lambda: exchange.change_scope(changed, before))
            case MakeAssignment(assignment):
                assigned = exchange.create_assignment(assignment)
                self.assignments[assigned.guid] = assigned
                self._undo.append(lambda: exchange.remove_assignment(assigned))
            case ChangeAssignment(held_assignment, assignee, reach):
                limited = exchange.change_assignment(held_assignment, assignee, reach)
                self.assignments[limited.guid] = limited
            case RemoveAssignment(held_assignment):
                exchange.remove_assignment(held_assignment)
                self.assignments.pop(held_assignment.guid, None)
