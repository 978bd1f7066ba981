"""`$metadata`: the entity model in the Common Schema Definition Language, made from the emulator's own columns.

Microsoft Learn, "Web API service documents"; OASIS, "OData Version 4.0 Part 3: Common Schema Definition Language".
"""

from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree as ET

from .relationships import many_to_one
from .schema import TABLES, Column, Table
from .values import EDM

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
NAMESPACE = "Microsoft.Dynamics.CRM"
ALIAS = "mscrm"
BASE = f"{ALIAS}.crmbaseentity"
PRINCIPAL = f"{ALIAS}.principal"
"""What owns rows: the common base type of users and teams."""

PRINCIPALS = frozenset({"systemuser", "team"})

_FUNCTIONS = {
    "WhoAmI": {"BusinessUnitId": "Edm.Guid", "UserId": "Edm.Guid", "OrganizationId": "Edm.Guid"},
    "RetrieveVersion": {"Version": "Edm.String"},
}
_IMAGES = {"Image": "Edm.Binary", "File": "Edm.Guid"}


@cache
def document() -> str:
    """Return the document as XML text."""
    edmx = ET.Element("edmx:Edmx", {"Version": "4.0", "xmlns:edmx": EDMX})
    schema = ET.SubElement(
        ET.SubElement(edmx, "edmx:DataServices"),
        "Schema",
        {"Namespace": NAMESPACE, "Alias": ALIAS, "xmlns": "http://docs.oasis-open.org/odata/ns/edm"},
    )
    ET.SubElement(schema, "EntityType", {"Name": "crmbaseentity", "Abstract": "true"})
    ET.SubElement(schema, "EntityType", {"Name": "principal", "BaseType": BASE, "Abstract": "true"})
    for table in TABLES.values():
        _entity_type(schema, table)
    for name, key in sorted(_pointed_to()):
        _keyed(schema, name, key, BASE)
    for name, properties in _FUNCTIONS.items():
        response = ET.SubElement(schema, "ComplexType", {"Name": f"{name}Response"})
        for column, kind in properties.items():
            ET.SubElement(response, "Property", {"Name": column, "Type": kind, "Nullable": "false"})
        function = ET.SubElement(schema, "Function", {"Name": name})
        ET.SubElement(function, "ReturnType", {"Type": f"{ALIAS}.{name}Response", "Nullable": "false"})
    _container(schema)
    ET.indent(edmx)
    return ET.tostring(edmx, "unicode", xml_declaration=True)


def _entity_type(schema: ET.Element, table: Table) -> None:
    base = PRINCIPAL if table.logical_name in PRINCIPALS else BASE
    entity = _keyed(schema, table.logical_name, table.primary_id, base)
    for name, column in table.properties.items():
        if name != table.primary_id:
            ET.SubElement(entity, "Property", {"Name": name, "Type": _edm(column)})
    for name, column, targets in _navigation(table):
        kind = f"{ALIAS}.{targets[0]}" if len(targets) == 1 else PRINCIPAL
        link = ET.SubElement(entity, "NavigationProperty", {"Name": name, "Type": kind})
        if len(targets) == 1:
            key = TABLES[targets[0]].primary_id if targets[0] in TABLES else dict(_pointed_to())[targets[0]]
            ET.SubElement(link, "ReferentialConstraint", {"Property": column.property, "ReferencedProperty": key})
    for name, many in (table.collections | table.associations).items():
        kind = f"Collection({ALIAS}.{many.table})"
        ET.SubElement(entity, "NavigationProperty", {"Name": name, "Type": kind})


def _keyed(schema: ET.Element, name: str, key: str, base: str) -> ET.Element:
    entity = ET.SubElement(schema, "EntityType", {"Name": name, "BaseType": base})
    ET.SubElement(ET.SubElement(entity, "Key"), "PropertyRef", {"Name": key})
    ET.SubElement(entity, "Property", {"Name": key, "Type": "Edm.Guid", "Nullable": "false"})
    return entity


def _navigation(table: Table) -> Iterator[tuple[str, Column, tuple[str, ...]]]:
    for name, (column, targets) in table.navigation.items():
        yield name, column, targets


def _pointed_to() -> set[tuple[str, str]]:
    """Return the tables that lookups lead to and that are not emulated, each with its key."""
    leads = {target for table in TABLES.values() for _, _, targets in _navigation(table) for target in targets}
    keys = {
        str(item.properties["ReferencedEntity"]): str(item.properties["ReferencedAttribute"])
        for name in TABLES
        for item in many_to_one(name)
    }
    return {(name, keys.get(name, f"{name}id")) for name in leads - TABLES.keys()}


def _edm(column: Column) -> str:
    return _IMAGES.get(column.type) or EDM[column.type]


def _container(schema: ET.Element) -> None:
    container = ET.SubElement(schema, "EntityContainer", {"Name": "System"})
    for table in TABLES.values():
        kind = f"{NAMESPACE}.{table.logical_name}"
        entities = ET.SubElement(container, "EntitySet", {"Name": table.entity_set_name, "EntityType": kind})
        for name, _, targets in _navigation(table):
            for target in targets:
                if target in TABLES:
                    path = name if len(targets) == 1 else f"{name}/{NAMESPACE}.{target}"
                    bound = {"Path": path, "Target": TABLES[target].entity_set_name}
                    ET.SubElement(entities, "NavigationPropertyBinding", bound)
        for name, many in (table.collections | table.associations).items():
            bound = {"Path": name, "Target": TABLES[many.table].entity_set_name}
            ET.SubElement(entities, "NavigationPropertyBinding", bound)
    for name in _FUNCTIONS:
        ET.SubElement(container, "FunctionImport", {"Name": name, "Function": f"{NAMESPACE}.{name}"})
