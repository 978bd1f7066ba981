"""Where to log in: Microsoft's clouds, and the tenant, which an environment names where nobody states it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

CLOUDS: Mapping[str, tuple[str, ...]] = {
    "public": ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"),
    "usgovernment": ("login.microsoftonline.us", "login.usgovcloudapi.net"),
    "dod": ("login.microsoftonline.us", "login.usgovcloudapi.net"),
    "china": ("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
}
"""Each cloud's name, and the hosts of its Entra; the first one is asked, the others are its older names.

Source: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
"""

_CHALLENGE = re.compile(r'authorization_uri="?([^",\s]+)', re.IGNORECASE)
_TENANT = re.compile(r"[0-9a-z][0-9a-z.-]{2,252}", re.IGNORECASE)
_NO_TENANTS = frozenset({"common", "organizations", "consumers", "adfs"})


@dataclass(frozen=True)
class Authority:
    """Where to log in.

    Args:
        host: address of Entra, https and host; where there is none, the one that the environment names, else that of
            the public cloud.
        tenant: GUID or domain name; where there is none, the environment is asked.
        environment_url: the environment to ask; none where the tenant is given, so that one login serves several.
    """

    host: str | None
    tenant: str | None
    environment_url: str | None = None

    @property
    def url(self) -> str | None:
        """Address of the tenant at Entra, where it needs no asking."""
        return f"{self.host or host_of('public')}/{self.tenant}" if self.tenant else None

    def named_by(self, challenge: str) -> str:
        """Return the address of the tenant that an environment's challenge names.

        A secret goes to no host that only an answer names: it must be the configured one, or Microsoft's.

        Args:
            challenge: the header `WWW-Authenticate` of an answer 401.

        Raises:
            ValueError: it names none, or one that is not to be trusted; the text says what is wrong.
        """
        found = _CHALLENGE.search(challenge)
        if found is None:
            raise ValueError("its answer names no tenant")
        parts = urlsplit(found[1])
        tenant = parts.path.strip("/").split("/")[0]
        if parts.scheme != "https" or not _TENANT.fullmatch(tenant) or tenant.lower() in _NO_TENANTS:
            raise ValueError("its answer names no tenant")
        clouds = _clouds(parts.netloc)
        if self.host is None:
            if not clouds:
                raise ValueError(f"its answer sends logins to {parts.netloc}, which is no address of Microsoft's")
            return f"{host_of(clouds[0])}/{tenant}"
        own = urlsplit(self.host).netloc
        if parts.netloc.lower() != own and not set(clouds) & set(_clouds(own)):
            raise ValueError(f"its answer sends logins to {parts.netloc}, which is not of the cloud of {own}")
        return f"{self.host}/{tenant}"


def host_of(cloud: str) -> str:
    """Return the address of a cloud's Entra."""
    return f"https://{CLOUDS[cloud][0]}"


def _clouds(host: str) -> list[str]:
    return [cloud for cloud, hosts in CLOUDS.items() if host.lower() in hosts]
