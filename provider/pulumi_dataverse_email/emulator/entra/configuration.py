"""What may be set of the emulated Entra and of the issuers it trusts, kept with the data and set back by a reset."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..store import Transaction
from ..tokens import LIFETIME

Text = Annotated[str, StringConstraints(min_length=1)]
SETTING = "entra"


class Issuer(BaseModel):
    """Somebody else's token service: what its tokens say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Text
    subject: Text


class Configuration(BaseModel):
    """The settings of Entra; all have defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token_lifetime: Annotated[int, Field(gt=0)] = LIFETIME
    """Seconds."""
    github: Issuer = Issuer(
        issuer="https://token.actions.githubusercontent.com", subject="repo:contoso/mail:ref:refs/heads/main"
    )
    azure_devops: Issuer = Issuer(
        issuer="https://vstoken.dev.azure.com/5f0c2a10-0000-4000-8000-00000000d0d0",
        subject="sc://contoso/mail/dataverse",
    )
    workload: Issuer = Issuer(
        issuer="https://oidc.example/cluster/", subject="system:serviceaccount:deployments:dataverse-email"
    )
    """The cluster that keeps a token file."""


def read(transaction: Transaction) -> Configuration:
    """Return the settings as they are now."""
    return Configuration.model_validate(transaction.setting(SETTING))


def keep(transaction: Transaction, configuration: Configuration) -> None:
    """Keep the settings."""
    transaction.keep_setting(SETTING, configuration.model_dump(mode="json"))
