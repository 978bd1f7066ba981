"""`dataverse-email schema`: the declarations as JSON."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from typer.testing import CliRunner

from pulumi_dataverse_email.cli import app
from pulumi_dataverse_email.declare import Kind
from pulumi_dataverse_email.resources import KINDS


class Column(BaseModel):
    """The shape of one column: all keys, no others."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    wire: str | None
    direction: str
    type: str
    choices: dict[str, int | None] | None
    max_length: int | None
    minimum: int | None
    maximum: int | None
    default: bool | int | str | None
    required: bool
    immutable: bool
    secret: bool
    label: str | None
    description: str
    source: str


class Table(BaseModel):
    """The shape of one kind."""

    model_config = ConfigDict(extra="forbid", strict=True)

    table: str | None
    columns: list[Column]


class Schema(BaseModel):
    """The shape of all."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kinds: dict[str, Table]


@pytest.fixture(scope="module")
def printed() -> Any:  # noqa: ANN401  JSON of any shape, which the tests judge
    """Return what the command prints."""
    done = CliRunner().invoke(app, ["schema"])
    assert done.exit_code == 0
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def columns(printed: object) -> dict[str, Column]:
    """Return the columns of profiles by name."""
    return {it.name: it for it in Schema.model_validate(printed).kinds["EmailServerProfile"].columns}


def test_it_has_the_promised_shape(printed: object) -> None:
    """Each column has every key, of the promised type, and no other key."""
    found = Schema.model_validate(printed)

    assert {name: it.table for name, it in found.kinds.items()} == {
        "EmailServerProfile": "emailserverprofile",
        "Mailbox": "mailbox",
        "MailboxSet": "mailbox",
        "MailboxTestAndEnable": None,
        "OrganizationEmailSettings": "organization",
        "ImpersonationScope": None,
    }
    assert {it.direction for kind in found.kinds.values() for it in kind.columns} == {"input", "output"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_argument_and_result_is_there(kind: Kind, printed: object) -> None:
    """Nothing that can be declared or read is missing, in the order of the declaration."""
    found = Schema.model_validate(printed).kinds[kind.name].columns

    assert [it.name for it in found if it.direction == "input"] == list(kind.arguments)
    assert [it.name for it in found if it.direction == "output"] == list(kind.results)


def test_a_choice_has_its_words_and_codes(columns: dict[str, Column]) -> None:
    """A code that must be learnt is null, and so are those of words that are never sent."""
    server_type = columns["server_type"]

    assert (server_type.type, server_type.wire, server_type.required, server_type.immutable) == (
        "choice",
        "servertype",
        True,
        True,
    )
    assert server_type.choices is not None
    assert (server_type.choices["imap_smtp"], server_type.choices["exchange_online"]) == (4, None)
    assert columns["on_delete"].choices == {"delete": None, "retain": None, "restore": None}
    assert columns["on_delete"].wire is None


def test_limits_defaults_and_secrets_are_told(columns: dict[str, Column]) -> None:
    connections, password = columns["max_concurrent_connections"], columns["incoming_password"]

    assert (connections.type, connections.minimum, connections.maximum) == ("integer", 1, 300)
    assert (password.type, password.max_length, password.secret) == ("string", 250, True)
    assert (columns["use_auto_discover"].default, columns["incoming_use_ssl"].default) == (False, True)
    assert columns["process_emails_received_after"].type == "date-time"
    assert columns["key_vault_reference"].type == "reference"


def test_a_note_is_no_column(columns: dict[str, Column]) -> None:
    """What the program knows and Dataverse does not hold has no wire name."""
    expires = columns["incoming_password_expires_on"]

    assert (expires.wire, expires.type, expires.secret, expires.direction) == (None, "date-time", False, "input")
    assert "never sent" in expires.description


def test_the_help_explains_every_key() -> None:
    shown = CliRunner().invoke(app, ["schema", "--help"]).stdout

    assert all(f"{key}  " in shown for key in Column.model_fields)
