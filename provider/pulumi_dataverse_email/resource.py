"""The program's side of a kind: its arguments, faults, warnings and secrets, before the engine sees them."""

import inspect
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_monitor

from .attributes import Unstated
from .configuration import warn_of_clear_secret, warn_of_clear_settings
from .declare import UNKNOWN, CrossRule, Fault, Kind, Rule, Table, Values
from .engine.props import FAULTS, IDENTITY, TIMEOUTS

PACKAGE = "pulumi-python"

TOKEN = f"{PACKAGE}:dynamic/dataverse-email:"
"""What the type of every kind begins with; part of the state's format."""

_DURATION = re.compile("".join(rf"(?:(\d+(?:\.\d+)?){unit})?" for unit in "dhms"))
_UNITS = (86_400, 3600, 60, 1)
"""Days, hours, minutes and seconds, in which Pulumi's `custom_timeouts` are written."""

_declared: "WeakKeyDictionary[object, dict[tuple[object, ...], str]]" = WeakKeyDictionary()
"""What each run of a program, known by its monitor, has declared: what must be unique -> the resource that has it."""


class Resource(pulumi.CustomResource):
    """The base of all kinds' classes.

    Faults never raise, because that would hide the faults of every later resource: they are logged here, all of
    them, and `check` of the provider makes the preview or update fail.

    Args:
        resource_name: the resource's logical name.
        opts: Pulumi's resource options.
        args: the arguments, as the kind's `TypedDict` has them.

    Raises:
        ValueError: `opts.import_` is given.
    """

    kind: ClassVar[Kind]
    payload: ClassVar[str]
    """The constant by which Pulumi's host finds the provider: part of the state's format."""

    logical_name: str

    declared: "Declared"
    """What the program has declared before it."""

    points_at: Mapping[str, "Resource"]
    """The resources that its arguments name, by argument."""

    sound: Values
    """The arguments as far as they are known and right by themselves: what rules read."""

    named_by: dict[tuple[str, str], list[Values]]
    """By kind and argument, the values of the resources that have named this one so far."""

    environment_host: pulumi.Output[str]
    organization_id: pulumi.Output[str]

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if "kind" in vars(cls):
            for name in cls.kind.inputs.__annotations__:
                setattr(cls, name, Unstated())

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None, args: dict[str, object]) -> None:
        opts = opts or pulumi.ResourceOptions()
        if opts.import_ is not None:
            raise ValueError(
                f"{self.kind.name} '{resource_name}': the engine cannot import resources of a dynamic provider. "
                "Adopt the row instead: an EmailServerProfile with adopt=True, the other kinds always. For many, "
                "`dataverse-email import` writes a program and the state that fits."
            )
        self.logical_name = resource_name
        self._title = f"{self.kind.name} '{resource_name}'"
        self.declared = Declared(self, opts)
        self.points_at = {name: it for name, it in args.items() if isinstance(it, Resource)}
        stated = {name: it for name, it in self._properties(args).items() if it is not None}
        known = {name: _known(value) for name, value in stated.items()}
        values, found = self.kind.parse(known)
        found += self._faults(args, known)
        timeouts, late = _timeouts(opts.custom_timeouts)
        found += late
        self.sound = values | {fault.argument: UNKNOWN for fault in found}
        self.named_by = {}
        broken = self._broken_across()
        unsendable = [fault for fault in found if not _is_sendable(self.kind, fault.argument, known)]
        clashes = [*self._clashes(known)]
        clashes += [f"{rule.blames}: {rule.says}" for rule in broken if rule.severity == "error"]
        for fault in [str(fault) for fault in found] + clashes:
            self._refuse(fault)

        props: dict[str, Any] = dict.fromkeys(self._outputs())
        for name in self.kind.arguments:
            if name in stated and name not in {fault.argument for fault in unsendable}:
                secret = self.kind.arguments[name].secret
                props[name] = pulumi.Output.secret(stated[name]) if secret else stated[name]
        props |= self._proposed(args)
        if timeouts:
            props[TIMEOUTS] = timeouts
        if unsendable or clashes:
            props[FAULTS] = [str(fault) for fault in unsendable] + clashes
        props["__provider"] = self.payload
        super().__init__(TOKEN + self.kind.name, resource_name, props, opts)
        self._warn(stated, broken)
        self._judge_later(known, stated)

    @property
    def table(self) -> Table | None:
        """The table in which the resource is a row; `None` where it is more or less than a row."""
        return None

    @property
    def reference(self) -> pulumi.Output[str]:
        """What another resource writes to point at this one: its id, known in previews where it can be."""
        return self.id

    def _refuse(self, fault: str) -> None:
        pulumi.log.error(f"{self._title}: {fault}")

    def _warn(self, stated: dict[str, object], across: list[CrossRule]) -> None:
        """Warn of what works and is not recommended."""
        for broken in across:
            if broken.severity == "warning":
                self._recommend(f"{broken.blames}: {broken.says} ({broken.source})")
        for rule, values in self._advice().items():
            self._say(rule, values)
        for name, argument in self.kind.arguments.items():
            if argument.secret and name in stated:
                warn_of_clear_secret(f"{self._title}: {name}", stated[name], self)

    def _judge_later(self, known: dict[str, object], stated: dict[str, object]) -> None:
        """Judge each value that comes later, and each rule that reads one, as soon as they are known."""
        later = {name: stated[name] for name in self.kind.arguments if known.get(name) is UNKNOWN}
        for name, value in later.items():
            pulumi.Output.from_input(value).apply(partial(self._judge, name))
        for rule in self.kind.rules:
            if read := {name: later[name] for name in rule.reads if name in later}:
                found = pulumi.Output.all(**read)
                pulumi.Output.all(found, found.is_secret()).apply(partial(self._judge_rule, rule, known))

    def _judge(self, name: str, value: object) -> None:
        for fault in self.kind.parse_each(dict.fromkeys(self.kind.arguments, UNKNOWN) | {name: value})[1]:
            self._refuse(str(fault))

    def _judge_rule(self, rule: Rule, known: dict[str, object], later: list[Any]) -> None:
        found, secret = later
        values, faults = self.kind.parse_each(known | found)
        sound = values | {fault.argument: UNKNOWN for fault in faults}
        if rule not in self.kind.broken_rules(sound, rule.severity):
            return
        told = sound | dict.fromkeys(found, "[secret]") if secret else sound
        if rule.severity == "error":
            self._refuse(f"{rule.blames}: {rule.told(told)}")
        else:
            self._say(rule, told)

    def _say(self, rule: Rule, values: Values) -> None:
        self._recommend(f"{rule.blames}: {rule.told(values)} ({rule.source})")

    def _recommend(self, text: str) -> None:
        # With `--diff` the engine shows warnings without their resource.
        pulumi.log.warn(f"{self._title}: {text}", self)

    def _properties(self, args: Mapping[str, object]) -> dict[str, object]:
        """Return what is sent for the arguments."""
        return {name: _reference(value) for name, value in args.items()}

    def _proposed(self, args: Mapping[str, object]) -> Mapping[str, object]:  # noqa: ARG002  some kinds' depend on them
        """Return the inputs that are no arguments."""
        return {}

    def _outputs(self) -> Iterable[str]:
        """Return the attributes that only the engine can fill."""
        return (*IDENTITY, *self.kind.results)

    def _faults(self, args: Mapping[str, object], known: Values) -> list[Fault]:  # noqa: ARG002  some kinds look at them
        """Return what is wrong with the arguments and only the program's side can see."""
        found = [
            Fault(name, f"wants the {lookup.target.label}: its resource, id or name; this is a {value.kind.name}")
            for name, lookup in self.kind.lookups.items()
            if (value := self.points_at.get(name)) and value.table != lookup.target
        ]
        # How the provider treats a row decides about ids that previews show: it cannot wait for another resource.
        return found + [
            Fault(name, "must be a plain value, known when the program runs")
            for name in self.kind.policies
            if known.get(name) is UNKNOWN
        ]

    def _advice(self) -> dict[Rule, Values]:
        """Return the rules of best practice that the arguments break by themselves, and the values that break them."""
        return dict.fromkeys(self.kind.broken_rules(self.sound, "warning"), self.sound)

    def _broken_across(self) -> list[CrossRule]:
        """Return the rules that this resource and those that its arguments name break together."""
        broken: list[CrossRule] = []
        for name in self.kind.lookups:
            if there := self.points_at.get(name):
                earlier = there.named_by.setdefault((self.kind.name, name), [])
                broken += self.kind.broken_across(name, self.sound, there.sound, earlier)
                earlier.append(self.sound)
        return broken

    def _clashes(self, known: Values) -> Iterable[str]:  # noqa: ARG002  some kinds' depend on them
        """Yield what this resource shares with an earlier one of the program and must not."""
        if self.declared.before():
            yield f"another {self.kind.name} of this program has the logical name '{self.logical_name}'"


class Declared:
    """What a run of a program has declared so far.

    Args:
        resource: the one that is declared now.
        opts: its options.
    """

    def __init__(self, resource: Resource, opts: pulumi.ResourceOptions) -> None:
        self._kind, self._name = resource.kind.name, resource.logical_name
        self._holders = _declared.setdefault(get_monitor(), {})
        if not self._holders:
            warn_of_clear_settings()
        self._provider = _provider(opts)

    def before(self) -> bool:
        """Say whether an earlier resource of the kind has this one's logical name, whatever its provider."""
        key = (self._kind, self._name)
        before = key in self._holders
        self._holders[key] = self._name
        return before

    def holder(self, *key: str, kind: str = "") -> str:
        """Return which other resource of a kind and this environment has the key; empty where it is this one's.

        Args:
            key: what no two resources share.
            kind: the kind's name, if not this one's: its resources and this one's share keys.
        """
        holder = self._holders.setdefault((kind or self._kind, self._provider, *key), self._name)
        return "" if holder == self._name else holder


def _provider(opts: pulumi.ResourceOptions) -> pulumi.ProviderResource | None:
    """Return the explicit provider that Pulumi is going to find for a resource with these options."""
    listed = pulumi.ResourceOptions.merge(opts, None).providers  # by package, however they were given
    own = opts.provider or (listed.get(PACKAGE) if isinstance(listed, Mapping) else None)
    return own or (opts.parent.get_provider(f"{PACKAGE}:x:y") if opts.parent else None)


def _timeouts(given: pulumi.CustomTimeouts | None) -> tuple[dict[str, float], list[Fault]]:
    """Return how many seconds each verb may take, and what is wrong with what is given."""
    texts = {verb: getattr(given, verb, None) for verb in ("create", "read", "update", "delete")}
    parts = {verb: _DURATION.fullmatch(text) for verb, text in texts.items() if text}
    seconds = {
        verb: sum(float(number or 0) * unit for number, unit in zip(match.groups(), _UNITS, strict=True))
        for verb, match in parts.items()
        if match
    }
    reason = "is a time such as '40s', '5m' or '1h30m', longer than none"
    return seconds, [Fault(f"custom_timeouts.{verb}", reason) for verb in parts if not seconds.get(verb)]


def _reference(value: object) -> object:
    if isinstance(value, Resource):
        return value.reference
    # An awaitable can be awaited once, an output as often as somebody asks.
    return pulumi.Output.from_input(value) if inspect.isawaitable(value) else value


def _known(value: object) -> object:
    """Return a value as far as it is known now."""
    if isinstance(value, pulumi.Output):
        return UNKNOWN
    return {name: _known(it) for name, it in value.items()} if isinstance(value, dict) else value


def _is_sendable(kind: Kind, name: str, known: Values) -> bool:
    # What check can judge itself goes there; an unknown name or a stranger's object cannot even be serialized.
    return name in kind.arguments and isinstance(known.get(name), str | int | float | bool | dict | type(None))
