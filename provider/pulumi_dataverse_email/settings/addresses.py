"""Addresses and ids, as settings give them and as state records them."""

from urllib.parse import urlsplit
from uuid import UUID


def https_host(url: str) -> str:
    """Return an address spelled one way: `https://`, host, and port where it has one.

    Raises:
        ValueError: it is anything else.
    """
    try:
        parts = urlsplit(url if "//" in url else f"https://{url}")
        more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
        if parts.scheme == "https" and parts.hostname and not more and parts.port != 0:
            return f"https://{parts.netloc.lower()}"
    except ValueError:
        pass  # an odd bracket, or a port that is no number
    raise ValueError("should be https and a host only, such as https://contoso.crm4.dynamics.com")


def https_url(url: str) -> str:
    """Return an address that a token may be sent to, as it is.

    Raises:
        ValueError: it is not `https://` and a host, or more.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("should begin with https:// and a host")
    return url


def server_url(text: str) -> str:
    """Return the address of an Exchange Server spelled one way: `http://` unless it says https, name, port if any.

    Raises:
        ValueError: it is no full name, such as an address by which no Kerberos ticket is given.
    """
    try:
        parts = urlsplit(text if "//" in text else f"http://{text}")
        more = parts.path.strip("/").lower() not in ("", "powershell") or parts.query or parts.fragment
        name = parts.hostname or ""
        named = name == "localhost" or ("." in name and not name.replace(".", "").isdigit())
        if parts.scheme in ("http", "https") and named and not more and parts.username is None and parts.port != 0:
            return f"{parts.scheme}://{parts.netloc.lower()}"
    except ValueError:
        pass  # an odd bracket, or a port that is no number
    raise ValueError("should be the full name of a server, such as exchange01.contoso.com")


def guid(text: str) -> str:
    """Return a GUID spelled as the service does.

    Raises:
        ValueError: it is none.
    """
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("should be a GUID, such as 3c6d5c8e-7f2f-4f5a-9d53-3c1a0f9f8f10") from None


def tenant(text: str) -> str:
    """Return a tenant as it is; it becomes part of an address.

    Raises:
        ValueError: it is neither a GUID nor a domain name.
    """
    if not all(label and label.replace("-", "").isalnum() and label.isascii() for label in text.split(".")):
        raise ValueError("should be a GUID or a domain name, such as contoso.onmicrosoft.com")
    return text


def environment_host(url: str) -> str | None:
    """Return an environment's host as state records it: lower case, no port, no `.api` label.

    `https://<name>.api.<region>` is the same service as `https://<name>.<region>`.
    An address that `load` would refuse has no host.
    """
    try:
        host = urlsplit(https_host(url)).hostname or ""
    except ValueError:
        return None
    labels = host.split(".")
    return ".".join(labels[:1] + labels[2:]) if labels[1:2] == ["api"] else host


def organization_id(text: str) -> str | None:
    """Return an organization's id as the service spells it; what `load` would refuse is none."""
    try:
        return guid(text)
    except ValueError:
        return None
