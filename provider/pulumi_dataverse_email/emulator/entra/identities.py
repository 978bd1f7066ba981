"""Managed identities: tokens without a credential, as machines in Azure get them.

Microsoft Learn, "How to use managed identities for App Service" (REST endpoint reference) and "How to use managed
identities on an Azure VM to acquire an access token".
"""

import time
from collections.abc import Mapping

from ..environment import Environment
from ..errors import EntraError
from . import configuration, directory, resources
from .directory import Registration
from .grants import Document, application_token

HEADER = "emulated-identity-header"
"""What IDENTITY_HEADER holds: App Service's guard against requests that were forged from outside."""

_NAMED_BY = {"client_id": "client_id", "object_id": "object_id", "principal_id": "object_id"} | dict.fromkeys(
    ("mi_res_id", "msi_res_id"), "resource_id"
)


class IdentityError(Exception):
    """No token; status, code and text, which the two endpoints print in their own ways."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


def token(environment: Environment, options: Mapping[str, str], host: str) -> Document:
    """Return a token for the identity that the options name, or for the system-assigned one.

    Raises:
        IdentityError: there is no such identity or resource.
    """
    with environment.store.read() as transaction:
        identity = _identity(directory.everything(transaction), options)
        tenant = str(identity.tenant_id or transaction.setting("organization")["tenantid"])
        lifetime = configuration.read(transaction).token_lifetime
    if not options.get("resource"):
        raise IdentityError(400, "invalid_request", "The parameter 'resource' is required.")
    try:
        audience = resources.of_name(options["resource"], host, tenant)
    except EntraError as error:
        raise IdentityError(400, "invalid_resource", f"AADSTS{error.number}: {error.text}") from None
    return {
        "access_token": application_token(environment, identity, tenant, audience, lifetime),
        "client_id": str(identity.client_id),
        "expires_in": str(lifetime),
        "expires_on": str(int(time.time()) + lifetime),  # a client compares it with the machine's clock
        "not_before": str(int(time.time())),
        "resource": options["resource"],
        "token_type": "Bearer",
    }


def _identity(known: list[Registration], options: Mapping[str, str]) -> Registration:
    named = {kind: options[name].lower() for name, kind in _NAMED_BY.items() if name in options}
    for application in known:
        ids = {
            "client_id": str(application.client_id),
            "object_id": application.service_principal,
            "resource_id": (application.resource_id or "").lower(),
        }
        if named and application.managed_identity and all(ids[kind] == value for kind, value in named.items()):
            return application
        if not named and application.managed_identity == "system":
            return application
    raise IdentityError(400, "invalid_request", "Identity not found")
