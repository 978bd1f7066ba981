"""A set: what holds whatever is declared, one declaration after the other."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.declare import XmlValue
from pulumi_dataverse_email.engine.row import Props
from pulumi_dataverse_email.resources.mailbox import KIND as MAILBOX
from pulumi_dataverse_email.resources.mailbox_set import KIND
from tests.system.emulated import Dataverse
from tests.unit.engine.stack import Stack

from .people import NAMES, refuse

WORDS: Mapping[str, Mapping[object, object]] = {
    "incoming_email_delivery_method": {"none": 0, "server_side_synchronization": 2, "forward_mailbox": 3},
    "verbose_logging_enabled": {0: 0, 5: 5, 100: 100},
    "username": {"one": "one", "two": "two"},
}
WIRES = {name: MAILBOX.columns[name].wire for name in WORDS}
ORIGINAL = {"incomingemaildeliverymethod": 0, "verboseloggingenabled": 0, "username": None}

values = st.fixed_dictionaries({}, optional={name: st.sampled_from([*words]) for name, words in WORDS.items()})
declarations = st.tuples(st.dictionaries(st.sampled_from([*NAMES]), values, min_size=1), values)


def held(dataverse: Dataverse) -> dict[str, dict[str, object]]:
    """Return what each mailbox holds of the columns that these declarations state."""
    rows = {row["name"]: row for row in dataverse.rows("mailboxes")}
    return {key: {wire: rows[name][wire] for wire in WIRES.values()} for key, name in NAMES.items()}


def expected(members: Mapping[str, Props], template: Props) -> dict[str, dict[str, object]]:
    """Return what the members of a set hold, and nobody else."""
    return {
        key: {WIRES[name]: WORDS[name][it] for name, it in {**template, **own}.items()} for key, own in members.items()
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(declarations, min_size=1, max_size=3), st.none() | st.sampled_from([*NAMES]))
def test_a_set_holds_what_is_declared_and_gives_back_what_was_there(
    rows: Client,
    dataverse: Dataverse,
    steps: list[tuple[dict[str, dict[str, object]], dict[str, object]]],
    refused: str | None,
) -> None:
    """After each step the members hold the settings of all and their own, and a third run has nothing to do.

    Who left holds again what it held before, of the settings that were stated last; and whoever was refused in the
    first run is taken up by the second.
    """
    dataverse.control("POST", "reset")
    stack = Stack(rows)
    last: dict[str, dict[str, object]] = {}
    for members, template in steps:
        if refused:
            refuse(dataverse, refused, times=20)
        stack.up("set", members=members, on_delete="restore", **template)
        dataverse.control("DELETE", "faults")
        stack.up("set", members=members, on_delete="restore", **template)
        found = held(dataverse)
        for key, columns in expected(members, template).items():
            assert {wire: found[key][wire] for wire in columns} == columns
        for key in last.keys() - members.keys():
            assert {wire: found[key][wire] for wire in last[key]} == {wire: ORIGINAL[wire] for wire in last[key]}
        assert stack.plan("set", members=members, on_delete="restore", **template).changes is False
        assert stack.refresh("set")
        assert stack.plan("set", members=members, on_delete="restore", **template).changes is False
        last |= expected(members, template)
    stack.destroy("set")


def test_the_settings_of_a_set_are_a_mailbox_s_own() -> None:
    """One declaration: the columns of a mailbox, but for the name of one that is made."""
    assert KIND.columns == {name: column for name, column in MAILBOX.columns.items() if not column.makes}


@pytest.mark.parametrize("name", KIND.columns)
def test_each_setting_is_written_with_its_row(name: str) -> None:
    """A batch writes a row in one operation: nothing that needs another one, or a text that is read before."""
    column = KIND.columns[name]

    assert not column.apart
    assert not isinstance(column, XmlValue)
