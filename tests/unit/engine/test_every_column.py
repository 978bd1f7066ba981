"""Laws over every column of every kind, against the emulated environment."""

import re
from collections.abc import Mapping
from uuid import uuid5

import pytest

from pulumi_dataverse_email.declare import CLEAR, Argument, Lookup, MomentForm, TableKind, XmlValue
from pulumi_dataverse_email.emulator import mailbox_rules, profile_rules
from pulumi_dataverse_email.table_resource import ROW_IDS
from tests.contract.kinds import COLUMNS, SECRETS, another_value, name, one_value
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, ONLINE
from .stack import Stack

LEAST: Mapping[str, Mapping[str, object]] = {
    "EmailServerProfile": {"name": "Contoso Exchange", "server_type": "exchange_server_hybrid"},
    "Mailbox": {"user": ANNA},
    "OrganizationEmailSettings": METHODS,
}
BESIDE: Mapping[str, Mapping[str, object]] = {
    "server_type": {"use_auto_discover": True},
    "incoming_password": {"incoming_user_name": "crm"},
    "outgoing_username": {"use_same_settings_for_outgoing_connections": False},
    "outgoing_password": {"outgoing_username": "crm", "use_same_settings_for_outgoing_connections": False},
    "password": {"username": "anna"},
    "process_and_delete_emails": {"user": None, "queue": "Support"},
    "forward_mailbox": {"user": None, "email_address": "leads@contoso.com", "outgoing_email_delivery_method": "none"},
}
"""What a rule of ours wants beside an argument."""

STAMPS = {"modifiedon", "_modifiedby_value", "_modifiedonbehalfby_value", "versionnumber"}
"""What each write leaves on a row."""

CLEARABLE = [(kind, column) for kind, column in COLUMNS if kind.columns[column.name].clearable]
READABLE = [(kind, column) for kind, column in COLUMNS if not column.secret]
CHANGEABLE = [(kind, column) for kind, column in READABLE if not kind.columns[column.name].immutable]


@pytest.fixture(autouse=True)
def _any_value(dataverse: Dataverse) -> None:
    """Let the environment take each column by itself: what relates columns is another matter."""
    dataverse.control(
        "PATCH", "switches", {"rules_off": sorted({rule.code for rule in (*profile_rules.RULES, *mailbox_rules.RULES)})}
    )


def two_values(dataverse: Dataverse, argument: Argument) -> tuple[object, object]:
    """Return two values of a column, and where it is a lookup, ids that lead somewhere."""
    marker = argument.marker
    if not isinstance(marker, Lookup):
        values = one_value(argument), another_value(argument)
        # The service moves a mailbox's date forward: only an earlier one is drift.
        return values[::-1] if isinstance(argument.form, MomentForm) else values
    if marker.target.entity_set == "teams":
        dataverse.make("teams", name="Mail")
    if marker.target.entity_set == "emailserverprofiles":
        dataverse.make("emailserverprofiles", name="Another", servertype=0)
    if marker.target.entity_set in {"emailserverprofiles", "systemusers", "teams"}:
        ids = [row[marker.target.primary_id] for row in dataverse.rows(marker.target.entity_set)]
        return ids[-1], ids[-2]
    # Rows of tables that the emulator does not have are taken unseen.
    return "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def wanted(kind: TableKind, argument: Argument, value: object) -> dict[str, object]:
    """Return the fewest arguments of a kind with one more."""
    return {**LEAST[kind.name], **BESIDE.get(argument.name, {}), argument.name: value}


def row(stack: Stack, dataverse: Dataverse) -> Mapping[str, object]:
    """Return the row of the resource, past every right."""
    state = stack.state["one"]
    rows = dataverse.rows(state.kind.table.entity_set)
    return next(it for it in rows if it[state.kind.table.primary_id] == state.row_id)


def edit(stack: Stack, dataverse: Dataverse, argument: Argument, value: object) -> None:
    """Do what an administrator does in the admin center."""
    there, written = row(stack, dataverse), argument.form.write(value)
    wire = f"_{argument.wire}_value" if isinstance(argument.marker, Lookup) else argument.wire
    if isinstance(argument.marker, XmlValue):
        element = argument.marker.element
        written = re.sub(f"(<{element}>)[0-9]*", rf"\g<1>{written}", str(there[wire]))
    dataverse.edit(stack.state["one"].kind.table.entity_set, there, **{wire: written})


@pytest.mark.parametrize(("kind", "column"), READABLE, ids=name)
def test_what_is_written_is_read_back_and_clean(
    kind: TableKind, column: Argument, stack: Stack, dataverse: Dataverse
) -> None:
    """A refresh finds what was declared, in its own spelling, and the next preview has nothing to change."""
    arguments = wanted(kind, column, two_values(dataverse, column)[0])
    stack.up("one", **arguments)
    before = dict(stack.state["one"].inputs)
    stack.refresh("one")

    assert stack.state["one"].inputs == before
    assert stack.plan("one", **arguments).changes is False


@pytest.mark.parametrize(("kind", "column"), CHANGEABLE, ids=name)
def test_an_edit_elsewhere_is_drift_of_that_column_alone_and_repaired(
    kind: TableKind, column: Argument, stack: Stack, dataverse: Dataverse
) -> None:
    """What an administrator changed shows under its own name, and `up` writes it back with one request."""
    declared, edited = two_values(dataverse, column)
    arguments = wanted(kind, column, declared)
    stack.up("one", **arguments)
    before, held = dict(stack.state["one"].inputs), row(stack, dataverse)
    edit(stack, dataverse, column, edited)
    stack.refresh("one")
    after = stack.state["one"].inputs

    assert {it for it in {*before, *after} if before.get(it) != after.get(it)} == {column.name}
    dataverse.forget_requests()
    stack.up("one", **arguments)
    assert dataverse.writes() == [f"PATCH {kind.table.entity_set}"]
    now = row(stack, dataverse)
    assert {it for it in held if now[it] != held[it]} <= STAMPS


@pytest.mark.parametrize(("kind", "column"), CHANGEABLE, ids=name)
def test_what_is_not_stated_is_left_to_the_admin_center(
    kind: TableKind, column: Argument, stack: Stack, dataverse: Dataverse
) -> None:
    """A column that the program does not state may be edited by anybody: no drift, no write."""
    if column.name in LEAST[kind.name]:
        return
    _, edited = two_values(dataverse, column)
    stack.up("one", **LEAST[kind.name])
    edit(stack, dataverse, column, edited)
    dataverse.forget_requests()
    stack.refresh("one")
    stack.up("one", **LEAST[kind.name])

    assert column.name not in stack.state["one"].inputs
    assert dataverse.writes() == []


@pytest.mark.parametrize(("kind", "column"), CLEARABLE, ids=name)
def test_what_is_cleared_is_empty_and_clean(
    kind: TableKind, column: Argument, stack: Stack, dataverse: Dataverse
) -> None:
    """`CLEAR` empties the column; a refresh finds it so, and the next preview has nothing to change."""
    stack.up("one", **wanted(kind, column, two_values(dataverse, column)[0]))
    arguments = {**LEAST[kind.name], column.name: CLEAR}
    stack.up("one", **arguments)
    stack.refresh("one")

    marker = kind.columns[column.name]
    wire = f"_{marker.wire}_value" if isinstance(marker, Lookup) else marker.set_flag or marker.wire
    assert not row(stack, dataverse)[wire]
    assert stack.state["one"].inputs[column.name] == CLEAR
    assert stack.plan("one", **arguments).changes is False


@pytest.mark.parametrize(("kind", "secret"), SECRETS, ids=name)
def test_a_secret_is_never_read_and_its_loss_is_drift(
    kind: TableKind, secret: Argument, stack: Stack, dataverse: Dataverse
) -> None:
    """No request asks for a secret; where its flag says that it is gone, it is sent again."""
    arguments = wanted(kind, secret, one_value(secret))
    stack.up("one", **arguments)
    edit(stack, dataverse, secret, None)
    stack.refresh("one")
    assert secret.name not in stack.state["one"].inputs
    stack.up("one", **arguments)

    flag = kind.columns[secret.name].set_flag
    assert row(stack, dataverse)[flag]
    assert not [
        it for it in dataverse.requests() if it["method"] == "GET" and secret.wire in it["url"].replace(flag, "")
    ]


def test_a_row_in_use_needs_no_second_write(stack: Stack, dataverse: Dataverse) -> None:
    """A state cannot be given when a row is made: an inactive one costs a write of its own, an active one none."""
    stack.up("one", **LEAST["EmailServerProfile"], state="active")
    assert dataverse.writes() == ["PATCH emailserverprofiles"]
    stack.up("two", name="Spare", server_type="exchange_online_hybrid", state="inactive")

    assert dataverse.writes() == ["PATCH emailserverprofiles"] * 3
    assert (dataverse.row("emailserverprofiles", "Spare")["statecode"], dataverse.profile()["statecode"]) == (1, 0)


def test_a_row_is_deactivated_although_its_first_try_was_interrupted(stack: Stack, dataverse: Dataverse) -> None:
    """The run ended after the row was made and before its state was written: the next one completes it."""
    spare = {"name": "Spare", "server_type": "exchange_online_hybrid", "state": "inactive"}
    row_id = str(uuid5(ROW_IDS, "pipeline/prod/EmailServerProfile/one"))
    dataverse.make("emailserverprofiles", emailserverprofileid=row_id, name="Spare", servertype=3)
    stack.up("one", **spare)

    assert dataverse.row("emailserverprofiles", "Spare")["statecode"] == 1


def test_an_owner_is_a_user_by_principal_name_or_a_team_by_name(stack: Stack, dataverse: Dataverse) -> None:
    """Both are written to the one owner; what the other one was is drift."""
    dataverse.make("teams", name="Mail")
    stack.up("one", user=ANNA, email_server_profile=ONLINE, owning_user="BEN@contoso.com")
    ben = dataverse.row("systemusers", "Ben Ortiz")["systemuserid"]
    assert dataverse.anna()["_ownerid_value"] == ben
    stack.up("one", user=ANNA, email_server_profile=ONLINE, owning_team="Mail")
    mail = dataverse.row("teams", "Mail")["teamid"]

    assert (dataverse.anna()["_ownerid_value"], dataverse.anna()["_owninguser_value"]) == (mail, None)
    assert stack.state["one"].outputs["owning_team_id"] == mail
