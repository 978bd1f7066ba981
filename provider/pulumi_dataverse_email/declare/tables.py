"""What a table is."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """A Dataverse table: where the rows of a kind live."""

    entity_set: str
    primary_id: str
    name: str
    """Wire name of the column that holds the row's name."""

    label: str
    """What people call a row, such as `email server profile`."""

    singular: bool = field(default=False, kw_only=True)
    """Whether it has one row, whose id is the organization's: adopted always, and found without a key."""

    @property
    def logical_name(self) -> str:
        """What Dataverse calls the table: its key is named after it."""
        return self.primary_id.removesuffix("id")
