"""An emulated Dataverse and Exchange, and stacks of scopes that lead to both."""

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from tests.unit.exchange.conftest import Online, online
from tests.unit.exchange.scope import MAILER

from .stack import ScopeStack

__all__ = ["online"]


@pytest.fixture
def stack(rows: Client, online: Online) -> ScopeStack:
    """An empty stack on Exchange Online, whose tenant has the application of the profile."""
    online.register()
    return ScopeStack(rows, online.exchange, online)


@pytest.fixture
def known(stack: ScopeStack) -> ScopeStack:
    """The same, where Exchange knows the application already."""
    stack.online.exchange.create_principal(MAILER)
    return stack
