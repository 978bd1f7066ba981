"""What a kind is whose rows live in a table."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from .columns import OwnerKey, Use
from .documents import XmlValue
from .kind import Kind
from .rules import CrossRule, Rule
from .tables import Table


class TableKind(Kind):
    """A kind each of whose resources is one row of a table.

    Args:
        name: the kind's name in programs and in its type token.
        table: where its rows live.
        inputs: the `TypedDict` of its arguments.
        rules: what relates the arguments.
        across: what relates them to those of other resources of the program.
        results: the `TypedDict` of the read-only columns that become outputs.
        source: Microsoft's page about the table.
        uses: what points at its rows and would be unlinked by a deletion.
        disabled: what deletion with `disable` writes, and what every row gets while synchronization is off.
        moves: the lookup whose change moves a row to another place; such moves, and deletions that write, are counted
            against the limits of the settings.
    """

    def __init__(  # noqa: PLR0913  one keyword for each part of a declaration
        self,
        name: str,
        table: Table,
        inputs: type,
        *,
        rules: Iterable[Rule],
        across: Iterable[CrossRule] = (),
        results: type | None = None,
        source: str,
        uses: Iterable[Use] = (),
        disabled: Mapping[str, str] | None = None,
        moves: str = "",
    ) -> None:
        super().__init__(name, inputs, rules=rules, across=across, results=results, source=source)
        self.table = table
        self.uses = tuple(uses)
        self.disabled = dict(disabled or {})
        self.moves = moves

    @cached_property
    def owner_keys(self) -> dict[str, OwnerKey]:
        """The arguments that find a row which is born with its owner."""
        return {name: it.marker for name, it in self.arguments.items() if isinstance(it.marker, OwnerKey)}

    def born(self, inputs: Mapping[str, object]) -> bool:
        """Say whether the row that the inputs declare is born with its owner."""
        return any(inputs.get(name) is not None for name in self.owner_keys)

    def adopts(self, inputs: Mapping[str, object]) -> bool:
        """Say whether the row that the inputs declare is there before any program: it is taken over, never made."""
        return self.table.singular or self.born(inputs) or inputs.get("adopt") is True

    @cached_property
    def documents(self) -> dict[str, dict[str, XmlValue]]:
        """The arguments that are values inside an XML text, by the wire name of the column that holds the text."""
        found: dict[str, dict[str, XmlValue]] = {}
        for name, column in self.columns.items():
            if isinstance(column, XmlValue):
                found.setdefault(column.wire, {})[name] = column
        return found

    @cached_property
    def retested(self) -> tuple[str, ...]:
        """The arguments whose change calls for a new test-and-enable."""
        return tuple(name for name, column in self.columns.items() if column.retest)

    @cached_property
    def identifying(self) -> tuple[str, ...]:
        """The arguments of which no two rows share a value: the owners' keys, and the name of a row that is made."""
        return (*self.owner_keys, *(name for name, column in self.columns.items() if column.makes))

    def called(self, inputs: Mapping[str, object]) -> str:
        """Return the name of the row that the inputs make."""
        return next(str(inputs[name]) for name, column in self.columns.items() if column.makes and name in inputs)
