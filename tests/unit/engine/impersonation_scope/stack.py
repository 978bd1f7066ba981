"""A stack of scopes without Pulumi: it calls the verbs in the engine's order, and keeps a state between runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_dataverse_email.dataverse.rows import Link, Rows
from pulumi_dataverse_email.engine.check import Difference
from pulumi_dataverse_email.engine.impersonation_scope.verbs import of_scopes
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.exchange.interface import Exchange
from pulumi_dataverse_email.resources import KINDS, mailbox_set
from tests.unit.engine.stack import HOST, Process, Warnings, kept
from tests.unit.exchange.conftest import ANNA, APP, APP_OBJECT, BEN, Online

KIND = KINDS["ImpersonationScope"]
VERBS = of_scopes(KIND, mailbox_set.KIND)
PROFILE = "5f0c2a10-0000-4000-8000-00000000f001"
UNIT = "5f0c2a10-0000-4000-8000-00000000c0de"
"""The administrative unit of the default seed."""

EWS = "Application EWS.AccessAsApp"
ONLINE = {
    "platform": "exchange_online",
    "name": "CRM mailboxes",
    "application_id": APP,
    "service_principal_object_id": APP_OBJECT,
}
MEMBERS = {"addresses": [ANNA, BEN]}


@dataclass
class State:
    """What a stack keeps of one scope."""

    resource_id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class ScopeStack:
    """Scopes by logical name."""

    rows: Rows
    exchange: Exchange | None
    online: Online
    state: dict[str, State] = field(default_factory=dict)

    def process(self) -> Process:
        """Start a run."""
        warnings = Warnings()
        target = Target(HOST, None, lambda: self.rows, exchange=lambda _: self.exchange)
        return Process(Run(target, warnings), warnings)

    def faults(self, **arguments: object) -> str:
        """Return what `check` says of a new scope."""
        _, found = VERBS.check(self.process().run, {}, arguments)
        return "\n".join(map(str, found))

    def checked(self, process: Process, name: str, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return checked inputs, which must have no faults."""
        olds = self.state[name].inputs if name in self.state else {}
        inputs, faults = VERBS.check(process.run, olds, arguments)
        assert not faults, [str(it) for it in faults]
        return kept(inputs)

    def plan(self, name: str = "crm", process: Process | None = None, /, **arguments: object) -> Difference:
        """Say what a preview shows for a scope in state."""
        process = process or self.process()
        state = self.state[name]
        return VERBS.diff(process.run, state.resource_id, state.outputs, self.checked(process, name, arguments))

    def up(self, name: str = "crm", process: Process | None = None, /, **arguments: object) -> Process:
        """Bring a scope about."""
        process = process or self.process()
        inputs = self.checked(process, name, arguments)
        state = self.state.get(name)
        if state is None:
            resource_id, outputs = VERBS.create(process.run, inputs)
            self.state[name] = State(resource_id, inputs, kept(outputs))
            return process
        if VERBS.diff(process.run, state.resource_id, state.outputs, inputs).changes is not False:
            state.outputs = kept(VERBS.update(process.run, state.resource_id, state.outputs, inputs))
        state.inputs = inputs
        return process

    def refresh(self, name: str = "crm", process: Process | None = None) -> bool:
        """Read a scope; say whether it is there."""
        process = process or self.process()
        state = self.state[name]
        found = VERBS.read(process.run, state.resource_id, state.outputs)
        if found is None:
            del self.state[name]
            return False
        state.outputs, state.inputs = kept(found[0]), kept(found[1])
        return True

    def destroy(self, name: str = "crm", process: Process | None = None) -> Process:
        """Delete a scope."""
        process = process or self.process()
        state = self.state[name]
        VERBS.delete(process.run, state.resource_id, state.outputs)
        del self.state[name]
        return process

    def outputs(self, name: str = "crm") -> dict[str, Any]:
        """Return what state holds."""
        return self.state[name].outputs

    def profile(self, *users: str, retrieval: int = 7, **columns: object) -> str:
        """Make a profile for the mailboxes of users, by their names, and return its id."""
        known = {
            "name": "Contoso Exchange",
            "servertype": 3,
            "incomingcredentialretrieval": retrieval,
            "outgoingcredentialretrieval": retrieval,
            "oauthclientid": APP,
            "exchangeonlinetenantid": APP,
        }
        self.online.dataverse.make("emailserverprofiles", emailserverprofileid=PROFILE, **{**known, **columns})
        for user in users:
            self.join(user)
        return PROFILE

    def join(self, user: str) -> str:
        """Give a user's mailbox to the profile, and return its id."""
        row = self.online.dataverse.row("mailboxes", user)
        synchronized = {"incomingemaildeliverymethod": 2, "outgoingemaildeliverymethod": 2}
        link = Link("emailserverprofiles", PROFILE)
        self.rows.update("mailboxes", str(row["mailboxid"]), {**synchronized, "emailserverprofile": link})
        return str(row["mailboxid"])
