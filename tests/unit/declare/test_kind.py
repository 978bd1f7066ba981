from typing import Annotated

import pytest
from pydantic import Field, with_config
from typing_extensions import TypedDict

from pulumi_dataverse_email import ServerType
from pulumi_dataverse_email.declare import (
    CLEAR,
    INPUTS,
    UNKNOWN,
    Choice,
    ChoiceInput,
    Column,
    Fault,
    Input,
    Policy,
    Rule,
    Table,
    TableKind,
)
from pulumi_dataverse_email.resources import TABLE_KINDS

PROFILE = TABLE_KINDS["EmailServerProfile"]
LEAST = {"name": "Contoso Exchange", "server_type": "exchange_online_hybrid"}


def faults(**stated: object) -> dict[str, str]:
    """Return what is wrong with a profile's arguments."""
    return {fault.argument: fault.reason for fault in PROFILE.parse({**LEAST, **stated})[1]}


def test_values_are_returned_as_state_spells_them() -> None:
    """A choice becomes its word, and a whole number an integer."""
    values, found = PROFILE.parse(
        {**LEAST, "server_type": ServerType.EXCHANGE_ONLINE_HYBRID, "incoming_port_number": 443.0}
    )

    assert found == []
    assert type(values["server_type"]) is str
    assert type(values["incoming_port_number"]) is int


def test_a_misspelt_argument_gets_a_suggestion() -> None:
    assert faults(incoming_pasword="x") == {
        "incoming_pasword": "is no argument of EmailServerProfile; did you mean 'incoming_password'?"
    }


def test_an_argument_like_no_other_gets_the_list() -> None:
    assert "EmailServerProfile has name, server_type," in faults(zzz=1)["zzz"]


def test_what_is_required_is_missed() -> None:
    assert [str(fault) for fault in PROFILE.parse({})[1]] == ["name: is required", "server_type: is required"]


def test_what_may_not_be_empty_is_told_the_way_out() -> None:
    """What is required cannot be left out, and what can be emptied is emptied by `CLEAR`."""
    assert faults(name="") == {"name": "should not be empty"}
    assert faults(server_type=CLEAR) == {"server_type": "cannot be cleared"}
    assert faults(description="") == {
        "description": "should not be empty; CLEAR empties it, and leaving it out keeps what the server has"
    }
    assert faults(use_auto_discover=CLEAR) == {
        "use_auto_discover": "cannot be cleared; leave it out to keep what the server has"
    }


def test_what_is_required_may_be_unknown() -> None:
    assert PROFILE.parse({"name": UNKNOWN, "server_type": UNKNOWN}) == ({"name": UNKNOWN, "server_type": UNKNOWN}, [])


@pytest.mark.parametrize(
    ("argument", "value", "reason"),
    [
        ("name", 5, "should be a valid string"),
        ("name", "", "should not be empty"),
        ("incoming_user_name", "", "should not be empty"),
        ("name", "x" * 101, "should have at most 100 characters"),
        ("server_type", "pigeon", "should be one of 'exchange_server', 'other'"),
        ("server_type", 1, "should be one of"),
        ("incoming_port_number", "443", "should be a valid integer"),
        ("incoming_port_number", True, "should be a valid integer"),
        ("incoming_port_number", -1, "greater than or equal to 0"),
        ("incoming_port_number", 65536, "less than or equal to 65535"),
        ("use_auto_discover", "yes", "should be a valid boolean"),
        ("process_emails_received_after", "last Tuesday", "should be a date or a point in time, such as"),
        ("process_emails_received_after", "0001-01-01T00:00:00+14:00", "should be a date or a point in time"),
        ("acs_subscription_id", "5f0c2a100000400080000000c0700000", "should be a GUID"),
        ("acs_subscription_id", "{5f0c2a10-0000-4000-8000-00000000c070}", "should be a GUID"),
        ("on_delete", "explode", "should be 'delete', 'retain' or 'restore'"),
    ],
)
def test_a_value_that_does_not_fit_is_blamed(argument: str, value: object, reason: str) -> None:
    """The reason says what would fit."""
    assert reason in faults(**{argument: value})[argument]


def test_a_rule_is_not_judged_on_faulty_values() -> None:
    """One mistake gives one fault."""
    assert list(faults(incoming_password=5)) == ["incoming_password"]


def test_a_fault_tells_where_it_stands() -> None:
    assert str(Fault("name", "is required")) == "name: is required"
    assert str(Fault("", "is required")) == "is required"


def test_a_cleared_value_is_none_for_rules() -> None:
    """A password beside a cleared user name has no user name."""
    assert "give both or neither" in faults(incoming_password="x", incoming_user_name=CLEAR)["incoming_user_name"]


class Colour(Choice):
    """A choice of this test."""

    RED = "red", 10


@with_config(INPUTS)
class PlainArgs(TypedDict, total=False):
    """Arguments of this test."""

    colour: Annotated[ChoiceInput[Colour], Column("colour", "")]
    """The colour."""

    size: Annotated[Input[int], Field(ge=0), Policy()]


def test_a_declaration_says_all_that_is_to_be_known() -> None:
    """Marker, form, choice and sentence of an argument are read from its one entry."""
    rule = Rule(("size",), "size", "too big", "", holds=lambda values: values.get("size") != 9)
    kind = TableKind("Plain", Table("plains", "plainid", "name", "plain"), PlainArgs, rules=[rule], source="")

    colour, size = kind.arguments["colour"], kind.arguments["size"]
    assert (colour.choice, colour.description, colour.form.write("red")) == (Colour, "The colour.", 10)
    assert (size.marker, size.description, size.secret) == (Policy(), "", False)
    assert (list(kind.columns), kind.owner_keys, kind.lookups) == (["colour"], {}, {})
    assert kind.parse({"size": 9}) == ({"size": 9}, [Fault("size", "too big")])


def test_a_code_without_a_word_stays_a_number() -> None:
    """An option that Microsoft adds later is shown as its code, and written back as that."""
    form = PROFILE.arguments["server_type"].form

    assert (form.read(99), form.write(99)) == (99, 99)


class BareArgs(TypedDict, total=False):
    """Arguments of this test, one without a marker."""

    name: Input[str]


def test_an_argument_without_a_marker_is_a_mistake_of_ours() -> None:
    kind = TableKind("Bare", Table("bares", "bareid", "name", "bare"), BareArgs, rules=(), source="")

    with pytest.raises(TypeError, match="names no Column, OwnerKey, Policy, Note, Group, Property or Finding"):
        print(kind.arguments)  # noqa: T201  reading is what raises


def test_the_unknown_says_so() -> None:
    assert repr(UNKNOWN) == "unknown"
