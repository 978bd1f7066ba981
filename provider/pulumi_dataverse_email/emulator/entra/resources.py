"""What a token may be for: the environment and Exchange."""

import re

from ..errors import EntraError

HOST_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""The environment answers to each of them, on one port."""

EXCHANGE_HOSTS = ("outlook.office365.com", "outlook.office365.us", "outlook-dod.office365.us", "outlook.office365.cn")
"""The audiences of the emulated Exchange, besides the address it stands at.

Microsoft Learn, "Get started with the Exchange Online Admin API".
"""

EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000"
"""Office 365 Exchange Online, by which a scope may name it too."""

_DEFAULT_SCOPE = re.compile(r"(?:(https://([^/\s]+))|([0-9a-f-]{36}))/{1,2}\.default", re.IGNORECASE)
_DELEGATED = frozenset({"openid", "profile", "offline_access", "email"})


def of_scope(scope: str | None, host: str, tenant: str) -> str:
    """Return the audience of an application's scope, `<resource>/.default`; `host` is where the emulator stands.

    Raises:
        EntraError: 400, the scope is malformed or names a resource that the tenant does not know.
    """
    match = _DEFAULT_SCOPE.fullmatch(scope or "")
    if match is None:
        text = f"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
        raise EntraError(400, "invalid_scope", 70011, text)
    return of_name(match[1] or match[3], host, tenant)


def of_delegated_scope(scope: str | None, host: str, tenant: str) -> str:
    """Return the audience of a person's scopes: `user_impersonation` or `.default` of one resource.

    Raises:
        EntraError: 400, they are malformed, of several resources, or of one that the tenant does not know.
    """
    wanted = [part for part in (scope or "").split() if part not in _DELEGATED]
    if not wanted:
        raise EntraError(400, "invalid_scope", 70011, f"The provided value for scope {scope} is not valid.")
    names = {re.sub(r"/{1,2}(user_impersonation|Exchange\.Manage)$", "//.default", part) for part in wanted}
    if len({name.replace("//.default", "/.default") for name in names}) > 1:
        text = "Provided value for the input parameter scope is not valid because it contains more than one resource."
        raise EntraError(400, "invalid_scope", 28000, text)
    return of_scope(names.pop(), host, tenant)


def of_name(name: str, host: str, tenant: str) -> str:
    """Return the audience of a resource named by URL or application id.

    The emulator's own addresses are the environment's, and Exchange's too, which stands behind them as well.

    Raises:
        EntraError: 400, the tenant does not know it.
    """
    name = name.lower().rstrip("/")
    port = host.rpartition(":")[2]
    known = (*EXCHANGE_HOSTS, *(f"{own}:{port}" for own in HOST_NAMES))
    if name in {EXCHANGE_APP_ID, *(f"https://{one}" for one in known)}:
        return name
    text = (
        f"The resource principal named {name} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant."
    )
    raise EntraError(400, "invalid_resource", 500011, text)
