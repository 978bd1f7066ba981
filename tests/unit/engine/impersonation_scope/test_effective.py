"""From when on a scope is effective, asked for by the id of its resource alone."""

from datetime import datetime

import pytest

from pulumi_dataverse_email.engine.impersonation_scope.effective import effective_from
from pulumi_dataverse_email.errors import ExchangeNotFound
from tests.unit.exchange.conftest import ANNA

from .stack import MEMBERS, ONLINE, UNIT, ScopeStack


@pytest.mark.parametrize("members", [MEMBERS, {"administrative_unit": UNIT}])
def test_it_is_what_the_outputs_tell(stack: ScopeStack, members: dict[str, object]) -> None:
    stack.up(**ONLINE, **members)

    found = effective_from(stack.process().run, stack.state["crm"].resource_id)

    assert found == datetime.fromisoformat(stack.outputs()["effective_after"])


def test_it_moves_with_a_change(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    before = effective_from(stack.process().run, stack.state["crm"].resource_id)
    stack.online.time.sleep(60)

    stack.up(**ONLINE, addresses=[ANNA])

    after = effective_from(stack.process().run, stack.state["crm"].resource_id)
    assert before
    assert after
    assert after > before


def test_nobody_knows_where_commands_were_handed_over(stack: ScopeStack) -> None:
    stack.exchange = None
    stack.up(**ONLINE, **MEMBERS)

    assert effective_from(stack.process().run, stack.state["crm"].resource_id) is None
    assert stack.online.sent == []


def test_a_scope_that_is_gone_is_an_error(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **MEMBERS)
    stack.destroy()
    stack.online.time.sleep(600)

    with pytest.raises(ExchangeNotFound, match="makes it anew"):
        effective_from(stack.process().run, "exchange_online/scope/5f0c2a10-0000-4000-8000-0000000000aa")
