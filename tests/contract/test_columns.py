"""Laws that hold for every argument and column of every kind."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.declare import (
    CLEAR,
    UNKNOWN,
    Argument,
    CaselessForm,
    Column,
    MomentForm,
    OwnerKey,
    TableKind,
)
from pulumi_dataverse_email.engine.check import check, diff
from pulumi_dataverse_email.resources import TABLE_KINDS

from .kinds import (
    ARGUMENTS,
    COLUMNS,
    IMMUTABLE,
    ROW_ID,
    SECRET,
    SECRETS,
    another_value,
    inputs,
    name,
    offline,
    one_value,
    stated,
    values,
)


def clean(value: object) -> object:
    """Return a value as JSON carries it."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("column", [column for _, column in COLUMNS], ids=name)
@given(data=st.data())
def test_read_undoes_write(column: Argument, data: st.DataObject) -> None:
    """What is written to the wire is read back with the same meaning, whatever the value."""
    value = data.draw(values(column))

    assert column.equal(column.form.read(clean(column.form.write(value))), value)


@pytest.mark.parametrize("column", [column for _, column in COLUMNS], ids=name)
@given(data=st.data())
def test_writing_what_was_read_changes_nothing(column: Argument, data: st.DataObject) -> None:
    """A value that came from the wire goes back as it came."""
    wire = column.form.write(data.draw(values(column)))

    assert column.form.write(column.form.read(wire)) == wire


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
@given(data=st.data())
def test_a_value_that_the_type_allows_has_no_fault(kind: TableKind, argument: Argument, data: st.DataObject) -> None:
    """What the declared type allows is never blamed for its type."""
    value = data.draw(values(argument))
    _, faults = kind.parse(stated(kind, argument.name, value))

    assert all(fault.reason in {rule.says for rule in kind.rules} for fault in faults)


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
@given(data=st.data())
def test_equals_do_not_differ(kind: TableKind, argument: Argument, data: st.DataObject) -> None:
    """Diff of a state with what led to it is False."""
    news = inputs(kind, {}, stated(kind, argument.name, data.draw(values(argument))))

    assert diff(kind, offline(), ROW_ID, news, news).changes is False


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
def test_a_change_names_that_input_alone(kind: TableKind, argument: Argument) -> None:
    """A changed argument is the only input that differs, beside the generation that it raises."""
    olds = inputs(kind, {}, stated(kind, argument.name, one_value(argument)))
    news = inputs(kind, olds, stated(kind, argument.name, another_value(argument)))

    marker = argument.marker
    retests = isinstance(marker, Column) and marker.retest
    different = {it for it in {*olds, *news} if olds.get(it) != news.get(it)}
    assert different == {argument.name} | ({"generation"} if retests else set())
    assert diff(kind, offline(), ROW_ID, olds, news).changes is None


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
@pytest.mark.parametrize("news", [None, UNKNOWN], ids=["left out", "unknown"])
def test_removal_and_the_unknown_are_changes(kind: TableKind, argument: Argument, news: object) -> None:
    """An argument that is no longer stated, or not known yet, differs."""
    olds = inputs(kind, {}, stated(kind, argument.name, one_value(argument)))

    assert diff(kind, offline(), ROW_ID, olds, {**olds, argument.name: news}).changes is None


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
def test_equal_in_meaning_keeps_the_old_spelling(kind: TableKind, argument: Argument) -> None:
    """Another spelling of the same value is no change: check answers with the one in state."""
    old = one_value(argument)
    if isinstance(argument.form, MomentForm):
        new: object = "2026-11-01T01:00:00.25+01:00"
    elif isinstance(argument.form, CaselessForm):
        new = str(old).upper()
    else:
        new = float(old) if type(old) is int else old
    olds = inputs(kind, {}, stated(kind, argument.name, old))
    news = inputs(kind, olds, stated(kind, argument.name, new))

    assert news == olds


@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=name)
def test_a_value_beyond_a_limit_is_told_the_limit(kind: TableKind, column: Argument) -> None:
    """A text that is too long, or a number out of range, fails in check with the limit in the reason."""
    allowed = column.schema
    beyond: dict[object, object] = {}
    if "maxLength" in allowed:
        beyond["x" * (allowed["maxLength"] + 1)] = allowed["maxLength"]
    if allowed["type"] == "integer":
        beyond |= {allowed["minimum"] - 1: allowed["minimum"], allowed["maximum"] + 1: allowed["maximum"]}

    for value, limit in beyond.items():
        _, faults = check(kind, offline(), {}, stated(kind, column.name, value))
        assert f" {limit}" in next(fault.reason for fault in faults if fault.argument == column.name)


@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=name)
@pytest.mark.parametrize("value", [1.5, [], {"clear": False}, {}], ids=repr)
def test_a_value_of_another_type_is_refused(kind: TableKind, column: Argument, value: object) -> None:
    """What is of no type that the column takes fails in check, with what would fit."""
    _, faults = check(kind, offline(), {}, stated(kind, column.name, value))

    assert next(fault.reason for fault in faults if fault.argument == column.name).startswith("should be")


@pytest.mark.parametrize(("kind", "argument"), SECRETS, ids=name)
@pytest.mark.parametrize(
    "value", [SECRET * 100, [SECRET], {SECRET: SECRET}, {"clear": SECRET}], ids=["too long", "list", "object", "clear"]
)
def test_a_secret_is_never_told(kind: TableKind, argument: Argument, value: object) -> None:
    """A fault of a secret never holds its value."""
    _, faults = check(kind, offline(), {}, stated(kind, argument.name, value))

    assert argument.name in {fault.argument for fault in faults}
    assert SECRET not in repr(faults) + "".join(map(str, faults))


@pytest.mark.parametrize(("kind", "argument"), SECRETS, ids=name)
def test_a_secret_says_where_its_flag_is_and_what_it_goes_with(kind: TableKind, argument: Argument) -> None:
    """A secret cannot be read: its flag can, its former value is nowhere, and it fits one name alone."""
    column = kind.columns[argument.name]

    assert column.set_flag in {result.wire for result in kind.results.values()}
    assert column.goes_with in kind.columns
    assert not column.restorable


@pytest.mark.parametrize(("kind", "immutable"), IMMUTABLE, ids=name)
def test_an_immutable_change_is_refused(kind: TableKind, immutable: str) -> None:
    """A change that needs another row fails in check, and says both ways on."""
    argument = kind.arguments[immutable]
    olds = inputs(kind, {}, stated(kind, immutable, one_value(argument)))
    _, faults = check(kind, offline(), olds, stated(kind, immutable, another_value(argument)))

    blamed = {fault.argument: fault.reason for fault in faults}
    assert "in waves" in blamed[immutable]
    assert "allow_replacement=True" in blamed[immutable]


@pytest.mark.parametrize(("kind", "immutable"), IMMUTABLE, ids=name)
def test_an_immutable_change_replaces_where_that_is_allowed(kind: TableKind, immutable: str) -> None:
    """With allow_replacement, the same change is planned as a replacement."""
    argument = kind.arguments[immutable]
    olds = inputs(kind, {}, stated(kind, immutable, one_value(argument)))
    wanted = {**stated(kind, immutable, another_value(argument)), "allow_replacement": True}
    news, faults = check(kind, offline(), olds, wanted)

    assert "cannot be changed" not in "".join(map(str, faults))
    assert diff(kind, offline(), ROW_ID, olds, news).replaces == (immutable,)


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
def test_only_what_may_be_empty_is_cleared(kind: TableKind, argument: Argument) -> None:
    """CLEAR is taken by clearable columns, and refused by everything else with the way to keep the value."""
    marker = argument.marker
    _, faults = kind.parse(stated(kind, argument.name, CLEAR))

    refused = [fault.argument for fault in faults if "cannot be cleared" in fault.reason]
    assert refused == ([] if isinstance(marker, Column) and marker.clearable else [argument.name])


@pytest.mark.parametrize("kind", TABLE_KINDS.values(), ids=name)
def test_a_kind_names_only_what_it_has(kind: TableKind) -> None:
    """Rules, the disabled state and owner keys speak of arguments that the kind has."""
    spoken = {it for rule in kind.rules for it in (*rule.reads, rule.blames)} | set(kind.disabled)

    assert spoken <= set(kind.arguments)
    assert all(rule.source.startswith("https://learn.microsoft.com/") for rule in kind.rules)
    assert all(isinstance(kind.arguments[it].marker, OwnerKey) for it in kind.owner_keys)
