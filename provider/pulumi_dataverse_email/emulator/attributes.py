"""The columns of a table as AttributeMetadata.

Microsoft Learn, "Query table definitions using the Web API", and the types of the Web API reference.
"""

from functools import cache

from .catalog import Item, Link
from .definitions import definition, label, managed, metadata_id, words
from .schema import CHOICES, TABLES, Column, Table

_KINDS = {"Owner": "Lookup", "Uniqueidentifier": "UniqueIdentifier"}
"""Metadata types that are not named as their attribute type."""

_VIRTUAL = frozenset({"Image", "File"})
_NO_DEFAULT = -1


@cache
def attributes(name: str) -> list[Item]:
    """Return the attributes of a table, by its logical name."""
    table = TABLES[name]
    return [_attribute(table, column, number) for number, column in enumerate(table.columns.values(), start=1)]


def _attribute(table: Table, column: Column, number: int) -> Item:
    published = definition(table.logical_name)
    schema_name = published.schema_names.get(column.name, column.name)
    level = published.required_levels.get(column.name, "SystemRequired" if column.required else "None")
    shared: dict[str, object] = {
        "MetadataId": metadata_id(table.logical_name, column.name),
        "HasChanged": None,
        "LogicalName": column.name,
        "SchemaName": schema_name,
        "EntityLogicalName": table.logical_name,
        "AttributeType": "Virtual" if column.type in _VIRTUAL else column.type,
        "AttributeTypeName": {"Value": f"{column.type}Type"},
        "AttributeOf": None,
        "ColumnNumber": number,
        "DisplayName": label(words(schema_name)),
        "Description": label(None),
        "RequiredLevel": managed("canmodifyrequirementlevelsettings", value=False) | {"Value": level},
        "IsPrimaryId": column.name == table.primary_id,
        "IsPrimaryName": column.name == table.primary_name,
        "IsLogical": False,
        "IsCustomAttribute": False,
        "IsManaged": True,
        "IsValidForCreate": column.create,
        "IsValidForUpdate": column.update,
        "IsValidForRead": column.flag is None and column.name not in published.unreadable,
        "IsCustomizable": managed("iscustomizable", value=True),
    }
    return Item(
        kind=f"{_KINDS.get(column.type, column.type)}AttributeMetadata",
        properties=shared | _derived(column, published.formats.get(column.name)),
        links=_option_sets(table, column),
        base="AttributeMetadata",
        shared=frozenset(shared),
        families=frozenset({"EnumAttributeMetadata"} if column.type in CHOICES else ()),
    )


def _derived(column: Column, form: str | None) -> dict[str, object]:
    """Return the properties that only an attribute of this type has."""
    derived: dict[str, object] = {}
    match column.type:
        case "String" | "Memo":
            derived = {"MaxLength": column.max_length, "Format": form or "Text"}
        case "Integer" | "BigInt":
            bits = 31 if column.type == "Integer" else 63
            low = -(2**bits) if column.min is None else column.min
            derived = {"MinValue": low, "MaxValue": 2**bits - 1 if column.max is None else column.max}
        case "DateTime":
            derived = {"Format": form or "DateAndTime", "DateTimeBehavior": {"Value": "UserLocal"}}
        case "Lookup" | "Owner":
            derived = {"Targets": list(column.targets), "Format": "None"}
        case "Boolean":
            derived = {"DefaultValue": bool(column.default)}
        case "Picklist" | "State" | "Status":
            derived = {"DefaultFormValue": _NO_DEFAULT if column.default is None else column.default}
    return derived


def _option_sets(table: Table, column: Column) -> dict[str, Link]:
    """Return what `$expand` shows of a choice; none of them is global."""
    options: dict[str, object]
    if column.type == "Boolean":
        no, yes = (column.options.get(code, text) for code, text in ((0, "No"), (1, "Yes")))
        options = {"FalseOption": _option(0, no), "TrueOption": _option(1, yes)}
    elif column.type in CHOICES:
        options = {"Options": [_option(code, text) | _beside(column, code) for code, text in column.options.items()]}
    else:
        return {}
    name = f"{table.logical_name}_{column.name}"
    kind = f"{'Boolean' if column.type == 'Boolean' else ''}OptionSetMetadata"
    base = {"MetadataId": metadata_id("optionset", name), "Name": name, "IsGlobal": False}
    local = Item(kind, base | {"OptionSetType": column.type} | options)
    return {"OptionSet": Link(kind, lambda: local), "GlobalOptionSet": Link(kind, lambda: None)}


def _option(code: int, text: str) -> dict[str, object]:
    return {"Value": code, "Label": label(text), "Description": label(None), "IsManaged": True, "Color": None}


def _beside(column: Column, code: int) -> dict[str, object]:
    if column.type == "State":
        return {"DefaultStatus": column.default_status.get(code), "InvariantName": column.options[code]}
    return {"State": column.states.get(code)} if column.type == "Status" else {}
