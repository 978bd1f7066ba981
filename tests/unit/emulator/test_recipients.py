"""Recipients of the emulated Exchange, and the filters that choose among them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.emulator import running
from pulumi_dataverse_email.emulator.exchange import opath
from pulumi_dataverse_email.emulator.exchange.opath import And, Comparison, Node, Not, Or
from tests.unit.emulator.dataverse import ANNA, Dataverse
from tests.unit.emulator.exchange import APP, EWS, Exchange

GROUP = (
    "CN=team,OU=contoso.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,"
    "DC=EURPR01A001,DC=prod,DC=outlook,DC=com"
)


@pytest.fixture
def people(exchange: Exchange) -> Exchange:
    """Three mailboxes and a group, and nobody else."""
    for recipient in exchange.dataverse.control("GET", "recipients")["value"]:
        exchange.dataverse.control("DELETE", f"recipients/{recipient['PrimarySmtpAddress']}")
    exchange.recipient("a@x.com", aliases=["alpha@x.com"], properties={"City": "Bonn", "CustomAttribute1": "crm"})
    exchange.recipient("b@x.com", properties={"City": "Köln", "HiddenFromAddressListsEnabled": True, "Title": "it's"})
    exchange.recipient("c@x.com", type="SharedMailbox", properties={"ExtensionCustomAttribute1": ["one", "two"]})
    exchange.recipient("team@x.com", type="MailUniversalSecurityGroup", members=["a@x.com", "c@x.com"])
    return exchange


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("City -eq 'bonn'", "a"),
        ("city -EQ 'BONN'", "a"),
        ('City -eq "Bonn"', "a"),
        ("City -ne 'Bonn'", "bct"),
        ("City -eq $null", "ct"),
        ("City -ne $null", "ab"),
        ("City -gt 'C'", "b"),
        ("City -ge 'Bonn' -and City -le 'Bonn'", "a"),
        ("City -lt 'C'", "a"),
        ("City -like 'K*'", "b"),
        ("City -like 'K*n'", "b"),
        ("City -like 'Bonn'", "a"),
        ("City -like '*'", "ab"),
        ("City -notlike 'B*'", "bct"),
        ("Title -eq 'it''s'", "b"),
        ("HiddenFromAddressListsEnabled -eq $true", "b"),
        ("HiddenFromAddressListsEnabled -ne 'true'", "act"),
        ("CustomAttribute1 -eq 'crm' -or City -eq 'Köln' -and Title -eq 'nobody'", "a"),
        ("(CustomAttribute1 -eq 'crm' -or City -eq 'Köln') -and -not(Title -eq 'x')", "ab"),
        ("-not CustomAttribute1 -eq 'crm' -and City -ne $null", "b"),
        ("!(City -ne $null)", "ct"),
        ("ExtensionCustomAttribute1 -eq 'TWO'", "c"),
        ("ExtensionCustomAttribute1 -ne 'two'", "abt"),
        ("PrimarySmtpAddress -eq 'alpha@x.com'", "a"),
        ("EmailAddresses -eq 'smtp:alpha@x.com'", "a"),
        ("EmailAddresses -like 'alpha*'", "a"),
        ("WindowsEmailAddress -eq 'alpha@x.com'", ""),
        ("RecipientTypeDetails -eq 'SharedMailbox'", "c"),
        ("RecipientType -eq 'usermailbox'", "abc"),
        (f"MemberOfGroup -eq '{GROUP}'", "ac"),
        (f"MemberOfGroup -eq '{GROUP.upper()}'", "ac"),
        ("MemberOfGroup -eq 'team'", ""),
        ("MemberOfGroup -eq 'team@x.com'", ""),
        ("MemberOfGroup -ne $null", "ac"),
        ("WhenCreated -gt '1/1/2020'", "abct"),
        ("WhenCreated -lt '2020-01-01'", ""),
        ("Name -gt 1 -and City -eq 'Bonn'", "a"),
    ],
)
def test_a_filter_chooses_recipients(people: Exchange, text: str, expected: str) -> None:
    found = people.names("Get-Recipient", Filter=text)

    assert expected == "".join(name[0] for name in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("City", "ends too early"),
        ("City -eq", "ends too early"),
        (" ", "empty"),
        ("City -eq Bonn", '"Bonn" at position 10'),
        ("City -is 'Bonn'", '"-" at position 6'),
        ("City -eq 'Bonn' 'Köln'", "at position 17"),
        ("(City -eq 'Bonn'", "ends too early"),
        ("City -eq 'Bonn')", '")" at position 16'),
        ("City -eq 'Bonn' and City -eq 'x'", '"and" at position 17'),
        ("City -eq 'Bonn", "at position 10"),
        ("Shoe -eq '42'", '"Shoe" is not a recognized filterable property'),
        ("City -like '*onn'", "Wildcards"),
        ("City -gt $null", "$null"),
        ("RecipientTypeDetails -like 'User*'", "RecipientTypeDetails"),
        ("MemberOfGroup -like 'CN=*'", "MemberOfGroup"),
        ("RecipientTypeDetails -eq 'Letterbox'", "Letterbox"),
        ("HiddenFromAddressListsEnabled -eq 'perhaps'", "perhaps"),
        ("WhenCreated -gt 'yesterday'", "yesterday"),
    ],
)
def test_a_filter_that_does_not_fit_says_where(people: Exchange, text: str, said: str) -> None:
    answer = people.call("Get-Recipient", Filter=text)

    assert answer.status_code == 400
    assert said in answer.json()["error"]["details"][0]["message"]


def test_a_wildcard_may_be_allowed_in_front(people: Exchange) -> None:
    people.switch(leading_wildcard="accept")

    assert people.names("Get-Recipient", Filter="City -like '*onn'") == ["a"]
    assert people.names("Get-Recipient", Filter="City -like '*o*n'") == ["a"]


def test_a_long_chain_of_conditions_is_no_deep_one(people: Exchange) -> None:
    chain = " -or ".join(f"PrimarySmtpAddress -eq '{number}@x.com'" for number in range(3000))

    assert people.names("Get-Recipient", Filter=f"{chain} -or City -eq 'Bonn'") == ["a"]


@pytest.mark.parametrize("text", ["-not " * 5000 + "City -eq 'x'", "(" * 5000 + "City -eq 'x'" + ")" * 5000])
def test_a_deeply_nested_filter_does_not_break_the_emulator(people: Exchange, text: str) -> None:
    assert people.call("Get-Recipient", Filter=text).status_code in (200, 400)


_VALUES = st.one_of(st.none(), st.booleans(), st.text(max_size=8))
_COMPARISONS = st.builds(
    Comparison, st.sampled_from(["City", "Name"]), st.sampled_from(["eq", "ne", "like", "notlike", "gt"]), _VALUES
)


def _chains(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3)
    return st.one_of(
        nodes.map(Not),
        several.map(lambda operands: And(tuple(one for one in operands if not isinstance(one, And)) or (operands[0],))),
        several.map(lambda operands: Or(tuple(one for one in operands if not isinstance(one, Or)) or (operands[0],))),
    ).filter(lambda node: not isinstance(node, (And, Or)) or len(node.operands) > 1)


@given(st.recursive(_COMPARISONS, _chains, max_leaves=12))
def test_parsing_undoes_spelling(node: Node) -> None:
    assert node == opath.parse(opath.spell(node))


def test_every_user_and_queue_has_a_mailbox(exchange: Exchange) -> None:
    found = exchange.run("Get-Mailbox")

    kinds = {one["PrimarySmtpAddress"]: one["RecipientTypeDetails"] for one in found}
    assert kinds["anna@contoso.com"] == "UserMailbox"
    assert kinds["support@contoso.com"] == "SharedMailbox"


def test_a_recipient_is_known_by_many_names(people: Exchange) -> None:
    (known,) = people.run("Get-Recipient", Identity="alpha@x.com")

    for name in ("Guid", "ExternalDirectoryObjectId", "DistinguishedName", "Name", "PrimarySmtpAddress"):
        assert people.run("Get-Recipient", Identity=known[name]) == [known]
    assert people.error("Get-Recipient", Identity="nobody") == (404, "ManagementObjectNotFoundException")


def test_recipients_are_chosen_by_type_size_and_order(people: Exchange) -> None:
    assert people.names("Get-Recipient", RecipientTypeDetails="SharedMailbox") == ["c"]
    assert people.names("Get-Recipient", RecipientTypeDetails=["UserMailbox", "SharedMailbox"]) == ["a", "b", "c"]
    assert people.names("Get-Recipient", RecipientType=["MailUniversalSecurityGroup"]) == ["team"]
    assert people.names("Get-Recipient", RecipientTypeDetails="Letterbox") == []
    assert people.names("Get-Mailbox", ResultSize=1) == ["a"]
    assert people.names("Get-Mailbox", ResultSize="Unlimited", SortBy="City") == ["c", "a", "b"]
    assert people.names("Get-Recipient", Anr="te") == ["team"]
    assert "more results" in people.call("Get-Mailbox", ResultSize=1).json()["@adminapi.warnings"][0]
    assert people.error("Get-Mailbox", ResultSize="many") == (400, "ParameterBindingException")


def test_a_group_has_members(people: Exchange) -> None:
    people.recipient("all@x.com", type="GroupMailbox", members=["a@x.com"])

    assert people.names("Get-DistributionGroupMember", Identity="team") == ["a", "c"]
    assert people.names("Get-DistributionGroupMember", Identity="all") == []
    (group,) = people.run("Get-Group", Identity="team")
    assert "ExternalDirectoryObjectId" not in group


def test_a_parameter_that_is_not_emulated_is_refused_aloud(people: Exchange) -> None:
    assert people.call("Get-Recipient", Capabilities="UMFeatureRestricted").status_code == 501


@pytest.mark.parametrize(
    ("address", "recipient", "named"),
    [
        ("x", {"name": "x"}, "address"),
        ("x@x.com", {}, "name"),
        ("x@x.com", {"name": "x", "type": "Letterbox"}, "type"),
        ("x@x.com", {"name": "x", "properties": {"Shoe": "42"}}, "Shoe"),
        ("x@x.com", {"name": "x", "members": [ANNA]}, "members"),
    ],
)
def test_a_recipient_that_does_not_fit_says_what(
    dataverse: Dataverse, address: str, recipient: dict[str, object], named: str
) -> None:
    answer = dataverse.session.put(f"{dataverse.url}/emulator/recipients/{address}", json=recipient, timeout=30)

    assert answer.status_code == 400
    assert named in answer.text


SEED = """
organization: {name: Fabrikam, tenant_id: 11111111-0000-4000-8000-000000000001}
tenants:
  - {id: 11111111-0000-4000-8000-000000000001, domains: [fabrikam.example]}
  - {id: 11111111-0000-4000-8000-000000000002, domains: [partner.example]}
applications:
  - client_id: 11111111-0000-4000-8000-00000000000a
    secret: hush
    roles: [Exchange Administrator]
    permissions: [Exchange.ManageAsApp]
    consented_tenants: [11111111-0000-4000-8000-000000000002]
recipients:
  - {name: Ida, address: ida@fabrikam.com, properties: {CustomAttribute1: crm}}
  - {name: Abroad, address: abroad@partner.example, tenant_id: 11111111-0000-4000-8000-000000000002}
administrative_units:
  - {name: North, members: [ida@fabrikam.com]}
exchange: {customized: false}
users:
  - {name: Ida, principal_name: ida@fabrikam.com, email_address: ida@fabrikam.com}
  - {name: Jan, principal_name: jan@fabrikam.com, email_address: jan@fabrikam.com}
"""


def test_a_seed_says_which_recipients_there_are(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(SEED)
    with running(seed_file=tmp_path / "seed.yaml", data=tmp_path / "data"):
        pass

    with running(seed_file=tmp_path / "seed.yaml", data=tmp_path / "data") as emulator:
        dataverse = Dataverse(emulator)
        exchange = Exchange(dataverse)
        north = exchange.run("Get-Recipient", Filter="AdministrativeUnits -ne $null")
        found = exchange.names("Get-Recipient")
        organization = exchange.run("Get-OrganizationConfig")[0]
        exchange.run("Enable-OrganizationCustomization")
        exchange.pointer()
        unit = exchange.assignment("mail", RecipientAdministrativeUnitScope="north")
        reached = exchange.names("Get-ManagementRoleAssignment", WritableRecipient="ida@fabrikam.com")
        missed = exchange.names("Get-ManagementRoleAssignment", WritableRecipient="jan@fabrikam.com")
        lost = exchange.error("New-ManagementRoleAssignment", App=APP, Role=EWS, RecipientAdministrativeUnitScope="x")
        abroad = Exchange(dataverse, tenant="partner.example")
        abroad.tenant = "11111111-0000-4000-8000-000000000002"
        abroad.headers["X-AnchorMailbox"] = "UPN:admin@partner.example"
        found_abroad = abroad.names("Get-Recipient")
        dataverse.session.close()

    assert found == ["Ida", "Jan"]
    assert [one["CustomAttribute1"] for one in north] == ["crm"]
    assert (organization["Name"], organization["IsDehydrated"]) == ("fabrikam.example", True)
    assert found_abroad == ["Abroad"]
    assert (unit["RecipientWriteScope"], reached, missed) == ("AdministrativeUnit", ["mail"], [])
    assert lost == (404, "ManagementObjectNotFoundException")
