"""The lookups of the tables as RelationshipMetadata."""

from functools import cache

from .catalog import Item
from .definitions import ManyToOne, OneToMany, definition, managed, metadata_id
from .schema import TABLES, Table

KIND = "OneToManyRelationshipMetadata"
"""The type of both: one relationship, seen from either side."""

MANY_TO_MANY = "ManyToManyRelationshipMetadata"

BASE = "RelationshipMetadataBase"


@cache
def many_to_one(name: str) -> list[Item]:
    """Return the relationships that a table's lookups are, by its logical name."""
    return [_item(one, TABLES[name]) for one in _lookups(TABLES[name])]


@cache
def one_to_many(name: str) -> list[Item]:
    """Return the relationships that lead to a table; where they are not published, those of the emulated tables."""
    published = definition(name).one_to_many
    if published is not None:
        return [_reverse(one, TABLES[name]) for one in published]
    return [_item(one, other) for other in TABLES.values() for one in _lookups(other) if one.table == name]


@cache
def many_to_many(name: str) -> list[Item]:
    """Return a table's associations."""
    found = []
    for schema_name, association in TABLES[name].associations.items():
        first, second = sorted((name, association.table), reverse=True)
        given = _given(schema_name, "ManyToManyRelationship")
        ends: dict[str, object] = {"IntersectEntityName": association.through}
        for number, end in enumerate((first, second), start=1):
            ends |= {
                f"Entity{number}LogicalName": end,
                f"Entity{number}IntersectAttribute": TABLES[end].primary_id,
                f"Entity{number}NavigationPropertyName": schema_name,
            }
        found.append(
            Item(
                MANY_TO_MANY,
                {**given, "SchemaName": schema_name, **ends},
                base=BASE,
                shared=frozenset({*given, "SchemaName"}),
            )
        )
    return found


@cache
def relationships() -> list[Item]:
    """Return every relationship once."""
    items = [item for name in TABLES for item in (*one_to_many(name), *many_to_one(name), *many_to_many(name))]
    return list({str(item.properties["SchemaName"]): item for item in items}.values())


def _lookups(table: Table) -> tuple[ManyToOne, ...]:
    """Return what is published of a table's lookups, else names made from theirs."""
    published = definition(table.logical_name).many_to_one
    if published is not None:
        return published
    return tuple(
        ManyToOne(
            schema_name=f"{target}_{table.logical_name}_{column.name}",
            column=column.name,
            table=target,
            key=TABLES[target].primary_id if target in TABLES else f"{target}id",
            navigation=navigation,
        )
        for column in table.columns.values()
        for target, navigation in column.targets.items()
        if navigation
    )


def _item(one: ManyToOne, table: Table) -> Item:
    return _relationship(
        SchemaName=one.schema_name,
        ReferencedEntity=one.table,
        ReferencedAttribute=one.key,
        ReferencedEntityNavigationPropertyName=_collection(one, table),
        ReferencingEntity=table.logical_name,
        ReferencingAttribute=one.column,
        ReferencingEntityNavigationPropertyName=one.navigation,
        CascadeConfiguration={
            "".join(word.capitalize() for word in event.split("_")): what for event, what in one.cascade.items()
        },
    )


def _collection(one: ManyToOne, table: Table) -> str:
    """Return the name of the relationship on the other side: as published there, else as the relationship."""
    for back in definition(one.table).one_to_many or ():
        if (back.table, back.column) == (table.logical_name, one.column):
            return back.navigation
    return one.schema_name


def _reverse(one: OneToMany, table: Table) -> Item:
    """Return a published relationship from its one side; of a table that is not emulated little else is known."""
    if one.table in TABLES:
        for lookup in _lookups(TABLES[one.table]):
            if (lookup.table, lookup.column) == (table.logical_name, one.column):
                return _item(lookup.model_copy(update={"schema_name": one.schema_name}), TABLES[one.table])
    return _relationship(
        SchemaName=one.schema_name,
        ReferencedEntity=table.logical_name,
        ReferencedAttribute=table.primary_id,
        ReferencedEntityNavigationPropertyName=one.navigation,
        ReferencingEntity=one.table,
        ReferencingAttribute=one.column,
        ReferencingEntityNavigationPropertyName=f"{one.column}_{table.logical_name}",
        CascadeConfiguration={},
    )


def _relationship(**properties: object) -> Item:
    given = _given(str(properties["SchemaName"]), "OneToManyRelationship")
    return Item(
        kind=KIND,
        properties=given | properties,
        base=BASE,
        shared=frozenset({*given, "SchemaName"}),
    )


def _given(name: str, kind: str) -> dict[str, object]:
    """Return what every relationship has."""
    return {
        "MetadataId": metadata_id("relationship", name),
        "HasChanged": None,
        "RelationshipType": kind,
        "IsCustomRelationship": False,
        "IsManaged": True,
        "IsCustomizable": managed("iscustomizable", value=False),
    }
