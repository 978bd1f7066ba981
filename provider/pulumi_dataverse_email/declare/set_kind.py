"""What a kind is that declares many rows of another kind as one resource."""

from collections.abc import Iterable

from .kind import Kind
from .rules import Rule
from .table_kind import TableKind


class SetKind(Kind):
    """A kind whose resources are sets of rows that are born with their owners.

    Args:
        name: the kind's name in programs and in its type token.
        of: the kind of the rows: its columns are the template's, and its rules hold for each member.
        inputs: the `TypedDict` of its arguments.
        selections: what a selection of members says, as a kind of its own.
        rules: what relates those arguments that are its own.
        results: the `TypedDict` of what is only told, as outputs.
    """

    def __init__(  # noqa: PLR0913  one keyword for each part of a declaration
        self,
        name: str,
        of: TableKind,
        inputs: type,
        *,
        selections: Kind,
        rules: Iterable[Rule] = (),
        results: type | None = None,
    ) -> None:
        super().__init__(name, inputs, rules=rules, results=results, source=of.source)
        self.of = of
        self.selections = selections
