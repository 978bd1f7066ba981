"""What Dataverse refuses when a row is made, our rules stop before any call."""

import re
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.declare import TableKind
from pulumi_dataverse_email.emulator import mailbox_rules, profile_rules
from pulumi_dataverse_email.emulator.switches import Switches
from pulumi_dataverse_email.engine.check import check
from pulumi_dataverse_email.engine.create import create
from pulumi_dataverse_email.errors import Refused
from tests.contract.kinds import name
from tests.system.emulated import Dataverse

from .argument_sets import PROFILES, Arguments, faults, sets
from .refusals import BEYOND, MAILBOX, PROFILE, REFUSALS, Refusal
from .stack import Stack, kept


class Maker:
    """Makes rows whatever our rules say, each under a name of its own.

    Args:
        stack: an empty one.
        dataverse: the environment.
    """

    def __init__(self, stack: Stack, dataverse: Dataverse) -> None:
        self._stack = stack
        self._process = stack.process()
        self._dataverse = dataverse
        self._numbers = count()

    def refusal(self, kind: TableKind, arguments: Arguments) -> str:
        """Return the code with which the row is refused; empty where it is made."""
        news = {"row_id": str(uuid4()), **arguments, **self._named(kind, arguments)}
        inputs, _ = check(kind, self._process.run, {}, news)
        try:
            create(kind, self._process.run, kept(inputs))
        except Refused as refused:
            return "".join(re.findall(r"^HTTP 400 \((0x\w{8})\)", refused.answer)) or refused.answer
        return ""

    def _named(self, kind: TableKind, arguments: Arguments) -> Arguments:
        if kind is MAILBOX and not self._stack.state:
            for profile in PROFILES.values():
                self._stack.up(str(profile["name"]), **profile)
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
    dataverse.make("teams", name="Mail")
    return Maker(stack, dataverse)


@pytest.fixture
def _exempt_are_off(dataverse: Dataverse) -> None:
    """No exempt refusal hides another."""
    off = [*Switches().rules_off, *(it.code for it in REFUSALS if it.exempt)]
    dataverse.control("PATCH", "switches", {"rules_off": off})


@pytest.mark.usefixtures("_exempt_are_off")
@pytest.mark.parametrize("kind", [PROFILE, MAILBOX], ids=name)
@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each set makes a row of its own
)
@given(data=st.data())
def test_what_our_rules_let_pass_is_taken(kind: TableKind, maker: Maker, data: st.DataObject) -> None:
    """Arguments without a fault make a row: no refusal is left for `pulumi up`, but those that are exempt."""
    assert maker.refusal(kind, data.draw(sets(kind))) == ""


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda it: it.code)
def test_what_is_refused_stops_the_preview(refusal: Refusal, maker: Maker) -> None:
    """An error rule is broken; where it is not sure that the refusal comes, a warning stands there instead."""
    code, kind, arguments, exempt = refusal

    assert maker.refusal(kind, arguments) == code
    assert bool(faults(kind, arguments)) is not bool(exempt)
    assert kind.broken_rules(arguments, "warning") or not exempt


def test_every_refusal_has_its_case() -> None:
    known = {rule.code for rule in (*profile_rules.RULES, *mailbox_rules.RULES)}

    assert known == {it.code for it in REFUSALS} | BEYOND.keys()
