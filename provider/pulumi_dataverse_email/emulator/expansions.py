"""`$expand`: rows that stand behind lookups, and rows whose lookups point back.

Microsoft Learn, "Join tables using OData".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ODataError, bad_request, no_such_property, not_emulated
from .schema import TABLES, Column, Table

if TYPE_CHECKING:
    from .queries import Query

MAX_EXPANSIONS = 15
"""Microsoft Learn: so many `$expand` options may stand in one query, nested ones included."""

NOT_INSIDE = frozenset({"$skip", "$count", "$search", "$levels"})
"""Microsoft Learn: query options that `$expand` does not take."""

Parse = Callable[[Mapping[str, str], Table], "Query"]
"""Reads the options of one expansion as a query of its table."""


@dataclass(frozen=True)
class Expansion:
    """One navigation property to follow."""

    name: str
    tables: tuple[Table, ...]
    lookup: Column | None
    """Of the row itself, or, for a collection, of the rows that point to it; None for an association."""
    is_collection: bool
    query: "Query"
    options: Mapping[str, str]
    """As they were written in the parentheses."""
    reference: bool = False
    """Whether only a link is asked for, by `/$ref`."""

    @property
    def size(self) -> int:
        """How many expansions this one is, with those inside."""
        return 1 + sum(inner.size for inner in self.query.expansions)


def parse(text: str, table: Table, inner: Parse) -> tuple[Expansion, ...]:
    """Return what an `$expand` asks for.

    Raises:
        ODataError: 400 for a wrong name or option, and for too many; 501 for what is not emulated.
    """
    found = tuple(_expansion(part.strip(), table, inner) for part in split(text, ","))
    if sum(expansion.size for expansion in found) > MAX_EXPANSIONS:
        raise bad_request(f"The number of $expand options exceeds the limit of {MAX_EXPANSIONS}.")
    nested = any(expansion.query.expansions for expansion in found)
    for expansion in found:
        if nested and expansion.is_collection and {"$top", "$orderby"} & expansion.options.keys():
            raise _only_select_and_filter()
    return found


def split(text: str, separator: str) -> list[str]:
    """Split at separators that stand in no parentheses, brackets or quotes."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        depth += 0 if quoted else {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character == separator and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _expansion(text: str, table: Table, inner: Parse) -> Expansion:
    name, parenthesis, rest = text.partition("(")
    if parenthesis and not rest.endswith(")"):
        raise bad_request("Syntax error in '$expand'.")
    name, slash, segment = name.partition("/")
    if slash and segment != "$ref":
        raise bad_request(f"The segment '{segment}' is not supported in '$expand'.")
    pairs = [part.partition("=") for part in split(rest[:-1], ";") if part.strip()]
    options = {option.strip(): value.strip() for option, _, value in pairs}
    for option in options:
        if option in NOT_INSIDE or not option.startswith("$"):
            raise bad_request(f"The query option '{option}' is not supported in '$expand'.")
    if name in table.collections or name in table.associations:
        return _many(name, table, options, inner, reference=bool(slash))
    return _one(name, table, options, inner, reference=bool(slash))


def _many(name: str, table: Table, options: Mapping[str, str], inner: Parse, *, reference: bool) -> Expansion:
    lookup: Column | None
    if reference:
        raise bad_request("Expand with $ref is only supported on lookup type navigation property.")
    if name in table.associations:
        target = TABLES[table.associations[name].table]
        lookup = None
    else:
        collection = table.collections[name]
        target = TABLES[collection.table]
        lookup = target.columns[collection.column]
    return Expansion(name, (target,), lookup, is_collection=True, query=inner(options, target), options=options)


def _one(name: str, table: Table, options: Mapping[str, str], inner: Parse, *, reference: bool) -> Expansion:
    if name not in table.navigation:
        raise no_such_property(name, table.logical_name)
    lookup, targets = table.navigation[name]
    if not set(targets) <= TABLES.keys():
        raise not_emulated(f"The table behind '{name}'")
    if options.keys() - {"$select", "$expand", "$filter"}:
        raise _only_select_and_filter()
    if "$filter" in options:
        raise not_emulated(f"'$filter' in the expansion of '{name}', which leads to one row,")
    tables = tuple(TABLES[target] for target in targets)
    if len(tables) > 1 and options.keys() - {"$select"}:
        raise bad_request(f"'{name}' may lead to several tables and takes no option but '$select'.")
    if len(tables) > 1 and options and options["$select"] != name:
        raise no_such_property(options["$select"], "principal")
    query = inner({} if len(tables) > 1 else options, tables[0])
    return Expansion(name, tables, lookup, is_collection=False, query=query, options=options, reference=reference)


def _only_select_and_filter() -> ODataError:
    return bad_request(
        "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested "
        "one-to-many relationship."
    )
