"""Rows as they go over the wire."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import ETAG, AnyOf, Equal, Guid, Link, Row, Secret, Select, Unlink
from pulumi_dataverse_email.errors import DataverseError, NotDataverse, RowChanged, RowExists, RowNotFound
from tests.system.emulated import Dataverse

from .stub import Answer, Stub

ROW = "11111111-1111-4111-8111-111111111111"
PROFILE = "22222222-2222-4222-8222-222222222222"
NAME = Select(("name",))


def page(*rows: dict[str, object], **more: object) -> Answer:
    """Return a page of a collection."""
    return Answer(body=json.dumps({"value": rows, **more}).encode())


def test_a_create_says_that_nothing_may_be_there(client: Client, stub: Stub) -> None:
    """A row is made by PATCH under our own id; a replay meets the row, never makes a twin."""
    client.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 0})

    (request,) = stub.requests
    assert (request.method, request.path) == ("PATCH", f"/api/data/v9.2/emailserverprofiles({ROW})")
    assert request.headers["If-None-Match"] == "*"
    assert "If-Match" not in request.headers
    assert request.body == {"name": "Contoso", "servertype": 0}


def test_an_update_says_that_the_row_must_be_there(client: Client, stub: Stub) -> None:
    """Lookups go as bindings, and null empties them and columns alike."""
    client.update("mailboxes", ROW, {"emailserverprofile": Link("emailserverprofiles", PROFILE), "username": None})
    client.update("mailboxes", ROW, {"emailserverprofile": Unlink()})

    assert [request.headers["If-Match"] for request in stub.requests] == ["*", "*"]
    assert [request.body for request in stub.requests] == [
        {"emailserverprofile@odata.bind": f"/emailserverprofiles({PROFILE})", "username": None},
        {"emailserverprofile@odata.bind": None},
    ]


def test_a_secret_goes_into_the_body_alone(client: Client, stub: Stub) -> None:
    client.update("mailboxes", ROW, {"password": Secret("Str0ng")})

    (request,) = stub.requests
    assert request.body == {"password": "Str0ng"}
    assert "Str0ng" not in request.path + repr(request.headers)


def test_a_version_may_be_asked_for(client: Client, stub: Stub) -> None:
    """What a row that was read has as its version goes back as it came."""
    stub.answers = [Answer(body=b'{"@odata.etag": "W/\\"123\\"", "name": "a"}')]
    row = client.read("mailboxes", ROW, Select(("name",), etag=True))
    version = str(row[ETAG])
    client.update("mailboxes", ROW, {"name": "b"}, etag=version)
    client.delete("mailboxes", ROW, etag=version)

    assert row == {"name": "a", ETAG: 'W/"123"'}
    assert [request.headers.get("If-Match") for request in stub.requests] == [None, 'W/"123"', 'W/"123"']


def test_a_read_names_its_columns(client: Client, stub: Stub) -> None:
    """Only what is asked for is sent; the name of what a lookup points at comes along."""
    found = {
        "name": "Anna",
        "_emailserverprofile_value": PROFILE.upper(),
        "_emailserverprofile_value@OData.Community.Display.V1.FormattedValue": "Contoso",
    }
    stub.answers = [Answer(body=json.dumps(found).encode())]
    row = client.read("mailboxes", ROW, Select(("name", "username"), ("emailserverprofile",)))

    (request,) = stub.requests
    assert request.path == f"/api/data/v9.2/mailboxes({ROW})?$select=name,username,_emailserverprofile_value"
    assert request.headers["Prefer"] == 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
    assert row == {"name": "Anna", "username": None, "emailserverprofile": Link("", PROFILE, "Contoso")}


def test_names_are_asked_for_where_there_are_lookups(client: Client, stub: Stub) -> None:
    """Without lookups, annotations would only make the answer longer."""
    stub.answers = [Answer(body=b'{"name": "a"}')]
    client.read("mailboxes", ROW, NAME)

    assert "Prefer" not in stub.requests[0].headers


def test_a_condition_quotes_its_text(client: Client, stub: Stub) -> None:
    """Quotes, ampersands and letters of any language are text; GUIDs are no text."""
    stub.answers = [page()]
    where = AnyOf([Equal("name", "Anna's & Zoë's #1"), Equal("queueid", Guid(ROW))])
    assert client.find("queues", where, NAME, key="queueid") == []

    (request,) = stub.requests
    path, _, query = request.path.partition("&$filter=")
    assert path == "/api/data/v9.2/queues?$select=queueid,name"
    assert unquote(query) == f"name eq 'Anna''s & Zoë''s #1' or queueid eq {ROW}&$orderby=queueid"
    assert not set(" #'ë") & set(query)


def test_a_row_may_come_with_the_row_that_it_points_at(client: Client, stub: Stub) -> None:
    """An owner and its mailbox are one request."""
    inner = Select(("name",), ("emailserverprofile",))
    stub.answers = [
        page(
            {"systemuserid": "1", "fullname": "Anna", "defaultmailbox": {"name": "Anna's"}},
            {"systemuserid": "2", "fullname": "Ben"},
        )
    ]
    select = Select(("fullname",), expand={"defaultmailbox": inner})
    found = client.find("systemusers", Equal("fullname", "a"), select, key="systemuserid")

    expand = "$expand=defaultmailbox($select=name,_emailserverprofile_value)"
    assert f"?$select=systemuserid,fullname&{expand}&$filter=" in stub.requests[0].path
    assert "include-annotations" in stub.requests[0].headers["Prefer"]
    assert found == [
        {"systemuserid": "1", "fullname": "Anna", "defaultmailbox": {"name": "Anna's", "emailserverprofile": None}},
        {"systemuserid": "2", "fullname": "Ben", "defaultmailbox": None},
    ]


STRANGE: Mapping[str, object] = {"name": {}, "_emailserverprofile_value": 5, "defaultmailbox": [], ETAG: "W/1\r\nA: b"}


@pytest.mark.parametrize("column", STRANGE)
def test_a_strange_column_is_no_dataverse(client: Client, stub: Stub, column: str) -> None:
    """What no column can hold is told, and not taken for a value."""
    select = Select(("name",), ("emailserverprofile",), {"defaultmailbox": NAME}, etag=True)
    row = {"name": "a", ETAG: 'W/"1"'}
    stub.answers = [
        Answer(body=json.dumps(row).encode()),
        Answer(body=json.dumps({**row, column: STRANGE[column]}).encode()),
    ]
    client.read("mailboxes", ROW, select)

    with pytest.raises(NotDataverse, match=re.escape(f"a strange value in {column}")):
        client.read("mailboxes", ROW, select)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>", b"\xff"])
def test_what_is_no_row_is_no_dataverse(client: Client, stub: Stub, body: bytes) -> None:
    """An empty answer is not a row whose columns are all empty."""
    stub.answers = [Answer(body=body)]

    with pytest.raises(NotDataverse, match=f"read mailboxes.{ROW}."):
        client.read("mailboxes", ROW, NAME)


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda it: st.lists(it, max_size=3))
FOUND = st.dictionaries(
    st.sampled_from(["mailboxid", "value", "@odata.nextLink", "name", "_emailserverprofile_value", ETAG]), JSON
)


@given(found=FOUND | JSON, rows=st.lists(FOUND, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # one stub serves all examples
def test_any_answer_is_rows_or_an_error_of_ours(client: Client, stub: Stub, found: object, rows: list[object]) -> None:
    """Whatever a success holds, rows have what rows have, and no stranger's exception comes through."""
    select = Select(("name",), ("emailserverprofile",), etag=True)
    wide = (found | {"value": rows}) if isinstance(found, dict) and rows else found
    stub.answers = [Answer(body=json.dumps(wide).encode())]
    reads: list[Callable[[], list[Row]]] = [
        lambda: [client.read("mailboxes", ROW, select)],
        lambda: client.find("mailboxes", Equal("name", "a"), select, key="mailboxid"),
    ]
    for read in reads:
        try:
            answered = read()
        except DataverseError:
            continue
        for row in answered:
            assert isinstance(row["name"], str | int | float | None)
            assert isinstance(row["emailserverprofile"], Link | None)
            assert isinstance(row[ETAG], str)


def test_every_request_says_who_asks(client: Client, stub: Stub) -> None:
    """Each has the protocol's version and an id of its own, by which the service's log finds it."""
    for _ in range(2):
        client.delete("mailboxes", ROW)

    ids = {str(UUID(request.headers["x-ms-client-request-id"])) for request in stub.requests}
    assert len(ids) == 2
    for request in stub.requests:
        assert request.headers["OData-Version"] == request.headers["OData-MaxVersion"] == "4.0"
        assert request.headers["Accept"] == "application/json"
        assert request.headers["User-Agent"] == "pulumi-dataverse-email"
        assert request.headers["Authorization"] == "Bearer token"


def test_the_organization_says_who_it_is(rows: Client, dataverse: Dataverse) -> None:
    organization = rows.organization()

    assert organization.name == "Contoso"
    assert organization.organization_id == dataverse.control("GET", "organization")["organizationid"]


def test_an_answer_without_an_organization_is_no_dataverse(client: Client, stub: Stub) -> None:
    """Without an id there would be nothing to compare a state with."""
    with pytest.raises(NotDataverse, match="names no organization"):
        client.organization()

    assert len(stub.requests) == 1


def test_a_row_is_made_read_changed_and_deleted(rows: Client, dataverse: Dataverse) -> None:
    """The client and Dataverse mean the same."""
    rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})
    rows.update("emailserverprofiles", ROW, {"incomingportnumber": 443})
    read = rows.read("emailserverprofiles", ROW, Select(("name", "servertype", "incomingportnumber")))
    assert read == {"name": "Contoso", "servertype": 2, "incomingportnumber": 443}

    rows.delete("emailserverprofiles", ROW)
    rows.delete("emailserverprofiles", ROW)
    assert "Contoso" not in dataverse.names("emailserverprofiles")


def test_a_row_is_made_once(rows: Client) -> None:
    """Another row under the same id is refused, not overwritten."""
    rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})
    with pytest.raises(RowExists, match=rf"create emailserverprofiles\({ROW}\): HTTP 412 \(0x80040237\)"):
        rows.create("emailserverprofiles", ROW, {"name": "Twin", "servertype": 2})

    assert rows.read("emailserverprofiles", ROW, NAME) == {"name": "Contoso"}


def test_a_deleted_row_is_not_made_anew(rows: Client, dataverse: Dataverse) -> None:
    """An update of a row that somebody deleted fails and makes none."""
    with pytest.raises(RowNotFound, match=rf"update emailserverprofiles\({ROW}\): HTTP 404"):
        rows.update("emailserverprofiles", ROW, {"name": "Contoso"})
    with pytest.raises(RowNotFound):
        rows.read("emailserverprofiles", ROW, NAME)

    assert len(dataverse.rows("emailserverprofiles")) == 1


def test_a_row_that_changed_meanwhile_is_left_alone(rows: Client) -> None:
    """A version that was read protects what somebody else has written since."""
    rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})
    version = str(rows.read("emailserverprofiles", ROW, Select(("name",), etag=True))[ETAG])
    rows.update("emailserverprofiles", ROW, {"name": "Mine"}, etag=version)
    with pytest.raises(RowChanged, match=rf"update emailserverprofiles\({ROW}\): HTTP 412 \(0x80060882\)"):
        rows.update("emailserverprofiles", ROW, {"name": "Late"}, etag=version)
    with pytest.raises(RowChanged, match=rf"delete emailserverprofiles\({ROW}\): HTTP 412 \(0x80060882\)"):
        rows.delete("emailserverprofiles", ROW, etag=version)

    assert rows.read("emailserverprofiles", ROW, NAME) == {"name": "Mine"}


def test_rows_are_found_whatever_their_case(rows: Client) -> None:
    found = rows.find(
        "systemusers", Equal("domainname", "ANNA@contoso.com"), Select(("domainname",)), key="systemuserid"
    )

    assert [row["domainname"] for row in found] == ["anna@contoso.com"]
