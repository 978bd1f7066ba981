"""What the service tells of itself: the service document, `$metadata`, table definitions and messages.

Microsoft Learn, "Web API service documents" and "Query table definitions using the Web API".
"""

from functools import cache, partial

from . import attributes, catalog, csdl, relationships
from .catalog import Item, Link, Root
from .definitions import definition, label, managed, metadata_id, words
from .errors import method_not_allowed, no_such_segment
from .messages import Call, Reply
from .schema import ENTITY_SETS, TABLES, Table

CHECKED_VERSIONS = frozenset({"emailserverprofile", "mailbox"})
"""Tables said to check versions and to track changes: mailbox as captured, emailserverprofile assumed to be alike."""

SERVICE_DOCUMENT = ""
METADATA = "$metadata"


def answer(call: Call, name: str) -> Reply:
    """Answer a read of what `NAMES` holds."""
    if name in ROOTS:
        return catalog.answer(call, name, ROOTS[name])
    if call.path != name:
        raise no_such_segment(call.path)
    if call.method != "GET":
        raise method_not_allowed(call.method)
    if name == METADATA:
        return Reply(200, csdl.document(), media_type="application/xml")
    sets = sorted([*ENTITY_SETS, *ROOTS])
    value = [{"name": one, "kind": "EntitySet", "url": one} for one in sets]
    return Reply(200, {"@odata.context": f"{call.root}$metadata", "value": value})


@cache
def _entities() -> list[Item]:
    return [_entity(table) for table in TABLES.values()]


@cache
def _messages() -> list[Item]:
    names = sorted({message for table in TABLES for message in definition(table).messages})
    return [Item("sdkmessage", {"sdkmessageid": metadata_id("sdkmessage", name), "name": name}) for name in names]


@cache
def _message_filters() -> list[Item]:
    """Return which table has which message."""
    by_name = {str(item.properties["name"]): item for item in _messages()}
    return [
        Item(
            "sdkmessagefilter",
            {
                "sdkmessagefilterid": metadata_id("sdkmessagefilter", table, message),
                "primaryobjecttypecode": table,
                "_sdkmessageid_value": by_name[message].properties["sdkmessageid"],
            },
            {"sdkmessageid": Link("sdkmessage", partial(by_name.get, message))},
        )
        for table in TABLES
        for message in definition(table).messages
    ]


def _entity(table: Table) -> Item:
    name = table.logical_name
    plural = table.entity_set_name.removeprefix(name)
    images = [column.name for column in table.columns.values() if column.type == "Image"]
    properties: dict[str, object] = {
        "MetadataId": metadata_id(name),
        "HasChanged": None,
        "LogicalName": name,
        "SchemaName": table.schema_name,
        "EntitySetName": table.entity_set_name,
        "LogicalCollectionName": table.entity_set_name,
        "CollectionSchemaName": table.schema_name + plural,
        "DisplayName": label(words(table.schema_name)),
        "DisplayCollectionName": label(words(table.schema_name) + plural),
        "Description": label(None),
        "ObjectTypeCode": table.object_type_code,
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "PrimaryImageAttribute": images[0] if images else None,
        "OwnershipType": definition(name).ownership_type,
        "TableType": "Standard",
        "ChangeTrackingEnabled": name in CHECKED_VERSIONS,
        "IsOptimisticConcurrencyEnabled": name in CHECKED_VERSIONS,
        "IsCustomEntity": False,
        "IsManaged": True,
        "IsPrivate": False,
        "IsIntersect": False,
        "IsActivity": False,
        "HasActivities": False,
        "HasNotes": False,
        "CanCreateAttributes": managed("cancreateattributes", value=True),
        "IsCustomizable": managed("iscustomizable", value=True),
    }
    return Item(
        kind="EntityMetadata",
        properties=properties,
        links={
            "Attributes": Link("AttributeMetadata", partial(attributes.attributes, name)),
            "Keys": Link("EntityKeyMetadata", list),
            "OneToManyRelationships": Link(relationships.KIND, partial(relationships.one_to_many, name)),
            "ManyToOneRelationships": Link(relationships.KIND, partial(relationships.many_to_one, name)),
            "ManyToManyRelationships": Link(relationships.MANY_TO_MANY, partial(relationships.many_to_many, name)),
        },
    )


ROOTS = {
    "EntityDefinitions": Root("EntityMetadata", _entities, ("MetadataId", "LogicalName")),
    "RelationshipDefinitions": Root(relationships.BASE, relationships.relationships, ("MetadataId", "SchemaName")),
    "sdkmessages": Root("sdkmessage", _messages, ("sdkmessageid",), rows=True),
    "sdkmessagefilters": Root("sdkmessagefilter", _message_filters, ("sdkmessagefilterid",), rows=True),
}

NAMES = frozenset({SERVICE_DOCUMENT, METADATA, *ROOTS})
"""First segments of the paths that are answered here."""
