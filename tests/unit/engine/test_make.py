"""A row of our own: made once, recognized, replaced, never a twin."""

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.errors import Forbidden, KeyNotFound, RowConflict, Unreachable
from tests.system.emulated import Dataverse

from .stack import HOST, Stack

SECRET = "Str0ng-and-secret-Passw0rd"
LEAST = {"name": "Contoso Exchange", "server_type": "exchange_server_hybrid"}
WHOLE = {
    "name": "Contoso Exchange",
    "server_type": "exchange_server",
    "use_auto_discover": True,
    "incoming_user_name": "CONTOSO\\crm-sync",
    "incoming_password": SECRET,
    "incoming_port_number": 443,
    "process_emails_received_after": "2026-11-01",
}


def test_a_profile_is_made(stack: Stack, dataverse: Dataverse) -> None:
    """A created profile is one row with Dataverse's names and codes, under the id that was known before."""
    stack.up("one", **WHOLE)

    row, state = dataverse.profile(), stack.state["one"]
    assert row["emailserverprofileid"] == state.row_id == state.inputs["row_id"]
    assert (row["servertype"], row["incomingportnumber"], row["useautodiscover"]) == (0, 443, True)
    assert row["processemailsreceivedafter"] == "2026-11-01T00:00:00Z"
    assert row["isincomingpasswordset"]
    assert state.outputs == {
        **state.inputs,
        "adopted": False,
        "is_incoming_password_set": True,
        "environment_host": HOST,
        "organization_id": dataverse.control("GET", "organization")["organizationid"],
    }
    assert dataverse.data_requests() == [
        "GET RetrieveCurrentOrganization",
        "GET emailserverprofiles",
        "PATCH emailserverprofiles",
    ]


def test_nothing_to_change_asks_nobody(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("one", **WHOLE)
    dataverse.forget_requests()
    stack.up("one", **WHOLE)

    assert dataverse.requests() == []


def test_a_name_that_is_taken_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Two rows of one name would be nobody's: the ways out are adoption, an alias, or another name."""
    other = dataverse.make("emailserverprofiles", name="contoso EXCHANGE", servertype=1)
    with pytest.raises(RowConflict, match=r"that name is taken by(.|\n)*adopt=True.*aliases") as caught:
        stack.up("one", **LEAST)

    assert other["emailserverprofileid"] in str(caught.value)
    assert dataverse.writes() == []


def test_an_interrupted_create_meets_its_own_row(stack: Stack, rows: Client, dataverse: Dataverse) -> None:
    """After a run that was killed before it was recorded, the row is kept and its secret sent again."""
    stack.up("one", **WHOLE)
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingpassword=None)
    after = Stack(rows)
    warnings = after.up("one", **WHOLE).warnings

    assert len(warnings) == 1
    assert "was there already, under this resource's own id" in warnings[0]
    assert dataverse.profile()["isincomingpasswordset"]
    assert dataverse.names("emailserverprofiles").count("Contoso Exchange") == 1
    assert after.state["one"].outputs["is_incoming_password_set"]
    assert SECRET not in warnings[0]


def test_an_interrupted_create_without_secrets_writes_nothing(stack: Stack, rows: Client, dataverse: Dataverse) -> None:
    stack.up("one", **LEAST)
    dataverse.forget_requests()
    warnings = Stack(rows).up("one", **LEAST).warnings

    assert len(warnings) == 1
    assert dataverse.writes() == []


def test_a_row_that_differs_under_our_id_is_refused(stack: Stack, rows: Client, dataverse: Dataverse) -> None:
    """What somebody has changed since is not overwritten unasked."""
    stack.up("one", **LEAST)
    dataverse.edit("emailserverprofiles", dataverse.profile(), servertype=4)
    dataverse.forget_requests()
    with pytest.raises(RowConflict, match=r"is there already and differs in server_type(.|\n)*adopt=True"):
        Stack(rows).up("one", **LEAST)

    assert dataverse.writes() == []


def test_a_lost_answer_ends_with_one_row(stack: Stack, dataverse: Dataverse) -> None:
    """The connection broke after the write: the replay finds it done, and nobody needs to hear of it."""
    dataverse.fault("emailserverprofiles", {"reset": True}, method="PATCH", when="after")
    process = stack.up("one", **WHOLE)

    assert dataverse.names("emailserverprofiles").count("Contoso Exchange") == 1
    assert stack.state["one"].outputs["is_incoming_password_set"]
    assert process.warnings == []


def test_an_unknown_outcome_is_found_by_the_next_run(stack: Stack, dataverse: Dataverse) -> None:
    """All answers were lost, so the run failed: the next one meets the row that was made."""
    dataverse.fault("emailserverprofiles", {"reset": True}, method="PATCH", when="after", times=4)
    with pytest.raises(Unreachable):
        stack.up("one", **WHOLE)
    stack.up("one", **WHOLE)

    assert dataverse.names("emailserverprofiles").count("Contoso Exchange") == 1


def test_a_refusal_makes_nothing(stack: Stack, dataverse: Dataverse) -> None:
    dataverse.fault(
        "emailserverprofiles",
        {"status": 403, "body": '{"error": {"code": "0x80040220", "message": "missing prvCreateEmailServerProfile"}}'},
        method="PATCH",
    )
    with pytest.raises(Forbidden, match="prvCreateEmailServerProfile"):
        stack.up("one", **LEAST)

    assert "one" not in stack.state
    assert dataverse.names("emailserverprofiles").count("Contoso Exchange") == 0


def test_a_replacement_is_another_row(stack: Stack, dataverse: Dataverse) -> None:
    """An immutable change, where that is allowed, makes a new row beside the old one and then deletes that."""
    stack.up("one", **LEAST)
    former = stack.state["one"].row_id
    changed = {**LEAST, "server_type": "exchange_online_hybrid", "allow_replacement": True}
    stack.up("one", **changed)

    assert dataverse.profile()["emailserverprofileid"] == stack.state["one"].row_id != former
    assert dataverse.profile()["servertype"] == 3
    assert stack.plan("one", **changed).changes is False


def test_each_replacement_is_again_another_row(stack: Stack, dataverse: Dataverse) -> None:
    """`up --replace` comes with the same names each time: no two rows of a resource share an id."""
    ids: list[str] = []
    for _ in range(3):
        (stack.replace if ids else stack.up)("one", **LEAST)
        ids.append(stack.state["one"].row_id)

    assert len(set(ids)) == 3
    assert dataverse.profile()["emailserverprofileid"] == ids[-1]


def test_a_replacement_whose_row_is_gone_says_so(stack: Stack, dataverse: Dataverse) -> None:
    """Where the row to replace is not, the settings may lead elsewhere: nothing is written."""
    stack.up("one", **LEAST)
    dataverse.delete("emailserverprofiles", dataverse.profile())
    dataverse.forget_requests()
    with pytest.raises(RowConflict, match=r"is not in this environment(.|\n)*pulumi refresh"):
        stack.replace("one", **LEAST)

    assert dataverse.writes() == []


def test_a_row_may_be_deleted_before_it_is_replaced(stack: Stack, dataverse: Dataverse) -> None:
    """With delete_before_replace, this run itself has removed the row that is replaced."""
    stack.delete_before_replace = True
    stack.up("one", **LEAST)
    former = stack.state["one"].row_id
    stack.replace("one", **LEAST)

    assert dataverse.profile()["emailserverprofileid"] == stack.state["one"].row_id != former


def test_a_create_states_all_that_is_stated(stack: Stack, dataverse: Dataverse) -> None:
    """What is not stated is not sent: the server's own defaults stand."""
    stack.up("one", **LEAST)

    assert dataverse.profile()["incomingusessl"]
    assert "is_incoming_password_set" not in stack.state["one"].outputs
    assert "incoming_use_ssl" not in stack.state["one"].outputs


def test_a_profile_is_adopted_by_name(stack: Stack, dataverse: Dataverse) -> None:
    """Adoption takes over the one row of that name, and records what it held."""
    there = dataverse.make("emailserverprofiles", name="Contoso Exchange", servertype=2, incomingusername="old")
    stack.up("one", **LEAST, adopt=True, incoming_user_name="new")

    state = stack.state["one"]
    assert state.row_id == there["emailserverprofileid"]
    assert dataverse.profile()["incomingusername"] == "new"
    assert state.outputs["adopted"]
    assert state.outputs["previous"]["incoming_user_name"] == "old"
    assert "name" not in state.outputs["previous"]


def test_adoption_renames_nothing(stack: Stack, dataverse: Dataverse) -> None:
    """A name that differs in case alone finds the row, and would rename it."""
    dataverse.make("emailserverprofiles", name="Contoso EXCHANGE", servertype=1)
    with pytest.raises(KeyNotFound, match="it is called 'Contoso EXCHANGE', and adoption renames nothing"):
        stack.up("one", **LEAST, adopt=True)

    assert dataverse.writes() == []


def test_nothing_of_that_name_is_adopted(stack: Stack) -> None:
    with pytest.raises(KeyNotFound, match="adopt email server profile 'Contoso Exchange': none has that name"):
        stack.up("one", **LEAST, adopt=True)


def test_a_name_of_two_rows_is_not_adopted(stack: Stack, dataverse: Dataverse) -> None:
    ids = [dataverse.make("emailserverprofiles", name="Contoso Exchange")["emailserverprofileid"] for _ in range(2)]
    with pytest.raises(RowConflict, match="2 rows share that key") as caught:
        stack.up("one", **LEAST, adopt=True)

    assert all(it in str(caught.value) for it in ids)


def test_adoption_changes_nothing_immutable(stack: Stack, dataverse: Dataverse) -> None:
    """A profile of another server type is another profile."""
    dataverse.make("emailserverprofiles", name="Contoso Exchange", servertype=3)
    with pytest.raises(RowConflict, match="its server_type is exchange_online_hybrid, not exchange_server_hybrid"):
        stack.up("one", **LEAST, adopt=True, incoming_user_name="new")

    assert dataverse.writes() == []


def test_an_earlier_row_of_the_same_name_is_told(stack: Stack, dataverse: Dataverse) -> None:
    """A replaced profile that was retained and is declared again makes a second row: nobody should have to find out."""
    stack.up("one", **LEAST)
    stack.up(
        "one", server_type="exchange_online_hybrid", name=LEAST["name"], allow_replacement=True, on_delete="retain"
    )
    stack.destroy("one")
    process = stack.up("one", **LEAST)

    assert dataverse.names("emailserverprofiles").count("Contoso Exchange") == 2
    assert any("an earlier row of this resource, has the same name" in warning for warning in process.warnings)


def test_a_late_delete_leaves_a_declared_row_alone(stack: Stack, dataverse: Dataverse) -> None:
    """An earlier run took the row over and ended before its deletes: this one must not remove what is declared."""
    stack.up("one", **LEAST)
    stack.state["moved"] = stack.state["one"]
    process = stack.up("one", **LEAST)
    stack.destroy("moved", process)

    assert dataverse.names("emailserverprofiles").count("Contoso Exchange") == 1
    assert "the program still declares the row" in process.warnings[0]
