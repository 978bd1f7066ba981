"""What is published of the tables beside what their rows need, from `tables/definitions/`; and names made from names.

Microsoft Learn, entity reference of each table; each file names its source. A table without a file, or a file without
an entry, has the defaults below.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Literal
from uuid import NAMESPACE_OID, uuid5

from pydantic import BaseModel, ConfigDict, Field

ENGLISH = 1033
"""The locale of all labels."""

USUAL_MESSAGES = ("Create", "Delete", "Retrieve", "RetrieveMultiple", "Update", "Upsert")
"""Of a table whose message list is not published."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManyToOne(_Part):
    """A lookup as a relationship."""

    schema_name: str
    column: str
    table: str
    key: str
    navigation: str
    cascade: dict[str, str] = Field(default_factory=dict)


class OneToMany(_Part):
    """A lookup of another table that leads here."""

    schema_name: str
    table: str
    column: str
    navigation: str


class Definition(_Part):
    """What is published of one table."""

    note: str = ""
    source: list[dict[str, str]] = Field(default_factory=list)
    ownership_type: Literal["BusinessOwned", "None", "OrganizationOwned", "UserOwned"] = "UserOwned"
    messages: tuple[str, ...] = USUAL_MESSAGES
    schema_names: dict[str, str] = Field(default_factory=dict)
    required_levels: dict[str, str] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    """Where a text is no plain one and a date has no time of day."""
    unreadable: frozenset[str] = frozenset()
    many_to_one: tuple[ManyToOne, ...] | None = None
    one_to_many: tuple[OneToMany, ...] | None = None


@cache
def definition(name: str) -> Definition:
    """Return what is published of a table."""
    file = files(__package__).joinpath("tables", "definitions", f"{name}.json")
    return Definition.model_validate_json(file.read_text("utf-8")) if file.is_file() else Definition()


def metadata_id(*names: str) -> str:
    """Return the id of a definition: always the same here, as no two real organizations agree on it."""
    return str(uuid5(NAMESPACE_OID, "/".join(names)))


def label(text: str | None) -> dict[str, object]:
    """Return a text for people as the Web API writes it."""
    if text is None:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    localized = {
        "Label": text,
        "LanguageCode": ENGLISH,
        "IsManaged": True,
        "MetadataId": metadata_id("label", text),
        "HasChanged": None,
    }
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}


def managed(name: str, *, value: bool) -> dict[str, object]:
    """Return a managed property."""
    return {"Value": value, "CanBeChanged": False, "ManagedPropertyLogicalName": name}


def words(schema_name: str) -> str:
    """Return the display name that a schema name suggests: `EmailServerProfile` is Email Server Profile."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", schema_name)
