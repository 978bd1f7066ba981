"""Microsoft's own client for Python, as it is published, cannot tell the emulator from a Dataverse.

It is installed by the dependency group `clients`; with CLIENTS_REQUIRED set, its absence fails instead of skipping.
"""

import importlib
import os
from collections.abc import Iterator
from typing import Any, TypeAlias
from uuid import uuid4

import pytest

from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.dataverse import ANNA

_load = importlib.import_module if os.environ.get("CLIENTS_REQUIRED") else pytest.importorskip
sdk = _load("PowerPlatform.Dataverse.client")
errors = _load("PowerPlatform.Dataverse.core.errors")
identity = _load("azure.identity")

Client: TypeAlias = Any
PROFILE = "emailserverprofile"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """The client with a secret of the default application; it is told nothing but addresses and the authority."""
    with pytest.MonkeyPatch.context() as patch, running() as emulator:
        for name, value in emulator.environment.items():
            patch.setenv(name, value)
        names = ("ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET")
        credential = identity.ClientSecretCredential(
            *(emulator.environment[name] for name in names), authority=emulator.url, disable_instance_discovery=True
        )
        with credential, sdk.DataverseClient(emulator.url, credential) as client:
            yield client


@pytest.fixture
def name() -> str:
    """A name that no other row has."""
    return f"Profile {uuid4()}"


def names(client: Client, text: str) -> list[str]:
    found = client.records.list(PROFILE, select=["name"], filter=f"contains(name,'{text}')", orderby=["name"])
    return [row["name"] for row in found]


def test_a_row_lives_its_life(client: Client, name: str) -> None:
    row_id = client.records.create(PROFILE, {"name": name, "ServerType": 0})
    made = client.records.retrieve(PROFILE, row_id, select=["name", "servertype"])

    client.records.update(PROFILE, row_id, {"description": "changed"})
    changed = client.records.retrieve(PROFILE, row_id, select=["description"])
    client.records.delete(PROFILE, row_id)

    assert (made["name"], made["servertype"], changed["description"]) == (name, 0, "changed")
    assert made.etag != changed.etag
    assert client.records.retrieve(PROFILE, row_id) is None


def test_a_choice_is_written_by_its_label(client: Client, name: str) -> None:
    """The client looks labels up in the definitions of the table."""
    made = client.records.create(PROFILE, {"name": name, "servertype": "Exchange Server (Hybrid)"})

    assert client.records.retrieve(PROFILE, made, select=["servertype"])["servertype"] == 2


def test_a_lookup_is_bound_and_expanded(client: Client, name: str) -> None:
    profile = client.records.create(PROFILE, {"name": name})
    (mailbox,) = client.records.list("mailbox", select=["mailboxid"], filter=f"emailaddress eq '{ANNA}'")

    bound = {"emailserverprofile@odata.bind": f"/emailserverprofiles({profile})"}
    client.records.update("mailbox", mailbox["mailboxid"], bound)

    found = client.records.retrieve("mailbox", mailbox["mailboxid"], select=["name"], expand=["emailserverprofile"])
    assert found["emailserverprofile"]["name"] == name


def test_rows_come_in_pages(client: Client, name: str) -> None:
    for number in range(5):
        client.records.create(PROFILE, {"name": f"{name} {number}"})

    pages = client.records.list_pages(
        PROFILE, select=["name"], filter=f"startswith(name,'{name}')", orderby=["name"], page_size=2
    )

    numbers = [[row["name"][-1] for row in page] for page in pages]
    assert numbers == [["0", "1"], ["2", "3"], ["4"]]


def test_an_upsert_makes_and_then_changes(client: Client, name: str) -> None:
    item = {"alternate_key": {"emailserverprofileid": str(uuid4())}, "record": {"name": name}}

    client.records.upsert(PROFILE, [item])
    client.records.upsert(PROFILE, [{**item, "record": {"name": f"{name} again"}}])

    assert names(client, name) == [f"{name} again"]


def test_a_batch_is_answered_part_by_part(client: Client, name: str) -> None:
    batch = client.batch.new()
    batch.records.create(PROFILE, {"name": name})
    batch.records.list(PROFILE, select=["name"], filter=f"name eq '{name}'")
    batch.records.retrieve(PROFILE, str(uuid4()))

    result = batch.execute(continue_on_error=True)

    assert [one.status_code for one in result.responses] == [204, 200, 404]
    assert [one["name"] for one in result.responses[1].data["value"]] == [name]
    assert result.responses[2].error_code == "0x80040217"


def test_a_change_set_refers_to_its_own_rows(client: Client, name: str) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        made = changes.records.create(PROFILE, {"name": name})
        changes.records.update(PROFILE, made, {"name": f"{name} changed"})

    result = batch.execute()

    assert [one.status_code for one in result.responses] == [204, 204]
    assert client.records.retrieve(PROFILE, result.responses[0].entity_id)["name"] == f"{name} changed"


def test_a_change_set_that_fails_is_taken_back(client: Client, name: str) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        changes.records.create(PROFILE, {"name": name})
        changes.records.create(PROFILE, {"name": name, "nonesuch": 1})

    result = batch.execute()

    assert [(one.is_success, one.error_code) for one in result.responses] == [(False, "0x80048d19")]
    assert names(client, name) == []


def test_definitions_are_read(client: Client) -> None:
    table = client.tables.get("Mailbox")
    columns = client.tables.list_columns("mailbox", select=["LogicalName"], filter="AttributeType eq 'Owner'")

    assert (table["logical_name"], table["entity_set_name"], table["primary_id_attribute"]) == (
        "mailbox",
        "mailboxes",
        "mailboxid",
    )
    assert [column["LogicalName"] for column in columns] == ["ownerid"]
    assert client.tables.get("nonesuch") is None
    assert client.tables.get_relationship("emailserverprofile_mailbox").lookup_schema_name


def test_bulk_messages_are_refused_as_the_tables_have_none(client: Client, name: str) -> None:
    with pytest.raises(errors.HttpError, match=r"Microsoft\.Dynamics\.CRM\.CreateMultiple") as refused:
        client.records.create(PROFILE, [{"name": name}, {"name": name}])

    assert refused.value.status_code == 404
