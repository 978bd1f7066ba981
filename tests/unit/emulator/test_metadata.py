"""What the emulator tells of itself, in the forms that public clients ask for."""

from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.emulator.dataverse import Dataverse, Json

MAILBOX = "EntityDefinitions(LogicalName='mailbox')"
CRM = "Microsoft.Dynamics.CRM."
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


def listed(dataverse: Dataverse, path: str) -> list[Json]:
    found: list[Json] = dataverse.get(path)["value"]
    return found


def test_the_service_document_lists_the_sets(dataverse: Dataverse) -> None:
    document = dataverse.get("")

    assert document["@odata.context"] == f"{dataverse.url}/api/data/v9.2/$metadata"
    assert {"name": "mailboxes", "kind": "EntitySet", "url": "mailboxes"} in document["value"]
    for entry in document["value"]:
        assert listed(dataverse, entry["url"]) is not None


def test_a_table_is_found_by_its_logical_name(dataverse: Dataverse) -> None:
    (found,) = listed(dataverse, "EntityDefinitions?$filter=LogicalName eq 'mailbox'&$select=EntitySetName")

    assert set(found) == {"EntitySetName", "MetadataId"}
    whole = dataverse.get(MAILBOX)
    expected = {
        "EntitySetName": "mailboxes",
        "LogicalCollectionName": "mailboxes",
        "SchemaName": "Mailbox",
        "ObjectTypeCode": 9606,
        "PrimaryIdAttribute": "mailboxid",
        "PrimaryNameAttribute": "name",
        "PrimaryImageAttribute": "entityimage",
        "OwnershipType": "UserOwned",
        "IsOptimisticConcurrencyEnabled": True,
        "MetadataId": found["MetadataId"],
    }
    assert expected == {name: whole[name] for name in expected}
    assert whole == dataverse.get(f"EntityDefinitions({found['MetadataId'].upper()})")
    assert listed(dataverse, "EntityDefinitions?$filter=LogicalName eq 'Mailbox'") == []


def test_a_single_definition_is_the_bare_object(dataverse: Dataverse) -> None:
    found = dataverse.get(f"{MAILBOX}?$select=EntitySetName")

    assert (
        found["@odata.context"] == f"{dataverse.url}/api/data/v9.2/$metadata#EntityDefinitions(EntitySetName)/$entity"
    )
    assert set(found) == {"@odata.context", "EntitySetName", "MetadataId"}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (f"AttributeType eq {CRM}AttributeTypeCode'State'", ["statecode"]),
        ("AttributeType eq 'Owner' or LogicalName eq 'name'", ["name", "ownerid"]),
        ("IsPrimaryName eq true", ["name"]),
        ("not (IsPrimaryId ne true)", ["mailboxid"]),
        ("RequiredLevel/Value eq 'SystemRequired' and AttributeTypeName/Value eq 'OwnerType'", ["ownerid"]),
    ],
)
def test_attributes_are_filtered(dataverse: Dataverse, condition: str, names: list[str]) -> None:
    found = listed(dataverse, f"{MAILBOX}/Attributes?$select=LogicalName&$filter={quote(condition)}")

    assert sorted(attribute["LogicalName"] for attribute in found) == names


def test_attributes_say_which_type_they_are(dataverse: Dataverse) -> None:
    by_name = {found["LogicalName"]: found for found in listed(dataverse, f"{MAILBOX}/Attributes")}

    kinds = {
        name: by_name[name]["@odata.type"] for name in ("mailboxid", "ownerid", "name", "statecode", "entityimage")
    }
    assert kinds == {
        "mailboxid": f"#{CRM}UniqueIdentifierAttributeMetadata",
        "ownerid": f"#{CRM}LookupAttributeMetadata",
        "name": f"#{CRM}StringAttributeMetadata",
        "statecode": f"#{CRM}StateAttributeMetadata",
        "entityimage": f"#{CRM}ImageAttributeMetadata",
    }
    assert by_name["name"]["MaxLength"] == 200
    assert by_name["actdeliverymethod"]["SchemaName"] == "ACTDeliveryMethod"
    assert by_name["password"]["IsValidForRead"] is False
    assert by_name["entityimage"]["AttributeType"] == "Virtual"


def test_a_cast_shows_what_only_the_derived_type_has(dataverse: Dataverse) -> None:
    path = f"{MAILBOX}/Attributes/{CRM}PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)"

    by_name = {found["LogicalName"]: found for found in listed(dataverse, path)}

    options = by_name["actdeliverymethod"]["OptionSet"]["Options"]
    assert [(one["Value"], one["Label"]["UserLocalizedLabel"]["Label"]) for one in options] == [
        (0, "Microsoft Dynamics 365 for Outlook"),
        (1, "Server-Side Synchronization"),
        (2, "None"),
    ]
    assert "@odata.type" not in by_name["actdeliverymethod"]
    assert "statecode" not in by_name


def test_one_attribute_is_cast_and_expanded(dataverse: Dataverse) -> None:
    path = f"{MAILBOX}/Attributes(LogicalName='statecode')/{CRM}StateAttributeMetadata"

    shown = dataverse.get(f"{path}?$select=SchemaName&$expand=OptionSet,GlobalOptionSet")

    assert shown["GlobalOptionSet"] is None
    assert [one["DefaultStatus"] for one in shown["OptionSet"]["Options"]] == [1, 2]
    assert dataverse.get(f"{path}/OptionSet")["OptionSetType"] == "State"
    assert dataverse.get(f"{MAILBOX}/SchemaName")["value"] == "Mailbox"


def test_a_property_may_be_a_list(dataverse: Dataverse) -> None:
    owner = f"{MAILBOX}/Attributes(LogicalName='ownerid')/{CRM}LookupAttributeMetadata/Targets"
    state = f"{MAILBOX}/Attributes(LogicalName='statecode')/{CRM}StateAttributeMetadata/OptionSet/Options"

    assert dataverse.get(owner)["value"] == ["systemuser", "team"]
    assert [one["Value"] for one in dataverse.get(state)["value"]] == [0, 1]
    assert dataverse.error("GET", f"{owner}(LogicalName='team')") == (400, "0x80060890")
    assert dataverse.error("GET", f"{owner}/{CRM}AttributeMetadata") == (404, "0x8006088a")
    assert dataverse.error("GET", f"{state}/Value") == (404, "0x8006088a")


def test_definitions_are_expanded_with_options(dataverse: Dataverse) -> None:
    inner = "$select=LogicalName;$filter=LogicalName eq 'name' or LogicalName eq 'ewsurl'"

    found = dataverse.get(f"{MAILBOX}?$select=LogicalName&$expand=Attributes({inner}),Keys,ManyToManyRelationships")

    assert [attribute["LogicalName"] for attribute in found["Attributes"]] == ["ewsurl", "name"]
    assert (found["Keys"], found["ManyToManyRelationships"]) == ([], [])


def test_relationships_name_their_navigation_properties(dataverse: Dataverse) -> None:
    """The lookup to the profile is seen from both sides and by itself, and is the same each time."""
    name = "emailserverprofile_mailbox"

    (many,) = listed(dataverse, f"{MAILBOX}/ManyToOneRelationships?$filter=SchemaName eq '{name}'")
    profile = "EntityDefinitions(LogicalName='emailserverprofile')"
    (one,) = listed(dataverse, f"{profile}/OneToManyRelationships?$filter=SchemaName eq '{name}'")

    assert many == one
    assert many["ReferencingEntityNavigationPropertyName"] == "emailserverprofile"
    assert many["ReferencedEntityNavigationPropertyName"] == name
    assert many["CascadeConfiguration"]["Delete"] == "RemoveLink"
    (found,) = listed(dataverse, f"RelationshipDefinitions?$filter=SchemaName eq '{name}'")
    assert found["@odata.type"] == f"#{CRM}OneToManyRelationshipMetadata"
    assert dataverse.get(f"RelationshipDefinitions(SchemaName='{name}')")["ReferencedEntity"] == "emailserverprofile"


def test_the_tables_take_no_bulk_messages(dataverse: Dataverse) -> None:
    """Clients ask this way whether to send CreateMultiple."""
    asked = "sdkmessagefilters?$select=sdkmessagefilterid&$expand=sdkmessageid($select=name)&$filter="

    def messages(*names: str) -> list[str]:
        condition = " or ".join(f"sdkmessageid/name eq '{name}'" for name in names)
        found = listed(dataverse, f"{asked}({condition}) and primaryobjecttypecode eq 'mailbox'")
        return sorted(one["sdkmessageid"]["name"] for one in found)

    assert messages("CreateMultiple", "UpdateMultiple", "UpsertMultiple") == []
    assert messages("Create", "Upsert", "Nonesuch") == ["Create", "Upsert"]
    for message in ("CreateMultiple", "UpdateMultiple", "UpsertMultiple"):
        refusal = dataverse.error("POST", f"mailboxes/{CRM}{message}", {"Targets": []})
        assert refusal == (404, "0x8006088a")


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("EntityDefinitions?$top=1", (400, "0x80060888")),
        ("EntityDefinitions?$orderby=LogicalName", (400, "0x80060888")),
        ("EntityDefinitions?$count=true", (400, "0x80060888")),
        ("EntityDefinitions?$filter=LogicalName eq", (400, "0x80060888")),
        ("EntityDefinitions?$filter=Nonesuch eq 1", (400, "0x0")),
        ("EntityDefinitions?$filter=contains(LogicalName,'m')", (501, "0x80040219")),
        ("EntityDefinitions?$select=nonesuch", (400, "0x0")),
        ("EntityDefinitions(LogicalName='nonesuch')", (404, "0x80060888")),
        ("EntityDefinitions(SchemaName='Mailbox')", (400, "0x80060890")),
        ("EntityDefinitions('')", (404, "0x80060888")),
        ("EntityDefinitions(5)", (400, "0x80060890")),
        ("entitydefinitions", (404, "0x8006088a")),
        (f"{MAILBOX}/Nonesuch", (404, "0x8006088a")),
        (f"{MAILBOX}/Attributes?$select=MaxLength", (400, "0x0")),
        (f"{MAILBOX}/Attributes?$expand=OptionSet", (400, "0x0")),
        (f"{MAILBOX}/Attributes?$expand=LogicalName", (400, "0x0")),
        (f"{MAILBOX}/Attributes(LogicalName='name')/{CRM}PicklistAttributeMetadata", (404, "0x8006088a")),
        (f"{MAILBOX}?$filter=LogicalName eq 'x'", (400, "0x80060888")),
        (f"{MAILBOX}?$expand=Attributes($top=1)", (400, "0x80060888")),
        (f"{MAILBOX}?$expand=Attributes(", (400, "0x80060888")),
        ("sdkmessages?$top=1", (501, "0x80040219")),
        ("GlobalOptionSetDefinitions", (501, "0x80040219")),
    ],
)
def test_what_cannot_be_asked_of_definitions_is_refused(
    dataverse: Dataverse, path: str, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error("GET", path)


def test_definitions_are_read_only(dataverse: Dataverse) -> None:
    assert dataverse.error("POST", "EntityDefinitions", {}) == (501, "0x80040219")
    assert dataverse.error("POST", "$metadata", {}) == (405, "0x80060888")


WORDS = st.sampled_from(
    ["LogicalName", "Attributes", "Label", " eq ", " ne ", " and ", "not ", "(", ")", ",", ";", "'x'", "'", "null", "5",
     "true", "/", "Value", f"/{CRM}LookupAttributeMetadata", "/Targets", f"{CRM}X'", "$select=", "$filter=",
     "$expand=", "OptionSet", "any(", "="]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(["EntityDefinitions", f"{MAILBOX}/Attributes", "sdkmessagefilters", MAILBOX]),
    option=st.sampled_from(["$filter", "$select", "$expand"]),
    words=st.lists(WORDS),
)
def test_hostile_options_of_definitions(dataverse: Dataverse, place: str, option: str, words: list[str]) -> None:
    answer = dataverse.call("GET", f"{place}?{option}={quote(''.join(words))}")

    assert answer.status_code in (200, 400, 501)
    assert answer.json()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(["EntityDefinitions", MAILBOX, f"{MAILBOX}/Attributes(LogicalName='ownerid')"]),
    words=st.lists(WORDS),
)
def test_hostile_paths_of_definitions(dataverse: Dataverse, start: str, words: list[str]) -> None:
    answer = dataverse.call("GET", f"{start}{quote(''.join(words), safe='/')}")

    assert answer.status_code in (200, 400, 404, 501)


def test_the_model_is_whole(dataverse: Dataverse) -> None:
    """Every type, key, set and binding that the CSDL names is defined in it."""
    answer = dataverse.call("GET", "$metadata")
    (schema,) = ET.fromstring(answer.text).iter(f"{EDM}Schema")  # noqa: S314 - the emulator's own document
    defined = {f"{prefix}.{kind.get('Name')}" for kind in schema for prefix in ("mscrm", schema.get("Namespace"))}
    sets = {one.get("Name") for one in schema.iter(f"{EDM}EntitySet")}

    assert answer.headers["Content-Type"] == "application/xml"
    assert {"mailboxes", "emailserverprofiles"} <= sets
    for element in schema.iter():
        for name in ("Type", "BaseType", "EntityType", "Function"):
            kind = element.get(name, "Edm.String").removeprefix("Collection(").removesuffix(")")
            assert kind.startswith("Edm.") or kind in defined, ET.tostring(element)
        if element.tag == f"{EDM}NavigationPropertyBinding":
            assert element.get("Target") in sets
    for entity in schema.iter(f"{EDM}EntityType"):
        own = {one.get("Name") for one in entity.iter(f"{EDM}Property")}
        assert {one.get("Name") for one in entity.iter(f"{EDM}PropertyRef")} <= own
        assert {one.get("Property") for one in entity.iter(f"{EDM}ReferentialConstraint")} <= own


def test_the_model_has_the_properties_of_the_rows(dataverse: Dataverse) -> None:
    (schema,) = ET.fromstring(dataverse.call("GET", "$metadata?annotations=true").text).iter(f"{EDM}Schema")  # noqa: S314 - as above
    types = {one.get("Name"): one for one in schema.iter(f"{EDM}EntityType")}

    row = listed(dataverse, "mailboxes?$top=1")[0]

    mailbox = types["mailbox"]
    assert {one.get("Name") for one in mailbox.iter(f"{EDM}Property")} == row.keys() - {"@odata.etag"}
    navigation = {one.get("Name"): one.get("Type") for one in mailbox.iter(f"{EDM}NavigationProperty")}
    assert navigation["emailserverprofile"] == "mscrm.emailserverprofile"
    assert navigation["ownerid"] == "mscrm.principal"
    assert navigation["regardingobjectid_queue"] == "mscrm.queue"


def test_an_association_is_described_from_both_ends(dataverse: Dataverse) -> None:
    for name in ("role", "systemuser"):
        path = f"EntityDefinitions(LogicalName='{name}')/ManyToManyRelationships?$select=SchemaName,IntersectEntityName"
        (found,) = dataverse.get(path)["value"]
        assert (found["SchemaName"], found["IntersectEntityName"]) == ("systemuserroles_association", "systemuserroles")
