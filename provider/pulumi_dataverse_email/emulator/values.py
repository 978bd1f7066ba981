"""One value at the door: what a column takes from JSON, and what of it is kept."""

from datetime import UTC, datetime
from uuid import UUID

from .errors import ODataError, bad_payload, not_emulated
from .schema import CHOICES, Column, Value

EDM = {
    "BigInt": "Edm.Int64", "Boolean": "Edm.Boolean", "DateTime": "Edm.DateTimeOffset", "Integer": "Edm.Int32",
    "Memo": "Edm.String", "Picklist": "Edm.Int32", "State": "Edm.Int32", "Status": "Edm.Int32",
    "String": "Edm.String", "Uniqueidentifier": "Edm.Guid", "Lookup": "Edm.Guid", "Owner": "Edm.Guid",
    "EntityName": "Edm.String",
}  # fmt: skip


def read_value(column: Column, value: object, entity: str) -> Value:
    """Return what `column` of table `entity` keeps for a JSON value.

    Raises:
        ODataError: the type, length, range or choice does not fit, in Dataverse's status and code.
    """
    if value is None:
        if column.required:
            text = f"Required field '{column.name}' is missing or null for entity '{entity}'."
            raise ODataError(400, "0x80040200", text)
        return None
    if column.type in ("Image", "File"):
        raise not_emulated(f"Writing {column.name}, a column of type {column.type},")
    if column.type in ("String", "Memo", "EntityName") and isinstance(value, str):
        return _text(column, value, entity)
    if column.type == "Boolean" and isinstance(value, bool):
        return value
    if column.type in ("Integer", "BigInt") or column.type in CHOICES:
        number = _whole(value)
        if number is not None:
            return _in_range(column, number, entity)
    if column.type == "DateTime" and isinstance(value, str) and (moment := read_moment(value)):
        return moment
    if (
        (column.type == "Uniqueidentifier" or column.is_lookup)
        and isinstance(value, str)
        and (guid := read_guid(value))
    ):
        return guid
    shown = "..." if column.flag else value  # a secret stands in no answer, and so in no client's log
    raise bad_payload(entity, f"Cannot convert the literal '{shown}' to the expected type '{EDM[column.type]}'.")


def read_guid(text: str) -> str | None:
    """Return a GUID in lower case, or None if the text is none in the usual form of 36 characters."""
    try:
        guid = str(UUID(text))
    except ValueError:
        return None
    return guid if guid == text.lower() else None


def read_moment(text: str) -> str | None:
    """Return a moment as UTC text in whole seconds, or None if the text is neither a date nor a time with offset."""
    try:
        moment = datetime.fromisoformat(text)
        if len(text) == len("2024-01-31"):
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is None:
            return None
        return write_moment(moment)
    except (ValueError, OverflowError):
        return None


def write_moment(moment: datetime) -> str:
    """Return a moment as the Web API writes it, for example 2024-01-31T08:00:00Z."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _text(column: Column, value: str, entity: str) -> str:
    try:
        units = len(value.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise bad_payload(entity, f"The text of '{column.name}' holds half of a surrogate pair.") from None
    if column.max_length is not None and units > column.max_length:
        text = (
            f"A validation error occurred.  The length of the '{column.name}' attribute of the '{entity}' entity "
            f"exceeded the maximum allowed length of '{column.max_length}'."
        )
        raise ODataError(400, "0x80044331", text)
    return value


def _whole(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():  # clients in JavaScript and Lua send 1.0
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _in_range(column: Column, number: int, entity: str) -> int:
    if column.type in CHOICES and number not in column.options:
        text = (
            f"A validation error occurred. The value {number} of '{column.name}' on record of type '{entity}' "
            "is outside the valid range. Accepted Values: " + ",".join(str(code) for code in column.options)
        )
        raise ODataError(400, "0x8004431A", text)
    bits = 63 if column.type == "BigInt" else 31
    low = -(2**bits) if column.min is None else column.min
    high = 2**bits - 1 if column.max is None else column.max
    if not low <= number <= high:
        text = (
            f"A validation error occurred. The value {number} of '{column.name}' on record of type '{entity}' "
            f"is outside the valid range ({low} to {high})."
        )
        raise ODataError(400, "0x80044330", text)
    return number
