"""`exchange_online`: a server type whose code no page gives, learnt from the built-in profile."""

import pytest

from pulumi_dataverse_email.engine.row import holds
from pulumi_dataverse_email.errors import KeyNotFound, RowConflict
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.system.emulated import Dataverse

from .mailbox import ONLINE
from .stack import Stack

OWN = {"name": "Contoso Exchange", "server_type": "exchange_online"}


@pytest.fixture(params=[3, 4], ids=["a published code", "another code"])
def code(request: pytest.FixtureRequest, dataverse: Dataverse) -> int:
    """Let the built-in profile have a code, whichever it is."""
    dataverse.control("PATCH", "switches", {"built_in_profile_server_type": request.param})
    return int(request.param)


def test_its_code_is_that_of_the_built_in_profile(stack: Stack, dataverse: Dataverse, code: int) -> None:
    """An own profile gets the built-in one's code, and reads back as the word, although the code may have another."""
    dataverse.control("PATCH", "switches", {"rules_off": ["0x8005E24B", "0x8005E24C", "0x8005E24F", "0x8005E256"]})
    stack.up("own", **OWN)
    stack.refresh("own")

    assert dataverse.profile()["servertype"] == code
    assert stack.state["own"].inputs["server_type"] == "exchange_online"
    assert stack.plan("own", **OWN).changes is False


def test_its_code_is_asked_for_once_in_a_run(stack: Stack, dataverse: Dataverse) -> None:
    process = stack.process()
    stack.up("own", process, **OWN)
    stack.up("other", process, **{**OWN, "name": "Fabrikam Exchange"})

    assert len([it for it in dataverse.requests() if "Microsoft%20Exchange%20Online" in it["url"]]) == 1


def test_no_other_server_type_asks(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("own", name="Contoso Exchange", server_type="exchange_online_hybrid")

    assert not [it for it in dataverse.requests() if "Microsoft%20Exchange%20Online" in it["url"]]


def test_another_code_is_drift(stack: Stack, dataverse: Dataverse) -> None:
    stack.up("own", **OWN)
    dataverse.edit("emailserverprofiles", dataverse.profile(), servertype=0)
    stack.refresh("own")

    assert stack.state["own"].inputs["server_type"] == "exchange_server"


def test_the_built_in_profile_is_adopted_as_what_it_is(stack: Stack, dataverse: Dataverse, code: int) -> None:
    """Adoption compares codes, writes nothing, and says what fits where the type is another."""
    stack.up("online", name=ONLINE, server_type="exchange_online", adopt=True)
    assert dataverse.writes() == []
    assert dataverse.row("emailserverprofiles", ONLINE)["servertype"] == code

    with pytest.raises(RowConflict, match="cannot be changed"):
        stack.up("wrong", name=ONLINE, server_type="exchange_server", adopt=True)


def test_without_the_built_in_profile_it_is_refused(stack: Stack, dataverse: Dataverse) -> None:
    """Nobody else knows the code: the error says so, and nothing is written."""
    dataverse.delete("emailserverprofiles", dataverse.row("emailserverprofiles", ONLINE))
    with pytest.raises(
        KeyNotFound, match=r"learn the code of 'exchange_online'(.|\n)*of that type and name in the admin center"
    ):
        stack.up("own", **OWN)

    assert dataverse.writes() == []


def test_two_profiles_of_that_name_must_agree(stack: Stack, dataverse: Dataverse) -> None:
    """Where an own profile bears the built-in one's name, no guess is made."""
    dataverse.make("emailserverprofiles", name=ONLINE, servertype=1)
    with pytest.raises(RowConflict, match=r"2 rows have that name, with different codes(.|\n)*Rename"):
        stack.up("own", **OWN)

    assert dataverse.writes() == []


def test_a_code_that_no_page_gives_means_the_word() -> None:
    """The built-in profile may have a code of its own: a row with it is as declared, any other is not."""
    held = [holds(TABLE_KINDS["EmailServerProfile"], "server_type", {"servertype": code}, 9) for code in (9, 3, None)]

    assert held == [True, False, False]


def test_a_refresh_does_without_the_built_in_profile(stack: Stack, dataverse: Dataverse) -> None:
    """Where nobody tells the code any more, the rest is compared, and a warning says what was not."""
    stack.up("own", **OWN, incoming_user_name="crm")
    dataverse.delete("emailserverprofiles", dataverse.row("emailserverprofiles", ONLINE))
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingusername="other")
    process = stack.process()
    stack.refresh("own", process)

    assert stack.state["own"].inputs == {**stack.state["own"].inputs, **OWN, "incoming_user_name": "other"}
    assert "learn the code of 'exchange_online'" in process.warnings[0]
