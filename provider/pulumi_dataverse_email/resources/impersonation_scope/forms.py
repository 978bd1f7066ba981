"""When two values of a scope's arguments mean the same, and what is wrong with one by itself."""

from collections.abc import Iterable

from pydantic_core import PydanticCustomError

from ...declare import Form
from ...exchange import filters, members
from ...exchange.objects import name_faults
from ...exchange.opath import FilterSyntaxError, parse


class FilterForm(Form):
    """A filter: compared by what it selects."""

    def normal(self, value: object) -> object:
        """Return the meaning; a text that is no filter means itself alone."""
        try:
            return filters.meaning(parse(value)) if isinstance(value, str) else value
        except FilterSyntaxError:
            return value


class NamesForm(Form):
    """Several names: neither their order nor their case carries a meaning."""

    def normal(self, value: object) -> object:
        """Return the names without order and case."""
        return frozenset(str(it).casefold() for it in value) if isinstance(value, list) else value


class AttributeForm(Form):
    """Name and value of an attribute, whose case carries no meaning."""

    def normal(self, value: object) -> object:
        """Return both without their case."""
        return {name: str(it).casefold() for name, it in value.items()} if isinstance(value, dict) else value


def scope_name(text: str) -> str:
    """Return a name that Exchange takes for a scope."""
    return _checked(text, name_faults("the name", text))


def recipient_filter(text: str) -> str:
    """Return a filter that can be sent."""
    return _checked(text, filters.faults(text))


def addresses(texts: list[str]) -> list[str]:
    """Return mail addresses."""
    _checked("", members.address_faults(texts))
    return texts


def attribute(found: dict[str, str]) -> dict[str, str]:
    """Return an attribute that marks mailboxes."""
    _checked("", members.attribute_faults(found["name"], found["value"]))
    return found


def application_roles(texts: list[str]) -> list[str]:
    """Return roles that an application can have."""
    _checked("", [f"{it!r} {_why_not(it)}" for it in texts if not it.lower().startswith("application ")])
    return texts


def _why_not(role: str) -> str:
    if role.lower() == "applicationimpersonation":
        return (
            "was removed from Exchange Online in February 2025, after new assignments had been blocked since "
            "September 2024: write 'Application EWS.AccessAsApp'"
        )
    return "is no role for applications: their names begin with 'Application ', such as 'Application EWS.AccessAsApp'"


def _checked(text: str, faults: Iterable[str]) -> str:
    if found := list(faults):
        raise PydanticCustomError("exchange", "{faults}", {"faults": "; ".join(found)})
    return text
