"""What Dataverse refuses when a row is made, our rules stop before any call."""

import re
from itertools import count
from typing import NamedTuple
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.declare import Kind
from pulumi_dataverse_email.emulator.switches import Switches
from pulumi_dataverse_email.engine.check import check
from pulumi_dataverse_email.engine.create import create
from pulumi_dataverse_email.errors import Refused
from pulumi_dataverse_email.resources import KINDS
from tests.contract.kinds import name
from tests.system.emulated import Dataverse

from .argument_sets import PROFILES, Arguments, faults, sets
from .mailbox import ANNA
from .stack import Stack, kept

PROFILE, MAILBOX = KINDS["EmailServerProfile"], KINDS["Mailbox"]


class Exempt(NamedTuple):
    """A refusal that no rule stops, because it is not sure: a warning stands in the preview instead."""

    code: str
    kind: Kind
    arguments: Arguments
    why: str


OWN = {"allow_email_connector_to_use_credentials": True, "email_server_profile": "Credentials of each"}

EXEMPT = (
    Exempt(
        "0x8005E209",
        MAILBOX,
        {"user": ANNA, **OWN},
        "the mailbox, which is adopted, may have a user name already",
    ),
    Exempt(
        "0x8005E23B",
        PROFILE,
        {**PROFILES["POP3"], "outgoing_authentication_protocol": "ntlm"},
        "no page says which protocols each server type takes",
    ),
    Exempt(
        "0x8005E242",
        PROFILE,
        {**PROFILES["Credentials of each"], "exchange_version": "exchange_2010"},
        "no page says that the refusal follows from the version in this column",
    ),
)
"""One case for each code."""


class Maker:
    """Makes rows whatever our rules say, each under a name of its own.

    Args:
        stack: has `PROFILES` for mailboxes to name.
        dataverse: the environment.
    """

    def __init__(self, stack: Stack, dataverse: Dataverse) -> None:
        dataverse.make("teams", name="Mail")
        for called, arguments in PROFILES.items():
            stack.up(called, **arguments)
        self._process = stack.process()
        self._dataverse = dataverse
        self._numbers = count()

    def refusal(self, kind: Kind, arguments: Arguments) -> str:
        """Return the code with which the row is refused; empty where it is made."""
        news = {"row_id": str(uuid4()), **arguments, **self._named(kind, arguments)}
        inputs, _ = check(kind, self._process.run, {}, news)
        try:
            create(kind, self._process.run, kept(inputs))
        except Refused as refused:
            return "".join(re.findall(r"^HTTP 400 \((0x\w{8})\)", refused.answer)) or refused.answer
        return ""

    def _named(self, kind: Kind, arguments: Arguments) -> Arguments:
        called = f"number{next(self._numbers)}"
        if "user" in arguments:
            user = f"{called}@contoso.com"
            self._dataverse.make("systemusers", domainname=user, internalemailaddress=user, lastname=called)
            return {"user": user}
        if "queue" in arguments:
            self._dataverse.make("queues", name=called)
        return {it: called for it in kind.identifying if it in arguments}


@pytest.fixture
def maker(stack: Stack, dataverse: Dataverse) -> Maker:
    """An environment that rows are made in."""
    return Maker(stack, dataverse)


@pytest.fixture
def _exempt_are_off(dataverse: Dataverse) -> None:
    """No exempt refusal hides another."""
    off = [*Switches().rules_off, *(it.code for it in EXEMPT)]
    dataverse.control("PATCH", "switches", {"rules_off": off})


@pytest.mark.usefixtures("_exempt_are_off")
@pytest.mark.parametrize("kind", [PROFILE, MAILBOX], ids=name)
@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each set makes a row of its own
)
@given(data=st.data())
def test_what_our_rules_let_pass_is_taken(kind: Kind, maker: Maker, data: st.DataObject) -> None:
    """Arguments without a fault make a row: no refusal is left for `pulumi up`, but those that are exempt."""
    assert maker.refusal(kind, data.draw(sets(kind))) == ""


@pytest.mark.parametrize("exempt", EXEMPT, ids=lambda it: it.code)
def test_an_exempt_refusal_is_warned_of(exempt: Exempt, maker: Maker) -> None:
    """Its preview warns, and the refusal comes; once a rule stops it, it is exempt no longer."""
    assert not faults(exempt.kind, exempt.arguments)
    assert exempt.kind.broken_rules(exempt.arguments, "warning")
    assert maker.refusal(exempt.kind, exempt.arguments) == exempt.code
