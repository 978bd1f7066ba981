"""Members of a scope, turned into a filter that selects exactly them."""

import pytest

from pulumi_dataverse_email.errors import ExchangeRefused
from pulumi_dataverse_email.exchange import filters, members
from pulumi_dataverse_email.exchange.objects import name_faults

from .conftest import ANNA, BEN, Online

GROUP = "MailUniversalSecurityGroup"


def _selected(online: Online, text: str) -> set[str]:
    assert filters.faults(text) == []
    return {it.address for it in online.exchange.recipients(text)}


def test_addresses_select_their_mailboxes(online: Online) -> None:
    online.recipient("o'neil@contoso.com", aliases=["shaq@contoso.com"])

    text = members.by_addresses([ANNA, "shaq@contoso.com", ANNA.upper()])

    assert text == f"PrimarySmtpAddress -eq '{ANNA}' -or PrimarySmtpAddress -eq 'shaq@contoso.com'"
    assert _selected(online, text) == {ANNA, "o'neil@contoso.com"}
    assert _selected(online, members.by_addresses(["o'neil@contoso.com"])) == {"o'neil@contoso.com"}


def test_addresses_must_be_those_of_mailboxes_and_all_that_are_not_are_named(online: Online) -> None:
    online.recipient("team@contoso.com", type=GROUP, members=[ANNA])
    members.check_addresses(online.exchange, [ANNA.upper(), BEN])

    with pytest.raises(ExchangeRefused) as caught:
        members.check_addresses(online.exchange, [ANNA, "nobody@contoso.com", "team@contoso.com"])

    assert "no mailbox has the address 'nobody@contoso.com'" in str(caught.value)
    assert f"'team@contoso.com' is no mailbox but a {GROUP}" in str(caught.value)
    assert ANNA not in str(caught.value)


@pytest.mark.parametrize("wrong", [[], ["anna"], ["*@contoso.com"], ["a b@contoso.com"], ["an\u200bna@contoso.com"]])
def test_what_is_no_address_is_a_fault(wrong: list[str]) -> None:
    assert len(members.address_faults(wrong)) == 1
    assert members.address_faults([ANNA, BEN]) == []


@pytest.mark.parametrize("kind", [GROUP, "MailUniversalDistributionGroup", "GroupMailbox"])
@pytest.mark.parametrize("identity", ["team@contoso.com", 'Team, "A\'"'])
def test_a_group_selects_its_direct_members(online: Online, kind: str, identity: str) -> None:
    online.recipient("team@contoso.com", name='Team, "A\'"', type=kind, members=[ANNA, BEN])

    assert _selected(online, members.by_groups(online.exchange, [identity])) == {ANNA, BEN}


def test_groups_that_would_not_do_are_all_named(online: Online) -> None:
    online.recipient("inner@contoso.com", name="Inner", type=GROUP, members=[BEN])
    online.recipient("outer@contoso.com", name="Outer", type=GROUP, members=[ANNA, "inner@contoso.com"])
    online.recipient("empty@contoso.com", name="Empty", type=GROUP)

    with pytest.raises(ExchangeRefused) as caught:
        members.by_groups(online.exchange, ["Inner", "Outer", "Empty", "Nowhere", ANNA])

    text = str(caught.value)
    assert "'Outer' has groups as members, whose own members would not count: Inner" in text
    assert "'Empty' has no mailboxes as direct members" in text
    assert "there is no group 'Nowhere'" in text
    assert f"{ANNA!r} is no group but a UserMailbox" in text
    assert "'Inner'" not in text


def test_absence_that_lists_everything_makes_no_group(online: Online) -> None:
    online.switch(unknown_identity="list_all")

    with pytest.raises(ExchangeRefused, match="there is no group 'Nowhere'"):
        members.by_groups(online.exchange, ["Nowhere"])


@pytest.mark.parametrize("groups", [[], [""], ["Sales"], ["CN=Sales,OU=x,DC=com", "team@contoso.com"]])
def test_names_that_are_no_distinguished_ones_would_match_nobody(groups: list[str]) -> None:
    with pytest.raises(ExchangeRefused, match="DistinguishedName"):
        members.by_distinguished_names(groups)


def test_a_custom_attribute_selects_who_bears_it(online: Online) -> None:
    online.recipient(BEN, properties={"CustomAttribute7": "it's CRM"})

    assert members.attribute_faults("CustomAttribute7", "it's CRM") == []
    assert _selected(online, members.by_attribute("CustomAttribute7", "it's CRM")) == {BEN}


@pytest.mark.parametrize(("name", "value"), [("CustomAttribute16", "x"), ("City", "x"), ("CustomAttribute1", " ")])
def test_a_custom_attribute_that_cannot_mark_is_a_fault(name: str, value: str) -> None:
    assert len(members.attribute_faults(name, value)) == 1


@pytest.mark.parametrize("name", ["", " x", "x" * 65, "CRM*", "a\nb", "a\u202eb"])
def test_a_name_that_exchange_would_not_take_is_a_fault(name: str) -> None:
    assert len(name_faults("the scope", name)) == 1
    assert name_faults("the scope", "x" * 64) == []
