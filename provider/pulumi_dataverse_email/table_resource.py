"""The program's side of a kind whose resources are rows of a table."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast
from uuid import UUID, uuid5

import pulumi

from .attributes import Unstated
from .declare import Table, TableKind, Values
from .engine.props import ROW_ID, computed, lookup_id
from .resource import Resource

ROW_IDS = UUID("6e0f6e3c-52e4-5c0e-8f6b-6a8b2f7f8d11")
"""Namespace of the row ids that are made from project, stack, kind and logical name; part of the state's format."""


class TableResource(Resource):
    """The base of the kinds each of whose resources is a row.

    Args:
        resource_name: the resource's logical name.
        opts: Pulumi's resource options.
        args: the arguments, as the kind's `TypedDict` has them.

    Raises:
        ValueError: `opts.import_` is given.
    """

    kind: ClassVar[TableKind]

    row_id: pulumi.Output[str | None] = cast("pulumi.Output[str | None]", Unstated())
    """The row's id, known in previews too; unset where a row is adopted (`id` has it once it is)."""

    generation: pulumi.Output[int]
    """Rises when a change calls for a new test-and-enable."""

    adopted: pulumi.Output[bool]
    previous: pulumi.Output[dict[str, Any] | None]
    """What an adopted row held before."""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None, args: dict[str, object]) -> None:
        self._adopts = self.kind.adopts(args)
        if self._adopts:
            opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(delete_before_replace=True), opts)
        super().__init__(resource_name, opts, args)

    @property
    def table(self) -> Table:
        """The table in which the resource is a row."""
        return self.kind.table

    @property
    def reference(self) -> pulumi.Output[str]:
        """What another resource writes to point at this row: its id, known in previews where it can be."""
        return self.id if self._adopts else self.row_id  # type: ignore[return-value]  # stated where not adopted

    def _proposed(self, args: Mapping[str, object]) -> Mapping[str, object]:
        if self._adopts:
            return super()._proposed(args)
        seed = f"{pulumi.get_project()}/{pulumi.get_stack()}/{self.kind.name}/{self.logical_name}"
        return {ROW_ID: str(uuid5(ROW_IDS, seed))}

    def _outputs(self) -> Iterable[str]:
        untold = {ROW_ID, *map(lookup_id, self.kind.lookups)}
        return [name for name in computed(self.kind) if name not in untold]

    def _clashes(self, known: Values) -> Iterable[str]:
        yield from super()._clashes(known)
        label = self.kind.table.label
        if self.kind.table.singular and (holder := self.declared.holder()):
            yield f"'{holder}' declares the {label} already, and there is one: keep one"
        for name in self.kind.identifying:
            if isinstance(key := known.get(name), str) and (holder := self.declared.holder(name, key.casefold())):
                yield f"{name}: '{holder}' declares the {label} of '{key}' already"
