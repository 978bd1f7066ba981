"""A group in the emulated environment."""

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from tests.system.emulated import Dataverse

from .story import Group


@pytest.fixture
def group(dataverse: Dataverse, rows: Client) -> Group:
    """A stack without a test-and-enable."""
    return Group(dataverse, rows)
