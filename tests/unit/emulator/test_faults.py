"""Trouble that `test_control` does not tell of: answers that never come, parts of batches, faults that cannot be."""

from uuid import uuid4

import pytest
import requests

from tests.unit.emulator.batches import batch, change_set, request
from tests.unit.emulator.dataverse import Dataverse

BUSY = {
    "status": 429,
    "headers": {"Retry-After": "7", "Content-Type": "application/json"},
    "body": '{"error": {"code": "0x80072322", "message": "Number of requests exceeded the limit."}}',
}


@pytest.mark.parametrize(("when", "found"), [("before", 404), ("after", 200)])
def test_an_answer_may_never_come(dataverse: Dataverse, when: str, found: int) -> None:
    path = f"emailserverprofiles({uuid4()})"
    dataverse.fail(path=path, when=when, answer={"hang": True})

    with pytest.raises(requests.ReadTimeout):
        dataverse.session.patch(
            f"{dataverse.url}/api/data/v9.2/{path}", json={"name": "A"}, headers=dataverse.headers, timeout=0.5
        )

    assert dataverse.call("GET", path).status_code == found


def test_a_gateway_answers_in_html(dataverse: Dataverse) -> None:
    page = {"status": 502, "headers": {"Content-Type": "text/html"}, "body": "<html><h1>502 Bad Gateway</h1></html>"}
    dataverse.fail(path="WhoAmI", answer=page)

    answer = dataverse.call("GET", "WhoAmI")

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert "Bad Gateway" in answer.text


@pytest.mark.parametrize(("when", "found"), [("before", 404), ("after", 200)])
def test_one_part_of_a_batch_is_throttled(dataverse: Dataverse, when: str, found: int) -> None:
    first, second, third = (f"emailserverprofiles({uuid4()})" for _ in range(3))
    dataverse.fail(method="PATCH", path=second, when=when, answer=BUSY)

    parts = [request("PATCH", path, {"name": "A"}) for path in (first, second, third)]
    answer = batch(dataverse, *parts, Prefer="odata.continue-on-error")

    assert [part.status for part in answer.parts] == [204, 429, 204]
    assert answer.parts[1].headers["Retry-After"] == "7"
    assert "0x80072322" in answer.parts[1].body
    assert [dataverse.call("GET", path).status_code for path in (first, second, third)] == [200, found, 200]


@pytest.mark.parametrize("when", ["before", "after"])
def test_trouble_in_a_change_set_undoes_it_all(dataverse: Dataverse, when: str) -> None:
    first, second = (f"emailserverprofiles({uuid4()})" for _ in range(2))
    dataverse.fail(path=second, when=when, answer={"status": 599, "body": "<html>"})

    batch(
        dataverse,
        change_set(
            request("PATCH", first, {"name": "A"}, content_id="1"),
            request("PATCH", second, {"name": "B"}, content_id="2"),
        ),
    )

    assert [dataverse.call("GET", path).status_code for path in (first, second)] == [404, 404]
    assert dataverse.control("GET", "faults") == []


def test_a_part_may_be_said_to_have_succeeded(dataverse: Dataverse) -> None:
    path = f"emailserverprofiles({uuid4()})"
    dataverse.fail(path=path, answer={"status": 204})

    (part,) = batch(dataverse, request("PATCH", path, {"name": "A"})).parts

    assert part.status == 204
    assert dataverse.call("GET", path).status_code == 404


def test_faults_that_break_connections_pass_parts_over(dataverse: Dataverse) -> None:
    dataverse.fail(path="WhoAmI", answer={"reset": True})

    assert batch(dataverse, request("GET", "WhoAmI")).parts[0].status == 200
    assert len(dataverse.control("GET", "faults")) == 1


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"status": 503, "headers": {"Bad Name": "x"}}, "headers"),
        ({"status": 503, "headers": {"X": "a\r\nb: c"}}, "headers"),
        ({"status": 503, "headers": {"Content-Length": "9"}}, "Content-Length"),
        ({"status": 204, "body": "x"}, "204"),
        ({"hang": False}, "hang"),
        ({"delay": -1}, "delay"),
        ({"delay": 1e300}, "delay"),
    ],
)
def test_an_answer_that_cannot_be_sent_is_refused(dataverse: Dataverse, answer: object, named: str) -> None:
    status, text = dataverse.refused("POST", "faults", {"answer": answer})

    assert status == 400
    assert named in text
