"""The provider's settings: Pulumi configuration `dataverse-email:<key>`, else environment variables.

A program and a preview need none of them; they are read when a verb first talks to Dataverse.
"""

from .addresses import environment_host, organization_id
from .checked import ExchangeSettings, Settings, exchange, load, reach
from .declared import NAMESPACE, Declared, ProviderArgs, declared
from .given import EXPLICIT, Given, given

__all__ = [
    "EXPLICIT",
    "NAMESPACE",
    "Declared",
    "ExchangeSettings",
    "Given",
    "ProviderArgs",
    "Settings",
    "declared",
    "environment_host",
    "exchange",
    "given",
    "load",
    "organization_id",
    "reach",
]
