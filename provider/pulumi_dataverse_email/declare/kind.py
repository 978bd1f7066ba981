"""What a kind is: a table, its arguments, its rules, its results."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import get_original_bases  # a part of types since Python 3.12

from .choices import Choice, ChoiceForm
from .columns import Column, Group, Lookup, Marker, Policy
from .rules import TODAY, CrossRule, Fault, Rule, Values
from .values import CLEAR, UNKNOWN, BooleanForm, Form, whole

INPUTS = ConfigDict(extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True, strict=True)
"""How a kind's arguments are validated; a rejected value is never part of the message."""


@dataclass(frozen=True)
class Argument:
    """One argument or result of a kind, as its declaration says it."""

    name: str
    marker: Marker
    form: Form
    choice: type[Choice] | None
    declared: type
    """The `TypedDict` that has it."""

    @property
    def required(self) -> bool:
        """Whether a resource cannot do without it."""
        return self.name in getattr(self.declared, "__required_keys__", ())

    @property
    def description(self) -> str:
        """Its docstring."""
        return _sentences(self.declared).get(self.name, "")

    @property
    def schema(self) -> Mapping[str, Any]:
        """What its type allows beside `CLEAR` and leaving it out, as JSON schema says it."""
        return _allowed(_properties(self.declared)[self.name])

    @property
    def wire(self) -> str:
        """The column's name on the wire; empty for what is no column."""
        return self.marker.wire if isinstance(self.marker, Column) else ""

    @property
    def secret(self) -> bool:
        """Whether its value is never shown."""
        return isinstance(self.marker, Column) and self.marker.secret

    def equal(self, one: object, other: object) -> bool:
        """Whether two values mean the same."""
        return bool(self.form.normal(one) == self.form.normal(other))


class Kind:
    """A resource type: declared once, read by every verb, the manual and the laws.

    Args:
        name: the kind's name in programs and in its type token.
        inputs: the `TypedDict` of its arguments.
        rules: what relates the arguments.
        across: what relates them to those of other resources of the program.
        results: the `TypedDict` of what is only told, as outputs.
        source: Microsoft's page about it.
    """

    def __init__(  # noqa: PLR0913  one keyword for each part of a declaration
        self,
        name: str,
        inputs: type,
        *,
        rules: Iterable[Rule],
        across: Iterable[CrossRule] = (),
        results: type | None = None,
        source: str,
    ) -> None:
        self.name = name
        self.inputs = inputs
        self._results = results
        self.rules = tuple(rules)
        self.across = tuple(across)
        self.source = source

    @cached_property
    def _adapter(self) -> TypeAdapter[dict[str, object]]:
        return TypeAdapter(self.inputs)

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """All arguments by name, in the order of the declaration."""
        return _arguments(self.inputs)

    @cached_property
    def results(self) -> dict[str, Argument]:
        """What becomes an output and is no argument, by name."""
        return _arguments(self._results) if self._results else {}

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The arguments that are columns of a table."""
        return {name: it.marker for name, it in self.arguments.items() if isinstance(it.marker, Column)}

    @cached_property
    def lookups(self) -> dict[str, Lookup]:
        """The arguments that point at rows of other tables."""
        return {name: column for name, column in self.columns.items() if isinstance(column, Lookup)}

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """The arguments that say how the provider goes about it."""
        return tuple(name for name, it in self.arguments.items() if isinstance(it.marker, Policy))

    def parse(self, stated: Mapping[str, object]) -> tuple[dict[str, object], list[Fault]]:
        """Return the stated values as state spells them, and every fault: types, limits, unknown names, rules.

        Values that are `UNKNOWN` stay as they are, at any depth, and are not judged.
        """
        values, faults = self.parse_each(stated)
        # A rule is not asked about values that are wrong by themselves: it may not even understand their type.
        sound = values | {fault.argument: UNKNOWN for fault in faults}
        faults += [Fault(rule.blames, rule.told(sound)) for rule in self.broken_rules(sound, "error")]
        return values, faults

    def parse_each(self, stated: Mapping[str, object]) -> tuple[dict[str, object], list[Fault]]:
        """Return what `parse` does, but for what the rules say of several together."""
        known = {name: whole(value) for name, value in stated.items() if value is not UNKNOWN}
        cleared = {name for name, value in known.items() if value == CLEAR}
        clearable = {name for name, column in self.columns.items() if column.clearable}
        faults = [
            Fault(name, f"cannot be cleared{self._way_out(name)}")
            for name in sorted(cleared & self.arguments.keys() - clearable)
        ]
        # What pydantic is not shown; a misspelt name is none, whatever its value.
        unjudged = sorted(stated.keys() - known.keys() | cleared)
        faults += [self._fault((name,), "extra_forbidden", "") for name in unjudged if name not in self.arguments]
        try:
            self._adapter.validate_python({name: _judged(it) for name, it in known.items() if name not in cleared})
        except ValidationError as error:
            faults += [
                self._fault(problem["loc"], problem["type"], problem["msg"])
                for problem in error.errors(include_url=False, include_input=False)
                if problem["type"] != "missing" or not _is_stated(stated, problem["loc"])
            ]
        values = {name: str(value) if isinstance(value, Choice) else value for name, value in known.items()}
        values |= {name: value for name, value in stated.items() if value is UNKNOWN}
        return values, faults

    def broken_rules(self, values: Mapping[str, object], severity: str) -> list[Rule]:
        """Return the rules of that severity that the values break, as far as they are known, at their `TODAY`."""
        plain = {TODAY: datetime.now(UTC).date()} | _plain(values)
        return [
            rule
            for rule in self.rules
            if rule.severity == severity and _known(values, rule.reads) and not rule.holds(plain)
        ]

    def broken_across(self, through: str, values: Values, there: Values, earlier: Iterable[Values]) -> list[CrossRule]:
        """Return the broken rules about the resource that the argument `through` names, as far as they are known.

        `there` are the values of that resource, and `earlier` those of the resources that named it before.
        """
        around = list(earlier)
        return [
            rule
            for rule in self.across
            if rule.through == through
            and _known(values, rule.reads)
            and _known(there, rule.reads_there)
            and not rule.holds(_plain(values), _plain(there), [_plain(it) for it in around if _known(it, rule.reads)])
        ]

    def _fault(self, location: Sequence[int | str], problem: str, message: str) -> Fault:
        name = str(location[0])
        if len(location) > 1 and problem == "missing":
            return Fault(name, f"needs '{location[1]}' too")
        if problem == "extra_forbidden":
            near = difflib.get_close_matches(name, self.arguments, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; {self.name} has {', '.join(self.arguments)}"
            return Fault(name, f"is no argument of {self.name}{hint}")
        if problem == "dict_type" and isinstance(group := self.arguments[name].marker, Group):
            return Fault(name, f"should be {group.takes}")
        if problem == "string_too_short":
            return Fault(name, f"should not be empty{self._way_out(name)}")
        if problem == "missing":
            return Fault(name, "is required")
        return Fault(name, message.removeprefix("Input ").removeprefix("String "))

    def _way_out(self, name: str) -> str:
        """Return how an argument stays as the server has it, or is emptied, as far as it can."""
        if self.arguments[name].required:
            return ""
        if name in self.columns and self.columns[name].clearable:
            return "; CLEAR empties it, and leaving it out keeps what the server has"
        return "; leave it out to keep what the server has"


def _known(values: Values, names: Iterable[str]) -> bool:
    return all(values.get(name) is not UNKNOWN for name in names)


def _is_stated(stated: object, location: Iterable[int | str]) -> bool:
    """Whether something stands there, be it not known yet."""
    for part in location:
        if not isinstance(stated, Mapping) or part not in stated:
            return False
        stated = stated[part]
    return True


def _judged(value: object) -> object:
    if isinstance(value, dict):
        return {name: _judged(it) for name, it in value.items() if it is not UNKNOWN}
    return value


def _plain(values: Values) -> dict[str, object]:
    return {name: None if value == CLEAR else value for name, value in values.items()}


def _arguments(declared: type) -> dict[str, Argument]:
    hints = get_type_hints(declared, include_extras=True)
    return {name: Argument(name, *_declared(hint), declared) for name, hint in hints.items()}


@cache  # what no run of a program waits for: the manual, the command and CSV files ask
def _properties(declared: type) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = TypeAdapter(declared).json_schema(mode="validation")["properties"]
    return properties


@cache
def _sentences(declared: type) -> Mapping[str, str]:
    """Return the docstrings of the entries; pydantic sees those of a class alone, not those of its bases."""
    found = {name: text for base in get_original_bases(declared) for name, text in _sentences_of_base(base).items()}
    return found | {name: it["description"] for name, it in _properties(declared).items() if "description" in it}


def _sentences_of_base(base: object) -> Mapping[str, str]:
    return _sentences(base) if isinstance(base, type) and hasattr(base, "__required_keys__") else {}


def _allowed(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    one_of = schema.get("anyOf", [schema])
    allowed: Mapping[str, Any] = next(one for one in one_of if one.get("type") != "null")
    return allowed


def _declared(hint: object) -> tuple[Marker, Form, type[Choice] | None]:
    marker: Marker | None = None
    form = Form()
    choice: type[Choice] | None = None
    for part in _parts(hint):
        if isinstance(part, Marker):
            marker = part
        elif isinstance(part, Form):
            form = part
        elif isinstance(part, type) and issubclass(part, Choice):
            choice, form = part, ChoiceForm(part)
        elif part is bool:
            form = BooleanForm()
    if marker is None:
        raise TypeError(f"{hint} names no Column, OwnerKey, Policy, Note, Group, Property or Finding")
    return marker, form, choice


def _parts(hint: object) -> Iterable[object]:
    """Yield every type and marker inside a hint: `Annotated[Optional[...], Column(...)]`."""
    if get_origin(hint) is None:
        if hint is not NoneType:
            yield hint
        return
    for part in (*get_args(hint), *getattr(hint, "__metadata__", ())):
        yield from _parts(part)
