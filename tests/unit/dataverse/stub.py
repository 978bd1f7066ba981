"""A server that gives answers which a Dataverse does not give, and keeps the requests as they came over the wire."""

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import requests
import trustme
from requests.auth import AuthBase


@dataclass(frozen=True)
class Answer:
    """What the stub answers."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


@dataclass(frozen=True)
class Request:
    """What came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    content: bytes = b""


@dataclass
class Stub:
    """A running server; it gives its answers in turn, the last one for ever."""

    port: int = 0
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self.port}"

    def answer(self, request: Request) -> Answer:
        """Keep a request and return its answer."""
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Token(AuthBase):
    """A login that costs nothing."""

    def __init__(self) -> None:
        self.token = "token"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add a token."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request

    def forget(self, _challenge: str = "") -> None:
        """Have another token from now on."""
        self.token = f"newer {self.token}"


@contextmanager
def serving(authority: trustme.CA, bundle: Path) -> Iterator[Stub]:
    """Serve until the block ends; `bundle` gets the authority's certificate."""
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_json = "json" in self.headers.get("Content-Type", "")
            read = json.loads(body) if is_json and body else None
            answer = stub.answer(Request(self.command, self.path, dict(self.headers), read, body))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PATCH = do_DELETE = do_POST = _any  # noqa: N815  the server's own names

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(bundle))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        stub.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()
