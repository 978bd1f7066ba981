"""Lists: pages, their order, and each row once."""

import json
from collections.abc import Iterator

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import AllOf, AnyOf, Condition, Equal, OneOf, Select
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.emulator import running
from pulumi_dataverse_email.errors import NotDataverse
from tests.system.emulated import CROWD, Dataverse
from tests.unit.conftest import login

from .stub import Answer, Stub

NAME = Select(("name",))
MAILBOXES = 10_000


def page(*names: str, **more: object) -> Answer:
    """Return a page of queues."""
    return Answer(body=json.dumps({"value": [{"queueid": name, "name": name} for name in names], **more}).encode())


def names(client: Client, where: Condition | None = None, **options: int) -> list[object]:
    """Return the names of the queues that the client lists."""
    return [row["name"] for row in client.list("queues", NAME, key="queueid", where=where, **options)]


def test_pages_are_followed_to_the_last(client: Client, stub: Stub) -> None:
    """A link goes out as it came, with the same preferences; only the host is always our own."""
    link = "https://elsewhere.invalid/api/data/v9.2/queues?$skiptoken=x%20y&a=%3C"
    stub.answers = [page("a", **{"@odata.nextLink": link}), page("b")]

    assert names(client, page_size=1) == ["a", "b"]
    assert [request.path for request in stub.requests] == [
        "/api/data/v9.2/queues?$select=queueid,name&$orderby=queueid",
        "/api/data/v9.2/queues?$skiptoken=x%20y&a=%3C",
    ]
    assert [request.headers["Prefer"] for request in stub.requests] == ["odata.maxpagesize=1"] * 2


def test_a_page_is_asked_for_when_it_is_needed(client: Client, stub: Stub) -> None:
    stub.answers = [page("a", "b", **{"@odata.nextLink": f"{stub.url}/api/data/v9.2/queues?2"}), page("c")]
    rows = client.list("queues", NAME, key="queueid")

    assert [next(rows)["name"], next(rows)["name"], len(stub.requests)] == ["a", "b", 1]


def test_a_row_that_comes_again_is_passed_over(client: Client, stub: Stub) -> None:
    """Somebody may make and delete rows while pages are read."""
    stub.answers = [page("a", "b", **{"@odata.nextLink": f"{stub.url}/api/data/v9.2/queues?2"}), page("b", "c")]

    assert names(client) == ["a", "b", "c"]


def test_pages_in_a_circle_are_told(client: Client, stub: Stub) -> None:
    stub.answers = [page("a", **{"@odata.nextLink": f"{stub.url}/api/data/v9.2/queues?2"})]

    with pytest.raises(NotDataverse, match="list queues: a page names one as the next that came before"):
        names(client)
    assert len(stub.requests) == 2


def test_what_nothing_can_meet_costs_no_request(client: Client, stub: Stub) -> None:
    assert names(client, OneOf("name", [])) == []
    assert stub.requests == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": None},
        {"value": {}},
        {"value": [1]},
        {"value": [None]},
        {"value": [{}]},
        {"value": [{"name": "a"}]},
        {"value": [], "@odata.nextLink": 5},
        {"value": [], "@odata.nextLink": "/api/data/v9.2/queues?2"},
        {"value": [], "@odata.nextLink": "https://[/api/data/v9.2/queues?2"},
        {"value": [], "@odata.nextLink": "https://localhost/elsewhere"},
        {"value": [], "@odata.nextLink": "https://localhost/api/data/v9.2/queues?\r\n"},
    ],
    ids=str,
)
def test_what_is_no_page_is_no_dataverse(client: Client, stub: Stub, body: object) -> None:
    """An answer without rows is not an empty list: whoever adopts or deletes by it would err."""
    stub.answers = [Answer(body=json.dumps(body).encode())]

    with pytest.raises(NotDataverse, match="list queues: the answer"):
        names(client)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataverse]:
    """An environment of many mailboxes."""
    seed = tmp_path_factory.mktemp("seed") / "seed.yaml"
    seed.write_text(CROWD.format(MAILBOXES))
    with running(seed_file=seed) as emulator:
        yield Dataverse(emulator.environment)


@pytest.fixture
def many(crowd: Dataverse, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of that environment."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", crowd.settings["REQUESTS_CA_BUNDLE"])
    crowd.forget_requests()
    return Client(Transport(crowd.settings["DATAVERSE_URL"], login(crowd)))


def test_many_rows_are_listed_whole(many: Client, crowd: Dataverse) -> None:
    """Ten thousand and one hundred mailboxes are three requests, ordered by their ids."""
    ids = [str(row["mailboxid"]) for row in many.list("mailboxes", NAME, key="mailboxid")]

    assert len(ids) == len(set(ids)) >= MAILBOXES
    assert crowd.data_requests() == ["GET mailboxes"] * -(-len(ids) // 5_000)


def test_a_count_is_exact(many: Client) -> None:
    """The service's own count ends at five thousand."""
    persons = Equal("isforwardmailbox", value=False)

    assert many.count("mailboxes", key="mailboxid") >= MAILBOXES
    assert many.count("mailboxes", persons, key="mailboxid") >= MAILBOXES
    assert many.count("mailboxes", Equal("name", "nobody"), key="mailboxid") == 0


def test_many_values_are_found_in_several_requests(many: Client, crowd: Dataverse) -> None:
    """Six hundred addresses are more conditions than one request may hold."""
    addresses = [f"person{number}@contoso.com" for number in range(1, 601)]
    where = AllOf([Equal("isforwardmailbox", value=False), OneOf("emailaddress", addresses)])
    found = many.find("mailboxes", where, Select(("emailaddress",)), key="mailboxid")

    assert {row["emailaddress"] for row in found} == set(addresses)
    assert crowd.data_requests() == ["GET mailboxes"] * 2


def test_a_row_that_meets_two_conditions_is_found_once(many: Client, crowd: Dataverse) -> None:
    """Also where the conditions stand in two requests."""
    names = OneOf("name", [f"Person {number}" for number in range(1, 500)])
    addresses = OneOf("emailaddress", [f"person{number}@contoso.com" for number in range(1, 500)])
    found = many.find("mailboxes", AnyOf([names, addresses]), NAME, key="mailboxid")

    assert len(found) == 499
    assert len(crowd.data_requests()) > 1
