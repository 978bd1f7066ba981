"""A stack whose settings lead to the emulated environment."""

import pytest

from pulumi_dataverse_email.dataverse.client import Client

from .stack import Stack


@pytest.fixture
def stack(rows: Client) -> Stack:
    """An empty stack."""
    return Stack(rows)
