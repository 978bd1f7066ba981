"""What public clients do when they read and write, and expect to be met."""

import json
import ssl
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse, Json

USUAL = {
    "Accept": "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "If-None-Match": "null",
    "Consistency": "Strong",
    "MSCRM.SuppressDuplicateDetection": "false",
    "x-ms-client-request-id": NOBODY,
}


def _raw(dataverse: Dataverse, target: str, **headers: str) -> Json:
    """Send a request line as it stands, which HTTP libraries would tidy up."""
    context = ssl.create_default_context(cafile=dataverse.settings["REQUESTS_CA_BUNDLE"])
    address = urlsplit(dataverse.url)
    connection = HTTPSConnection(str(address.hostname), address.port, context=context, timeout=30)
    try:
        connection.request("GET", f"/api/data/v9.2/{target}", headers={**dataverse.headers, **headers})
        found: Json = json.loads(connection.getresponse().read())
        return found
    finally:
        connection.close()


def test_the_usual_headers_change_nothing(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    assert dataverse.call("GET", path, **USUAL).status_code == 200
    assert dataverse.call("PATCH", path, {"username": "a"}, **USUAL, If_Match="*").status_code == 204
    assert dataverse.call("DELETE", f"{path}/username", **USUAL).status_code == 204


def test_the_address_of_a_row_ends_with_its_key(dataverse: Dataverse) -> None:
    for method, path in (("POST", "queues"), ("PATCH", f"queues({NOBODY})")):
        url = dataverse.call(method, path, {"name": "A"}).headers["OData-EntityId"]
        assert url.startswith(f"{dataverse.url}/api/data/v9.2/queues(")
        assert url.endswith(")")


def test_a_link_to_the_next_page_begins_with_the_host_that_was_asked(dataverse: Dataverse) -> None:
    host = f"localhost:{dataverse.url.rpartition(':')[2]}"
    token = dataverse.token(scope=f"https://{host}/.default").json()["access_token"]

    page = dataverse.get("mailboxes", Prefer="odata.maxpagesize=1", Host=host, Authorization=f"Bearer {token}")

    assert page["@odata.nextLink"].startswith(f"https://{host}/api/data/v9.2/mailboxes?")


def test_a_number_sign_may_stand_unencoded_in_a_value(dataverse: Dataverse) -> None:
    found = _raw(dataverse, "mailboxes?$select=name&$filter=startswith(name,'%23%20pul')".replace("%23", "#"))

    assert [row["name"] for row in found["value"]] == ["# pulumi-dataverse-email"]


@pytest.mark.parametrize("values", ['["Sales"]', "['Sales']", '["Sales","x"]', "[ 'Sales' , 'x' ]"])
def test_lists_of_values_come_in_either_quotes(dataverse: Dataverse, values: str) -> None:
    condition = f"Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues={values})"

    assert dataverse.names(f"mailboxes?$filter={condition}") == ["Sales"]


@pytest.mark.parametrize("annotations", ['"*"', "*", '"OData.Community.Display.V1.FormattedValue"'])
def test_annotations_are_asked_for_with_and_without_quotes(dataverse: Dataverse, annotations: str) -> None:
    prefer = f"odata.include-annotations={annotations}"

    row = dataverse.get("mailboxes?$select=isforwardmailbox&$top=1", Prefer=prefer)["value"][0]

    assert row["isforwardmailbox@OData.Community.Display.V1.FormattedValue"] == "No"


def test_a_guid_may_stand_in_quotes(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)["mailboxid"]

    for condition in (f"mailboxid eq '{mailbox}'", f"mailboxid eq {mailbox.upper()}", f"'{mailbox}' eq mailboxid"):
        assert dataverse.names(f"mailboxes?$filter={condition}") == ["Anna Weber"]


def test_a_whole_number_may_be_written_as_a_fraction(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", name="A", incomingportnumber=443.0)

    assert dataverse.get(f"emailserverprofiles({profile})")["incomingportnumber"] == 443
    assert dataverse.names("emailserverprofiles?$filter=incomingportnumber eq 443.0") == ["A"]
    answer = dataverse.call("PUT", f"emailserverprofiles({profile})/incomingportnumber", {"value": 993.0})
    assert answer.status_code == 204


def test_a_link_is_made_without_content_even_where_it_is_preferred(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", name="A")
    path = f"emailserverprofiles({profile})/emailserverprofile_mailbox/$ref"
    body = {"@odata.id": f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"}

    answer = dataverse.call("POST", path, body, Prefer="return=representation")

    assert (answer.status_code, answer.content) == (204, b"")


def test_an_update_may_be_asked_for_by_both_conditions(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    answer = dataverse.call("PATCH", path, {"username": "a"}, If_Match="*", If_None_Match="null")

    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "nonesuch"), ("TRACE", "mailboxes"), ("PUT", "mailboxes"), ("GET", "mailboxes?$filter=("),
     ("GET", "mailboxes?" + "x" * 40_000), ("GET", "//"), ("DELETE", "WhoAmI"), ("OPTIONS", "mailboxes")],
)  # fmt: skip
def test_every_refusal_is_json(dataverse: Dataverse, method: str, path: str) -> None:
    answer = dataverse.call(method, path)

    assert answer.status_code >= 400
    assert answer.json()["error"]["message"]
