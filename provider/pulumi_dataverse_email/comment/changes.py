"""What a preview would do, one change a resource: the engine's steps put together."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ..declare import Argument, Kind, SetKind, TableKind
from ..engine.props import ADOPTED, FAULTS, GENERATION, ROW_ID
from ..resource import TOKEN
from ..resources import KINDS
from .preview import Place, Preview, Properties, State, Step

STACK = "pulumi:pulumi:Stack"


NOWHERE = State()
"""A resource that is not there: before it is created, or after it is deleted."""


class What(StrEnum):
    """What happens to a resource; the most harmful first."""

    DELETE = "delete"
    REPLACE = "replace"
    UPDATE = "update"
    CREATE = "create"
    IMPORT = "import"
    NOTHING = "nothing"


STEPS = {
    "delete": What.DELETE,
    "replace": What.REPLACE,
    "create-replacement": What.REPLACE,
    "delete-replaced": What.REPLACE,
    "import-replacement": What.REPLACE,
    "read-replacement": What.REPLACE,
    "discard-replaced": What.REPLACE,
    "update": What.UPDATE,
    "create": What.CREATE,
    "import": What.IMPORT,
    "same": What.NOTHING,
    "refresh": What.NOTHING,
    "read": What.NOTHING,
    "discard": What.NOTHING,
    "remove-pending-replace": What.NOTHING,
}
"""The engine's words for its steps (`pkg/resource/deploy/step.go`)."""

Path = tuple[str, ...]
"""An input, or one entry of an input that is a map."""


@dataclass(frozen=True)
class Change:
    """One resource of the preview, and what happens to it."""

    urn: str
    what: What
    steps: tuple[Step, ...]
    """Those of the resource itself, without the one that refreshes it."""

    recorded: State | None
    """What the state held before it was refreshed; `None` without `--refresh`."""

    @cached_property
    def place(self) -> Place:
        """The resource's address."""
        return Place.of(self.urn)

    @cached_property
    def kind_name(self) -> str:
        """The kind's name; empty for resources of other providers."""
        return self.place.type.removeprefix(TOKEN) if self.place.type.startswith(TOKEN) else ""

    @cached_property
    def kind(self) -> Kind | None:
        """The kind's declaration; a kind that is not known yet has none."""
        return KINDS.get(self.kind_name)

    @property
    def row_kind(self) -> TableKind | None:
        """The declaration of the rows that it writes: its own row's, or those of the members of a set."""
        kind = self.kind
        return kind.of if isinstance(kind, SetKind) else kind if isinstance(kind, TableKind) else None

    @property
    def is_group(self) -> bool:
        """Whether the resource is no row, but has members."""
        return not isinstance(self.kind, TableKind)

    @cached_property
    def old(self) -> State:
        """The resource as it is: in state, or as the refresh found it."""
        return next((step.old_state for step in self.steps if step.old_state), None) or self.recorded or NOWHERE

    @cached_property
    def new(self) -> State:
        """The resource as the program wants it."""
        return next((step.new_state for step in reversed(self.steps) if step.new_state), NOWHERE)

    @property
    def state(self) -> State:
        """The resource as it will be, or was where it is deleted."""
        return self.old if self.what is What.DELETE else self.new

    @property
    def adopts(self) -> bool:
        """Whether the row is there already and is taken over."""
        kind = self.row_kind
        return kind is not None and (bool(kind.owner_keys) or self.state.inputs.get("adopt") is True)

    def argument(self, path: Path) -> Argument | None:
        """Return the argument that a path leads to: of a member of a set, one of the member's own."""
        if not self.kind:
            return None
        if isinstance(self.kind, SetKind) and path[2:]:
            return self.kind.of.arguments.get(path[2])
        return self.kind.arguments.get(path[0])

    @property
    def adopted(self) -> bool:
        """Whether the row was there before the resource."""
        return self.old.outputs.get(ADOPTED) is True

    @property
    def gone(self) -> bool:
        """Whether the refresh found that the row is there no longer."""
        return self.recorded is not None and self.what is What.CREATE

    @cached_property
    def differing(self) -> tuple[Path, ...]:
        """The inputs that differ, of a map each entry by itself; without those that `check` computes."""
        if self.what not in (What.UPDATE, What.REPLACE):
            return ()
        named = {_top(path) for step in self.steps for path in (*step.detailed_diff, *step.diff_reasons)}
        old, new = self.old.inputs, self.new.inputs
        return tuple(
            path
            for name in self.inputs(old, new)
            for path in self._paths(name, old.get(name), new.get(name), named=name in named)
        )

    def inputs(self, *found: Properties) -> Iterator[str]:
        """Yield the names of the inputs that people state, in the order of the declaration."""
        names = set().union(*found)
        declared = self.kind.arguments if self.kind else {}
        yield from (name for name in declared if name in names)
        yield from sorted(name for name in names - declared.keys() if not _is_reserved(name))

    def stated(self, state: State) -> list[str]:
        """Return the names of what a program states of the resource; of a kind that is not known, of all its inputs."""
        return [name for name in self.inputs(state.inputs) if self.kind is None or name in self.kind.arguments]

    def drifted(self, path: Path) -> bool:
        """Whether somebody changed this input behind Pulumi's back."""
        return self.recorded is not None and at(self.recorded.inputs, path) != at(self.old.inputs, path)

    @property
    def drifts(self) -> bool:
        """Whether the row is not what the state says."""
        return self.gone or any(map(self.drifted, self.differing))

    @property
    def generations(self) -> tuple[object, object]:
        """The number that rises when a new test is called for, before and after."""
        return self.old.inputs.get(GENERATION), self.new.inputs.get(GENERATION)

    def _paths(self, name: str, old: object, new: object, *, named: bool) -> Iterator[Path]:
        argument = self.kind.arguments.get(name) if self.kind else None
        if (self.is_group or argument is None) and isinstance(old, dict) and isinstance(new, dict):
            yield from _entries((name,), old, new)
        elif self.is_group and isinstance(old, list) and isinstance(new, list) and _are_texts([*old, *new]):
            yield from ((name, str(it)) for it in sorted({*map(str, old)} ^ {*map(str, new)}))
        elif named or not (argument.equal(old, new) if argument and None not in (old, new) else old == new):
            yield (name,)


def _entries(path: Path, old: Properties, new: Properties) -> Iterator[Path]:
    """Yield the entries that differ, of a map of maps those inside, where it is on both sides."""
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key), new.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _entries((*path, key), one, other)
        elif one != other:
            yield (*path, key)


def at(properties: Properties, path: Path) -> object:
    """Return the input, or the entry of one, that a path leads to; of a list of names, the name where it is there."""
    found: object = properties
    for name in path:
        if isinstance(found, list):
            found = name if name in found else None
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return found


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(it, str) for it in values)


def changes(preview: Preview) -> list[Change]:
    """Put the steps of each resource together, in the order of kinds and names; the stack itself is none."""
    refreshed = {step.urn: step for step in preview.steps if step.op == "refresh"}
    steps: dict[str, list[Step]] = {}
    for step in preview.steps:
        if step.op != "refresh":
            steps.setdefault(step.urn, []).append(step)
    met = {step.urn for them in steps.values() for step in them} | {_former(them) for them in steps.values()}
    found = [_change(urn, them, refreshed) for urn, them in steps.items()]
    found += [_change(urn, [], refreshed) for urn in refreshed if urn not in met]
    return sorted((change for change in found if change.place.type != STACK), key=_order)


def _change(urn: str, steps: Iterable[Step], refreshed: Mapping[str, Step]) -> Change:
    them = tuple(steps)
    refresh = refreshed.get(_former(them)) or refreshed.get(urn)
    # A step that is not known yet is shown as the change that it most likely is, rather than passed over.
    what = min((STEPS.get(step.op, What.UPDATE) for step in them), key=list(What).index, default=What.NOTHING)
    shown = them or ((refresh,) if refresh else ())
    return Change(urn, what, shown, refresh.old_state if refresh else None)


def _order(change: Change) -> tuple[object, ...]:
    """Sort by kind and name: the engine's steps come in another order each time, and a comment must not."""
    kinds = [*KINDS]
    kind = kinds.index(change.kind_name) if change.kind_name in kinds else len(kinds)
    return (
        kind,
        not change.kind_name,
        change.place.type,
        re.sub("[0-9]+", lambda number: number[0].zfill(9), change.urn),
    )


def _former(steps: Iterable[Step]) -> str:
    """Return the address that state knows: another one where the program gave the resource an alias."""
    return next((step.old_state.urn for step in steps if step.old_state), "")


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _is_reserved(name: str) -> bool:
    return name.startswith("__") or name in (ROW_ID, GENERATION, FAULTS)
