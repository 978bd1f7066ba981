"""Rows as they go over the wire."""

import json
from urllib.parse import unquote
from uuid import UUID

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Guid, Link, Select, Unlink
from pulumi_dataverse_email.errors import NotDataverse, RowExists, RowNotFound
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


def test_a_read_names_its_columns(client: Client, stub: Stub) -> None:
    """Only what is asked for is sent; the name of what a lookup points at comes along."""
    stub.answers = [
        Answer(
            body=json.dumps(
                {
                    "name": "Anna",
                    "_emailserverprofile_value": PROFILE.upper(),
                    "_emailserverprofile_value@OData.Community.Display.V1.FormattedValue": "Contoso",
                }
            ).encode()
        )
    ]
    row = client.read("mailboxes", ROW, Select(("name", "username"), ("emailserverprofile",)))

    (request,) = stub.requests
    assert request.path == f"/api/data/v9.2/mailboxes({ROW})?$select=name,username,_emailserverprofile_value"
    assert request.headers["Prefer"] == 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
    assert row == {"name": "Anna", "username": None, "emailserverprofile": Link("", PROFILE, "Contoso")}


def test_a_condition_quotes_its_text(client: Client, stub: Stub) -> None:
    """Quotes, ampersands and letters of any language are text; GUIDs are no text."""
    stub.answers = [page()]
    client.find("queues", [("name", "Anna's & Zoë's #1"), ("queueid", Guid(ROW))], NAME)

    (request,) = stub.requests
    path, _, query = request.path.partition("&$filter=")
    assert path == "/api/data/v9.2/queues?$select=name"
    assert unquote(query) == f"name eq 'Anna''s & Zoë''s #1' or queueid eq {ROW}"
    assert not set("& #'ë") & set(query)


def test_a_row_may_come_with_the_row_that_it_points_at(client: Client, stub: Stub) -> None:
    """An owner and its mailbox are one request."""
    inner = Select(("name",), ("emailserverprofile",))
    stub.answers = [page({"fullname": "Anna", "defaultmailbox": {"name": "Anna's"}}, {"fullname": "Ben"})]
    found = client.find("systemusers", [("fullname", "a")], Select(("fullname",), expand={"defaultmailbox": inner}))

    expand = "$expand=defaultmailbox($select=name,_emailserverprofile_value)"
    assert f"?$select=fullname&{expand}&$filter=" in stub.requests[0].path
    assert found == [
        {"fullname": "Anna", "defaultmailbox": {"name": "Anna's", "emailserverprofile": None}},
        {"fullname": "Ben", "defaultmailbox": None},
    ]


def test_pages_are_followed_to_the_last(client: Client, stub: Stub) -> None:
    stub.answers = [
        page({"name": "a"}, **{"@odata.nextLink": f"{stub.url}/api/data/v9.2/queues?$skiptoken=x%20y"}),
        page({"name": "b"}),
    ]

    assert client.find("queues", [("name", "a")], NAME) == [{"name": "a"}, {"name": "b"}]
    assert stub.requests[1].path == "/api/data/v9.2/queues?$skiptoken=x%20y"


def test_an_answer_without_rows_has_none(client: Client, stub: Stub) -> None:
    assert client.find("queues", [("name", "a")], NAME) == []
    assert len(stub.requests) == 1


def test_every_request_says_who_asks(client: Client, stub: Stub) -> None:
    """Each has the protocol's version and an id of its own, by which the service's log finds it."""
    client.read("mailboxes", ROW, NAME)
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


def test_a_lost_answer_makes_no_twin(rows: Client, dataverse: Dataverse) -> None:
    """The connection broke after the write: the replay finds it done."""
    dataverse.fault("emailserverprofiles", {"reset": True}, method="PATCH", when="after")
    with pytest.raises(RowExists):
        rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})

    assert dataverse.names("emailserverprofiles").count("Contoso") == 1
    assert dataverse.writes() == ["PATCH emailserverprofiles"] * 2


def test_rows_are_found_whatever_their_case(rows: Client) -> None:
    found = rows.find("systemusers", [("domainname", "ANNA@contoso.com")], Select(("domainname",)))

    assert found == [{"domainname": "anna@contoso.com"}]
