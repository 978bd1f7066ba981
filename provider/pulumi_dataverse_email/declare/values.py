"""How a value is spelled in programs, on the wire, and when two spellings mean the same."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Optional, TypeAlias, TypedDict, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError


class Unknown:
    """The one value that a preview does not know yet; nothing compares, formats or sends it."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()


class Clear(TypedDict):
    """The type of `CLEAR`."""

    clear: Literal[True]


CLEAR: Final[Clear] = {"clear": True}
"""Empties a column: state and previews show it under the column's own name while the column is empty."""


def whole(value: object) -> object:
    """Return a whole number as an integer, at any depth: Pulumi's wire knows one type of number, 443 is 443.0."""
    if isinstance(value, dict):
        return {name: whole(it) for name, it in value.items()}
    if isinstance(value, list):
        return [whole(it) for it in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Form:
    """How one type of value is written to the wire, read from it, and compared."""

    def write(self, value: object) -> object:
        """Return what the wire wants for `value`."""
        return value

    def read(self, wire: object) -> object:
        """Return what programs say for the wire's value, `None` where that means nothing."""
        return wire

    def normal(self, value: object) -> object:
        """Return the same thing for all spellings that mean the same."""
        return value


class BooleanForm(Form):
    """Yes or no; a column that was never written is no."""

    def read(self, wire: object) -> object:
        """Return the wire's value, `False` where there is none."""
        return bool(wire)


NEVER = "1900-01-01T00:00:00Z"
"""What Dataverse answers for dates of a mailbox that were never set."""


class MomentForm(Form):
    """A point in time: Dataverse answers in UTC and whole seconds, programs may write any ISO 8601 form."""

    def read(self, wire: object) -> object:
        """Return the wire's moment, `None` where it was never set."""
        return None if wire == NEVER else wire

    def write(self, value: object) -> object:
        """Return the moment in UTC, `2026-11-01T00:00:00Z`."""
        return _moment(value).replace(tzinfo=None).isoformat() + "Z"

    def normal(self, value: object) -> object:
        """Return the moment itself; text that is none means itself alone."""
        try:
            return _moment(value) if isinstance(value, str) else value
        except (ValueError, OverflowError):
            return value


class CaselessForm(Form):
    """Text whose case carries no meaning: addresses, principal names, GUIDs, names that are looked up."""

    def normal(self, value: object) -> object:
        """Return the text without its case."""
        return value.casefold() if isinstance(value, str) else value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(microsecond=0)


def _moment_text(text: str) -> str:
    try:
        moment = _moment(text)
    except (ValueError, OverflowError):
        raise PydanticCustomError(
            "moment", "should be a date or a point in time, such as '2026-11-01' or '2026-11-01T08:00:00Z'"
        ) from None
    if moment <= _moment(NEVER):
        raise PydanticCustomError("moment", "should be later than 1900-01-01, which Dataverse takes for no date")
    return text


Moment: TypeAlias = Annotated[
    str, AfterValidator(_moment_text), WithJsonSchema({"type": "string", "format": "date-time"}), MomentForm()
]
"""A point in time in ISO 8601; without an offset it is UTC."""

Key: TypeAlias = Annotated[str, StringConstraints(min_length=1), CaselessForm()]
"""Text that finds a row, whatever its case."""


def _guid_text(text: str) -> str:
    try:
        wired = str(UUID(text)) == text.casefold()  # no braces, and all hyphens: the wire takes no other form
    except ValueError:
        wired = False
    if not wired:
        raise PydanticCustomError("guid", "should be a GUID, such as '5f0c2a10-0000-4000-8000-00000000c070'")
    return text


GuidText: TypeAlias = Annotated[
    str, AfterValidator(_guid_text), WithJsonSchema({"type": "string", "format": "uuid"}), CaselessForm()
]
"""A GUID that names something outside Dataverse, such as an Azure subscription."""

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from pulumi import Output

    Input: TypeAlias = T | Output[T] | Awaitable[T] | None
    ChoiceInput: TypeAlias = T | str | Output[T] | Output[str] | Awaitable[T] | Awaitable[str] | None
    ClearableInput: TypeAlias = T | Clear | Output[T] | Awaitable[T] | None
    ReferenceInput: TypeAlias = T | str | Clear | Output[str] | Awaitable[str] | None
    GroupInput: TypeAlias = Sequence[T | str] | None
    ChosenInput: TypeAlias = int | Sequence[T | str] | None
    Clearable: TypeAlias = T | Clear | None
else:
    # What is left at run time, where the pure rooms meet known values only.
    Input = ChoiceInput = ClearableInput = Optional

    class ReferenceInput:
        """A resource, an id or a name in a program; its id or name once it is known."""

        def __class_getitem__(cls, _resource: object) -> object:
            """Return what is left of a reference when it is known."""
            return Key | None

    class GroupInput:
        """A list of resources and ids in a program; logical name -> id once they are known."""

        def __class_getitem__(cls, _resource: object) -> object:
            """Return what is left of the list when it is known."""
            return dict[str, str] | None

    class ChosenInput:
        """How many of a group, or which: resources and names in a program, names after that."""

        def __class_getitem__(cls, _resource: object) -> object:
            """Return what is left of the choice when it is known."""
            return Annotated[int, Field(ge=0)] | list[str] | None

    class Clearable:
        """What a resource's attribute holds that may be cleared; Pulumi wants no type where that may be an object."""

        def __class_getitem__(cls, _value: object) -> object:
            """Return what Pulumi may know."""
            return Any
