"""The provider's settings: Pulumi configuration `dataverse-email:<key>`, else environment variables.

A program and a preview need none of them; they are read when a verb first talks to Dataverse.
"""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from .errors import SettingsError

NAMESPACE = "dataverse-email"

EXPLICIT = "explicitProvider"
"""Set by `Provider`: its environment's address then comes from nowhere else, were it empty."""

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "environmentUrl": ("DATAVERSE_URL",),
    "organizationId": (),
    "tenantId": ("ARM_TENANT_ID", "AZURE_TENANT_ID"),
    "clientId": ("ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
    "clientSecret": ("ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"),
    "authorityHost": ("AZURE_AUTHORITY_HOST",),
}
"""Each setting's key, and the environment variables that may stand in for it, first one first."""


def _https_host(url: str) -> str:
    try:
        parts = urlsplit(url if "//" in url else f"https://{url}")
        more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
        if parts.scheme == "https" and parts.hostname and not more and parts.port != 0:
            return f"https://{parts.netloc.lower()}"
    except ValueError:
        pass  # an odd bracket, or a port that is no number
    raise ValueError("should be https and a host only, such as https://contoso.crm4.dynamics.com")


def _guid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("should be a GUID, such as 3c6d5c8e-7f2f-4f5a-9d53-3c1a0f9f8f10") from None


class Settings(BaseModel):
    """What the provider needs to reach one environment."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    environment_url: Annotated[str, AfterValidator(_https_host), Field(alias="environmentUrl")]
    """Address of the environment, https and host only."""

    organization_id: Annotated[Annotated[str, AfterValidator(_guid)] | None, Field(alias="organizationId")] = None
    """Id of the organization that must answer there; given, it also allows a renamed address."""

    tenant_id: Annotated[str, Field(alias="tenantId", min_length=1)]
    """Microsoft Entra tenant: GUID or domain name."""

    client_id: Annotated[str, AfterValidator(_guid), Field(alias="clientId")]
    """Application (client) id of the app registration."""

    client_secret: Annotated[SecretStr, Field(alias="clientSecret", min_length=1)]
    """The application's secret."""

    authority_host: Annotated[str, AfterValidator(_https_host), Field(alias="authorityHost")] = (
        "https://login.microsoftonline.com"
    )
    """Microsoft Entra's address: another one in sovereign clouds."""


def environment_host(url: str) -> str | None:
    """Return an environment's host as state records it: lower case, no port, no `.api` label.

    `https://<name>.api.<region>` is the same service as `https://<name>.<region>`.
    An address that `load` would refuse has no host.
    """
    try:
        host = urlsplit(_https_host(url)).hostname or ""
    except ValueError:
        return None
    labels = host.split(".")
    return ".".join(labels[:1] + labels[2:]) if labels[1:2] == ["api"] else host


def organization_id(text: str) -> str | None:
    """Return an organization's id as the service spells it; what `load` would refuse is none."""
    try:
        return _guid(text)
    except ValueError:
        return None


def given(config: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that are given, unchecked; configuration counts before the environment."""
    values: dict[str, str] = {}
    explicit = bool(config.get(f"{NAMESPACE}:{EXPLICIT}"))
    for key in VARIABLES:
        variables = () if explicit and key == "environmentUrl" else VARIABLES[key]
        candidates = [config.get(f"{NAMESPACE}:{key}"), *(environ.get(variable) for variable in variables)]
        if value := next((text for it in candidates if (text := str(it or "").strip())), ""):
            values[key] = value
    return values


def load(values: Mapping[str, str]) -> Settings:
    """Check the settings that are given.

    Raises:
        SettingsError: with every fault, and the ways to give what is missing.
    """
    try:
        return Settings.model_validate(dict(values))
    except ValidationError as error:
        faults = [
            _fault(str(problem["loc"][0]), problem["type"], problem["msg"])
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise SettingsError(_message(faults)) from None


def _fault(key: str, problem: str, message: str) -> str:
    if problem != "missing":
        return f"{key} {message.removeprefix('Value error, ')}"
    secret = "--secret " if key == "clientSecret" else ""
    ways = [f"pulumi config set {secret}{NAMESPACE}:{key} ...", *VARIABLES[key]]
    return f"{key} is missing: {' or '.join(ways)}"


def _message(faults: list[str]) -> str:
    listed = "\n".join(f"  - {fault}" for fault in faults)
    names = ", ".join(fault.split(" ", 1)[0] for fault in faults)
    return f"the settings of the environment are not complete:\n{listed}\nMend these settings: {names}."
