"""Where messages for the person at the terminal go."""

import os
import re
import sys

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from . import log

ENGINE_ADDRESS = re.compile(r"[\w.-]+:\d+")

ENGINE_TIMEOUT = 10.0
"""Seconds within which an engine that lives answers: it runs on this machine."""


class EngineReport:
    """Shows messages in Pulumi's diagnostics, and ends this process when the engine is gone.

    Args:
        address: the engine's, which the host passes as this process's first argument.
    """

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address)
        self._engine = engine_pb2_grpc.EngineStub(self._channel)
        self._met = False
        # After `kill -9` of the CLI the host would go on writing for nobody.
        self._channel.subscribe(self._watch, try_to_connect=True)

    def warn(self, message: str) -> None:
        """Show a warning that stays."""
        self._engine.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=""))

    def status(self, message: str) -> None:
        """Show a line that the next message takes the place of."""
        self._engine.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn="", ephemeral=True))

    def error(self, message: str) -> None:
        """Show an error that stays."""
        self._engine.Log(engine_pb2.LogRequest(severity=engine_pb2.ERROR, message=message, urn=""))

    def _watch(self, state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.READY:
            self._met = True
        elif state is not grpc.ChannelConnectivity.CONNECTING:
            # A connection that was closed is idle, as is one that was not used for long: only a call tells.
            try:
                self._engine.GetRootResource(engine_pb2.GetRootResourceRequest(), timeout=ENGINE_TIMEOUT)
                self._met = True
            except grpc.RpcError:
                if self._met:
                    os._exit(1)


class LogReport:
    """Where no engine listens: messages go to our own log."""

    def warn(self, message: str) -> None:
        """Log the message."""
        log.LOG.warning(message)

    def status(self, message: str) -> None:
        """Log the message."""
        log.LOG.info(message)

    def error(self, message: str) -> None:
        """Log the message."""
        log.LOG.error(message)


def engine_address() -> str:
    """Return the address of the engine that started this process; empty where none did."""
    # The engine starts this process as `python -m pulumi.dynamic [--tracing <address>] <engine address>`.
    return sys.argv[-1] if ENGINE_ADDRESS.fullmatch(sys.argv[-1]) else ""
