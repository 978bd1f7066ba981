"""An emulator on a port of this machine, in a thread of this process."""

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from . import app, seed
from .certificates import Authority
from .environment import Environment
from .errors import EmulatorError
from .trouble import Connection

ADDRESS = "127.0.0.1"

BACKLOG = 512
"""Connections that may wait to be accepted: a burst of a hundred clients must not meet a refusal."""

MAX_HEAD = 2**18
"""Bytes of a request's first line and headers: enough to refuse a URL that is too long in the words of the Web API."""

SHUTDOWN_SECONDS = 2
"""How long requests in flight may take when the emulator stops."""


@dataclass(frozen=True)
class RunningEmulator:
    """An emulator that accepts connections."""

    url: str
    """The environment's URL, https with host and port only."""
    environment: dict[str, str]
    """Environment variables that point clients at it, past a proxy if one is set."""


@contextmanager
def running(
    *,
    port: int = 0,
    data: Path | None = None,
    seed_file: Path | None = None,
    request_log: Path | None = None,
    exchange: Path | None = None,
) -> Iterator[RunningEmulator]:
    """Serve an emulated Dataverse until the block ends.

    Args:
        port: on 127.0.0.1; 0 takes any free one.
        data: folder that keeps rows, organization id and keys between runs; without it everything is forgotten.
        seed_file: YAML file with the organization to start with, and to go back to at a reset.
        request_log: file to which each request is added as a line of JSON.
        exchange: file that several emulators share when their organizations share one Exchange.

    Raises:
        EmulatorError: the port, a folder or a file cannot be used, or the seed does not fit.

    """
    planned = seed.load(seed_file)
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(port))
        home = _folder(data) if data else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dataverse-")))
        try:
            authority = Authority(home)
            environment = stack.enter_context(closing(Environment(home, planned, request_log, exchange)))
        except OSError as error:
            raise EmulatorError(f"{error.filename} cannot be used: {error.strerror}.") from None
        context = authority.context()
        config = uvicorn.Config(
            app.create(environment),
            http=Connection,
            h11_max_incomplete_event_size=MAX_HEAD,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            ssl_context_factory=lambda _config, _default: context,
        )
        url = f"https://{ADDRESS}:{listener.getsockname()[1]}"
        with _serving(_Server(config), listener):
            yield RunningEmulator(url, _variables(url, environment, authority))


class _Server(uvicorn.Server):
    """uvicorn's server, which tells when it accepts connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


@contextmanager
def _serving(server: _Server, listener: socket.socket) -> Iterator[None]:
    thread = threading.Thread(target=server.run, args=([listener],), name="emulator")
    thread.start()
    server.ready.wait()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio switches off delays (Nagle) only where it is; each answer took 40 ms longer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else "there is no such port"
        raise EmulatorError(f"Port {port} of {ADDRESS} cannot be used: {reason}.") from None
    return listener


def _folder(path: Path) -> Path:
    """Return the data folder, made if need be and fit to write into."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmulatorError(f"The data folder {path} cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise EmulatorError(f"The data folder {path} cannot be written to.")
    return path.resolve()


def _variables(url: str, environment: Environment, authority: Authority) -> dict[str, str]:
    application = environment.first_application()
    variables = {
        "DATAVERSE_URL": url,
        "DATAVERSE_EMULATOR_URL": f"{url}/emulator",
        "ARM_TENANT_ID": environment.tenant_id(),
        "ARM_CLIENT_ID": str(application.client_id),
        **({"ARM_CLIENT_SECRET": application.secret} if application.secret else {}),
        "AZURE_AUTHORITY_HOST": url,
        "REQUESTS_CA_BUNDLE": str(authority.bundle),
        "SSL_CERT_FILE": str(authority.bundle),
    }
    if any(name.lower().endswith("_proxy") for name in os.environ):
        direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
        variables |= dict.fromkeys(("no_proxy", "NO_PROXY"), f"{direct},{ADDRESS}".lstrip(","))
    return variables
