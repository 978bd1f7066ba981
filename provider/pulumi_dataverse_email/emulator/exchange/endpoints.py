"""`InvokeCommand`: Exchange's cmdlets over HTTP, as the PowerShell module uses them.

Microsoft does not document it; the forms here are those that public clients send and were answered with.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..entra import directory
from ..entra.resources import EXCHANGE_APP_ID, EXCHANGE_HOSTS, HOST_NAMES
from ..environment import Environment
from ..store import Transaction
from .errors import ExchangeError, Forbidden, Unauthorized, bad_parameter, not_emulated
from .invocation import invoke, writes
from .session import Caller, Session

PAGE = 1000
"""Objects of a page at most."""

LINK_LIFETIME = 600
"""Seconds in which a next link can be followed; 5 to 10 minutes were seen."""

NULS = bytes(64)
"""The body of a 403: NUL bytes, which its headers call gzip."""

_ANCHOR = re.compile(r"(?:APP|UPN):[^@\s]+@([^@\s]+)", re.IGNORECASE)
_PAGE_SIZE = re.compile(r"odata\.maxpagesize=(\d{1,9})")


@dataclass(frozen=True)
class Invocation:
    """One request, apart from its transport."""

    tenant: str
    url: str
    """Of the endpoint, without options."""
    host: str
    options: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


def routes(environment: Environment) -> list[Route]:
    """Return Exchange's routes."""

    async def answer(request: Request) -> Response:
        host = request.headers.get("host", "").lower()
        invocation = Invocation(
            request.path_params["tenant"],
            f"https://{host}{request.url.path}",
            host,
            dict(request.query_params),
            request.headers,
            await request.body(),
        )
        return await run_in_threadpool(_answer, environment, invocation)

    async def others(request: Request) -> Response:
        return _refusal(not_emulated(f"{request.method} {request.url.path}"))

    versions = ("beta", "v1.0")
    known = [Route(f"/adminapi/{version}/{{tenant}}/InvokeCommand", answer, methods=["POST"]) for version in versions]
    return [*known, Route("/adminapi/{path:path}", others, methods=["GET", "POST", "PATCH", "PUT", "DELETE"])]


def _answer(environment: Environment, invocation: Invocation) -> Response:
    try:
        return JSONResponse(_carry_out(environment, invocation))
    except ExchangeError as error:
        return _refusal(error)
    except Unauthorized as error:
        challenge = f'Bearer client_id="{EXCHANGE_APP_ID}", trusted_issuers="00000001-0000-0000-c000-000000000000@*"'
        headers = {
            "WWW-Authenticate": challenge,
            "x-ms-diagnostics": f'2000001;reason="{error}";error_category="token"',
        }
        return Response(status_code=401, headers=headers)
    except Forbidden as error:
        reason = f'2000010;reason="The cmdlet {str(error)[:64]!r} is not available to the caller.";'
        headers = {"Content-Encoding": "gzip", "x-ms-diagnostics": reason.encode("ascii", "replace").decode()}
        return Response(NULS, 403, headers, "application/json")


def _carry_out(environment: Environment, invocation: Invocation) -> dict[str, Any]:
    now = environment.seconds()
    claims = _claims(environment, invocation, now)
    cmdlet, parameters = _read(invocation.body)
    store = environment.store
    with store.write() if writes(cmdlet) else store.read() as transaction:
        session = _session(transaction, invocation, claims, now)
        found = invoke(session, cmdlet, parameters)
    return _page(invocation, found, session.warnings, now)


def _claims(environment: Environment, invocation: Invocation, now: float) -> dict[str, Any]:
    kind, _, token = invocation.headers.get("authorization", "").partition(" ")
    own = {f"https://{invocation.host}"} | {
        f"https://{name}:{invocation.host.rpartition(':')[2]}"
        for name in HOST_NAMES
        if invocation.host.startswith(f"{name}:")
    }
    audiences = [*own, EXCHANGE_APP_ID, *(f"https://{host}" for host in EXCHANGE_HOSTS)]
    try:
        claims = environment.signer.read(token if kind.lower() == "bearer" else "", audiences, now)
    except jwt.InvalidTokenError as error:
        raise Unauthorized(str(error)) from None
    if claims.get("idtyp") == "app" and directory.EXCHANGE_MANAGE_AS_APP not in claims.get("roles", ()):
        raise Unauthorized(f"The application lacks the permission {directory.EXCHANGE_MANAGE_AS_APP}.")
    return claims


def _session(transaction: Transaction, invocation: Invocation, claims: Mapping[str, Any], now: float) -> Session:
    tenant = directory.tenant_named(transaction, invocation.tenant)
    if tenant is None or claims.get("tid") != tenant:
        raise Unauthorized(f"The token is not of the tenant {invocation.tenant[:64]}.")
    names = {template: role for role, template in directory.DIRECTORY_ROLES.items()}
    roles = frozenset(names[template] for template in claims.get("wids", ()) if template in names)
    anchor = invocation.headers.get("x-anchormailbox", "")
    session = Session(
        transaction, tenant, Caller(str(claims.get("appid", "")), roles), anchor.endswith(f"@{tenant}"), now
    )
    if anchor or session.switches.anchor == "required":
        match = _ANCHOR.fullmatch(anchor)
        if match is None or directory.tenant_named(transaction, match[1]) != tenant:
            text = f"The header X-AnchorMailbox must name a mailbox of the organization, as APP:...@{tenant}."
            raise bad_parameter(text)
    return session


def _read(body: bytes) -> tuple[str, dict[str, object]]:
    try:
        read = json.loads(body)
        json.dumps(read, ensure_ascii=False).encode()  # half of a surrogate pair could be neither kept nor sent back
    except (ValueError, RecursionError):
        raise bad_parameter("The body is no valid JSON.") from None
    given = read.get("CmdletInput") if isinstance(read, dict) else None
    name = given.get("CmdletName") if isinstance(given, dict) else None
    parameters = given.get("Parameters") or {} if isinstance(given, dict) else {}
    if not isinstance(name, str) or not isinstance(parameters, dict):
        raise bad_parameter('The body must be {"CmdletInput": {"CmdletName": "...", "Parameters": {...}}}.')
    return name, parameters


def _page(invocation: Invocation, found: list[dict[str, Any]], warnings: list[str], now: float) -> dict[str, Any]:
    start = _start(invocation.options.get("$skiptoken"), now)
    asked = _PAGE_SIZE.search(invocation.headers.get("prefer", ""))
    size = min(int(asked[1]), PAGE) if asked and int(asked[1]) else PAGE
    shown = found[start : start + size]
    if chosen := [name for name in invocation.options.get("$select", "").split(",") if name]:
        shown = [{name: one.get(name) for name in chosen} for one in shown]
    root = invocation.url.removesuffix("/InvokeCommand")
    answer: dict[str, Any] = {
        "@odata.context": f"{root}/$metadata#Collection(Exchange.GenericHashTable)",
        "adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": warnings,
        "value": shown,
    }
    if len(found) > start + size:
        token = base64.urlsafe_b64encode(json.dumps([start + size, now]).encode()).decode()
        answer["@odata.nextLink"] = f"{invocation.url}?%24skiptoken={token}"
    return answer


def _start(token: str | None, now: float) -> int:
    """Return where a page starts.

    Raises:
        ExchangeError: 400, the link was made up or is too old.
    """
    if token is None:
        return 0
    with suppress(binascii.Error, ValueError, TypeError, RecursionError):
        start, made = json.loads(base64.urlsafe_b64decode(token))
        if isinstance(start, int) and start >= 0 and now - LINK_LIFETIME <= made <= now:
            return start
    raise bad_parameter("The next link is not valid, or not any more; start again.")


def _refusal(error: ExchangeError) -> Response:
    detail = f"Ex{uuid4().hex[:6].upper()}|{error.kind}|{error.text}"
    body = {
        "error": {
            "code": error.code,
            "message": "Error executing cmdlet",
            "details": [{"code": "Context", "target": "", "message": detail}],
            "innererror": {
                "message": "Error executing cmdlet",
                "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                "stacktrace": "",
                "internalexception": {"message": detail, "type": error.kind, "stacktrace": ""},
            },
        }
    }
    return JSONResponse(body, error.status)
