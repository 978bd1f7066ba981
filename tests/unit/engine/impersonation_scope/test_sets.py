"""A scope of the members of sets: who joins and leaves a set, joins and leaves the scope."""

import pytest

from pulumi_dataverse_email.errors import KeyNotFound
from tests.unit.exchange.conftest import ANNA, BEN

from .stack import ONLINE, ScopeStack

SETS = {"mailboxes": {"sales": "set:sales"}}


def stated(*users: str) -> dict[str, object]:
    """Return the inputs of the program's side for a set of these users, none of whom has settings of their own."""
    return {**SETS, "members": {"sales": {f"user:{user}": 1 for user in users}}}


def listed(stack: ScopeStack) -> set[str]:
    """Return whom of Anna and Ben the filter in Exchange lists."""
    text = stack.online.exchange.scopes()[0].recipient_filter
    return {it for it in (ANNA, BEN) if f"'{it}'" in text}


def test_members_are_in_the_scope(stack: ScopeStack) -> None:
    stack.up(**ONLINE, **stated(ANNA))
    assert listed(stack) == {ANNA}
    assert stack.plan(**ONLINE, **stated(ANNA)).changes is False

    assert stack.plan(**ONLINE, **stated(ANNA, BEN)).changes is None
    stack.up(**ONLINE, **stated(ANNA, BEN))
    assert listed(stack) == {ANNA, BEN}


def test_a_member_that_changes_is_no_change_of_the_scope(stack: ScopeStack) -> None:
    """Its number rises with its own settings; in the scope it stays what it is."""
    stack.up(**ONLINE, **stated(ANNA))

    changed = {**SETS, "members": {"sales": {f"user:{ANNA}": 2}}}
    assert stack.plan(**ONLINE, **changed).changes is False


def test_whom_a_selection_finds_is_in_the_scope_and_who_joined_is_drift(stack: ScopeStack) -> None:
    """Without a refresh nobody is asked; with one, the argument tells who is not in the scope yet."""
    selected = {
        **SETS,
        "members": {"sales": {}},
        "selections": {"sales": {"of": "users", "address_ends_with": "a@contoso.com"}},
    }
    stack.up(**ONLINE, **selected)
    assert listed(stack) == {ANNA}

    stack.online.recipient("ida@contoso.com")
    stack.online.dataverse.make(
        "systemusers", fullname="Ida", domainname="ida@contoso.com", internalemailaddress="ida@contoso.com"
    )
    assert stack.plan(**ONLINE, **selected).changes is False
    stack.refresh()
    assert stack.state["crm"].inputs["mailboxes"] == {"not_in_scope": ["ida@contoso.com"]}
    assert stack.plan(**ONLINE, **selected).changes is None


def test_a_member_who_is_not_there_is_named_and_no_scope_is_made(stack: ScopeStack) -> None:
    with pytest.raises(KeyNotFound, match="user:later@contoso\\.com: find the mailbox"):
        stack.up(**ONLINE, **stated(ANNA, "later@contoso.com"))

    assert stack.online.exchange.scopes() == []


def test_a_scope_of_nobody_is_refused_and_the_one_that_is_there_stays(stack: ScopeStack) -> None:
    """A filter of nobody would be no filter, which means the whole organization."""
    stack.up(**ONLINE, **stated(ANNA))

    with pytest.raises(KeyNotFound, match="a scope of nobody is none"):
        stack.up(**ONLINE, **stated())

    assert listed(stack) == {ANNA}


def test_a_mailbox_that_is_named_twice_is_in_the_filter_once(stack: ScopeStack) -> None:
    anna = str(stack.online.dataverse.row("mailboxes", "Anna Weber")["mailboxid"])
    both = {"mailboxes": {"anna": anna, **SETS["mailboxes"]}, "members": {"sales": {f"user:{ANNA}": 1}}}

    stack.up(**ONLINE, **both)

    assert stack.online.exchange.scopes()[0].recipient_filter.count(ANNA) == 1
