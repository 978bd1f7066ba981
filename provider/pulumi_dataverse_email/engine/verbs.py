"""The six verbs of a kind, as one value: what Pulumi's calling convention needs of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ..declare import Fault, SetKind, TableKind
from . import check, create, delete, mailbox_set, read, update
from .check import Difference
from .row import Props
from .run import Run

Outputs = dict[str, object]


@dataclass(frozen=True)
class Verbs:
    """What can be done with the resources of one kind."""

    check: Callable[[Run, Props, Props], tuple[Outputs, list[Fault]]]
    diff: Callable[[Run, str, Props, Props], Difference]
    create: Callable[[Run, Props], tuple[str, Outputs]]
    read: Callable[[Run, str, Props], tuple[Outputs, Outputs] | None]
    update: Callable[[Run, str, Props, Props], Outputs]
    delete: Callable[[Run, str, Props], None]


def of_rows(kind: TableKind) -> Verbs:
    """Return the verbs of a kind each of whose resources is a row."""
    return Verbs(
        partial(check.check, kind),
        partial(check.diff, kind),
        partial(create.create, kind),
        partial(read.read, kind),
        partial(update.update, kind),
        partial(delete.delete, kind),
    )


def of_sets(kind: SetKind) -> Verbs:
    """Return the verbs of a kind whose resources are sets of rows."""
    return Verbs(
        partial(mailbox_set.check, kind),
        partial(mailbox_set.diff, kind),
        partial(mailbox_set.create, kind),
        partial(mailbox_set.read, kind),
        partial(mailbox_set.update, kind),
        partial(mailbox_set.delete, kind),
    )
