"""What stands before the application: writes the request log, and plays the faults that tests ask for."""

import asyncio
import socket
import struct

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .environment import Environment
from .errors import ODataError
from .faults import Answer, Delay, Fault, Hang, Reset
from .limits import Visit
from .messages import refusal
from .responding import response
from .tokens import holder

CONTROL = "/emulator/"
WEB_API = "/api/data/"
CONNECTION = "connection"
NOTED = "noted"
"""In the scope of a request that the log holds."""


class Connection(H11Protocol):
    """uvicorn's protocol, which also tells each request its connection, so that a fault can break it."""

    hanging = False
    """Whether its client waits for an answer that will never come."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Let its requests know it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, CONNECTION: self}

    def eof_received(self) -> None:
        """End a connection whose client is gone at once: it would not answer TLS's goodbye either."""
        if not self.transport.is_closing():
            self.transport.abort()

    def shutdown(self) -> None:
        """End an idle or hanging connection at once: a client that keeps it open would not answer TLS's goodbye."""
        # A closing transport is left alone: Python before 3.11.5 cannot abort it again.
        waiting = self.cycle is not None and not self.cycle.response_complete and not self.hanging
        idle = not self.transport.is_closing() and not waiting
        super().shutdown()
        if idle:
            self.transport.abort()


class Trouble:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, environment: Environment) -> None:
        self._app = app
        self._environment = environment

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, noted; or let it meet a limit or its fault."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        try:
            visit = self._enter(scope)
        except ODataError as error:
            await response(refusal(error))(scope, receive, self._watched(scope, send, None))
            return
        try:
            await self._let_through(scope, receive, self._watched(scope, send, visit))
            if NOTED not in scope:  # its client left before the request was whole
                self._note(scope, None)
        finally:
            if visit:
                visit.leave(self._environment.seconds())

    def _enter(self, scope: Scope) -> Visit | None:
        token = Request(scope).headers.get("authorization", "").partition(" ")[2]
        counters = self._environment.counters
        name = holder(token) if counters.limits and scope["path"].startswith(WEB_API) else None
        return counters.enter(name, self._environment.seconds()) if name else None

    def _watched(self, scope: Scope, send: Send, visit: Visit | None) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name, value in visit.headers() if visit else ():
                    MutableHeaders(raw=message["headers"]).append(name, value)
                self._note(scope, message["status"])  # before the client can know, so that it finds its own line
            elif visit and not message.get("more_body"):
                visit.leave(self._environment.seconds())  # likewise: its next request must find this one counted
            await send(message)

        return watched

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._environment.faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._play(fault, scope, receive, send)

    def _note(self, scope: Scope, status: int | None) -> None:
        scope[NOTED] = True
        request = Request(scope)
        self._environment.log.note(
            request.method, str(request.url), status, request.headers.get("x-ms-client-request-id")
        )

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
                _break(scope["state"][CONNECTION].transport)
                await _gone(receive)
            case Hang():
                self._note(scope, None)
                scope["state"][CONNECTION].hanging = True
                await _gone(receive)


def _into(held: list[Message]) -> Send:
    async def hold(message: Message) -> None:
        held.append(message)

    return hold


def _break(transport: asyncio.Transport) -> None:
    """Close the connection so that the client sees a reset, not an end."""
    linger = struct.pack("ii", 1, 0)  # on, for no time: closing then discards what was not sent and resets
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


async def _gone(receive: Receive) -> None:
    """Wait until the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass
