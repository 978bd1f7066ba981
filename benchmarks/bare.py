"""The least that an answer over TLS costs here: starlette and uvicorn, and nothing behind them."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
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
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, listener, requests.Session() as session:
        authority = Authority(Path(folder))
        context = authority.context()
        config = uvicorn.Config(
            Starlette(routes=[Route("/", _answer)]),
            http="h11",
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            ssl_context_factory=lambda _config, _default: context,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        session.trust_env = False
        session.verify = str(authority.bundle)
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        try:
            while not server.started and thread.is_alive():
                pass
            yield lambda: session.get(url, timeout=30)
        finally:
            session.close()
            server.should_exit = True
            thread.join()


async def _answer(_request: Request) -> Response:
    return JSONResponse({"value": "bare"})
