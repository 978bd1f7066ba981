"""Entra over HTTP, and the small services that programs get assertions and tokens from."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..environment import Environment
from . import devicecodes, grants, identities, issuers, resources
from .directory import EXCHANGE_AUDIENCE
from .grants import Document
from .identities import HEADER, IdentityError

NO_STORE = {"Cache-Control": "no-store"}


def routes(environment: Environment) -> list[Route]:
    """Return Entra's routes."""
    site = _Site(environment)
    return [
        Route("/{tenant}/v2.0/.well-known/openid-configuration", site.openid_configuration),
        Route("/{tenant}/discovery/v2.0/keys", site.keys),
        Route("/{tenant}/oauth2/v2.0/token", site.token, methods=["POST"]),
        Route("/{tenant}/oauth2/v2.0/devicecode", site.device_code, methods=["POST"]),
        Route(issuers.GITHUB_PATH, site.github),
        Route(issuers.AZURE_DEVOPS_PATH, site.azure_devops, methods=["POST"]),
        Route(issuers.APP_SERVICE_PATH, site.app_service),
        Route("/metadata/identity/oauth2/token", site.instance_metadata),
    ]


def control_routes(environment: Environment) -> list[Route]:
    """Return what belongs under `/emulator` but has to know the address that the client uses."""
    return [Route("/logins", _Site(environment).logins)]


def openid_configuration(environment: Environment, tenant: str, base: str) -> Document:
    """Return where this tenant's endpoints are; `base` is the URL that the client used, without path.

    Raises:
        EntraError: there is no such tenant.
    """
    with environment.store.read() as transaction:
        grants.checked_tenant(transaction, tenant)
    authority = f"{base}/{tenant}"
    return {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
    }


class _Site:
    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def openid_configuration(self, request: Request) -> Response:
        tenant = request.path_params["tenant"]
        base = f"https://{host_of(request)}"
        return JSONResponse(await run_in_threadpool(openid_configuration, self._environment, tenant, base))

    async def logins(self, request: Request) -> Response:
        base = f"https://{host_of(request)}"
        return JSONResponse(await run_in_threadpool(issuers.variables, self._environment, base))

    async def keys(self, _request: Request) -> Response:
        return JSONResponse(self._environment.signer.public_keys)

    async def token(self, request: Request) -> Response:
        arguments = (request.path_params["tenant"], host_of(request), request.headers, await request.body())
        body = await run_in_threadpool(grants.token, self._environment, *arguments)
        return JSONResponse(body, headers=NO_STORE)

    async def device_code(self, request: Request) -> Response:
        arguments = (request.path_params["tenant"], host_of(request), await request.body())
        return JSONResponse(await run_in_threadpool(self._start_device, *arguments), headers=NO_STORE)

    def _start_device(self, tenant: str, host: str, body: bytes) -> Document:
        form = grants.form_of(body)
        with self._environment.store.write() as transaction:
            tenant_id = grants.checked_tenant(transaction, tenant)
            application = grants.checked_application(transaction, form.get("client_id", ""), tenant_id, tenant)
            scope = form.get("scope")
            if not scope:
                raise grants.missing("scope")
            resources.of_delegated_scope(scope, host, tenant)  # refused now, not when somebody has approved
            base, now = f"https://{host}", self._environment.seconds()
            return devicecodes.start(transaction, str(application.client_id), scope, base, now)

    async def github(self, request: Request) -> Response:
        if not _bears(request, issuers.GITHUB_REQUEST_TOKEN):
            return JSONResponse({"message": "Bad credentials"}, 401)
        audience = request.query_params.get("audience") or "https://github.com/contoso"
        return JSONResponse({"value": await run_in_threadpool(self._github, audience)})

    def _github(self, audience: str) -> str:
        issuer = issuers.settings(self._environment).github
        return issuers.assertion(self._environment, issuer, audience)

    async def azure_devops(self, request: Request) -> Response:
        if not _bears(request, issuers.AZURE_DEVOPS_ACCESS_TOKEN):
            if request.headers.get("x-tfs-fedauthredirect") != "Suppress":
                return Response(status_code=302, headers={"Location": "https://spsprodweu5.vssps.visualstudio.com/"})
            return JSONResponse({"message": "TF400813: The user is not authorized to access this resource."}, 401)
        if not {"api-version", "serviceConnectionId"} <= request.query_params.keys():
            return JSONResponse({"message": "api-version and serviceConnectionId are required."}, 400)
        return JSONResponse({"oidcToken": await run_in_threadpool(self._azure_devops)})

    def _azure_devops(self) -> str:
        issuer = issuers.settings(self._environment).azure_devops
        return issuers.assertion(self._environment, issuer, EXCHANGE_AUDIENCE)

    async def app_service(self, request: Request) -> Response:
        if request.headers.get("x-identity-header") != HEADER:
            return _app_service_refusal(IdentityError(401, "unauthorized", "The header X-IDENTITY-HEADER is wrong."))
        try:
            return JSONResponse(await self._identity_token(request))
        except IdentityError as error:
            return _app_service_refusal(error)

    async def instance_metadata(self, request: Request) -> Response:
        if request.headers.get("metadata", "").lower() != "true":
            text = "Required metadata header not specified"
            return JSONResponse({"error": "invalid_request", "error_description": text}, 400)
        try:
            return JSONResponse(await self._identity_token(request))
        except IdentityError as error:
            return JSONResponse({"error": error.code, "error_description": error.text}, error.status)

    async def _identity_token(self, request: Request) -> Document:
        if "api-version" not in request.query_params:
            raise IdentityError(400, "invalid_request", "The parameter 'api-version' is required.")
        options = dict(request.query_params)
        return await run_in_threadpool(identities.token, self._environment, options, host_of(request))


def host_of(request: Request) -> str:
    """Return host and port by which the client knows the emulator."""
    return request.headers.get("host", "").lower()


def _bears(request: Request, token: str) -> bool:
    return request.headers.get("authorization", "").lower() == f"bearer {token}".lower()


def _app_service_refusal(error: IdentityError) -> Response:
    return JSONResponse({"statusCode": error.status, "message": error.text}, error.status)
