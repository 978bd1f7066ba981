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
    """A refusal that comes although nothing stopped the preview."""

    code: str
    kind: Kind
    arguments: Arguments
    why: str


ONLINE: Arguments = {"name": "Contoso", "server_type": "exchange_online"}
POP3 = PROFILES["POP3"]
OWN: Arguments = {"allow_email_connector_to_use_credentials": True, "email_server_profile": "Credentials of each"}
WARNED = "the preview warns, for it is documented nowhere which of these codes the Web API answers"

EXEMPT = (
    Exempt("0x8005E201", PROFILE, {**ONLINE, "incoming_use_ssl": False}, WARNED),
    Exempt("0x8005E202", PROFILE, {**POP3, "incoming_credential_retrieval": "without_credentials"}, WARNED),
    Exempt("0x8005E203", PROFILE, {**ONLINE, "incoming_credential_retrieval": "without_credentials"}, WARNED),
    Exempt("0x8005E238", PROFILE, {**ONLINE, "outgoing_username": "crm"}, "left out, use_same_settings means True"),
    Exempt("0x8005E23B", PROFILE, {**POP3, "outgoing_authentication_protocol": "ntlm"}, WARNED),
    Exempt("0x8005E242", PROFILE, {**ONLINE, "exchange_version": "exchange_2010"}, WARNED),
    Exempt("0x8005E209", MAILBOX, {"user": ANNA, **OWN}, WARNED),
    Exempt("0x8005E233", MAILBOX, {"user": ANNA, "process_and_delete_emails": True}, WARNED),
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
def test_an_exempt_refusal_is_one(exempt: Exempt, maker: Maker) -> None:
    """Nothing stops its preview, and it is refused: with a rule of its own it is no longer exempt."""
    assert not faults(exempt.kind, exempt.arguments)
    assert maker.refusal(exempt.kind, exempt.arguments) == exempt.code


@pytest.mark.parametrize("exempt", [it for it in EXEMPT if it.why is WARNED], ids=lambda it: it.code)
def test_an_exempt_refusal_is_warned_of(exempt: Exempt) -> None:
    assert exempt.kind.broken_rules(exempt.arguments, "warning")
