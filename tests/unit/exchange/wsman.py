"""A stand-in for the remote PowerShell of an Exchange Server: WSMan over http, psrpcore as the server's side of PSRP.

What it does not prove: Kerberos and encryption of messages, Exchange's own MIME boundaries, its restricted endpoint,
and what a real Exchange Server answers; objects and errors are those of whoever answers here.
"""

import base64
import gc
import socket
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

import psrpcore
from psrpcore.types import ErrorCategoryInfo, NETException, PSCustomObject

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
OTHERS = (
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"'
)
Answer = Callable[[str, dict[str, Any]], list[dict[str, Any]]]


class Refusal(Exception):
    """What a cmdlet throws."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


@dataclass
class Session:
    """One runspace pool."""

    answer: Answer
    pool: psrpcore.ServerRunspacePool = field(default_factory=psrpcore.ServerRunspacePool)
    waiting: dict[str, list[bytes]] = field(default_factory=dict)

    def take(self, data: bytes, pipeline: str = "") -> None:
        """Receive fragments, and carry out what is complete."""
        number = UUID(pipeline) if pipeline else None
        if number and number not in self.pool.pipeline_table:
            psrpcore.ServerPipeline(self.pool, pipeline_id=number)
        self.pool.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, number))
        while event := self.pool.next_event():
            if isinstance(event, psrpcore.CreatePipelineEvent):
                self._carry_out(self.pool.pipeline_table[event.pipeline_id])
        while payload := self.pool.data_to_send():
            self.waiting.setdefault(str(payload.pipeline_id or "").upper(), []).append(payload.data)

    def _carry_out(self, pipeline: Any) -> None:  # noqa: ANN401  psrpcore's generic
        command = pipeline.metadata.commands[0]
        pipeline.start()
        try:
            for found in self.answer(command.command_text, dict(command.parameters)):
                pipeline.write_output(PSCustomObject(**found))
        except Refusal as refusal:
            pipeline.write_error(
                NETException(Message=str(refusal)),
                category_info=ErrorCategoryInfo(Reason=refusal.kind),
                fully_qualified_error_id=f"[Server=EX1] 5F0C,{refusal.kind}",
            )
        pipeline.complete()


@dataclass
class StandIn:
    """A running server."""

    answer: Answer
    port: int = 0
    user_name: str = "CONTOSO\\admin"
    password: str = "hush"
    sessions: dict[str, Session] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)

    def respond(self, body: bytes) -> bytes:
        """Answer one envelope."""
        envelope = ET.fromstring(body)  # noqa: S314  what the client under test sends
        action = str(envelope.findtext(f".//{{{ADDRESSING}}}Action")).rpartition("/")[2]
        message = envelope.findtext(f".//{{{ADDRESSING}}}MessageID")
        self.actions.append(action)
        selector = next((it.text for it in envelope.iter() if it.get("Name") == "ShellId"), None)
        inner = getattr(self, f"_{action.lower()}")(envelope, str(selector or ""))
        return (
            f'<s:Envelope xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:rsp="{SHELL}"{OTHERS}><s:Header>'
            f"<a:RelatesTo>{message}</a:RelatesTo></s:Header><s:Body>{inner}</s:Body></s:Envelope>"
        ).encode()

    def _create(self, envelope: ET.Element, _shell: str) -> str:
        number = next(str(it.get("ShellId")) for it in envelope.iter() if it.get("ShellId")).upper()
        creation = next(it.text for it in envelope.iter() if it.tag.endswith("creationXml"))
        self.sessions[number] = Session(self.answer)
        self.sessions[number].take(base64.b64decode(str(creation)))
        selectors = f'<w:SelectorSet><w:Selector Name="ShellId">{number}</w:Selector></w:SelectorSet>'
        return (
            f"<x:ResourceCreated><a:ReferenceParameters>{selectors}</a:ReferenceParameters></x:ResourceCreated>"
            f"<rsp:Shell><rsp:ShellId>{number}</rsp:ShellId></rsp:Shell>"
        )

    def _command(self, envelope: ET.Element, shell: str) -> str:
        number = next(str(it.get("CommandId")) for it in envelope.iter() if it.get("CommandId")).upper()
        arguments = envelope.findtext(f".//{{{SHELL}}}Arguments")
        self.sessions[shell.upper()].take(base64.b64decode(str(arguments)), number)
        return f"<rsp:CommandResponse><rsp:CommandId>{number}</rsp:CommandId></rsp:CommandResponse>"

    def _send(self, envelope: ET.Element, shell: str) -> str:
        stream = next(it for it in envelope.iter(f"{{{SHELL}}}Stream"))
        self.sessions[shell.upper()].take(base64.b64decode(str(stream.text)), str(stream.get("CommandId") or ""))
        return "<rsp:SendResponse/>"

    def _receive(self, envelope: ET.Element, shell: str) -> str:
        number = str(next(it for it in envelope.iter(f"{{{SHELL}}}DesiredStream")).get("CommandId") or "").upper()
        pieces = self.sessions[shell.upper()].waiting.pop(number, [])
        streams = "".join(f'<rsp:Stream Name="stdout">{base64.b64encode(it).decode()}</rsp:Stream>' for it in pieces)
        done = f'<rsp:CommandState CommandId="{number}" State="{SHELL}/CommandState/Done"/>' if number else ""
        return f"<rsp:ReceiveResponse>{streams}{done}</rsp:ReceiveResponse>"

    def _signal(self, _envelope: ET.Element, _shell: str) -> str:
        return "<rsp:SignalResponse/>"

    def _delete(self, _envelope: ET.Element, shell: str) -> str:
        del self.sessions[shell.upper()]
        return ""


class _Server(ThreadingHTTPServer):
    """A server whose threads end with it."""

    daemon_threads = False

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  those of its base
        self._connections: list[socket.socket] = []
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  those of its base
        """Begin a connection."""
        self._connections.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """End the connections that clients keep."""
        for connection in self._connections:
            with suppress(OSError):  # ended already
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(answer: Answer) -> Iterator[StandIn]:
    """Serve until the block ends."""
    stand_in = StandIn(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            expected = base64.b64encode(f"{stand_in.user_name}:{stand_in.password}".encode()).decode()
            known = self.path == "/PowerShell" and self.headers.get("Authorization") == f"Basic {expected}"
            answered = stand_in.respond(body) if known else b""
            self.send_response(200 if known else 401)
            self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
            self.send_header("Content-Length", str(len(answered)))
            self.end_headers()
            self.wfile.write(answered)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        stand_in.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()
    gc.collect()  # what the threads of its connections had opened themselves, they leave to the collector
