"""A stack without Pulumi: it calls the verbs in the engine's order, and keeps a state between runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

from pulumi_dataverse_email import dynamic
from pulumi_dataverse_email.dataverse.rows import Rows
from pulumi_dataverse_email.declare import Kind, TableKind
from pulumi_dataverse_email.engine.check import Difference
from pulumi_dataverse_email.engine.reach import Limits
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.engine.verbs import Verbs
from pulumi_dataverse_email.resources import KINDS, TABLE_KINDS
from pulumi_dataverse_email.table_resource import ROW_IDS

Props = Mapping[str, Any]

HOST = "contoso.crm4.dynamics.com"


def kept(props: Mapping[str, object]) -> dict[str, Any]:
    """Return properties as state keeps them: JSON, and no nulls."""
    found: dict[str, Any] = json.loads(json.dumps({name: it for name, it in props.items() if it is not None}))
    return found


@dataclass
class State:
    """What a stack keeps of one resource."""

    kind: Any
    """Each test knows of what type."""

    row_id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class Process:
    """One run of the provider: its memory, and the warnings that a person reads."""

    run: Run
    warnings: list[str]


class Warnings(list[str]):
    """A report that is kept."""

    def warn(self, message: str) -> None:
        """Keep a warning."""
        self.append(message)

    def status(self, message: str) -> None:
        """Let a line pass that does not stay."""

    def error(self, message: str) -> None:
        """Keep an error like a warning: both are read by the same person."""
        self.append(message)


@dataclass
class Stack:
    """Resources by logical name, and the environment that the settings name."""

    rows: Rows
    host: str | None = HOST
    limits: Limits = field(default_factory=Limits)
    organization_id: str | None = None
    delete_before_replace: bool = False
    state: dict[str, State] = field(default_factory=dict)

    def process(self) -> Process:
        """Start a run."""
        warnings = Warnings()
        return Process(Run(Target(self.host, self.organization_id, lambda: self.rows, self.limits), warnings), warnings)

    def checked(self, process: Process, name: str, kind: Kind, olds: Props, arguments: Props) -> dict[str, Any]:
        """Return the checked inputs of a resource, which must have no faults."""
        news = dict(arguments)
        if not isinstance(kind, TableKind):
            news["set_id"] = name
        elif not kind.adopts(arguments):
            news["row_id"] = str(uuid5(ROW_IDS, f"pipeline/prod/{kind.name}/{name}"))
        inputs, faults = verbs(kind).check(process.run, olds, news)
        assert not faults, [str(fault) for fault in faults]
        return kept(inputs)

    def plan(self, name: str, process: Process | None = None, /, **arguments: object) -> Difference:
        """Say what a preview shows for a resource in state."""
        process = process or self.process()
        state = self.state[name]
        news = self.checked(process, name, state.kind, state.inputs, arguments)
        return verbs(state.kind).diff(process.run, state.row_id, state.outputs, news)

    def up(self, name: str, process: Process | None = None, /, **arguments: object) -> Process:
        """Bring one resource about; its arguments tell of which kind a new one is."""
        process = process or self.process()
        state = self.state.get(name)
        kind = state.kind if state else _kind(arguments)
        if state is None:
            inputs = self.checked(process, name, kind, {}, arguments)
            row_id, outputs = verbs(kind).create(process.run, inputs)
            self.state[name] = State(kind, row_id, inputs, kept(outputs))
            return process
        inputs = self.checked(process, name, kind, state.inputs, arguments)
        difference = verbs(kind).diff(process.run, state.row_id, state.outputs, inputs)
        if difference.replaces:
            return self.replace(name, process, **arguments)
        if difference.changes is not False:
            state.outputs = kept(verbs(kind).update(process.run, state.row_id, state.outputs, inputs))
        state.inputs = inputs
        return process

    def replace(self, name: str, process: Process | None = None, /, **arguments: object) -> Process:
        """Replace a resource whose comparison calls for it; one that adopts is deleted first."""
        process = process or self.process()
        self.plan(name, process, **arguments)
        return self.replace_on_demand(name, process, **arguments)

    def replace_on_demand(self, name: str, process: Process | None = None, /, **arguments: object) -> Process:
        """Replace a resource as `up --replace` and `state taint` do, which compare nothing."""
        process = process or self.process()
        old = self.state[name]
        inputs = self.checked(process, name, old.kind, {}, arguments)
        first = "row_id" not in inputs or self.delete_before_replace
        if first:
            verbs(old.kind).delete(process.run, old.row_id, old.outputs)
        row_id, outputs = verbs(old.kind).create(process.run, inputs)
        self.state[name] = State(old.kind, row_id, inputs, kept(outputs))
        if not first:
            verbs(old.kind).delete(process.run, old.row_id, old.outputs)
        return process

    def refresh(self, name: str, process: Process | None = None) -> bool:
        """Read a resource; say whether its row is there."""
        process = process or self.process()
        state = self.state[name]
        found = verbs(state.kind).read(process.run, state.row_id, state.outputs)
        if found is None:
            del self.state[name]
            return False
        state.outputs, state.inputs = kept(found[0]), kept(found[1])
        return True

    def destroy(self, name: str, process: Process | None = None) -> Process:
        """Delete a resource."""
        process = process or self.process()
        state = self.state[name]
        verbs(state.kind).delete(process.run, state.row_id, state.outputs)
        del self.state[name]
        return process


def verbs(kind: Kind) -> Verbs:
    """Return the verbs of a kind."""
    found: Verbs = getattr(dynamic, f"{kind.name}Provider").verbs
    return found


def _kind(arguments: Props) -> Kind:
    if arguments.keys() & {"members", "selection"}:
        return KINDS["MailboxSet"]
    if "server_type" in arguments:
        return TABLE_KINDS["EmailServerProfile"]
    return TABLE_KINDS[
        "Mailbox" if arguments.keys() & {*TABLE_KINDS["Mailbox"].identifying} else "OrganizationEmailSettings"
    ]
