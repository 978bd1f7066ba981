"""What is sent again, how often, how soon, and what is known afterwards."""

import json
import socket
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.deadline import Clock, within
from pulumi_dataverse_email.dataverse.gate import Gate
from pulumi_dataverse_email.dataverse.retry import (
    BASE,
    LONGEST_PAUSE,
    PATIENCE,
    STATUSES,
    TABLE,
    Fate,
    Tries,
    Trouble,
)
from pulumi_dataverse_email.dataverse.transport import Answer as Found
from pulumi_dataverse_email.dataverse.transport import Limits, Request, Transport
from pulumi_dataverse_email.errors import DataverseEmailError, DataverseError, DeadlineExceeded, Failed

from .stub import Answer, Stub, Token

GONE = Request("delete mailboxes(5f0c)", "DELETE", "mailboxes(5f0c)")
ONCE = replace(GONE, method="POST", repeatable=False)


class Restless(Clock):
    """A clock that keeps the pauses it was asked for."""

    def __init__(self, chance: float = 1.0) -> None:
        self.passed = 0.0
        self.pauses: list[float] = []
        self._chance = chance

    def now(self) -> float:
        """Return the pauses so far: nothing else takes time."""
        return self.passed

    def pause(self, seconds: float) -> None:
        """Keep it."""
        self.pauses.append(seconds)
        self.passed += seconds

    def chance(self) -> float:
        """Return the same each time."""
        return self._chance


def answer(status: int, code: str, **headers: str) -> Answer:
    """Return a refusal in Dataverse's form."""
    body = json.dumps({"error": {"code": code, "message": "No."}}).encode()
    return Answer(status, body, {"Content-Type": "application/json", **headers})


def end(stub: Stub, request: Request, clock: Clock | None = None) -> Found | DataverseError:
    """Return the answer or the error in which a request ends."""
    try:
        return Transport(stub.url, Token(), clock=clock or Clock()).send(request)
    except DataverseError as error:
        return error


@pytest.mark.parametrize("request_", [GONE, ONCE], ids=["repeatable", "once"])
@pytest.mark.parametrize(("status", "code"), STATUSES)
def test_each_answer_is_repeated_as_the_table_says(stub: Stub, status: int, code: str, request_: Request) -> None:
    """A request that must not be sent twice is sent again only where it was certainly not carried out."""
    rule = TABLE[STATUSES[status, code]]
    stub.answers = [answer(status, code)]
    found = end(stub, request_)

    repeated = request_.repeatable or rule.fate is Fate.NOT
    assert isinstance(found, DataverseError)
    assert f"HTTP {status}" in found.answer
    assert len(stub.requests) == 1 + (rule.repeats if repeated else 0)
    assert found.uncertain is (repeated and rule.fate is Fate.UNKNOWN)
    ids = {request.headers["x-ms-client-request-id"] for request in stub.requests}
    assert len(ids) == len(stub.requests)


@pytest.mark.parametrize(("status", "code"), STATUSES)
def test_an_answer_says_whether_an_earlier_try_may_have_been_carried_out(stub: Stub, status: int, code: str) -> None:
    stub.answers = [answer(status, code), Answer(204, b"")]
    found = end(stub, GONE)

    assert isinstance(found, Found)
    assert found.uncertain is (TABLE[STATUSES[status, code]].fate is Fate.UNKNOWN)
    assert len(stub.requests) == 2


def test_every_row_of_the_table_has_its_reason() -> None:
    """The table has a row for each trouble, and each ends."""
    assert set(TABLE) == set(Trouble)
    assert all(rule.reason and 1 <= rule.repeats <= 10 for rule in TABLE.values())


def test_a_refused_token_is_replaced_once(stub: Stub) -> None:
    """It expired or was revoked; when the new one is refused as well, so are all."""
    stub.answers = [answer(401, "", **{"WWW-Authenticate": "Bearer error=invalid_token"})]
    end(stub, GONE)

    assert [request.headers["Authorization"] for request in stub.requests] == ["Bearer token", "Bearer newer token"]


def test_pauses_grow_to_a_limit_and_are_spread(stub: Stub) -> None:
    """Full jitter: anything from nothing to twice the former pause, and half a minute at most."""
    stub.answers = [answer(503, "")]
    most, least = Restless(1.0), Restless(0.0)
    end(stub, GONE, most)
    end(stub, GONE, least)

    assert most.pauses == [BASE, 2 * BASE, 4 * BASE, 8 * BASE, 16 * BASE]
    assert least.pauses == []
    assert max(most.pauses) <= LONGEST_PAUSE


def test_a_service_in_trouble_may_say_when_to_come_back(stub: Stub) -> None:
    stub.answers = [answer(503, "", **{"Retry-After": "17"}), Answer(204, b"")]
    clock = Restless()
    end(stub, GONE, clock)

    assert clock.pauses == [17]


def test_patience_ends(stub: Stub) -> None:
    """No further try begins after three minutes of trouble, whatever the service proposes."""
    stub.answers = [answer(503, "", **{"Retry-After": str(PATIENCE)})]
    clock = Restless()

    assert isinstance(end(stub, GONE, clock), Failed)
    assert (len(stub.requests), clock.pauses) == (1, [])


@given(st.lists(st.sampled_from(list(Trouble)), max_size=60), st.floats(0, 1), st.booleans())
def test_tries_are_bounded_in_count_and_time(met: list[Trouble], chance: float, repeatable: bool) -> None:  # noqa: FBT001  given by hypothesis
    """Whatever comes in whatever order."""
    tries = Tries(repeatable=repeatable, clock=Restless(chance))
    pauses = []
    for trouble in met:
        pause = tries.again(trouble, None)
        if pause is None:
            break
        tries.spent += pause
        pauses.append(pause)

    assert sum(pauses) < PATIENCE
    assert len(pauses) <= sum(rule.repeats for rule in TABLE.values())
    assert repeatable or not tries.uncertain


def test_an_operation_ends_with_its_deadline(stub: Stub) -> None:
    """A pause that outlasts the deadline is not begun; the error says how long, and what was met last."""
    stub.answers = [answer(503, "", **{"Retry-After": "61"})]
    clock = Restless()
    with within(60, clock):
        found = end(stub, GONE, clock)

    assert isinstance(found, DeadlineExceeded)
    assert found.answer == "the 60 s for this operation do not suffice, in try 1: HTTP 503 No."
    assert "is not known" in found.advice
    assert clock.pauses == []


def test_all_requests_of_an_operation_share_its_deadline(stub: Stub) -> None:
    stub.answers = [answer(503, "", **{"Retry-After": "25"}), Answer(204, b"")] * 2 + [answer(503, "")]
    clock = Restless()
    with within(60, clock), within(3600, clock):
        ends = [type(end(stub, GONE, clock)) for _ in range(2)]
        clock.pause(9)
        ends.append(type(end(stub, GONE, clock)))

    assert ends == [Found, Found, DeadlineExceeded]


def test_nothing_is_sent_after_the_deadline(stub: Stub) -> None:
    """The requests of an operation that is late already would be carried out behind its back."""
    clock = Restless()
    with within(60, clock):
        clock.pause(60)
        found = end(stub, GONE, clock)

    assert isinstance(found, DeadlineExceeded)
    assert found.answer == "the 60 s for this operation do not suffice, in try 0: none is left for this request"
    assert found.advice.startswith("Nothing was carried out")
    assert stub.requests == []


def test_a_silent_server_holds_nobody_beyond_the_deadline() -> None:
    """The time-outs are cut to what is left, and the outcome is unknown."""
    with socket.create_server(("127.0.0.1", 0)) as silent, within(0.05), pytest.raises(DeadlineExceeded) as caught:
        Transport(f"https://127.0.0.1:{silent.getsockname()[1]}", Token(), limits=Limits(read_timeout=3600)).send(GONE)

    assert caught.value.answer.startswith("the 0.05 s for this operation do not suffice")


def test_outside_of_an_operation_the_settings_bound_each_request(stub: Stub) -> None:
    stub.answers = [answer(503, "", **{"Retry-After": "6"})]
    transport = Transport(stub.url, Token(), limits=Limits(operation_timeout=5), clock=Restless())
    with pytest.raises(DeadlineExceeded, match="the 5 s for this operation do not suffice"):
        transport.send(GONE)


HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "x-ms-dop-hint", "Content-Type", "Date", "REQ_ID", "WWW-Authenticate", "Location"]),
    st.one_of(
        st.integers().map(str),
        st.floats().map(str),
        st.sampled_from(["Wed, 25 Nov 2026 13:00:00 GMT", "Wed, 25 Nov 0000 13:00:00", "text/html", "multipart/mixed"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126)),
    ),
)
BODIES = st.one_of(
    st.binary(max_size=50),
    st.recursive(st.none() | st.integers() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it)).map(
        lambda it: json.dumps(it).encode()
    ),
    st.fixed_dictionaries(
        {"code": st.sampled_from(["0x80044150", "-2147204784", "", "0x80072560"]), "message": st.text()}
    ).map(lambda it: json.dumps({"error": it}).encode()),
)


@given(status=st.integers(200, 599), body=BODIES, headers=HEADERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_answer_ends_in_an_answer_or_an_error_of_ours(
    stub: Stub, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """Never in a stranger's exception, and never without end."""
    stub.requests.clear()
    stub.answers = [Answer(status, b"" if status in {204, 304} else body, headers)]
    transport = Transport(stub.url, Token(), clock=Restless())
    transport.gate = Gate(transport.host)  # what another answer asked for is forgotten
    found: Found | DataverseEmailError
    try:
        found = transport.send(GONE)
    except DataverseEmailError as error:
        found = error
    if isinstance(found, Found):
        assert found.status < 300 or "multipart" in found.headers["Content-Type"].lower()
    assert 1 <= len(stub.requests) <= 11
