"""Service protection: nothing is counted until a test asks for it, and then everything is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.batches import batch, request
from tests.unit.emulator.dataverse import Dataverse

LEFT = "x-ms-ratelimit-burst-remaining-xrm-requests"


def _throttled(dataverse: Dataverse) -> tuple[int, str, int]:
    answer = dataverse.call("GET", "WhoAmI")
    return answer.status_code, answer.json()["error"]["code"], int(answer.headers["Retry-After"])


def test_nothing_is_counted_by_itself(dataverse: Dataverse) -> None:
    assert LEFT not in dataverse.call("GET", "WhoAmI").headers
    assert dataverse.control("GET", "limits") == {"limits": None, "users": {}}


def test_the_published_limits_are_the_defaults(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {})

    headers = dataverse.call("GET", "WhoAmI").headers
    assert headers[LEFT] == "5999"
    assert headers["x-ms-ratelimit-time-remaining-xrm-requests"] == "1,200.00"
    assert headers["x-ms-dop-hint"] == "4"


def test_a_request_too_many_is_told_when_to_come_back(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {"requests": 3})
    for _ in range(3):
        dataverse.get("WhoAmI")

    answer = dataverse.call("GET", "WhoAmI")

    text = "Number of requests exceeded the limit of 3 over time window of 300 seconds."
    assert (answer.status_code, answer.json()["error"]) == (429, {"code": "0x80072322", "message": text})
    dataverse.advance(int(answer.headers["Retry-After"]))
    assert dataverse.call("GET", "WhoAmI").status_code == 200


def test_who_keeps_on_pushing_waits_longer(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {"requests": 1})
    dataverse.get("WhoAmI")

    first, *_, last = [_throttled(dataverse)[2] for _ in range(5)]

    assert last > first


def test_the_time_of_all_requests_together_is_limited(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {"execution_seconds": 0.000001})
    dataverse.get("WhoAmI")

    answer = dataverse.call("GET", "WhoAmI")

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "0x80072321")
    assert answer.json()["error"]["message"].startswith("Combined execution time of incoming requests exceeded limit")
    dataverse.advance(int(answer.headers["Retry-After"]))
    assert dataverse.call("GET", "WhoAmI").status_code == 200


def test_requests_under_way_are_limited() -> None:
    with ThreadPoolExecutor(1) as pool, running() as emulator:
        dataverse, other = Dataverse(emulator), Dataverse(emulator)
        dataverse.control("PUT", "limits", {"concurrent": 1})
        dataverse.fail(path="WhoAmI", answer={"hang": True})
        hanging = pool.submit(other.call, "GET", "WhoAmI")
        while not any(user["concurrent"] for user in dataverse.control("GET", "limits")["users"].values()):
            pass

        status, code, _ = _throttled(dataverse)

        dataverse.session.close()
        assert (status, code) == (429, "0x80072326")
        assert not hanging.done()


def test_a_batch_is_one_request(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {"requests": 2})

    batch(dataverse, *[request("GET", "WhoAmI")] * 5)

    assert dataverse.call("GET", "WhoAmI").headers[LEFT] == "0"


def test_each_user_has_limits_of_its_own(dataverse: Dataverse) -> None:
    client_id = "00000000-0000-4000-8000-00000000cccc"
    dataverse.control("PUT", f"applications/{client_id}", {"secret": "x", "roles": ["System Administrator"]})
    token = dataverse.token(client_id=client_id, client_secret="x").json()["access_token"]
    dataverse.control("PUT", "limits", {"requests": 1})
    dataverse.get("WhoAmI")

    assert dataverse.call("GET", "WhoAmI").status_code == 429
    assert dataverse.call("GET", "WhoAmI", Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("DELETE", "limits"), ("POST", "reset")])
def test_limits_can_be_lifted(dataverse: Dataverse, method: str, path: str) -> None:
    dataverse.control("PUT", "limits", {"requests": 1})
    dataverse.get("WhoAmI")

    dataverse.control(method, path)

    assert dataverse.call("GET", "WhoAmI").status_code == 200


def test_tokens_are_had_and_refused_as_ever(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {"requests": 1})
    dataverse.get("WhoAmI")

    assert dataverse.token().status_code == 200
    assert dataverse.call("GET", "WhoAmI", Authorization="Bearer x.y.z").status_code == 401


def test_a_throttled_request_is_in_the_log(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "limits", {"requests": 1})
    dataverse.control("DELETE", "requests")

    for _ in range(2):
        dataverse.call("GET", "WhoAmI")

    assert [entry["status"] for entry in dataverse.control("GET", "requests")] == [200, 429]


@pytest.mark.parametrize("body", [{"requests": 0}, {"requests": "6000"}, {"request": 1}, {"window_seconds": 0}, []])
def test_limits_that_make_no_sense_are_refused(dataverse: Dataverse, body: object) -> None:
    assert dataverse.refused("PUT", "limits", body)[0] == 400


def test_a_client_that_hangs_ends_with_the_emulator() -> None:
    with ThreadPoolExecutor(1) as pool:
        with running() as emulator:
            dataverse, other = Dataverse(emulator), Dataverse(emulator)
            dataverse.fail(path="WhoAmI", answer={"hang": True})
            hanging = pool.submit(other.call, "GET", "WhoAmI")
            while dataverse.control("GET", "faults"):
                pass
            dataverse.session.close()

        with pytest.raises(requests.ConnectionError):
            hanging.result()
