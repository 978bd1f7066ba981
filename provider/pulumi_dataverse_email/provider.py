"""`Provider`: settings for another environment in the same program."""

import pulumi

from .settings import EXPLICIT, NAMESPACE


class Provider(pulumi.ProviderResource):
    """An explicit provider: give it as `opts.provider` to the resources of another environment.

    Settings that are left out come from the environment variables, as for the stack's own settings, except the
    environment's address: it must be given, so that a program never writes to two environments by surprise.

    Args:
        resource_name: the provider's logical name.
        environment_url: address of the environment, https and host only.
        organization_id: id of the organization that must answer there.
        tenant_id: Microsoft Entra tenant, GUID or domain name.
        client_id: application (client) id.
        client_secret: the application's secret.
        authority_host: Microsoft Entra's address.
        opts: Pulumi's resource options.

    Raises:
        ValueError: `environment_url` is empty.
    """

    def __init__(  # noqa: PLR0913  one keyword for each setting
        self,
        resource_name: str,
        /,
        *,
        environment_url: pulumi.Input[str],
        organization_id: pulumi.Input[str] | None = None,
        tenant_id: pulumi.Input[str] | None = None,
        client_id: pulumi.Input[str] | None = None,
        client_secret: pulumi.Input[str] | None = None,
        authority_host: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        if not environment_url:
            raise ValueError(f"Provider '{resource_name}' needs an environment_url")
        settings = {
            "environmentUrl": environment_url,
            "organizationId": organization_id,
            "tenantId": tenant_id,
            "clientId": client_id,
            "clientSecret": None if client_secret is None else pulumi.Output.secret(client_secret),
            "authorityHost": authority_host,
        }
        props = {f"{NAMESPACE}:{key}": value for key, value in settings.items() if value is not None}
        props[f"{NAMESPACE}:{EXPLICIT}"] = "true"
        super().__init__("pulumi-python", resource_name, props, opts)
