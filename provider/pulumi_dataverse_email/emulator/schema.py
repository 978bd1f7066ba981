"""The tables of the embedded Dataverse, read from the JSON files in `tables/`; each file names its source."""

import json
from functools import cached_property
from importlib.resources import files
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Value: TypeAlias = str | int | bool | None
"""What a column holds: GUIDs in lower case, DateTimes as UTC text in whole seconds, choices as their code."""

Row: TypeAlias = dict[str, Value]
"""A row by property name, as on the wire: a lookup `x` is `_x_value`."""

CHOICES = frozenset({"Picklist", "State", "Status"})


class Column(BaseModel):
    """One column: its type, limits and what may be done with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: Literal[
        "BigInt", "Boolean", "DateTime", "EntityName", "File", "Image", "Integer", "Lookup", "Memo", "Owner",
        "Picklist", "State", "Status", "String", "Uniqueidentifier",
    ]  # fmt: skip
    create: bool
    """A create may write it."""
    update: bool
    """An update may write it."""
    required: bool = False
    """Required by the system: never null."""
    max_length: int | None = None
    """In UTF-16 code units, as .NET counts."""
    min: int | None = None
    max: int | None = None
    default: str | int | bool | None = None
    options: dict[int, str] = Field(default_factory=dict)
    """Labels by code."""
    states: dict[int, int] = Field(default_factory=dict)
    """Of a Status: the state that each code belongs to."""
    default_status: dict[int, int] = Field(default_factory=dict)
    """Of a State: the status that each code brings along."""
    targets: dict[str, str | None] = Field(default_factory=dict)
    """Of a lookup: the tables it may point to, each with its navigation property if one is published."""
    on_delete: Literal["cascade", "unlink", "keep"] = "keep"
    """Of a lookup: what happens to the row when its target is deleted."""
    type_column: str | None = None
    """Of a lookup with several targets: the column that says which table it points to."""
    flag: str | None = None
    """Of a secret: the column that says whether one is stored. A secret is always null in an answer."""
    hidden: bool = False
    """No property of the Web API."""
    assumed: str | None = None
    """What no published source says about this column, and was chosen."""

    @property
    def is_lookup(self) -> bool:
        """Whether the column points to a row."""
        return bool(self.targets) or self.type in ("Lookup", "Owner")

    @property
    def property(self) -> str:
        """Its name on the wire."""
        return f"_{self.name}_value" if self.is_lookup else self.name


class Collection(BaseModel):
    """A navigation property from a row to the rows that point to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    column: str


class Association(BaseModel):
    """A navigation property between rows of which each may have many of the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    through: str
    """The intersect table that holds the pairs."""


class Table(BaseModel):
    """One table; its privilege is the last part of prvRead..., prvWrite... and so on."""

    model_config = ConfigDict(extra="forbid")

    logical_name: str
    schema_name: str
    entity_set_name: str
    primary_id: str
    primary_name: str
    object_type_code: int
    privilege: str
    note: str
    source: list[dict[str, str | None]]
    collections: dict[str, Collection]
    associations: dict[str, Association] = Field(default_factory=dict)
    unsupported: tuple[Literal["Create", "Update", "Delete"], ...] = ()
    """Messages that the table does not have."""
    columns: dict[str, Column]

    @cached_property
    def properties(self) -> dict[str, Column]:
        """The columns that the Web API shows, by wire name."""
        return {column.property: column for column in self.columns.values() if not column.hidden}

    @cached_property
    def secrets(self) -> dict[str, Column]:
        """The write-only columns, by wire name."""
        return {name: column for name, column in self.properties.items() if column.flag}

    @cached_property
    def navigation(self) -> dict[str, tuple[Column, tuple[str, ...]]]:
        """Single-valued navigation properties: the lookup behind each, and the tables it leads to."""
        found: dict[str, tuple[Column, tuple[str, ...]]] = {}
        for column in self.columns.values():
            for target, name in column.targets.items():
                if name:
                    found[name] = (column, (*found.get(name, (column, ()))[1], target))
        return found


def _load(name: str) -> Table:
    data = json.loads(files(__package__).joinpath("tables", f"{name}.json").read_text("utf-8"))
    data["columns"] = {column: {"name": column, **facts} for column, facts in data["columns"].items()}
    return Table.model_validate(data)


_NAMES = (
    "businessunit", "emailserverprofile", "mailbox", "organization", "queue", "role", "systemuser", "team",
    "teammembership", "tracelog",
)  # fmt: skip

TABLES = {name: _load(name) for name in _NAMES}
"""By logical name."""

ENTITY_SETS = {table.entity_set_name: table for table in TABLES.values()}
"""By entity set name."""

SETS_ELSEWHERE = {
    "keyvaultreference": "keyvaultreferences",
    "managedidentity": "managedidentities",
    "partnerapplication": "partnerapplications",
}
"""Entity sets of tables that lookups point to but that are not emulated: a link to them is taken unseen."""


def entity_set(logical_name: str) -> str:
    """Return the entity set of a table, emulated or only pointed to."""
    table = TABLES.get(logical_name)
    return table.entity_set_name if table else SETS_ELSEWHERE[logical_name]
