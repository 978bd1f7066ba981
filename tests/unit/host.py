"""The process that Pulumi starts for a dynamic provider, spoken to over gRPC as the engine does."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

import pulumi_dataverse_email as face
from pulumi_dataverse_email.resources import KINDS

SECONDS = 60
"""How long one call may take before the test gives up: the host answers none that ends in SystemExit."""

Props = Mapping[str, Any]
PAYLOADS = {kind: getattr(face, kind).payload for kind in KINDS}


class Host:
    """A running host; the answers are Pulumi's own messages."""

    def __init__(self, process: "subprocess.Popen[str]", config: Props) -> None:
        assert process.stdout is not None
        self.process = process
        self._channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        request = provider_pb2.ConfigureRequest()
        request.args.update(config)
        self._stub.Configure(request, timeout=SECONDS)

    def check(self, kind: str, news: Props, olds: Props | None = None) -> Any:  # noqa: ANN401  a generated message
        """Return the answer to `Check`: inputs and failures."""
        request = provider_pb2.CheckRequest()
        request.news.update(_sent(kind, news))
        if olds is not None:
            request.olds.update(_sent(kind, olds))
        return self._stub.Check(request, timeout=SECONDS)

    def diff(self, kind: str, olds: Props, news: Props) -> Any:  # noqa: ANN401  a generated message
        """Return the answer to `Diff`."""
        request = provider_pb2.DiffRequest(id="row")
        request.olds.update(_sent(kind, olds))
        request.news.update(_sent(kind, news))
        return self._stub.Diff(request, timeout=SECONDS)

    def create(self, kind: str, props: Props) -> Any:  # noqa: ANN401  a generated message
        """Return the answer to `Create`: id and outputs."""
        request = provider_pb2.CreateRequest()
        request.properties.update(_sent(kind, props))
        return self._stub.Create(request, timeout=SECONDS)

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


@contextmanager
def running_host(engine: str = "127.0.0.1:1", config: Props | None = None) -> Iterator[Host]:
    """Start a host with this process's environment, and end it with the block.

    Args:
        engine: the engine's address; nobody listens at the default one.
        config: the stack's configuration.
    """
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        host = Host(process, config or {})
        try:
            yield host
        finally:
            host.close()
            process.terminate()


def _sent(kind: str, props: Props) -> Props:
    return {**props, "__provider": PAYLOADS[kind]}
