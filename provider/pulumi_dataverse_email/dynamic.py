"""Pulumi's calling convention. This module and its class names are part of the state's format: they never move.

The providers are stateless: what a process remembers lives in `engine.run.Run`, one for each set of settings.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, ClassVar
from uuid import uuid4

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown as PulumiUnknown
from pulumi.runtime import rpc

from . import log, settings, tracing
from .dataverse.deadline import within
from .dataverse.rows import Rows
from .declare import UNKNOWN, Fault, Kind, Unknown, whole
from .engine import reach
from .engine.impersonation_scope.verbs import of_scopes
from .engine.props import allowed
from .engine.run import Report, Run, Target
from .engine.test_and_enable import settle
from .engine.test_and_enable.verbs import Enabling
from .engine.verbs import Verbs, of_rows, of_sets
from .errors import DataverseEmailError
from .exchange.interface import Exchange
from .messages import EngineReport, LogReport, engine_address
from .resources import KINDS, TABLE_KINDS, mailbox_set

LOG_FILE = "DATAVERSE_EMAIL_LOG"
"""Environment variable: a file that gets our own log at its most verbose; nothing is logged without it."""

Props = Mapping[str, Any]

Core = Mapping[str, object]
"""Properties as the engine's room has them."""


class KindProvider(ResourceProvider):
    """The verbs of one kind, as Pulumi's host calls them."""

    serialize_as_secret_always = False
    kind: ClassVar[Kind]
    _given: settings.Given

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the settings as they came: this runs in previews, which need none."""
        keys = [f"{settings.NAMESPACE}:{key}" for key in (*settings.declared(), settings.EXPLICIT)]
        config = {key: value for key in keys if (value := req.config.get(key))}
        self._given = settings.given(config, os.environ)
        if engine_address():
            # The host shows a whole traceback to the person at the terminal; our messages say what to do.
            sys.tracebacklimit = 0
            tracing.to_collector()
        if path := os.environ.get(LOG_FILE):
            log.to_file(path)

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Settle the inputs; report all faults."""
        with _own_errors():
            inputs, faults = self._check(self._run(), _core(_olds), _core(news))
        # The engine prints the value of a property that is blamed, and any of them may hold a program's secret: so none
        # is blamed, and the text names the argument.
        return CheckResult(_pulumi(inputs), [CheckFailure("", str(fault)) for fault in faults])

    def _check(self, run: Run, olds: Core, news: Core) -> tuple[dict[str, object], list[Fault]]:
        raise NotImplementedError

    def _run(self) -> Run:
        return _run(self._given)


class VerbsProvider(KindProvider):
    """The six verbs of a kind."""

    verbs: ClassVar[Verbs]

    def _check(self, run: Run, olds: Core, news: Core) -> tuple[dict[str, object], list[Fault]]:
        return self.verbs.check(run, olds, news)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Compare state with the program."""
        with _own_errors():
            difference = self.verbs.diff(self._run(), _id, _core(_olds), _core(_news))
        return DiffResult(changes=difference.changes, replaces=list(difference.replaces))

    def create(self, props: Props) -> CreateResult:
        """Bring what is declared about."""
        with _own_errors(), within(allowed(props, "create")):
            id_, outputs = self.verbs.create(self._run(), _core(props))
        return CreateResult(id_, _pulumi(outputs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Say what there is."""
        with _own_errors(), within(allowed(props, "read")):
            found = self.verbs.read(self._run(), id_, _core(props))
        if found is None:
            return ReadResult(None, {})
        outputs, inputs = found
        return ReadResult(id_, _pulumi(outputs), _pulumi(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Write what changed."""
        with _own_errors(), within(allowed(_news, "update")):
            return UpdateResult(_pulumi(self.verbs.update(self._run(), _id, _core(_olds), _core(_news))))

    def delete(self, _id: str, _props: Props) -> None:
        """Do what `on_delete` says."""
        with _own_errors(), within(allowed(_props, "delete")):
            self.verbs.delete(self._run(), _id, _core(_props))


class EmailServerProfileProvider(VerbsProvider):
    """The provider of `EmailServerProfile`."""

    kind = TABLE_KINDS["EmailServerProfile"]
    verbs = of_rows(kind)


class MailboxProvider(VerbsProvider):
    """The provider of `Mailbox`."""

    kind = TABLE_KINDS["Mailbox"]
    verbs = of_rows(kind)


class MailboxSetProvider(VerbsProvider):
    """The provider of `MailboxSet`."""

    kind = mailbox_set.KIND
    verbs = of_sets(kind)


class MailboxTestAndEnableProvider(KindProvider):
    """The provider of `MailboxTestAndEnable`: a wait is no operation that the settings bound, but its own `timeout`."""

    kind = KINDS["MailboxTestAndEnable"]

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Compare state with the program."""
        with _own_errors():
            difference = settle.diff(self.kind, self._run(), _core(_olds), _core(_news))
        return DiffResult(changes=difference.changes)

    def create(self, props: Props) -> CreateResult:
        """Test who needs it."""
        with _own_errors():
            return CreateResult(str(uuid4()), _pulumi(self._enabling().bring_about("create", _core(props), {})))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Say which statuses fell."""
        with _own_errors(), within(allowed(props, "read")):
            outputs, inputs = self._enabling().read(_core(props))
        return ReadResult(id_, _pulumi(outputs), _pulumi(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Test who needs it now."""
        with _own_errors():
            return UpdateResult(_pulumi(self._enabling().bring_about("update", _core(_news), _core(_olds))))

    def delete(self, _id: str, _props: Props) -> None:
        """Change nothing: what is enabled stays so."""

    def _check(self, _: Run, olds: Core, news: Core) -> tuple[dict[str, object], list[Fault]]:
        return settle.check(self.kind, olds, news)

    def _enabling(self) -> Enabling:
        return Enabling(self.kind, mailbox_set.KIND, self._run())


class OrganizationEmailSettingsProvider(VerbsProvider):
    """The provider of `OrganizationEmailSettings`."""

    kind = TABLE_KINDS["OrganizationEmailSettings"]
    verbs = of_rows(kind)


class ImpersonationScopeProvider(VerbsProvider):
    """The provider of `ImpersonationScope`."""

    kind = KINDS["ImpersonationScope"]
    verbs = of_scopes(kind, mailbox_set.KIND)


_runs: dict[settings.Given, Run] = {}
_lock = Lock()


def _run(given: settings.Given) -> Run:
    """Return this process's memory for the environment that the settings name; opens nothing."""
    with _lock:
        if given not in _runs:
            address = engine_address()
            report = EngineReport(address) if address else LogReport()
            target = Target(
                host=settings.environment_host(given.text("environmentUrl")),
                organization_id=settings.organization_id(given.text("organizationId")),
                connect=lambda: _dataverse(given, report),
                limits=_reach(settings.reach(given)),
                exchange=lambda platform: _exchange(given, platform, report),
            )
            _runs[given] = Run(target, report)
        return _runs[given]


def _reach(checked: Mapping[str, object]) -> reach.Limits:
    counts = {name: f"max_{name}_mailboxes" for name in ("deleted", "moved", "tested")}
    stated = {
        name: None if checked[setting] == "unlimited" else int(str(checked[setting]))
        for name, setting in counts.items()
        if setting in checked
    }
    return reach.Limits(synchronization=checked.get("synchronization") != "off", **stated)


def _dataverse(given: settings.Given, report: Report) -> Rows:
    from . import wires  # noqa: PLC0415  a preview is not to wait for what it does not need: half of a process's start

    return wires.dataverse(given, report.warn)


def _exchange(given: settings.Given, platform: str, report: Report) -> Exchange | None:
    from . import wires  # noqa: PLC0415  likewise

    return wires.exchange(given, platform, report.warn)


@contextmanager
def _own_errors() -> Iterator[None]:
    """Let our own errors through without the chain of their causes, which the host would print."""
    try:
        yield
    except DataverseEmailError as error:
        raise error from None


def _core(props: Props) -> dict[str, object]:
    return {
        name: whole(_each(PulumiUnknown, UNKNOWN, value))
        for name, value in props.items()
        if name != "__provider" and value is not None
    }


def _pulumi(props: Mapping[str, object]) -> dict[str, Any]:
    return {name: _each(Unknown, rpc.UNKNOWN, value) for name, value in props.items() if value is not None}


def _each(unknown: type, instead: object, value: object) -> object:
    """Return a value with something else in the place of all that is not known, at any depth."""
    if isinstance(value, dict):
        return {name: _each(unknown, instead, it) for name, it in value.items()}
    if isinstance(value, list):
        return [_each(unknown, instead, it) for it in value]
    return instead if isinstance(value, unknown) else value
