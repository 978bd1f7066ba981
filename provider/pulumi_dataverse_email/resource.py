"""The program's side of a kind: its arguments, faults, warnings and secrets, before the engine sees them."""

import inspect
from typing import Any, ClassVar
from uuid import UUID, uuid5
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_monitor

from .declare import UNKNOWN, Fault, Kind
from .engine.props import FAULTS, ROW_ID, computed

ROW_IDS = UUID("6e0f6e3c-52e4-5c0e-8f6b-6a8b2f7f8d11")
"""Namespace of the row ids that are made from project, stack, kind and logical name; part of the state's format."""

PACKAGE = "pulumi-python"

TOKEN = f"{PACKAGE}:dynamic/dataverse-email:"
"""What the type of every kind begins with; part of the state's format."""

_declared: "WeakKeyDictionary[object, dict[tuple[object, ...], str]]" = WeakKeyDictionary()
"""What each run of a program, known by its monitor, has declared: what must be unique -> the resource that has it."""


class Resource(pulumi.CustomResource):
    """The base of the kinds' classes.

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

    row_id: pulumi.Output[str | None]
    """The row's id, known in previews too; unset where a row is adopted (`id` has it once it is)."""

    generation: pulumi.Output[int]
    """Rises when a change calls for a new test-and-enable."""

    environment_host: pulumi.Output[str]
    organization_id: pulumi.Output[str]
    adopted: pulumi.Output[bool]
    previous: pulumi.Output[dict[str, Any] | None]
    """What an adopted row held before."""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None, args: dict[str, object]) -> None:
        opts = opts or pulumi.ResourceOptions()
        if opts.import_ is not None:
            raise ValueError(
                f"{self.kind.name} '{resource_name}': the engine cannot import resources of a dynamic provider. "
                "Adopt the row instead: a Mailbox is always adopted, an EmailServerProfile with adopt=True."
            )
        self._adopts = bool(self.kind.owner_keys) or args.get("adopt") is True
        stated = {name: _reference(value) for name, value in args.items() if value is not None}
        known = {name: UNKNOWN if _is_future(value) else value for name, value in stated.items()}
        values, found = self.kind.parse(known)
        # How the provider treats a row decides about ids that previews show: it cannot wait for another resource.
        found += [
            Fault(name, f"wants the {lookup.target.label}: its resource, id or name; this is a {value.kind.name}")
            for name, lookup in self.kind.lookups.items()
            if isinstance(value := args.get(name), Resource) and value.kind.table != lookup.target
        ]
        found += [
            Fault(name, "must be a plain value, known when the program runs")
            for name in self.kind.policies
            if known.get(name) is UNKNOWN
        ]
        faults = [str(fault) for fault in found]
        unsendable = [fault for fault in found if not _is_sendable(self.kind, fault.argument, known)]
        clashes = self._clashes(resource_name, opts, known)
        for fault in faults + clashes:
            pulumi.log.error(f"{self.kind.name} '{resource_name}': {fault}")

        props: dict[str, Any] = dict.fromkeys((*self.kind.arguments, *computed(self.kind)))
        for name in self.kind.arguments:
            if name in stated and name not in {fault.argument for fault in unsendable}:
                secret = self.kind.arguments[name].secret
                props[name] = pulumi.Output.secret(stated[name]) if secret else stated[name]
        if not self._adopts:
            seed = f"{pulumi.get_project()}/{pulumi.get_stack()}/{self.kind.name}/{resource_name}"
            props[ROW_ID] = str(uuid5(ROW_IDS, seed))
        if unsendable or clashes:
            props[FAULTS] = [str(fault) for fault in unsendable] + clashes
        props["__provider"] = self.payload
        if self._adopts:
            opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(delete_before_replace=True), opts)
        super().__init__(TOKEN + self.kind.name, resource_name, props, opts)
        for rule in self.kind.broken_rules(values, "warning"):
            pulumi.log.warn(f"{rule.blames}: {rule.says} ({rule.source})", self)

    @property
    def reference(self) -> pulumi.Output[str]:
        """What another resource writes to point at this row: its id, known in previews where it can be."""
        return self.id if self._adopts else self.row_id  # type: ignore[return-value]  # stated where not adopted

    def _clashes(self, resource_name: str, opts: pulumi.ResourceOptions, known: dict[str, object]) -> list[str]:
        """Return what this resource shares with an earlier one of the program and must not."""
        declared = _declared.setdefault(get_monitor(), {})
        provider = opts.provider or (opts.parent.get_provider(f"{PACKAGE}:x:y") if opts.parent else None)
        clashes = []
        if (self.kind.name, resource_name) in declared:
            clashes.append(f"another {self.kind.name} of this program has the logical name '{resource_name}'")
        declared[self.kind.name, resource_name] = resource_name
        for name in self.kind.identifying:
            if isinstance(key := known.get(name), str):
                holder = declared.setdefault((self.kind.name, provider, name, key.casefold()), resource_name)
                if holder != resource_name:
                    clashes.append(f"{name}: '{holder}' declares the {self.kind.table.label} of '{key}' already")
        return clashes


def _reference(value: object) -> object:
    return value.reference if isinstance(value, Resource) else value


def _is_future(value: object) -> bool:
    return isinstance(value, pulumi.Output) or inspect.isawaitable(value)


def _is_sendable(kind: Kind, name: str, known: dict[str, object]) -> bool:
    # What check can judge itself goes there; an unknown name or a stranger's object cannot even be serialized.
    return name in kind.arguments and isinstance(known.get(name), str | int | float | bool | dict | type(None))
