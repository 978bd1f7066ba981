"""What `$filter` and `$orderby` say beyond comparing columns with values."""

import pytest

from tests.unit.emulator.dataverse import ANNA, SUPPORT, Dataverse

CRM = "Microsoft.Dynamics.CRM"
ALL = ["# pulumi-dataverse-email", "Anna Weber", "Ben Ortiz", "Chris Park", "Sales", "Support"]


def _names(dataverse: Dataverse, options: str) -> list[str]:
    return dataverse.names(f"mailboxes?$select=name&$orderby=name&{options}")


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("regardingobjectid/fullname eq 'ANNA WEBER'", ["Anna Weber"]),
        ("regardingobjectid_queue/name ne null", ["Sales", "Support"]),
        ("regardingobjectid_queue/name ne 'Sales' and contains(name,'s')", ["Chris Park", "Support"]),
        ("startswith(regardingobjectid/domainname,'ben@')", ["Ben Ortiz"]),
        ("not contains(regardingobjectid/fullname,'a') and regardingobjectid/fullname ne null", ["Ben Ortiz"]),
        ("regardingobjectid/businessunitid/name eq 'contoso' and contains(name,'park')", ["Chris Park"]),
        ("regardingobjectid/isdisabled eq false and endswith(name,'er')", ["Anna Weber"]),
        ("emailserverprofile/name eq 'x'", []),
        ("ownerid/ownerid eq null", []),
    ],
)
def test_a_condition_follows_lookups(dataverse: Dataverse, condition: str, found: list[str]) -> None:
    assert found == [name for name in _names(dataverse, f"$filter={condition}") if "#" not in name]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("In(PropertyName='name',PropertyValues=['sales','Support'])", ["Sales", "Support"]),
        ('In(PropertyName=\'name\',PropertyValues=["Sales", "O\'Brian"])', ["Sales"]),
        ("NotIn(PropertyName='name',PropertyValues=['Sales','Support'])", ALL[:4]),
        ('Between(PropertyName=\'actdeliverymethod\',PropertyValues=["1","2.0"])', ALL),
        ("NotBetween(PropertyName='actdeliverymethod',PropertyValues=[1,2])", []),
        ("In(PropertyName='isforwardmailbox',PropertyValues=['true'])", []),
        ("In(PropertyName='_regardingobjectid_value',PropertyValues=['{user}'])", ["Anna Weber"]),
        ("In(PropertyName='regardingobjectid',PropertyValues=['{user}','{queue}'])", ["Anna Weber", "Support"]),
        ("EqualUserId(PropertyName='ownerid')", ALL[:1]),
        ("NotEqualUserId(PropertyName='ownerid')", ALL[1:]),
        ("EqualBusinessId(PropertyName='owningbusinessunit')", ALL),
        ("NotEqualBusinessId(PropertyName='owningbusinessunit')", []),
        ("Today(PropertyName='testmailboxaccesscompletedon')", []),
        ("On(PropertyName='testmailboxaccesscompletedon',PropertyValue='1900-01-01')", ALL),
        ("OnOrAfter(PropertyName='testmailboxaccesscompletedon',PropertyValue='1900-01-02')", []),
        ("OnOrBefore(PropertyName='testmailboxaccesscompletedon',PropertyValue='1900-01-01')", ALL),
        ("OlderThanXYears(PropertyName='testmailboxaccesscompletedon',PropertyValue=100)", ALL),
        ("LastXHours(PropertyName='createdon',PropertyValue=1)", ALL),
        ("LastXMonths(PropertyName='testmailboxaccesscompletedon',PropertyValue=12)", []),
        ("NextXDays(PropertyName='testmailboxaccesscompletedon',PropertyValue='3')", []),
        ("Last7Days(PropertyName='createdon')", ALL),
        ("Tomorrow(PropertyName='createdon')", []),
        ("NextWeek(PropertyName='createdon')", []),
        ("LastYear(PropertyName='createdon')", []),
        ("ThisYear(PropertyName='testmailboxaccesscompletedon')", []),
    ],
)
def test_a_query_function_finds_what_its_name_says(dataverse: Dataverse, condition: str, found: list[str]) -> None:
    user, queue = (dataverse.mailbox(address)["_regardingobjectid_value"] for address in (ANNA, SUPPORT))
    condition = condition.replace("{user}", user).replace("{queue}", queue)

    assert found == _names(dataverse, f"$filter={CRM}.{condition}")


def test_query_functions_go_with_other_conditions(dataverse: Dataverse) -> None:
    both = f"({CRM}.In(PropertyName='name',PropertyValues=['Sales','Ben Ortiz']) or name eq 'Support')"

    assert _names(dataverse, f"$filter={both} and regardingobjectid_queue/name ne null") == ["Sales", "Support"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("$filter=name eq @p1&@p1='Sales'", ["Sales"]),
        ("$filter=name eq @p1 or name eq @p2&@p1='it''s'&@p2='Support'", ["Support"]),
        ("$filter=@col eq 'Sales'&@col=name", ["Sales"]),
        ("$filter=emailaddress eq @nothing", ALL[:1]),
        ("$filter=name eq '@p1'&@p1='Sales'", []),
        (f"$filter={CRM}.In(PropertyName=@p1,PropertyValues=@p2)&@p1='name'&@p2=[\"Sales\",'x']", ["Sales"]),
    ],
)
def test_an_alias_stands_for_its_value(dataverse: Dataverse, options: str, found: list[str]) -> None:
    assert found == _names(dataverse, options)


def test_aliases_stand_in_an_order_too(dataverse: Dataverse) -> None:
    assert dataverse.names("mailboxes?$orderby=@p1 desc&@p1=name") == ALL[::-1]


def test_a_lookup_is_ordered_by_the_name_behind_it(dataverse: Dataverse) -> None:
    rows = dataverse.get("mailboxes?$select=name&$orderby=_regardingobjectid_value desc")["value"]

    assert [row["name"] for row in rows] == ALL[::-1]


@pytest.mark.parametrize(
    ("condition", "refusal"),
    [
        (f"not {CRM}.Today(PropertyName='createdon')", (400, "0x80060888")),
        (f"not (name eq 'x' or {CRM}.In(PropertyName='name',PropertyValues=['x']))", (400, "0x80060888")),
        (f"{CRM}.Nonesuch(PropertyName='name')", (400, "0x80060888")),
        (f"{CRM}.In(PropertyName='nonesuch',PropertyValues=['x'])", (400, "0x0")),
        (f"{CRM}.In(PropertyName='password',PropertyValues=['x'])", (400, "0x0")),
        (f"{CRM}.In(PropertyName=name,PropertyValues=['x'])", (400, "0x80060888")),
        (f"{CRM}.In(PropertyName='name',PropertyValues=[])", (400, "0x80060888")),
        (f"{CRM}.In(PropertyName='name',PropertyValues=['x'", (400, "0x80060888")),
        (f"{CRM}.In(PropertyName='actstatus',PropertyValues=['x'])", (400, "0x80060888")),
        (f"{CRM}.In(PropertyName='actstatus',PropertyValues=['99999999999999999999'])", (400, "0x80060888")),
        (f"{CRM}.Between(PropertyName='actstatus',PropertyValues=['1'])", (400, "0x80060888")),
        (f"{CRM}.Today(PropertyName='name')", (400, "0x80060888")),
        (f"{CRM}.LastXDays(PropertyName='createdon')", (400, "0x80060888")),
        (f"{CRM}.LastXDays(PropertyName='createdon',PropertyValue='x')", (400, "0x80060888")),
        (f"{CRM}.LastXYears(PropertyName='createdon',PropertyValue=99999)", (400, "0x80060888")),
        (f"{CRM}.NextXDays(PropertyName='createdon',PropertyValue=99999999)", (400, "0x80060888")),
        (f"{CRM}.On(PropertyName='createdon',PropertyValue='2024-02-31')", (400, "0x80060888")),
        (f"{CRM}.OnOrBefore(PropertyName='createdon',PropertyValue='9999-12-31')", (400, "0x80060888")),
        (f"{CRM}.ThisFiscalYear(PropertyName='createdon')", (501, "0x80040219")),
        (f"{CRM}.Under(PropertyName='mailboxid',PropertyValue='x')", (501, "0x80040219")),
        ("emailserverprofile/nonesuch eq 'x'", (400, "0x0")),
        ("emailserverprofile/incomingpassword eq 'x'", (400, "0x0")),
        ("nonesuch/name eq 'x'", (400, "0x0")),
        ("ownerid/fullname eq 'x'", (400, "0x0")),
        ("emailserverprofile/name eq name", (400, "0x80060888")),
        ("createdby/" * 16 + "fullname eq 'x'", (400, "0x80060888")),
        ("actstatus add 1 eq 2", (400, "0x80060888")),
        ("actstatus in (1,2)", (400, "0x80060888")),
        ("length(name) eq 5", (400, "0x80060888")),
        ("tolower(name) eq 'x'", (400, "0x80060888")),
        ("isforwardmailbox gt false", (400, "0x80060888")),
        ("contains(mailboxid,'x')", (400, "0x80060888")),
        ("[1,2]", (400, "0x80060888")),
        ("name eq ['x']", (400, "0x80060888")),
    ],
)
def test_a_condition_that_is_not_offered_is_refused(
    dataverse: Dataverse, condition: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error("GET", f"mailboxes?$filter={condition}")


def test_an_alias_is_not_known_inside_an_expansion(dataverse: Dataverse) -> None:
    path = "emailserverprofiles?$expand=emailserverprofile_mailbox($filter=name eq @p)&@p='x'"

    assert dataverse.error("GET", path) == (400, "0x80060888")
