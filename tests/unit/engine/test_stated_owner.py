"""A stated owner who reads no mail: looked up where it is written, and warned of."""

import pytest

from pulumi_dataverse_email.errors import DataverseError
from tests.system.emulated import Dataverse

from .mailbox import ANNA
from .stack import Stack

LEAST = {"name": "Contoso Exchange", "server_type": "exchange_server_hybrid"}
UNFIT = [
    ("applicationid", "11111111-1111-4111-8111-111111111111", "the user is an application user, which reads no mail"),
    ("isdisabled", True, "the user is disabled: nobody is told of trouble"),
]


def anna(dataverse: Dataverse) -> str:
    """Return the id of the user who owns the profiles of these tests."""
    return str(dataverse.row("systemusers", "Anna Weber")["systemuserid"])


@pytest.mark.parametrize("by_id", [False, True])
@pytest.mark.parametrize("unfit", UNFIT)
def test_an_owner_who_reads_no_mail_is_warned_of(
    stack: Stack, dataverse: Dataverse, unfit: tuple[str, object, str], *, by_id: bool
) -> None:
    """The row is written all the same; the warning names the argument, the owner and the way out."""
    column, value, says = unfit
    owner = anna(dataverse)
    dataverse.edit("systemusers", {"systemuserid": owner}, **{column: value})
    key = owner if by_id else ANNA
    (warning,) = stack.up("one", **LEAST, owning_user=key).warnings

    assert warning.startswith(f"owning_user '{key}': {says}")
    assert warning.endswith("State an owner who reads mail.")
    assert dataverse.profile()["_ownerid_value"] == owner


@pytest.mark.parametrize("by_id", [False, True])
def test_a_stated_owner_costs_one_look_up(stack: Stack, dataverse: Dataverse, *, by_id: bool) -> None:
    """It is asked for where it is stated anew, once in a run, and never again while it stays."""
    key = anna(dataverse) if by_id else ANNA
    dataverse.forget_requests()
    process = stack.process()
    stack.up("one", process, **LEAST, owning_user=key)
    stack.up("two", process, **{**LEAST, "name": "Contoso Second"}, owning_user=key)
    assert process.warnings == []
    assert dataverse.data_requests().count("GET systemusers") == 1

    dataverse.forget_requests()
    stack.up("one", **LEAST, owning_user=key, incoming_port_number=443)
    assert "GET systemusers" not in dataverse.data_requests()


def test_an_owner_who_cannot_be_read_is_left_to_the_service(stack: Stack, dataverse: Dataverse) -> None:
    """Who is not found may be out of the caller's sight: the service says whether there is such a user."""
    with pytest.raises(DataverseError, match="emailserverprofiles"):
        stack.up("one", **LEAST, owning_user="00000000-0000-4000-8000-000000000001")

    assert "Contoso Exchange" not in dataverse.names("emailserverprofiles")
