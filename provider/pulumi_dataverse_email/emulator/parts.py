"""What hangs on a row in a URL: its columns, the rows behind its navigation properties, and the links between them.

Microsoft Learn, "Retrieve a table row", "Update and delete table rows" and "Associate and disassociate tables using
the Web API".
"""

from . import addresses, links
from .addresses import Segment
from .entities import Entities
from .errors import bad_payload, method_not_allowed, no_such_row, no_such_segment, not_emulated
from .listing import Listing
from .messages import Reply
from .reading import address, related, target_of
from .schema import TABLES
from .store import SQL_TABLES
from .writing import read_body


def answer(entities: Entities, row_id: str, path: list[Segment]) -> Reply:
    """Answer for a path below a row.

    Raises:
        ODataError: 404 for an unknown name, 405 for a verb that does not go with it, and all refusals of writes.
    """
    table, (first, *rest) = entities.table, path
    if first.name in table.properties and first.key is None:
        return _column(entities, row_id, first.name, [segment.name for segment in rest])
    if first.name in table.navigation and first.key is None:
        return _lookup(entities, row_id, first.name, rest)
    if first.name in table.collections or first.name in table.associations:
        return _collection(entities, row_id, first, rest)
    raise no_such_segment(first.name)


def _column(entities: Entities, row_id: str, name: str, rest: list[str]) -> Reply:
    """Answer `set(key)/column`, and its bare text under `/$value`."""
    if rest not in ([], ["$value"]):
        raise no_such_segment(rest[0])
    call, table = entities.call, entities.table
    if call.method in ("PUT", "DELETE") and not rest:
        return _write_column(entities, row_id, name)
    if call.method != "GET":
        raise method_not_allowed(call.method)
    entities.require("Read", table)
    row = entities.existing(row_id)
    value = None if name in table.secrets else row[name]
    if value is None:
        return Reply(204)
    if rest:
        return Reply(200, str(value).lower() if isinstance(value, bool) else str(value))
    where = f"{call.root}$metadata#{table.entity_set_name}({row_id})/{name}"
    return Reply(200, {"@odata.context": where, "value": value})


def _write_column(entities: Entities, row_id: str, name: str) -> Reply:
    call, table = entities.call, entities.table
    entities.require("Write", table)
    value = None
    if call.method == "PUT":
        body = call.json(table.logical_name)
        if "value" not in body:
            raise bad_payload(table.logical_name, 'Error Message : {"value": ...} was expected.')
        value = body["value"]
    row = entities.existing(row_id)
    entities.check_version(row)
    entities.rows.change(table, row, read_body({name: value}, table, entities.transaction, creating=False))
    return Reply(204)


def _lookup(entities: Entities, row_id: str, name: str, rest: list[Segment]) -> Reply:
    """Answer `set(key)/lookup`, what hangs on the row there, and the link itself under `/$ref`."""
    call, table = entities.call, entities.table
    if rest == [Segment("$ref")] and call.method in ("PUT", "DELETE"):
        entities.require("Write", table)
        row = entities.existing(row_id)
        entities.check_version(row)
        target = addresses.referred_row(_reference(entities)) if call.method == "PUT" else None
        links.point(entities.rows, table, row, name, target)
        return Reply(204)
    if call.method != "GET":
        raise method_not_allowed(call.method)
    entities.require("Read", table)
    row = entities.existing(row_id)
    lookup, targets = table.navigation[name]
    there_id, target_name = row[lookup.property], target_of(lookup, row)
    if there_id is None or target_name not in targets:
        return Reply(204)
    if target_name not in TABLES:
        raise not_emulated(f"The table behind '{name}'")
    there = TABLES[target_name]
    if rest == [Segment("$ref")]:
        body = {"@odata.context": f"{call.root}$metadata#$ref", "@odata.id": address(call.root, there, there_id)}
        return Reply(200, body)
    return _below(Entities(call, entities.transaction, there), str(there_id), rest)


def _collection(entities: Entities, row_id: str, segment: Segment, rest: list[Segment]) -> Reply:
    """Answer `set(key)/collection`, one of its rows, their number, and links to them."""
    call, table, name = entities.call, entities.table, segment.name
    there, within = related(table, row_id, name)
    link = rest == [Segment("$ref")]
    if link and call.method in ("POST", "DELETE"):
        return _change_links(entities, row_id, segment)
    if call.method != "GET":
        if call.method == "POST" and not rest:
            raise not_emulated(f"Making a row in the collection '{name}'")
        raise method_not_allowed(call.method)
    entities.require("Read", table)
    entities.require("Read", there)
    entities.existing(row_id)
    if segment.key is not None:
        there_id = addresses.row_key(segment.key, there)
        if not _holds(entities, row_id, name, there_id):
            raise no_such_row(there.logical_name, there_id)
        return _below(Entities(call, entities.transaction, there), there_id, rest)
    listing = Listing(call, entities.transaction, there, f"{table.entity_set_name}({row_id})/{name}", within)
    match [part.name for part in rest]:
        case []:
            return listing.page()
        case ["$count"]:
            return listing.number()
        case ["$ref"]:
            return listing.references()
    raise no_such_segment(rest[0].name)


def _change_links(entities: Entities, row_id: str, segment: Segment) -> Reply:
    call, table, name = entities.call, entities.table, segment.name
    entities.require("Write", table)
    entities.existing(row_id)
    if call.method == "POST":
        if segment.key is not None:
            raise method_not_allowed(call.method)
        links.join(entities.rows, table, row_id, name, addresses.referred_row(_reference(entities)))
        return Reply(204)
    there, _ = related(table, row_id, name)
    if segment.key is not None:
        there_id = addresses.row_key(segment.key, there)
    else:
        _, there_id = addresses.referred_row(call.options.get("$id"))
    links.part(entities.rows, table, row_id, name, there_id)
    return Reply(204)


def _below(entities: Entities, row_id: str, rest: list[Segment]) -> Reply:
    return answer(entities, row_id, rest) if rest else entities.retrieve(row_id)


def _holds(entities: Entities, row_id: str, name: str, there_id: str) -> bool:
    there, within = related(entities.table, row_id, name)
    key = SQL_TABLES[there.logical_name].c[there.primary_id]
    return entities.transaction.count(there.logical_name, within & (key == there_id)) > 0


def _reference(entities: Entities) -> object:
    return entities.call.json(entities.table.logical_name).get("@odata.id")
