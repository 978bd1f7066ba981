"""The arguments of a profile about applications, tenants and identities that stand in for user names and passwords."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, ChoiceInput, ClearableInput, Column, GuidText, Input, Key, Lookup, Moment, Note
from ..sources import CROSS_TENANT, HYBRID
from ..tables import KEY_VAULT_REFERENCES, MANAGED_IDENTITIES
from .choices import ServerAuthority


@with_config(INPUTS)
class IdentityArgs(TypedDict, total=False):
    """Who Dataverse is towards the mail system, where it is no user name."""

    server_authority: Annotated[
        ChoiceInput[ServerAuthority],
        Column("serverauthority", "Email server authority", retest=True, default="public_gcc"),
    ]
    """The cloud whose Microsoft Entra ID answers for the mail server."""

    use_default_tenant_id: Annotated[
        Input[bool],
        Column("usedefaulttenantid", "Use Default Tenant Id", retest=True, default=True, source=CROSS_TENANT),
    ]
    """Whether the tenant of the Exchange Online is this environment's own; `False` for another tenant."""

    exchange_online_tenant_id: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=36),
        Column("exchangeonlinetenantid", "Exchange Online Tenant Id", clearable=True, retest=True, source=CROSS_TENANT),
    ]
    """The Microsoft Entra tenant of the Exchange Online, a GUID."""

    oauth_client_id: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=1024),
        Column("oauthclientid", "OAuth Client Id", clearable=True, retest=True, source=CROSS_TENANT),
    ]
    """The application (client) id that Dataverse logs in with: in Microsoft Entra ID a GUID, in Gmail Google's."""

    oauth_client_secret: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=1024),
        Column(
            "oauthclientsecret",
            "OAuth Client Secret",
            secret=True,
            set_flag="isoauthclientsecretset",
            goes_with="oauth_client_id",
            clearable=True,
            restorable=False,
            retest=True,
            source=CROSS_TENANT,
        ),
    ]
    """The application's secret; Dataverse stores it and never shows it again."""

    oauth_client_secret_expires_on: Annotated[Input[Moment], Note()]
    """When the secret expires; previews warn from 30 days before. Kept in the state, never sent."""

    aad_resource_id: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=1024),
        Column("aadresourceid", "AAD ResourceId", clearable=True, retest=True, source=HYBRID),
    ]
    """The resource that a token for an on-premises Exchange is asked for, such as `https://mail.contoso.com`."""

    key_vault_reference: Annotated[
        ClearableInput[Key],
        Lookup(
            "keyvaultreferenceid",
            "Key Vault Reference",
            target=KEY_VAULT_REFERENCES,
            clearable=True,
            retest=True,
            source=HYBRID,
        ),
    ]
    """Where the certificate for Hybrid Modern Authentication is kept: GUID or name of the key vault reference."""

    key_vault_certificate_expires_on: Annotated[Input[Moment], Note()]
    """When that certificate expires; previews warn from 30 days before. Kept in the state, never sent."""

    managed_identity: Annotated[
        ClearableInput[Key],
        Lookup("managedidentityid", "Managed Identity", target=MANAGED_IDENTITIES, clearable=True, retest=True),
    ]
    """The managed identity that opens the key vault: GUID or name."""

    power_platform_managed_identity: Annotated[
        ClearableInput[Key],
        Lookup(
            "powerplatformmanagedidentityid",
            "Power Platform Managed Identity",
            target=MANAGED_IDENTITIES,
            clearable=True,
            retest=True,
        ),
    ]
    """The identity that opens Exchange Online, for `power_platform_managed_identity_auth`: GUID or name."""

    purview_managed_identity: Annotated[
        ClearableInput[Key],
        Lookup("purviewmanagedidentityid", "Purview Managed Identity", target=MANAGED_IDENTITIES, clearable=True),
    ]
    """The identity that Microsoft Purview is reached with: GUID or name."""

    acs_enabled_for_outgoing_email: Annotated[
        Input[bool],
        Column("acsenabledforoutgoingemail", "ACS Enabled for Outgoing Email", retest=True, default=False),
    ]
    """Whether outgoing mail goes through Azure Communication Services."""

    acs_endpoint_url: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=300),
        Column("acsendpointurl", "ACS Endpoint Url", clearable=True, retest=True),
    ]
    """Address of the Azure Communication Services resource."""

    acs_email_service_name: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=200),
        Column("acsemailservicename", "ACS Email Service Name", clearable=True, retest=True),
    ]
    """Name of the email service of the Azure Communication Services resource."""

    acs_resource_group_name: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=200),
        Column("acsresourcegroupname", "ACS Resource Group Name", clearable=True, retest=True),
    ]
    """Azure resource group of the Azure Communication Services resource."""

    acs_subscription_id: Annotated[
        ClearableInput[GuidText],
        Column("acssubscriptionid", "ACS Subscription Id", clearable=True, retest=True),
    ]
    """Azure subscription of the Azure Communication Services resource, a GUID."""

    acs_managed_identity: Annotated[
        ClearableInput[Key],
        Lookup("acsmanagedidentityid", "ACS Managed Identity", target=MANAGED_IDENTITIES, clearable=True, retest=True),
    ]
    """The identity that Azure Communication Services is reached with: GUID or name."""
