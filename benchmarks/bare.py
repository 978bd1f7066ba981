"""The least that an answer over TLS costs here: starlette and uvicorn, and nothing behind them."""

import socket
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pulumi_dataverse_email.emulator.certificates import Authority


@contextmanager
def bare() -> Iterator[Callable[[], requests.Response]]:
    """Serve a constant answer until the block ends; gives what asks for it."""
    with answering(_answer) as (url, bundle), requests.Session() as session:
        session.trust_env = False
        session.verify = str(bundle)
        yield lambda: session.get(f"{url}/", timeout=30)


@contextmanager
def answering(answer: Callable[[Request], Awaitable[Response]]) -> Iterator[tuple[str, Path]]:
    """Serve one function's answers at every path until the block ends; gives the address and whom to trust there."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, listener:
        authority = Authority(Path(folder))
        context = authority.context()
        config = uvicorn.Config(
            Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PATCH", "POST", "DELETE"])]),
            http="h11",
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # what still has its connection when the block ends is no news
            access_log=False,
            timeout_graceful_shutdown=1,
            ssl_context_factory=lambda _config, _default: context,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            while not server.started and thread.is_alive():
                pass
            yield f"https://127.0.0.1:{listener.getsockname()[1]}", authority.bundle
        finally:
            server.should_exit = True
            thread.join()


async def _answer(_request: Request) -> Response:
    return JSONResponse({"value": "bare"})
