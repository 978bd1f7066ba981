"""Things of the Web API that are no rows, table definitions above all: paths, casts, `$select`, `$filter`, `$expand`.

Microsoft Learn, "Query table definitions using the Web API": lists are never paged; `$top`, `$orderby`, `$count` are
refused; what only a derived type has is selected, filtered and expanded after a cast.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from odata_query import ast

from . import filters
from .errors import ODataError, bad_request, no_such_property, no_such_segment, not_emulated
from .expansions import split
from .messages import Call, Reply

NAMESPACE = "Microsoft.Dynamics.CRM."

_OPTIONS = frozenset({"$select", "$filter", "$expand"})
_FOR_ROWS = frozenset({"$apply", "$count", "$orderby", "$skiptoken", "$top"})
_SEGMENT = re.compile(r"([\w.$]+)(?:\((.*)\))?", re.DOTALL)
_KEY = re.compile(r"(?:(\w+)\s*=\s*)?(?:'((?:[^']|'')*)'|([0-9A-Fa-f-]{36}))")
_ENUM = re.compile(rf"{re.escape(NAMESPACE)}\w+(?=')")
_COMPARISONS: dict[type, Callable[[object, object], bool]] = {ast.Eq: operator.eq, ast.NotEq: operator.ne}

Found: TypeAlias = "Item | list[Item] | None"


@dataclass(frozen=True)
class Link:
    """What hangs on an item: another one, or a list of them."""

    kind: str
    """The type that it is looked at as, unless it is cast."""
    find: Callable[[], Found]


@dataclass(frozen=True)
class Item:
    """One thing with properties, and links to others that are shown where `$expand` asks for them."""

    kind: str
    """Its type, without the namespace."""
    properties: Mapping[str, object]
    """The first is its key."""
    links: Mapping[str, Link] = field(default_factory=dict)
    base: str | None = None
    """The type that lists of it have, where it is derived from one."""
    shared: frozenset[str] = frozenset()
    """The properties of the base type."""
    families: frozenset[str] = frozenset()
    """Other types that it may be cast to."""

    def knows(self, name: str, kind: str) -> bool:
        """Whether a property or link may be named while the item is looked at as being of type `kind`."""
        if self.base is not None and kind == self.base:
            return name in self.shared
        return name in self.properties or name in self.links


@dataclass(frozen=True)
class Root:
    """A set that a path may begin with."""

    kind: str
    items: Callable[[], list[Item]]
    keys: tuple[str, ...]
    """The properties by which an item of it, or of what hangs on it, is named."""
    rows: bool = False
    """Whether they are rows in truth, so that a real service knows more options for them."""


def answer(call: Call, name: str, root: Root) -> Reply:
    """Answer a read of a set of items or of what hangs on it.

    Raises:
        ODataError: as for rows; 501 for a write, as definitions cannot be changed here.
    """
    if call.method != "GET":
        raise not_emulated(f"{call.method} of {name}")
    place = _Place(root, root.items(), root.kind)
    for number, segment in enumerate(_segments(call.path)):
        match = _SEGMENT.fullmatch(segment)
        if match is None:
            raise no_such_segment(segment)
        if number:
            place = place.step(match[1])
        if match[2] is not None:
            place = place.by_key(match[2])
    shown = place.shown(call.options)
    where = f"{call.root}$metadata#{place.context(call.path, call.options.get('$select'))}"
    body = {"@odata.context": where} | (shown if isinstance(shown, dict) else {"value": shown})
    return Reply(204) if shown is None else Reply(200, body)


@dataclass(frozen=True)
class _Place:
    """Where a path has led so far: to a list of items, to one, or to the value of a property."""

    root: Root
    at: Any
    kind: str
    """The type that it is looked at as; of the value of a property, empty."""

    def step(self, name: str) -> "_Place":
        if name.startswith(NAMESPACE):
            return self._cast(name.removeprefix(NAMESPACE))
        if not isinstance(self.at, Item) or not self.at.knows(name, self.kind):
            raise no_such_segment(name)
        if name in self.at.properties:
            return _Place(self.root, self.at.properties[name], "")
        link = self.at.links[name]
        return _Place(self.root, link.find(), link.kind)

    def by_key(self, text: str) -> "_Place":
        match = _KEY.fullmatch(text.strip())
        named = match is not None and (match[1] or self.root.keys[0]) in self.root.keys
        if match is None or not named or not self.kind or not isinstance(self.at, list):
            kind = NAMESPACE + self.kind
            raise ODataError(400, "0x80060890", f"The key in the request URI is not valid for resource '{kind}'.")
        name = match[1] or self.root.keys[0]
        value = match[3].lower() if match[3] else match[2].replace("''", "'")
        found = next((item for item in self.at if item.properties.get(name) == value), None)
        if found is None:
            raise ODataError(404, "0x80060888", f"Could not find {self.kind} with {name} = {value}.")
        return _Place(self.root, found, self.kind)

    def shown(self, options: Mapping[str, str]) -> object:
        for name in options:
            if self.root.rows and name in _FOR_ROWS:
                raise not_emulated(f"{name} of {self.root.kind}")
            if name.startswith("$") and name not in _OPTIONS:
                raise bad_request(f"The query parameter {name} is not supported.")
        if not self.kind or self.at is None:
            return self.at
        if isinstance(self.at, Item) and "$filter" in options:
            raise bad_request("'$filter' applies to a list.")
        return _shown(self.at, options, self.kind)

    def context(self, path: str, select: str | None) -> str:
        columns = f"({select})" if select else ""
        single = "/$entity" if isinstance(self.at, Item) else ""
        bare = re.sub(r"\(\w+=", "(", path)
        return (re.sub(r"\([^()]*\)$", "", bare) if single else bare) + columns + single

    def _cast(self, kind: str) -> "_Place":
        if self.kind and isinstance(self.at, list):
            return _Place(self.root, [item for item in self.at if kind in (item.kind, item.base, *item.families)], kind)
        if isinstance(self.at, Item) and kind in (self.at.kind, self.at.base, *self.at.families):
            return _Place(self.root, self.at, kind)
        raise no_such_segment(NAMESPACE + kind)


def _segments(path: str) -> list[str]:
    """Return the parts of a path; a slash in quotes parts nothing."""
    return re.findall(r"(?:'[^']*'|[^/'])+", path)


def _shown(found: Item | list[Item], options: Mapping[str, str], kind: str) -> object:
    """Return an item or those of a list that the filter lets pass, as JSON."""
    if isinstance(found, Item):
        return _one(found, options, kind)
    condition = _Condition(options["$filter"], kind) if "$filter" in options else None
    return [_one(item, options, kind) for item in found if condition is None or condition.holds(item)]


def _one(item: Item, options: Mapping[str, str], kind: str) -> dict[str, object]:
    """Return an item as a JSON object; its key comes along whatever is selected."""
    names = list(item.properties)
    if "$select" in options:
        chosen = [name.strip() for name in options["$select"].split(",")]
        for name in chosen:
            if not item.knows(name, kind):
                raise no_such_property(name, kind)
        names = [name for name in dict.fromkeys([*chosen, names[0]]) if name in item.properties]
    shown: dict[str, object] = {} if kind == item.kind else {"@odata.type": f"#{NAMESPACE}{item.kind}"}
    shown |= {name: item.properties[name] for name in names}
    for name, inner in _expansions(options.get("$expand", "")):
        if name not in item.links or not item.knows(name, kind):
            raise no_such_property(name, kind)
        link = item.links[name]
        linked = link.find()
        shown[name] = None if linked is None else _shown(linked, inner, link.kind)
    return shown


def _expansions(text: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for part in (part.strip() for part in split(text, ",") if part.strip()):
        name, parenthesis, rest = part.partition("(")
        if parenthesis and not rest.endswith(")"):
            raise bad_request("Syntax error in '$expand'.")
        pairs = [option.partition("=") for option in split(rest[:-1], ";") if option.strip()]
        inner = {option.strip(): value for option, _, value in pairs}
        if not inner.keys() <= _OPTIONS:
            raise bad_request("Only $select, $filter and $expand are supported inside this '$expand'.")
        found.append((name.strip(), inner))
    return found


class _Condition:
    """A `$filter` on items: comparisons for equality, joined by and, or, not."""

    def __init__(self, text: str, kind: str) -> None:
        self._tree = filters.tree(_ENUM.sub("", text))
        self._kind = kind

    def holds(self, item: Item) -> bool:
        """Whether the item passes."""
        return self._holds(self._tree, item)

    def _holds(self, node: object, item: Item) -> bool:
        match node:
            case ast.BoolOp(ast.And(), left, right):
                return self._holds(left, item) and self._holds(right, item)
            case ast.BoolOp(ast.Or(), left, right):
                return self._holds(left, item) or self._holds(right, item)
            case ast.UnaryOp(ast.Not(), operand):
                return not self._holds(operand, item)
            case ast.Compare(comparator, left, right) if type(comparator) in _COMPARISONS:
                return _COMPARISONS[type(comparator)](self._value(left, item), self._value(right, item))
        raise not_emulated("Anything but eq, ne, and, or, not in this '$filter'")

    def _value(self, node: object, item: Item) -> object:
        match node:
            case ast.Identifier(name) if item.knows(name, self._kind):
                return item.properties.get(name)
            case ast.Attribute(ast.Identifier(name), inner) if item.knows(name, self._kind):
                behind = item.links[name].find() if name in item.links else item.properties[name]
                properties = behind.properties if isinstance(behind, Item) else behind
                return properties.get(inner) if isinstance(properties, Mapping) else None
            case ast.Identifier(name) | ast.Attribute(ast.Identifier(name), _):
                raise no_such_property(name, self._kind)
        return _literal(node)


def _literal(node: object) -> object:
    match node:
        case ast.String(text):
            return text
        case ast.GUID(text):
            return text.lower()
        case ast.Integer(digits):
            return int(digits)
        case ast.Boolean(word):
            return word.lower() == "true"
        case ast.Null():
            return None
    raise not_emulated("Such an operand in this '$filter'")
