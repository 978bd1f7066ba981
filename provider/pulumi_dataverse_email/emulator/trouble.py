"""What stands before the application: writes the request log, and plays the faults that tests ask for."""

import asyncio
import socket
import struct

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .faults import Answer, Delay, Fault, Faults, Reset
from .requestlog import RequestLog

CONTROL = "/emulator/"
TRANSPORT = "transport"


class Connection(H11Protocol):
    """uvicorn's protocol, which also tells each request its connection, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Remember the connection for its requests."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}

    def eof_received(self) -> None:
        """End a connection whose client is gone at once: it would not answer TLS's goodbye either."""
        if not self.transport.is_closing():
            self.transport.abort()

    def shutdown(self) -> None:
        """End an idle connection at once: a client that keeps it open would not answer TLS's goodbye."""
        # A closing transport is left alone: Python before 3.11.5 cannot abort it again.
        idle = not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete)
        super().shutdown()
        if idle:
            self.transport.abort()


class Trouble:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, faults: Faults, log: RequestLog) -> None:
        self._app = app
        self._faults = faults
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, noted; or let it meet its fault."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"])  # before the client can know, so that it finds its own line
            await send(message)

        fault = self._faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, watched)
        else:
            await self._play(fault, scope, receive, watched)

    def _note(self, scope: Scope, status: int | None) -> None:
        request = Request(scope)
        self._log.note(request.method, str(request.url), status, request.headers.get("x-ms-client-request-id"))

    async def _play(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []
        if fault.when == "after":
            await self._app(scope, receive, _into(held))
        match fault.answer:
            case Delay(delay=seconds):
                await asyncio.sleep(seconds)
                if fault.when == "before":
                    await self._app(scope, receive, send)
                for message in held:
                    await send(message)
            case Answer(status=status, headers=headers, body=body):
                await Response(body, status, headers)(scope, receive, send)
            case Reset():
                self._note(scope, None)
                await _break(scope["state"][TRANSPORT], receive)


def _into(held: list[Message]) -> Send:
    async def hold(message: Message) -> None:
        held.append(message)

    return hold


async def _break(transport: asyncio.Transport, receive: Receive) -> None:
    """Close the connection so that the client sees a reset, not an end."""
    linger = struct.pack("ii", 1, 0)  # on, for no time: closing then discards what was not sent and resets
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
