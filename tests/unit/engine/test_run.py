"""Which environment: nothing is written where the state does not belong."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Rows
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.errors import SettingsError, WrongEnvironment
from tests.system.emulated import Dataverse

from .mailbox import ANNA, METHODS, NOBODY
from .stack import HOST, Stack, Warnings

ELSEWHERE = "elsewhere.crm4.dynamics.com"
LEAST = {"name": "Contoso Exchange", "server_type": "exchange_server_hybrid"}


@pytest.fixture
def made(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack with a profile and a mailbox, and an empty request log."""
    stack.up("one", **LEAST)
    stack.up("anna", user=ANNA)
    dataverse.forget_requests()
    return stack


@pytest.mark.parametrize("verb", ["refresh", "destroy", "update", "plan"])
@pytest.mark.parametrize("name", ["one", "anna"])
def test_another_host_is_refused_before_any_request(made: Stack, dataverse: Dataverse, verb: str, name: str) -> None:
    """Settings that lead elsewhere would read, change or delete another environment's rows."""
    made.host = ELSEWHERE
    wanted = {**LEAST, "incoming_user_name": "crm"} if name == "one" else {"user": ANNA, **METHODS}
    verbs: dict[str, partial[Any]] = {
        "refresh": partial(made.refresh, name),
        "destroy": partial(made.destroy, name),
        "update": partial(made.up, name, **wanted),
        "plan": partial(made.plan, name, **wanted),
    }
    with pytest.raises(WrongEnvironment, match=f"belongs to the environment {HOST} .*the settings name {ELSEWHERE}"):
        verbs[verb]()

    assert dataverse.requests() == []


def test_nothing_is_made_elsewhere_beside_a_foreign_state(made: Stack, dataverse: Dataverse) -> None:
    """Once a run has met a state of another environment, it makes nothing in this one either."""
    made.host = ELSEWHERE
    process = made.process()
    with pytest.raises(WrongEnvironment):
        made.plan("one", process, **LEAST)
    with pytest.raises(WrongEnvironment, match="Nothing was sent"):
        made.up("ben", process, user="ben@contoso.com")

    assert dataverse.requests() == []


def test_a_renamed_address_is_the_same_environment(made: Stack, dataverse: Dataverse) -> None:
    """With the organization's id in the settings, another host is a new address: the outputs are rewritten."""
    made.host = "renamed.crm4.dynamics.com"
    made.organization_id = dataverse.control("GET", "organization")["organizationid"].upper()
    assert made.plan("anna", user=ANNA).changes is True
    made.up("anna", user=ANNA)

    assert made.state["anna"].outputs["environment_host"] == "renamed.crm4.dynamics.com"
    assert made.plan("anna", user=ANNA).changes is False
    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization"]


def test_another_organization_behind_the_address_is_refused(made: Stack, dataverse: Dataverse) -> None:
    """An environment that was copied or replaced answers under the old name."""
    copy = str(uuid4())
    dataverse.control("PATCH", "organization", {"organizationid": copy})
    with pytest.raises(WrongEnvironment, match=f"the organization {copy} (.|\n)*copied or replaced"):
        made.up("anna", user=ANNA, **METHODS)

    assert dataverse.writes() == []


def test_the_organization_of_the_settings_must_answer(stack: Stack, dataverse: Dataverse) -> None:
    """A first create goes to the organization that the settings name, or nowhere."""
    stack.organization_id = NOBODY
    with pytest.raises(WrongEnvironment, match=f"belong to {NOBODY}"):
        stack.up("one", **LEAST)

    assert dataverse.writes() == []


def test_a_create_beside_a_copy_s_state_is_refused(made: Stack, dataverse: Dataverse) -> None:
    """What a run has seen of other resources counts for new ones too."""
    process = made.process()
    made.plan("anna", process, user=ANNA)
    dataverse.control("PATCH", "organization", {"organizationid": str(uuid4())})
    with pytest.raises(WrongEnvironment):
        made.up("ben", process, user="ben@contoso.com")

    assert dataverse.writes() == []


def test_a_preview_needs_no_settings(made: Stack, dataverse: Dataverse) -> None:
    """Without settings, check and diff compare what there is."""
    made.host = None

    assert made.plan("anna", user=ANNA).changes is False
    assert made.plan("anna", user=ANNA, **METHODS).changes is None
    assert dataverse.requests() == []


def test_settings_are_missed_when_they_are_needed() -> None:
    """The first verb that talks to Dataverse says what is missing."""

    def connect() -> Rows:
        raise SettingsError("environmentUrl is missing")

    with pytest.raises(SettingsError, match="environmentUrl is missing"):
        Run(Target(None, None, connect), Warnings()).rows()


def test_the_organization_is_asked_once(rows: Client, dataverse: Dataverse) -> None:
    """However many threads begin at once, a run asks who answers once."""
    opened: list[Client] = []

    def connect() -> Client:
        opened.append(rows)
        return rows

    run = Run(Target(HOST, None, connect), Warnings())
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: run.rows(), range(8)))

    assert (found, opened) == ([found[0]] * 8, [rows])
    assert dataverse.data_requests() == ["GET RetrieveCurrentOrganization"]


def test_a_state_without_a_host_is_met_anywhere() -> None:
    """A state that was imported by a file says nothing about its environment."""
    run = Run(Target(HOST, None, lambda: pytest.fail("nobody is asked")), Warnings())
    run.meet_state({})

    assert run.identity() == {"environment_host": HOST, "organization_id": ""}
    assert not run.moved({})
