"""What the directory knows: tenants, and applications with what they prove themselves by."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, Self
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from cryptography import x509
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ..rights import ADMINISTRATOR
from ..store import METADATA, Transaction

Text = Annotated[str, StringConstraints(min_length=1)]

DIRECTORY_ROLES: Mapping[str, str] = {
    "Exchange Administrator": "29232cdf-9323-42fd-ade2-1d097af3e4de",
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
    "Global Reader": "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
}
"""Role template ids, which a token carries as `wids`. Microsoft Learn, "Microsoft Entra built-in roles"."""

EXCHANGE_MANAGE_AS_APP = "Exchange.ManageAsApp"
"""The application permission without which Exchange takes no application's token."""

EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
"""What an assertion of another issuer must be meant for. Microsoft Learn, "Workload identity federation"."""

APPLICATIONS = sa.Table(
    "entra_application",
    METADATA,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("registration", sa.JSON, nullable=False),
)

TENANTS = "tenants"
"""The setting that keeps the domains of each tenant."""


def _certificate(pem: str) -> str:
    x509.load_pem_x509_certificate(pem.encode())  # a ValueError becomes pydantic's, with its place
    return pem


Pem = Annotated[str, AfterValidator(_certificate)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Secret(_Part):
    """A client secret."""

    value: Text = Field(repr=False)
    expires: AwareDatetime | None = None


class Certificate(_Part):
    """A certificate whose key may sign client assertions; it is good until it expires by the emulator's clock."""

    pem: Pem


class TrustedSubject(_Part):
    """Any certificate of that subject name and issuer may sign, so that it can be renewed without telling Entra."""

    subject: Text
    """The common name."""
    issuer_pem: Pem
    """The authority's certificate."""


class FederatedCredential(_Part):
    """Tokens of another issuer that the application is known by. All three are compared with regard to case."""

    issuer: Text
    subject: Text
    audience: Text = EXCHANGE_AUDIENCE


class Registration(_Part):
    """An application of the tenant, or a managed identity."""

    client_id: UUID
    object_id: UUID | None = None
    """Of its service principal (Enterprise application); made from the client id when absent."""
    name: Text = "application"
    tenant_id: UUID | None = None
    """Its home; the organization's tenant when absent."""
    consented_tenants: tuple[UUID, ...] = ()
    """Other tenants whose administrators let it in."""
    secret: Text | None = Field(default=None, repr=False)
    """A secret that never expires."""
    secrets: tuple[Secret, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    trusted_subjects: tuple[TrustedSubject, ...] = ()
    federated_credentials: tuple[FederatedCredential, ...] = ()
    public: bool = False
    """Whether it may sign people in without proving itself ("Allow public client flows")."""
    managed_identity: Literal["system", "user"] | None = None
    resource_id: Text | None = None
    """Of a managed identity in Azure Resource Manager."""
    permissions: tuple[Text, ...] = ()
    """Application permissions that were consented to, as `Exchange.ManageAsApp`."""
    roles: tuple[Text, ...] = (ADMINISTRATOR,)
    """Of the environment, and of the tenant, told apart by name."""

    @model_validator(mode="after")
    def _provable(self) -> Self:
        proofs = (self.all_secrets, self.certificates, self.trusted_subjects, self.federated_credentials)
        if not any(proofs) and not self.public and self.managed_identity is None:
            raise ValueError("it needs a secret, certificates, trusted_subjects, federated_credentials or public: true")
        return self

    @property
    def service_principal(self) -> str:
        """The object id of its service principal."""
        return str(self.object_id or uuid5(NAMESPACE_URL, str(self.client_id)))

    @property
    def all_secrets(self) -> tuple[Secret, ...]:
        """Its secrets, however they were given."""
        return self.secrets + ((Secret(value=self.secret),) if self.secret else ())

    def is_in(self, tenant_id: str, organization_tenant: str) -> bool:
        """Whether a tenant knows it."""
        home = str(self.tenant_id or organization_tenant)
        return tenant_id in {home, *(str(tenant) for tenant in self.consented_tenants)}


class Tenant(_Part):
    """A tenant beside, or the same as, the organization's."""

    id: UUID
    domains: tuple[Text, ...] = ()
    """Verified domains, the initial `.onmicrosoft.com` one first."""


def keep(transaction: Transaction, registration: Registration) -> None:
    """Make or change an application."""
    remove(transaction, str(registration.client_id))
    kept = registration.model_dump(mode="json", include=set(Registration.model_fields))
    transaction.sql.execute(APPLICATIONS.insert(), {"client_id": str(registration.client_id), "registration": kept})


def remove(transaction: Transaction, client_id: str) -> None:
    """Forget an application."""
    transaction.sql.execute(APPLICATIONS.delete().where(APPLICATIONS.c.client_id == client_id))


def find(transaction: Transaction, client_id: str) -> Registration | None:
    """Return a registered application."""
    query = sa.select(APPLICATIONS.c.registration).where(APPLICATIONS.c.client_id == client_id.lower())
    found = transaction.sql.execute(query).scalar_one_or_none()
    return None if found is None else Registration.model_validate(found)


def everything(transaction: Transaction) -> list[Registration]:
    """Return all applications, in the order of their client ids."""
    query = sa.select(APPLICATIONS.c.registration).order_by(APPLICATIONS.c.client_id)
    return [Registration.model_validate(found) for found in transaction.sql.execute(query).scalars()]


def keep_tenants(transaction: Transaction, organization: str, tenant_id: str, tenants: tuple[Tenant, ...]) -> None:
    """Keep the domains of each tenant; the organization's own has one made from its name if it gives none."""
    short = "".join(character for character in organization.lower() if character.isalnum()) or "organization"
    domains = {tenant_id: [f"{short}.onmicrosoft.com"]}
    domains |= {str(tenant.id): [domain.lower() for domain in tenant.domains] for tenant in tenants}
    transaction.keep_setting(TENANTS, domains)


def domains(transaction: Transaction, tenant_id: str) -> list[str]:
    """Return a tenant's domains, the initial one first."""
    known: list[str] = transaction.setting(TENANTS).get(tenant_id, [])
    return known


def tenant_named(transaction: Transaction, name: str) -> str | None:
    """Return the id of the tenant that a GUID or one of its domains names."""
    name = name.lower()
    organization = str(transaction.setting("organization")["tenantid"])
    known = transaction.setting(TENANTS)
    if name == organization or name in known:
        return name
    return next((tenant for tenant, owned in known.items() if name in owned), None)


def is_expired(secret: Secret, now: float) -> bool:
    """Whether a secret is too old at that moment (seconds since 1970)."""
    return secret.expires is not None and secret.expires <= datetime.fromtimestamp(now, UTC)
