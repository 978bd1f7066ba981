"""One gate for all threads: nobody passes while it is shut, everybody passes in turn, and a person is told."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event, Lock
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.deadline import Clock, Deadline
from pulumi_dataverse_email.dataverse.gate import (
    FEW,
    LONGEST_ASKED,
    MOST,
    SILENT_WAIT,
    Gate,
    Shut,
    Visitor,
    gate_of,
    wait_asked,
)
from pulumi_dataverse_email.dataverse.transport import Limits, Request, Transport
from pulumi_dataverse_email.errors import DeadlineExceeded, Throttled
from tests.system.emulated import Dataverse
from tests.unit.conftest import login

from .stub import Answer, Stub, Token
from .test_retry import Restless, answer

ASK = Request("list mailboxes", "GET", "mailboxes?$select=name&$top=1")
HINT = "x-ms-dop-hint"
DATE = "Wed, 25 Nov 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("17", 17),
        ("0", 0),
        ("1.5", 1.5),
        ("99999999999", LONGEST_ASKED),
        ("Wed, 25 Nov 2026 13:00:40 GMT", 40),
        ("Wed, 25 Nov 2026 12:00:00 GMT", 0),
        ("Wed, 25 Nov 2026 13:00:40", None),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_an_answer_asks_to_wait(asked: str, wait: float | None) -> None:
    """Seconds or a date, which counts from the answer's own; nonsense says nothing."""
    assert wait_asked({"Retry-After": asked, "Date": DATE}) == wait


@given(st.dictionaries(st.sampled_from(["Retry-After", "Date"]), st.text()))
def test_no_header_is_too_absurd(headers: dict[str, str]) -> None:
    wait = wait_asked(headers)

    assert wait is None or 0 <= wait <= LONGEST_ASKED


@given(st.lists(st.one_of(st.text(), st.integers().map(str)), min_size=1))
def test_a_hint_never_stops_everything(hints: list[str]) -> None:
    """Whatever is suggested, one request may always pass."""
    gate = Gate("contoso")
    for hint in hints:
        gate.heard({HINT: hint})
    with gate.passage(visitor()):
        pass


def visitor(seconds: float = 60, told: list[str] | None = None, clock: Clock | None = None) -> Visitor:
    """Return one who has so much time."""
    clock, told = clock or Restless(), [] if told is None else told
    return Visitor(Deadline(clock.now() + seconds, seconds, clock), 300, told.append)


@contextmanager
def inside(gate: Gate, count: int) -> Iterator[None]:
    """Have so many requests under way."""
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(gate.passage(visitor()))
        yield


@pytest.mark.parametrize(
    ("hints", "places"),
    [
        ([], FEW),
        ([""], MOST),
        (["2"], 2),
        (["8", ""], 8),
        (["0"], 1),
        (["1000"], MOST),
        (["many", "-4", "4.5"], MOST),
        (["3", "٤"], 3),
    ],
)
def test_so_many_requests_are_under_way_as_the_service_suggests(hints: list[str], places: int) -> None:
    """Few before the first answer; as many as the published limit where nothing is ever suggested."""
    gate = Gate("contoso")
    for hint in hints:
        gate.heard({HINT: hint} if hint else {})
    with (
        inside(gate, places),
        pytest.raises(Shut, match=f"^{places} requests are under way, no more may be, and 0 wait$"),
        gate.passage(visitor(0)),
    ):
        pass
    with inside(gate, places):
        pass


def test_a_longer_wait_is_not_cut_short() -> None:
    """What a late answer asks for does not undo what an earlier one asked for."""
    gate, clock = Gate("contoso"), Restless()
    gate.shut(20, "first", 0)
    gate.shut(5, "second", 0)
    with gate.passage(visitor(clock=clock)):
        pass

    assert clock.passed == 20


def test_a_person_is_told_once_for_all_threads() -> None:
    """How long and why; a short wait is over before it is read."""
    gate, told = Gate("contoso"), list[str]()
    for seconds in (4.0, 30.0):
        gate.shut(seconds, "Number of requests exceeded the limit.", 0)
        for _ in range(3):
            with gate.passage(visitor(told=told, clock=Restless())):
                pass

    assert told == ["contoso asks to wait 30 s, and all requests wait: Number of requests exceeded the limit."]


def test_all_instances_share_the_gate_of_their_host(stub: Stub) -> None:
    """Provider instances and kinds have a transport each; what one of them is told counts for all."""
    one, other = (Transport(stub.url, Token()) for _ in range(2))

    assert one.gate is other.gate is gate_of(one.host)
    assert one.gate is not gate_of("elsewhere")


def test_nobody_asks_while_it_is_shut(stub: Stub) -> None:
    """A second provider instance waits for what the first was told."""
    clock = Restless()
    stub.answers = [answer(429, "0x80072322", **{"Retry-After": "40"}), Answer()]
    one, other = (Transport(stub.url, Token(), clock=clock, limits=Limits(longest_wait=30)) for _ in range(2))
    for transport in (one, other):
        with pytest.raises(Throttled, match="asks to wait 40 s, and longestWait allows 30") as caught:
            transport.send(ASK)
        assert caught.value.retry_after == 40
    assert (len(stub.requests), clock.pauses) == (1, [])
    clock.pause(10)
    other.send(ASK)

    assert clock.passed == 40


@pytest.mark.parametrize(("header", "waited"), [({}, SILENT_WAIT), ({"Retry-After": "7"}, 7)])
def test_a_refused_request_comes_again_when_it_may(stub: Stub, header: dict[str, str], waited: float) -> None:
    clock = Restless()
    stub.answers = [answer(429, "0x80072322", **header), Answer()]
    found = Transport(stub.url, Token(), clock=clock).send(ASK)

    assert (found.status, found.uncertain, clock.pauses) == (200, False, [waited])


def test_a_part_of_a_batch_speaks_for_all(stub: Stub) -> None:
    clock = Restless()
    transport = Transport(stub.url, Token(), clock=clock)
    found = transport.send(ASK)
    transport.throttled(ASK, type(found)(429, {"Retry-After": "12"}, b""))
    transport.send(ASK)

    assert clock.pauses == [12]


def test_waiting_ends_with_the_deadline(stub: Stub) -> None:
    """Who cannot live to see the gate open is told at once, and that nothing was sent."""
    clock = Restless()
    transport = Transport(stub.url, Token(), clock=clock, limits=Limits(operation_timeout=5))
    transport.gate.shut(9, "Too many.", 0)
    says = r"the 5 s .* in try 0: the wait of 9 s would outlast it: Too many.\nNothing was carried out"
    with pytest.raises(DeadlineExceeded, match=says) as caught:
        transport.send(ASK)

    assert (caught.value.uncertain, stub.requests, clock.pauses) == (False, [], [])


def queued(gate: Gate, count: int) -> None:
    """Return once so many wait for their turn."""
    while gate.waiting < count:
        Event().wait(0.001)


def test_places_are_given_in_the_order_of_asking() -> None:
    """First come, first served; but who was refused comes before all who have not tried."""
    gate, order = Gate("contoso"), list[int]()
    gate.heard({HINT: "1"})

    def go(number: int, *, again: bool) -> None:
        with gate.passage(visitor(), again=again):
            order.append(number)

    with ThreadPoolExecutor() as threads, gate.passage(visitor()):
        for number, again in enumerate([False, False, False, True]):
            threads.submit(go, number, again=again)
            queued(gate, number + 1)

    assert order == [3, 0, 1, 2]


class Lockstep(Clock):
    """A clock that the emulator goes by as well: a pause moves both."""

    def __init__(self, dataverse: Dataverse) -> None:
        self.moves = 0
        self.ahead = 0.0
        self._dataverse = dataverse
        self._lock = Lock()

    def now(self) -> float:
        """Return the machine's time and all pauses."""
        return monotonic() + self.ahead

    def pause(self, seconds: float) -> None:
        """Move on, unless another thread's pause has done it."""
        end = self.now() + seconds
        with self._lock:
            if (gap := end - self.now()) > 0:
                self._dataverse.control("POST", "clock", {"advance": gap})
                self.ahead += gap
                self.moves += 1


def test_32_threads_share_what_the_service_allows(dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch) -> None:
    """All finish, nobody starves, and once one is refused only those ask that are under way already."""
    monkeypatch.setattr("pulumi_dataverse_email.dataverse.gate._gates", {})  # the others' clock is another one
    url, token, clock, done = dataverse.settings["DATAVERSE_URL"], login(dataverse), Lockstep(dataverse), list[int]()
    dataverse.control("PUT", "limits", {"requests": 10, "window_seconds": 60, "dop_hint": FEW})

    def work(number: int) -> None:
        transport = Transport(url, token, clock=clock)
        for _ in range(3):
            transport.send(ASK)
            done.append(number)

    gate = Transport(url, token).gate
    with ThreadPoolExecutor(32) as threads:
        with inside(gate, FEW):
            ends = [threads.submit(work, number) for number in range(32)]
            queued(gate, 32)
        for each in ends:
            each.result()

    statuses = Counter(entry["status"] for entry in dataverse.control("GET", "requests") if "mailboxes" in entry["url"])
    assert statuses[200] == len(done) == 3 * 32
    windows = clock.ahead / 60  # a busy machine makes more pauses of it, and no longer ones
    assert 8 <= windows <= 20
    assert statuses[429] <= FEW * clock.moves
    thrice = next(at for at, number in enumerate(done) if done[:at].count(number) == 2)
    assert set(done[:thrice]) == set(range(32))
