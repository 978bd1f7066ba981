"""Pulumi's calling convention: what its host gives, and what it gets back."""

import json
import os
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # its stubs are not pinned
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from pulumi_dataverse_email import dynamic
from pulumi_dataverse_email.dynamic import EmailServerProfileProvider, MailboxProvider
from pulumi_dataverse_email.errors import DeadlineExceeded, LoginError, Refused, SettingsError, Unreachable
from pulumi_dataverse_email.messages import EngineReport, LogReport
from tests.system.emulated import Dataverse

from .host import SECONDS, running_host

ANNA = "anna@contoso.com"
SECRET = "Str0ng-and-secret-Passw0rd"
PAYLOAD = {"__provider": "payload"}
PROFILE = {
    "name": "Contoso Exchange",
    "server_type": "exchange_server_hybrid",
    "row_id": "11111111-1111-5111-8111-111111111111",
}


def configured(provider: dynamic.KindProvider, **config: str) -> Any:  # noqa: ANN401  the host's own calls are untyped
    """Return a provider as the host configures it."""
    provider.configure(ConfigureRequest(Config({f"dataverse-email:{it}": text for it, text in config.items()}, "p")))
    return provider


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings at all."""
    for name in os.environ:
        if name.startswith(("ARM_", "AZURE_", "DATAVERSE_")):
            monkeypatch.delenv(name)


@pytest.fixture
def environment(dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch) -> Dataverse:
    """Settings that lead to the emulated environment, and nothing remembered."""
    for name, text in dataverse.settings.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(dynamic, "_runs", {})
    return dataverse


def test_a_resource_lives_its_life(environment: Dataverse) -> None:
    """Every verb takes the host's dictionaries, floats and payload among them, and answers with fresh ones."""
    provider = configured(EmailServerProfileProvider())
    checked = provider.check({}, {**PAYLOAD, **PROFILE, "incoming_port_number": 443.0, "incoming_user_name": None})
    assert checked.failures == []
    assert "__provider" not in checked.inputs

    made = provider.create({**PAYLOAD, **checked.inputs})
    assert (made.id, environment.profile()["incomingportnumber"]) == (PROFILE["row_id"], 443)

    changed = {**PAYLOAD, **checked.inputs, "incoming_port_number": 993.0}
    assert provider.diff(made.id, made.outs, changed).changes is None
    updated = provider.update(made.id, {**PAYLOAD, **made.outs}, changed)
    assert environment.profile()["incomingportnumber"] == 993

    read = provider.read(made.id, {**PAYLOAD, **updated.outs})
    told = {name: it for name, it in read.outs.items() if name in EmailServerProfileProvider.kind.results}
    assert (read.id, read.outs) == (made.id, {**updated.outs, **told})
    assert read.inputs == {**checked.inputs, "incoming_port_number": 993, "generation": 1}

    dynamic._runs.clear()  # noqa: SLF001  the next run is another process
    provider.delete(made.id, {**PAYLOAD, **updated.outs})
    assert provider.read(made.id, updated.outs).id is None
    assert provider.read(made.id, updated.outs).outs == {}


def test_custom_timeouts_bound_a_verb(environment: Dataverse) -> None:
    """They stay in state, a change of them alone sends nothing, and what would outlast them is given up."""
    provider = configured(EmailServerProfileProvider())
    inputs = provider.check({}, {**PAYLOAD, **PROFILE, "timeouts": {"create": 60.0}}).inputs
    environment.fault("emailserverprofiles", {"status": 503, "headers": {"Retry-After": "61"}})
    with pytest.raises(DeadlineExceeded, match="the 60 s for this operation do not suffice"):
        provider.create({**PAYLOAD, **inputs})
    made = provider.create({**PAYLOAD, **inputs})
    assert provider.diff(made.id, made.outs, inputs).changes is False

    environment.forget_requests()
    for wanted in ({"timeouts": {"create": 60.0, "delete": 5.5}}, {}):
        news = provider.check(inputs, {**PAYLOAD, **PROFILE, **wanted}).inputs
        assert provider.diff(made.id, made.outs, news).changes is True
        made.outs = provider.update(made.id, made.outs, {**PAYLOAD, **news}).outs
        assert made.outs.get("timeouts") == wanted.get("timeouts")
        assert environment.data_requests() == []
        assert provider.read(made.id, made.outs).inputs.get("timeouts") == wanted.get("timeouts")
        environment.forget_requests()


def test_the_record_of_an_adopted_row_comes_back_whole(environment: Dataverse) -> None:
    """Numbers inside the record are floats on Pulumi's wire, and integers on Dataverse's."""
    online = environment.row("emailserverprofiles", "Microsoft Exchange Online")
    environment.edit("emailserverprofiles", online, incomingportnumber=993)
    provider = configured(EmailServerProfileProvider())
    wanted = {
        "name": "Microsoft Exchange Online",
        "server_type": "exchange_online_hybrid",
        "adopt": True,
        "on_delete": "restore",
        "incoming_port_number": 443.0,
    }
    made = provider.create(wanted)
    dynamic._runs.clear()  # noqa: SLF001  the next run is another process
    outs = {**made.outs, "incoming_port_number": 443.0}
    outs["previous"] = {**outs["previous"], "incoming_port_number": 993.0}
    provider.delete(made.id, outs)

    assert environment.row("emailserverprofiles", "Microsoft Exchange Online")["incomingportnumber"] == 993


@pytest.mark.usefixtures("nowhere")
def test_an_unknown_value_is_pulumi_s_own() -> None:
    """It comes in as an object, and goes out as the text that the engine knows."""
    unknown = Unknown()  # type: ignore[no-untyped-call]  # pulumi does not type it
    checked = configured(MailboxProvider()).check({}, {"user": ANNA, "email_server_profile": unknown})

    assert checked.inputs["email_server_profile"] == rpc.UNKNOWN


@pytest.mark.usefixtures("nowhere")
def test_a_fault_blames_no_property() -> None:
    """The engine prints the value of a property that is blamed."""
    checked = configured(MailboxProvider()).check({}, {"user": "", "username": "anna", "password": SECRET * 20})

    assert [failure.property for failure in checked.failures] == ["", ""]
    assert checked.failures[1].reason.startswith("password: ")
    assert SECRET not in "".join(failure.reason for failure in checked.failures)


@pytest.mark.usefixtures("nowhere")
def test_settings_are_missed_at_the_first_verb_that_asks() -> None:
    """A preview needs none; what is missing is said with the ways to give it."""
    provider = configured(MailboxProvider())
    assert provider.diff("row", {"user": ANNA}, {"user": ANNA}).changes is False
    with pytest.raises(SettingsError, match="pulumi config set --secret dataverse-email:clientSecret"):
        provider.create({"user": ANNA})


def test_configuration_counts_before_the_environment(environment: Dataverse) -> None:
    """The stack's own settings are those of the stack's run."""
    provider = configured(MailboxProvider(), clientSecret=SECRET)
    with pytest.raises(LoginError, match="AADSTS7000215"):
        provider.create({"user": ANNA})

    assert environment.data_requests() == []


def test_an_error_comes_without_its_causes(environment: Dataverse) -> None:
    """The host prints whole tracebacks: a person reads our message, and no stranger's."""
    provider = configured(MailboxProvider(), environmentUrl="https://contoso.invalid", clientSecret="x")
    with pytest.raises((LoginError, Unreachable)) as caught:
        provider.create({"user": ANNA})

    assert "direct cause" not in "".join(traceback.format_exception(caught.value))
    assert environment.data_requests() == []


def test_one_memory_for_each_environment(environment: Dataverse) -> None:
    """Both kinds share what a process remembers; other settings have a memory of their own."""
    del environment
    profile, mailbox = configured(EmailServerProfileProvider()), configured(MailboxProvider())
    other = configured(MailboxProvider(), environmentUrl="https://elsewhere.crm4.dynamics.com")

    assert profile._run() is mailbox._run()  # noqa: SLF001  what is shared is seen nowhere else
    assert other._run() is not mailbox._run()  # noqa: SLF001  what is compared is private


@pytest.mark.usefixtures("nowhere")
@pytest.mark.usefixtures("nowhere")
def test_the_log_is_written_where_one_asks_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The host runs in a process of its own: a variable reaches it, a program does not."""
    monkeypatch.setenv(dynamic.LOG_FILE, str(tmp_path / "log"))
    with running_host() as host:
        host.check("Mailbox", {"user": ANNA})

    assert (tmp_path / "log").exists()


def test_without_an_engine_messages_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pulumi_dataverse_email")
    LogReport().warn("stays")
    LogReport().error("is not done")
    LogReport().status("is under way")

    assert caplog.messages == ["stays", "is not done", "is under way"]


class Engine(engine_pb2_grpc.EngineServicer):
    """The engine's side of the channel: it keeps what it is told."""

    def __init__(self) -> None:
        self.logged: SimpleQueue[Any] = SimpleQueue()

    def GetRootResource(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802, ARG002  gRPC's names and messages
        """Say that the engine is there."""
        return engine_pb2.GetRootResourceResponse(urn="urn")

    def Log(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802, ARG002  gRPC's names and messages
        """Keep a message."""
        self.logged.put(request)
        return empty_pb2.Empty()


@pytest.fixture
def engine() -> Iterator[tuple[Engine, grpc.Server, str]]:
    """A running engine."""
    found = Engine()
    server = grpc.server(ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(found, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield found, server, f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_a_report_ends_the_process_when_the_engine_is_gone(
    engine: tuple[Engine, grpc.Server, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the engine answers, a report only reports."""
    found, server, address = engine
    ended: SimpleQueue[int] = SimpleQueue()
    monkeypatch.setattr(os, "_exit", ended.put)
    report = EngineReport(address)
    report.warn("stays")
    assert found.logged.get(timeout=SECONDS).message == "stays"
    report.error("is not done")
    logged = found.logged.get(timeout=SECONDS)
    assert (logged.severity, logged.message) == (engine_pb2.ERROR, "is not done")
    report.status("is under way")
    logged = found.logged.get(timeout=SECONDS)
    assert (logged.severity, logged.message, logged.ephemeral) == (engine_pb2.INFO, "is under way", True)
    report._watch(grpc.ChannelConnectivity.IDLE)  # noqa: SLF001  a connection that was not used for long
    assert ended.empty()

    server.stop(None).wait()
    assert ended.get(timeout=SECONDS) == 1
    report._channel.close()  # noqa: SLF001  or it would end the process of the tests


@pytest.mark.parametrize("before", [[], ["--tracing", "tcp://127.0.0.1:2"]], ids=["plain", "traced"])
@pytest.mark.usefixtures("nowhere")
def test_under_an_engine_tracebacks_are_short(monkeypatch: pytest.MonkeyPatch, before: list[str]) -> None:
    """The host shows a whole traceback to the person at the terminal; a CLI that traces tells it so before all else."""
    monkeypatch.setattr(sys, "argv", ["host", *before, "127.0.0.1:1"])
    monkeypatch.setattr(sys, "tracebacklimit", None, raising=False)
    configured(MailboxProvider())

    assert sys.tracebacklimit == 0


def test_warnings_stay_in_the_engine_s_diagnostics_and_the_host_ends_with_it(
    environment: Dataverse, engine: tuple[Engine, grpc.Server, str]
) -> None:
    """After the CLI was killed, its host writes nothing for nobody: it ends."""
    found, server, address = engine
    environment.edit("mailboxes", environment.anna(), processemailreceivedafter="2026-11-20T08:00:00Z")
    with running_host(address, {"dataverse-email:organizationId": _organization(environment)}) as host:
        host.create("Mailbox", {"user": ANNA, "process_email_received_after": "2026-11-01"})
        message = found.logged.get(timeout=SECONDS)
        assert message.severity == engine_pb2.WARNING
        assert message.message.startswith("mailbox 'Anna Weber': process_email_received_after stays at")
        assert not message.ephemeral

        server.stop(None).wait()
        assert host.process.wait(timeout=SECONDS) == 1


def test_an_error_is_shown_without_a_traceback(environment: Dataverse, engine: tuple[Engine, grpc.Server, str]) -> None:
    """What a person sees of a failed verb are our own lines."""
    del environment
    _, _, address = engine
    with running_host(address) as host, pytest.raises(grpc.RpcError) as caught:
        host.create("Mailbox", {"user": f"{uuid4()}@contoso.com"})

    details = str(caught.value.details())
    assert "no user has domainname" in details
    assert 'File "' not in details


def _organization(dataverse: Dataverse) -> str:
    return str(dataverse.control("GET", "organization")["organizationid"])


def test_a_secret_that_dataverse_quotes_is_blotted_out(environment: Dataverse) -> None:
    """The service may repeat what was sent in its own words."""
    quoted = json.dumps({"error": {"code": "0x80048d19", "message": f"Cannot convert '{SECRET}' of password."}})
    environment.fault("mailboxes", {"status": 400, "body": quoted}, method="PATCH")
    with pytest.raises(Refused) as caught:
        configured(MailboxProvider()).create({"user": ANNA, "username": "anna", "password": SECRET})

    assert "Cannot convert '[secret]' of password." in str(caught.value)
    assert SECRET not in repr(caught.value)
