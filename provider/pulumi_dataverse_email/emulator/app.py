"""Everything behind the one port: Entra, the Web API, the control API, and the trouble that tests ask for."""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from . import control
from .entra import endpoints as entra
from .entra import grants
from .entra.endpoints import host_of
from .environment import Environment
from .errors import EntraError, ODataError, not_emulated
from .exchange import endpoints as exchange
from .handling import Handler
from .messages import JSON_TYPE, Call, Reply, read_options, refusal
from .responding import response
from .rights import caller_of, person_of
from .trouble import Trouble
from .webapi import WebApi

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
VERSIONS = frozenset({"v9.0", "v9.1", "v9.2"})
MAX_URL = 32_768
MAX_SEGMENT = 260
"""Characters; Microsoft Learn, "Compose HTTP requests and handle errors"."""


def create(environment: Environment) -> Trouble:
    """Return the ASGI application of an environment."""
    site = _Site(environment)
    handlers: dict[Any, Any] = {
        ODataError: _refused,
        EntraError: _no_token,
        HTTPException: _lost,
        ClientDisconnect: _gone,
        Exception: _broken,
    }
    controls = [_control_route(environment, *endpoint) for endpoint in control.ENDPOINTS]
    controls += entra.control_routes(environment)
    routes = [
        Mount("/emulator", routes=controls),
        Route("/api/data/{path:path}", site.web_api, methods=METHODS),
        *exchange.routes(environment),
        *entra.routes(environment),
    ]
    return Trouble(Starlette(routes=routes, exception_handlers=handlers), environment)


def _control_route(environment: Environment, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        await run_in_threadpool(environment.catch_up)
        answer = await run_in_threadpool(handler, environment, request.path_params, body)
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    return Route(path, endpoint, methods=[method])


class _Site:
    """The endpoints that real clients speak to."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._api = WebApi(environment.store, environment.faults)

    async def web_api(self, request: Request) -> Response:
        body = await request.body()
        reply = await run_in_threadpool(self._answer, request, body)
        return response(reply)

    def _answer(self, request: Request, body: bytes) -> Reply:
        version, _, path = str(request.path_params["path"]).partition("/")
        host, headers = host_of(request), _headers(request)
        claims = self._claims(headers, host)
        self._environment.catch_up()
        with self._environment.store.read() as transaction:
            if claims.get("idtyp") == "user":
                user = person_of(transaction, str(claims["oid"]))
            else:
                user = caller_of(transaction, str(claims.get("appid", "")))
        if version not in VERSIONS:
            raise not_emulated(f"The Web API '{version}'")
        if len(str(request.url)) > MAX_URL or any(len(part) > MAX_SEGMENT for part in path.split("/")):
            raise ODataError(400, "0x0", "Invalid URL.")
        root = f"https://{host}/api/data/{version}/"
        call = Call(request.method, path, read_options(_query(request)), headers, body, root, user)
        return self._api.answer(call)

    def _claims(self, headers: Mapping[str, str], host: str) -> dict[str, Any]:
        """Return what the caller's token says, or say where to get one."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        shown = token if kind.lower() == "bearer" else ""
        tenant, now = self._environment.tenant_id(), self._environment.seconds()
        try:
            return self._environment.signer.claims_for(shown, host, tenant, now)
        except ODataError as error:
            challenge = (
                f"Bearer authorization_uri=https://{host}/{tenant}/oauth2/authorize, resource_id=https://{host}/"
            )
            raise ODataError(401, error.code, error.message, [("WWW-Authenticate", challenge)]) from None


def _query(request: Request) -> str:
    """Return the query as it came: some clients leave `#` in it as it is, which a URL's parser would cut off."""
    return bytes(request.scope["query_string"]).decode("latin-1")


def _headers(request: Request) -> dict[str, str]:
    """Repeated headers joined, as a list in one header means the same."""
    joined: dict[str, str] = {}
    for name, value in request.headers.items():
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


async def _refused(_request: Request, error: ODataError) -> Response:
    return response(refusal(error))


async def _no_token(_request: Request, error: EntraError) -> Response:
    return JSONResponse(grants.refusal(error), error.status)


async def _lost(request: Request, error: HTTPException) -> Response:
    text = f"{request.method} {request.url.path}: {error.detail}."
    return JSONResponse({"error": {"code": "", "message": text}}, error.status_code, media_type=JSON_TYPE)


async def _gone(_request: Request, _error: ClientDisconnect) -> None:
    """Answer nothing to a client that left before its request was whole."""


async def _broken(_request: Request, error: Exception) -> Response:
    """Answer a fault of the emulator itself; its traceback goes to standard error."""
    text = f"The emulator failed: {type(error).__name__}."
    return response(Reply(500, {"error": {"code": "0x80040216", "message": text}}))
