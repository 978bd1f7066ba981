"""Members as a program gives them: turned into a filter, or refused before any write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.engine.impersonation_scope.members import resolve, seen
from pulumi_dataverse_email.errors import DataverseEmailError
from tests.unit.exchange.conftest import ANNA, BEN

from .stack import KIND, MEMBERS, ONLINE, ScopeStack

GROUP = "MailUniversalSecurityGroup"


def test_mailboxes_are_those_of_dataverse(stack: ScopeStack) -> None:
    stack.profile()
    ids = {"anna": stack.join("Anna Weber"), "ben": stack.join("Ben Ortiz")}

    stack.up(**ONLINE, mailboxes=ids)

    assert stack.outputs()["held_filter"] == f"PrimarySmtpAddress -eq '{ANNA}' -or PrimarySmtpAddress -eq '{BEN}'"


def test_a_group_is_resolved_to_its_distinguished_name(stack: ScopeStack) -> None:
    stack.online.recipient("o'crm@contoso.com", type=GROUP, members=[ANNA])

    stack.up(**ONLINE, groups=["o'crm@contoso.com"])

    assert stack.outputs()["held_filter"].startswith("MemberOfGroup -eq 'CN=")
    assert [it.address for it in stack.online.exchange.recipients(stack.outputs()["held_filter"])] == [ANNA]


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"groups": ["nowhere@contoso.com"]}, "there is no group 'nowhere@contoso.com'"),
        ({"groups": [ANNA]}, "is no group but a UserMailbox"),
        ({"groups": ["nested@contoso.com"]}, "has groups as members, whose own members would not count"),
        ({"groups": ["empty@contoso.com"]}, "has no mailboxes as direct members"),
        ({"addresses": [ANNA, "nobody@contoso.com"]}, "no mailbox has the address 'nobody@contoso.com'"),
        ({"addresses": ["empty@contoso.com"]}, f"is no mailbox but a {GROUP}"),
        (
            {"mailboxes": {"x": "5f0c2a10-0000-4000-8000-0000000000aa"}},
            "x: there is no mailbox 5f0c2a10",
        ),
        (
            {"mailboxes": {"x": "user:later@contoso.com"}},
            "x: find the mailbox of user 'later@contoso.com': no",
        ),
        ({"profile": "Nowhere", "profile_mailboxes": True}, "none has that name"),
        ({"profile": "Microsoft Exchange Online", **MEMBERS}, "by Microsoft's own application"),
    ],
)
def test_what_cannot_be_a_member_is_refused_by_name(stack: ScopeStack, members: dict[str, object], says: str) -> None:
    stack.online.recipient("inner@contoso.com", type=GROUP, members=[ANNA])
    stack.online.recipient("nested@contoso.com", type=GROUP, members=["inner@contoso.com"])
    stack.online.recipient("empty@contoso.com", type=GROUP)

    with pytest.raises(DataverseEmailError, match=says):
        stack.up(**ONLINE, **members)

    assert [it for it in stack.online.sent if not it.startswith("Get-")] == []


def test_a_filter_that_may_be_too_long_is_told_with_what_would_be_shorter(stack: ScopeStack) -> None:
    many = " -or ".join(f"CustomAttribute1 -eq 'department {number}'" for number in range(60))

    process = stack.up(**ONLINE, recipient_filter=many)

    assert any("its limit for scopes is not documented" in it for it in process.warnings)


def test_a_filter_that_exchange_finds_too_long_leaves_nothing_behind(stack: ScopeStack) -> None:
    stack.online.switch(longest_filter=40)

    with pytest.raises(DataverseEmailError, match="too long"):
        stack.up(**ONLINE, **MEMBERS)

    assert stack.online.exchange.scopes() == []


def test_a_profile_without_mailboxes_has_no_scope_yet(stack: ScopeStack) -> None:
    with pytest.raises(DataverseEmailError, match="depends_on"):
        stack.up(**ONLINE, profile=stack.profile(), profile_mailboxes=True)


SERVER = {"platform": "exchange_server", "name": "CRM"}
ACCOUNT = {"service_account": "CONTOSO\\crm"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({**ONLINE}, "exactly one way to say who the members are"),
        ({**ONLINE, **MEMBERS, "groups": ["crm@contoso.com"]}, "exactly one way to say who the members are"),
        ({**ONLINE, **MEMBERS, "name": "x" * 65}, "65 characters; 64 at most"),
        ({**ONLINE, **MEMBERS, "name": "CRM*"}, "wildcard"),
        ({**ONLINE, **MEMBERS, "application_id": "mailer"}, "application_id: should be a GUID"),
        ({**ONLINE, "administrative_unit": "Sales"}, "administrative_unit: should be a GUID"),
        ({**ONLINE, "recipient_filter": "City -eq"}, "at position 9"),
        ({**ONLINE, "recipient_filter": "City -like '*x'"}, "a wildcard cannot stand in front"),
        ({**ONLINE, "recipient_filter": "MemberOfGroup -eq 'crm'"}, "needs a distinguished name"),
        ({**ONLINE, "recipient_filter": "A -eq 'x' -and B -eq 'x' -or C -eq 'x'"}, "say by parentheses"),
        ({**ONLINE, "addresses": []}, "addresses"),
        ({**ONLINE, "addresses": ["anna"]}, "'anna' is no mail address"),
        ({**ONLINE, "custom_attribute": {"name": "Colour", "value": "red"}}, "'Colour' is none of CustomAttribute1"),
        ({**ONLINE, "custom_attribute": {"name": "CustomAttribute1"}}, "custom_attribute"),
        ({**ONLINE, "profile_mailboxes": True}, "needs the profile"),
        ({**ONLINE, **MEMBERS, "roles": ["ApplicationImpersonation"]}, "February 2025"),
        ({**ONLINE, **MEMBERS, "roles": ["Mail.Send"]}, "begin with 'Application '"),
        ({**ONLINE, **MEMBERS, **ACCOUNT}, "February 2025"),
        ({**ONLINE, **MEMBERS, "recipient_root": "Sales"}, "are for an Exchange Server"),
        ({**ONLINE, **MEMBERS, "exclusive": True}, "are for an Exchange Server"),
        ({"platform": "exchange_online", "name": "CRM", **MEMBERS}, "needs application_id and service_principal"),
        ({**SERVER, **MEMBERS}, "service_account or security_group"),
        ({**SERVER, **MEMBERS, **ACCOUNT, "security_group": "CRM"}, "service_account or security_group"),
        ({**SERVER, **ACCOUNT, "administrative_unit": ONLINE["application_id"]}, "are for Exchange Online"),
        ({"platform": "exchange", "name": "CRM", **MEMBERS}, "platform"),
        ({**ONLINE, **MEMBERS, "adress": 1}, "did you mean 'addresses'"),
    ],
)
def test_bad_arguments_are_refused_before_anybody_is_asked(
    stack: ScopeStack, arguments: dict[str, object], says: str
) -> None:
    assert says in stack.faults(**arguments)
    assert stack.online.sent == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({**SERVER, **ACCOUNT, **MEMBERS}, "platform: cannot be changed"),
        ({**ONLINE, "administrative_unit": ONLINE["application_id"]}, "others by one"),
    ],
)
def test_what_cannot_change_in_place_is_refused(stack: ScopeStack, change: dict[str, object], says: str) -> None:
    stack.up(**ONLINE, **MEMBERS)

    with pytest.raises(AssertionError, match=says):
        stack.plan(**change)


WORDS = st.text("abcxyz'", min_size=1, max_size=6).filter(lambda it: bool(it.strip()))
ADDRESSES = st.lists(WORDS.map(lambda it: f"{it.replace(chr(39), '')}x@contoso.com"), min_size=1, unique=True)
SAYABLE = st.one_of(
    st.tuples(st.just("addresses"), ADDRESSES, ADDRESSES),
    st.tuples(
        st.just("groups"),
        st.lists(WORDS.map(lambda it: f"CN={it},DC=contoso"), min_size=1, unique=True),
        st.lists(WORDS.map(lambda it: f"CN={it},DC=contoso"), min_size=1, unique=True),
    ),
    st.tuples(
        st.just("custom_attribute"),
        WORDS.map(lambda it: {"name": "CustomAttribute1", "value": it}),
        WORDS.map(lambda it: {"name": "CustomAttribute2", "value": it}),
    ),
)


@given(SAYABLE)
def test_what_is_seen_is_what_would_have_led_there(said: tuple[str, object, object]) -> None:
    """Of a filter that another value of the same argument leads to, a refresh shows that value."""
    argument, ours, theirs = said
    wanted, there = (resolve({argument: it}, None, None, tuple) for it in (ours, theirs))

    shown = seen({argument: ours}, wanted, there.recipient_filter)

    assert KIND.arguments[argument].equal(shown, theirs)
    assert seen({argument: ours}, wanted, f"({wanted.recipient_filter})") == ours
