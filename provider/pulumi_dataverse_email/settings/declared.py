"""The settings, each declared once: its key, its variables, its secrecy, its meaning, its argument of `Provider`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, Optional, Required, get_args, get_type_hints

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ..entra.authorities import CLOUDS
from .addresses import guid, https_host, https_url, server_url, tenant

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeAlias, TypeVar

    from pulumi import Output

    T = TypeVar("T")
    Input: TypeAlias = T | Output[T] | Awaitable[T] | None
else:
    Input = Optional  # what is left once it is known

NAMESPACE = "dataverse-email"
"""Of the keys in Pulumi's configuration."""


class Setting:
    """Where a setting comes from, beside the configuration.

    Args:
        variables: environment variables that may stand in for it, first one first.
        secret: whether its value is never shown.
    """

    def __init__(self, *variables: str, secret: bool = False) -> None:
        self.variables = variables
        self.secret = secret


OTHER_NAMES: Mapping[str, str] = {
    "azurecloud": "public",
    "azurepubliccloud": "public",
    "azureusgovernment": "usgovernment",
    "azureusgovernmentcloud": "usgovernment",
    "usgovernmentl4": "usgovernment",
    "usgovernmentl5": "dod",
    "azurechinacloud": "china",
}
"""What the Azure CLI, Microsoft's libraries and Terraform call the clouds."""


def _cloud(name: str) -> str:
    cloud = OTHER_NAMES.get(name.lower(), name.lower())
    if cloud not in CLOUDS:
        raise ValueError(f"should be one of {', '.join(CLOUDS)}")
    return cloud


Host = Annotated[str, AfterValidator(https_host)]
Url = Annotated[str, AfterValidator(https_url)]
Guid = Annotated[str, AfterValidator(guid)]
Cloud = Annotated[str, AfterValidator(_cloud)]
Tenant = Annotated[str, AfterValidator(tenant)]
Server = Annotated[str, AfterValidator(server_url)]
Switch = Annotated[Literal["on", "off"], BeforeValidator(lambda text: str(text).lower())]
Count = Annotated[int, Field(ge=0)] | Literal["unlimited"]
WEEK = 604_800
"""Seconds: no setting is longer, and the system's own clocks overflow with much longer ones."""

Seconds = Annotated[float, Field(gt=0, le=WEEK, allow_inf_nan=False)]


@with_config(ConfigDict(use_attribute_docstrings=True, hide_input_in_errors=True))
class ProviderArgs(TypedDict, total=False):
    """The settings, as `Provider` takes them."""

    environment_url: Required[Annotated[Input[Host], Setting("DATAVERSE_URL")]]
    """Address of the environment, https and host only."""

    organization_id: Annotated[Input[Guid], Setting()]
    """Id of the organization that must answer there; given, it also allows a renamed address."""

    tenant_id: Annotated[Input[Tenant], Setting("ARM_TENANT_ID", "AZURE_TENANT_ID")]
    """Microsoft Entra tenant: GUID or domain name; where it is left out, the environment is asked."""

    client_id: Annotated[Input[Guid], Setting("ARM_CLIENT_ID", "AZURE_CLIENT_ID")]
    """Application (client) id of the app registration, or of a user-assigned managed identity."""

    client_secret: Annotated[Input[str], Setting("ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET", secret=True)]
    """The application's secret."""

    client_certificate_path: Annotated[
        Input[str], Setting("ARM_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH")
    ]
    """File with the application's certificate and private key, PEM or PFX."""

    client_certificate_password: Annotated[
        Input[str], Setting("ARM_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD", secret=True)
    ]
    """Password of that file or of the key in it."""

    use_oidc: Annotated[Input[bool], Setting("ARM_USE_OIDC")]
    """Whether to log in with a federated token: of a file, of GitHub Actions, of Azure DevOps."""

    oidc_token: Annotated[Input[str], Setting("ARM_OIDC_TOKEN", secret=True)]
    """The federated token itself."""

    oidc_token_file_path: Annotated[Input[str], Setting("ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE")]
    """File with the federated token, read anew for each login; AKS workload identity sets its variable."""

    oidc_request_url: Annotated[
        Input[Url], Setting("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI")
    ]
    """Where the job gets a federated token; GitHub Actions and Azure Pipelines set its variables."""

    oidc_request_token: Annotated[
        Input[str],
        Setting("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN", secret=True),
    ]
    """What the job proves itself with when it asks there."""

    ado_service_connection_id: Annotated[
        Input[str],
        Setting(
            "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
            "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
        ),
    ]
    """Id of the Azure DevOps service connection whose federated token is wanted."""

    use_msi: Annotated[Input[bool], Setting("ARM_USE_MSI")]
    """Whether to log in with the managed identity of the machine in Azure."""

    use_azure_cli: Annotated[Input[bool], Setting("ARM_USE_CLI")]
    """Whether to log in as whoever is logged in to the Azure CLI."""

    use_device_code: Annotated[Input[bool], Setting()]
    """Whether a person at the terminal logs in by a code in a browser."""

    environment: Annotated[Input[Cloud], Setting("ARM_ENVIRONMENT", "AZURE_ENVIRONMENT")]
    """Microsoft's cloud: public, usgovernment, dod or china."""

    authority_host: Annotated[Input[Host], Setting("AZURE_AUTHORITY_HOST")]
    """Address of Microsoft Entra ID, where it is not that of the cloud."""

    connect_timeout: Annotated[Input[Seconds], Setting()]
    """Seconds to wait for a connection."""

    read_timeout: Annotated[Input[Seconds], Setting()]
    """Seconds to wait for one answer."""

    operation_timeout: Annotated[Input[Seconds], Setting()]
    """Seconds for one operation, with everything that is repeated."""

    longest_wait: Annotated[Input[Seconds], Setting()]
    """Seconds to wait at most where Dataverse asks for a pause; a longer one is an error."""

    synchronization: Annotated[Input[Switch], Setting()]
    """Whether mailboxes are synchronized: `on` (default), or `off`, for copies and development environments.

    While it is `off`, every declared mailbox gets the three delivery methods none, whatever the program says, and
    `restore` brings none of them back. Once it is `on` again, each method that the program states returns; one that it
    does not state stays none. What new mailboxes get is a matter of `OrganizationEmailSettings`.
    """

    max_deleted_mailboxes: Annotated[Input[Count], Setting()]
    """How many mailboxes one run may delete, disable or restore: a number (default 50), or `unlimited`.

    Mailboxes that are retained do not count, because nothing changes in Dataverse.
    """

    max_moved_mailboxes: Annotated[Input[Count], Setting()]
    """How many mailboxes one run may move from one profile to another: a number (default 200), or `unlimited`.

    A preview asks nobody, so a profile's id in place of its name counts, too.
    Mailboxes that are written because a selection found them count too.
    """

    max_tested_mailboxes: Annotated[Input[Count], Setting()]
    """How many mailboxes one run may approve or test: a number (default 1000), or `unlimited`."""

    exchange_transport: Annotated[
        Input[Literal["invoke_command", "power_shell_remoting", "handover"]], Setting("EXCHANGE_TRANSPORT")
    ]
    """How Exchange is reached for an `ImpersonationScope`: `invoke_command` (default online), `power_shell_remoting`
    (default for an Exchange Server), or `handover`, which sends nothing and gives an administrator the commands.
    """

    exchange_host: Annotated[Input[Host], Setting("EXCHANGE_HOST")]
    """Address of Exchange Online, where it is not that of the cloud."""

    exchange_organization: Annotated[Input[Tenant], Setting("EXCHANGE_ORGANIZATION")]
    """First domain of the organization in Exchange Online, such as `contoso.onmicrosoft.com`; found where left out."""

    exchange_server: Annotated[Input[Server], Setting("EXCHANGE_SERVER")]
    """Exchange Server for PowerShell remoting: full name, or `http://` or `https://` and the name."""

    exchange_user_name: Annotated[Input[str], Setting("EXCHANGE_USER_NAME")]
    """Account for the Exchange Server; the caller's own, by Kerberos, where it is left out."""

    exchange_password: Annotated[Input[str], Setting("EXCHANGE_PASSWORD", secret=True)]
    """Password of that account."""

    exchange_authentication: Annotated[
        Input[Literal["kerberos", "negotiate", "ntlm", "basic"]], Setting("EXCHANGE_AUTHENTICATION")
    ]
    """How to log in to the Exchange Server: `kerberos` (default), `negotiate`, `ntlm`, or `basic`, over https only."""

    exchange_domain_controller: Annotated[Input[str], Setting("EXCHANGE_DOMAIN_CONTROLLER")]
    """Domain controller for all calls of a run, so that a read sees the write before it."""


REACH = ("synchronization", "max_deleted_mailboxes", "max_moved_mailboxes", "max_tested_mailboxes")
"""The settings that say how far one run may go; a preview reads them too."""

EXCHANGE = tuple(name for name in ProviderArgs.__annotations__ if name.startswith("exchange_"))
"""The settings of Exchange, which only an `ImpersonationScope` needs."""

LIMITS = ("connect_timeout", "read_timeout", "operation_timeout", "longest_wait")
"""The settings that bound how long things take."""


@dataclass(frozen=True)
class Declared:
    """One setting, as its declaration says it."""

    name: str
    """As an argument of `Provider`."""

    variables: tuple[str, ...]
    secret: bool

    @property
    def description(self) -> str:
        """Its docstring."""
        return _descriptions()[self.name]

    @property
    def key(self) -> str:
        """Its key in Pulumi's configuration, without the namespace."""
        first, *more = self.name.split("_")
        return first + "".join(word.title() for word in more)

    @property
    def ways(self) -> str:
        """Say how to give it."""
        secret = "--secret " if self.secret else ""
        return " or ".join([f"pulumi config set {secret}{NAMESPACE}:{self.key} ...", *self.variables])


@cache
def declared() -> Mapping[str, Declared]:
    """Return all settings by their keys, in the order of the declaration."""
    found = [
        Declared(name, marker.variables, marker.secret)
        for name, hint in get_type_hints(ProviderArgs, include_extras=True).items()
        for marker in _markers(hint)
    ]
    return {it.key: it for it in found}


@cache  # no run waits for them: the manual asks
def _descriptions() -> Mapping[str, str]:
    return {name: it["description"] for name, it in adapter().json_schema()["properties"].items()}


@cache
def adapter() -> TypeAdapter[ProviderArgs]:
    """Return what checks the settings."""
    return TypeAdapter(ProviderArgs)


def _markers(hint: object) -> list[Setting]:
    parts = [*get_args(hint), *getattr(hint, "__metadata__", ())]
    return [it for part in parts for it in ([part] if isinstance(part, Setting) else _markers(part))][:1]
