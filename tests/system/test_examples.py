"""Every project in examples/, run as its README says; a new folder is tested without a line here."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_dataverse_email.declare import Argument, Column, SetKind, TableKind
from pulumi_dataverse_email.resources import KINDS, TABLE_KINDS

from .conftest import CHECKOUT
from .emulated import PRIMARY_IDS, Dataverse
from .stack import Json, Stack

TESTED_ALONE = ("environments", "scope-", "github-actions", "beside-entra")
"""Examples that need more than one environment, an Exchange or another provider: they have tests of their own."""

FOLDERS = sorted(
    it.parent for it in (CHECKOUT / "examples").glob("*/Pulumi.yaml") if not it.parent.name.startswith(TESTED_ALONE)
)


def keys(folder: Path) -> list[str]:
    """Return the keys of configuration that a project asks for."""
    return list(yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8")).get("config", {}))


WITH_SECRETS = [it for it in FOLDERS if keys(it)]
OWNERS = {
    "user": ("systemusers", ("domainname", "internalemailaddress")),
    "queue": ("queues", ("name",)),
}
"""Whom mailboxes are of: the argument, the table, and the columns that hold the key."""

VALUE = "Str0ng-and-secret-Passw0rd"
"""What the test answers to each key of configuration that a project asks for."""

SHOWS, STAYS = "What `pulumi up` shows", "After `pulumi destroy`"


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of an example."""
    found: Path = request.param
    return found


@pytest.fixture
def example(folder: Path, stack: Stack) -> Stack:
    """A copy of the example, with a stack of its own that has the configuration that the project asks for."""
    shutil.copytree(folder, stack.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    (stack.folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    stack.pulumi("stack", "init", "example")
    for key in keys(folder):
        stack.pulumi("config", "set", "--secret", key, VALUE)
    return stack


def section(folder: Path, heading: str) -> str:
    """Return the text under a heading of the example's README."""
    _, text = (folder / "README.md").read_text("utf-8").split(f"## {heading}\n")
    return text.partition("\n## ")[0]


def people(example: Stack, dataverse: Dataverse) -> None:
    """Make the users and queues that the example names and that are not there."""
    for step in example.steps().values():
        inputs = step["newState"].get("inputs", {})
        for argument, (entity_set, columns) in OWNERS.items():
            key = inputs.get(argument)
            if key and key not in [row[columns[0]] for row in dataverse.rows(entity_set)]:
                dataverse.make(entity_set, **dict.fromkeys(columns, key))


def held(dataverse: Dataverse) -> dict[tuple[str, str], Any]:
    """Return what the rows of all kinds hold, by row and the name of the argument or result."""
    names = {
        (kind.table.entity_set, it.wire): it.name
        for kind in TABLE_KINDS.values()
        for it in (*kind.arguments.values(), *kind.results.values())
    }
    return {
        (row[PRIMARY_IDS[entity_set]], name): row.get(wire, row.get(f"_{wire}_value"))
        for (entity_set, wire), name in names.items()
        if wire
        for row in dataverse.rows(entity_set)
    }


def other(argument: Argument, value: object) -> object:
    """Return what the wire holds for another value than the stated one, `None` where no such value can be told."""
    if not isinstance(argument.marker, Column) or argument.marker.immutable:
        return None
    if argument.choice:
        return next(it.code for it in argument.choice if it != value)
    return not value if isinstance(value, bool) else None


def disturb(resource: Json, dataverse: Dataverse) -> str:
    """Edit one stated column of a resource's row behind the provider's back; return the path of its argument."""
    kind = KINDS[resource["type"].rpartition(":")[2]]
    stated: Json = resource["inputs"]
    values = {it: other(kind.arguments[it], value) for it, value in stated.items() if it in kind.arguments}
    name, value = next((it, value) for it, value in values.items() if value is not None)
    if isinstance(kind, SetKind):
        key, member = next(iter(resource["outputs"]["mailboxes"].items()))
        dataverse.edit("mailboxes", {"mailboxid": member["id"]}, **{kind.arguments[name].wire: value})
        return f'members["{key}"]' + (f".{name}" if key in stated["members"] else "")
    assert isinstance(kind, TableKind)
    row_id = resource["outputs"].get("adopted_id") or resource["id"]
    row = {PRIMARY_IDS[kind.table.entity_set]: row_id}
    dataverse.edit(kind.table.entity_set, row, **{kind.arguments[name].wire: value})
    return name


def test_a_preview_needs_no_network(example: Stack, folder: Path) -> None:
    """With no settings at all, the preview has no warning and shows what the README says, and no secret."""
    example.settings.clear()

    shown = example.preview()

    assert "warning" not in shown.text
    assert VALUE not in "".join(example.printed)
    block = section(folder, SHOWS).split("```")[1]
    said = [" ".join(line.split()).replace(" : ", ": ") for line in block.splitlines()]
    assert [line for line in said if line not in {"", "..."} and line not in shown.flat] == []


def test_an_example_lives_as_its_readme_says(example: Stack, folder: Path, dataverse: Dataverse) -> None:
    """It is carried out once, drift of each resource is seen and repaired, and destroy leaves what the README says."""
    people(example, dataverse)
    before = held(dataverse)
    example.up()
    dataverse.forget_requests()
    example.up("--expect-no-changes")
    assert dataverse.requests() == []

    drift = {name: disturb(resource, dataverse) for name, resource in example.state().items()}
    seen = example.steps("--refresh")
    assert [name for name, argument in drift.items() if argument not in seen[name]["detailedDiff"]] == []
    example.up("--refresh")
    example.clean("--refresh")

    example.destroy()
    after = held(dataverse)
    left = {name for row, name in before.keys() | after.keys() if before.get((row, name)) != after.get((row, name))}
    words = {name for kind in TABLE_KINDS.values() for name in (*kind.arguments, *kind.results)}
    assert left == words & set(re.findall(r"`(\w+)`", section(folder, STAYS)))
    assert VALUE not in "".join(example.printed)


@pytest.mark.parametrize("folder", WITH_SECRETS, ids=lambda folder: folder.name, indirect=True)
def test_a_new_password_is_sent_once(example: Stack, folder: Path, dataverse: Dataverse) -> None:
    """Set anew in the configuration, each secret is a change of one resource, and then nothing is left to do."""
    people(example, dataverse)
    example.up()
    for key in keys(folder):
        example.pulumi("config", "set", "--secret", key, VALUE.swapcase())
    dataverse.forget_requests()

    changed = example.up().flat
    assert changed.count("[secret] => [secret]") == len(keys(folder))
    assert len(dataverse.writes()) == len(keys(folder))
    dataverse.forget_requests()
    example.up("--expect-no-changes")
    assert dataverse.requests() == []
    assert VALUE.swapcase() not in "".join(example.printed)
