"""Many reads in one run: a few go alone, the rest share a list, and what this process wrote is read anew."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import Update
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.emulator import running
from pulumi_dataverse_email.engine import read_ahead
from pulumi_dataverse_email.engine.read import read
from pulumi_dataverse_email.engine.read_ahead import SINGLES
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.errors import Forbidden
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.system.emulated import CROWD, Dataverse
from tests.unit.conftest import login

from .mailbox import METHODS, NOBODY
from .stack import HOST, Warnings

MAILBOX, PROFILE = TABLE_KINDS["Mailbox"], TABLE_KINDS["EmailServerProfile"]
MANY = 1_000
PAGE = 5_000
MAILBOXES = PAGE + 100
SINGLE, LIST = "one mailbox", "a page of mailboxes"


@pytest.fixture(scope="module")
def _crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataverse]:
    seed = tmp_path_factory.mktemp("seed") / "seed.yaml"
    seed.write_text(CROWD.format(MAILBOXES))
    with running(seed_file=seed) as emulator:
        yield Dataverse(emulator.environment)


@pytest.fixture
def crowd(_crowd: Dataverse, monkeypatch: pytest.MonkeyPatch) -> Dataverse:
    """An environment whose mailboxes fill a page and a little more; its costs are forgotten."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", _crowd.settings["REQUESTS_CA_BUNDLE"])
    _crowd.forget_requests()
    return _crowd


@pytest.fixture
def run(crowd: Dataverse) -> Run:
    """A run in that environment."""
    return started(Client(Transport(crowd.settings["DATAVERSE_URL"], login(crowd))))


@pytest.fixture(scope="module")
def ids(_crowd: Dataverse) -> list[str]:
    """The mailboxes in the order of a list."""
    return sorted(row["mailboxid"] for row in _crowd.rows("mailboxes"))


def started(rows: Client) -> Run:
    """Start a run."""
    return Run(Target(HOST, None, lambda: rows), Warnings())


def refreshed(run: Run, row_id: str, **stated: object) -> dict[str, Any]:
    """Return the outputs after a refresh of a mailbox whose program states that, and the three methods."""
    found = read(MAILBOX, run, row_id, {"user": "x", **METHODS, **stated})
    assert found is not None, row_id
    return found[0]


def asked(dataverse: Dataverse) -> list[str]:
    """Return what was read of mailboxes."""
    urls = [it["url"] for it in dataverse.requests() if it["method"] == "GET" and "/mailboxes" in it["url"]]
    return [SINGLE if "/mailboxes(" in url else LIST for url in urls]


@pytest.mark.parametrize("threads", [1, 4, 32])
def test_a_refresh_of_a_thousand_costs_25_requests(
    crowd: Dataverse, run: Run, ids: Sequence[str], threads: int
) -> None:
    """However many threads ask: twenty reads, and one list; and each gets its own row."""
    wanted = ids[:: len(ids) // MANY][:MANY]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda it: refreshed(run, it), wanted))
    assert len(crowd.data_requests()) <= 25
    assert asked(crowd).count(SINGLE) == SINGLES

    addresses = {row["mailboxid"]: row["emailaddress"] for row in crowd.rows("mailboxes")}
    assert [outputs.get("current_email_address") for outputs in found] == [addresses[it] for it in wanted]


def test_a_refresh_of_a_few_lists_nothing(crowd: Dataverse, run: Run, ids: Sequence[str]) -> None:
    for row_id in ids[:SINGLES]:
        refreshed(run, row_id)

    assert asked(crowd) == [SINGLE] * SINGLES


def test_a_list_is_read_only_as_far_as_it_is_needed(crowd: Dataverse, run: Run, ids: Sequence[str]) -> None:
    """One page brings what is on it; the next is asked for by whoever is not."""
    for row_id in ids[: SINGLES + 5]:
        refreshed(run, row_id)
    assert asked(crowd)[SINGLES:] == [LIST]
    refreshed(run, ids[-1])

    assert asked(crowd)[SINGLES:] == [LIST, LIST]


def test_a_list_brings_what_a_single_read_does(
    rows: Client, dataverse: Dataverse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a mailbox states: the same outputs and inputs."""
    profile = dataverse.make("emailserverprofiles", name="Other")["emailserverprofileid"]
    anna = dataverse.edit(
        "mailboxes", dataverse.anna(), username="anna", password="x", _emailserverprofile_value=profile
    )
    kinds = {name: column for name, column in MAILBOX.columns.items() if not column.secret}
    olds = {"user": "x", "password": "y", **dict.fromkeys(kinds, "something else")}
    alone = read(MAILBOX, started(rows), anna["mailboxid"], olds)
    monkeypatch.setattr(read_ahead, "SINGLES", 0)

    assert read(MAILBOX, started(rows), anna["mailboxid"], olds) == alone


def test_a_row_that_the_list_lacks_is_gone_only_if_it_says_so_itself(
    crowd: Dataverse, run: Run, ids: Sequence[str]
) -> None:
    """It may have come since the list was read, or be out of the list for a reason that nobody knows."""
    for row_id in ids[: SINGLES + 1]:
        refreshed(run, row_id)
    crowd.forget_requests()

    assert read(MAILBOX, run, NOBODY, {"user": "x"}) is None
    assert asked(crowd) == [LIST, SINGLE]
    assert read(MAILBOX, run, NOBODY, {"user": "x"}) is None
    assert asked(crowd) == [LIST, SINGLE, SINGLE]


def test_a_list_that_fails_leaves_the_rest_to_single_reads(crowd: Dataverse, run: Run, ids: Sequence[str]) -> None:
    """A refresh never fails for a request that it could do without; nor is that one tried again and again."""
    for row_id in ids[:SINGLES]:
        refreshed(run, row_id)
    crowd.fault("/mailboxes", {"status": 400, "body": "{}"}, method="GET")
    for row_id in ids[SINGLES : SINGLES + 3]:
        refreshed(run, row_id)

    assert asked(crowd)[SINGLES:] == [LIST, SINGLE, SINGLE, SINGLE]


def test_where_nothing_may_be_read_each_resource_says_so(crowd: Dataverse, run: Run, ids: Sequence[str]) -> None:
    for row_id in ids[:SINGLES]:
        refreshed(run, row_id)
    crowd.fault("/mailboxes", {"status": 403, "body": "{}"}, method="GET", times=2)

    with pytest.raises(Forbidden, match=rf"read mailboxes\({ids[-1]}\)"):
        refreshed(run, ids[-1])


def test_no_more_rows_are_kept_than_the_memory_allows(
    crowd: Dataverse, run: Run, ids: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes beyond is read alone, and each row that was asked for makes room for another."""
    monkeypatch.setattr(read_ahead, "SINGLES", 0)
    monkeypatch.setattr(read_ahead, "MOST", 2)
    for row_id in (ids[2], ids[0], ids[2], ids[1]):
        refreshed(run, row_id)

    assert asked(crowd) == [LIST, SINGLE]


def test_what_was_deleted_or_made_anew_is_read_anew(rows: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory still has the rows as the list brought them."""
    monkeypatch.setattr(read_ahead, "SINGLES", 0)
    run, profiles, (gone, anew) = started(rows), PROFILE.table.entity_set, (str(uuid4()), str(uuid4()))
    for row_id in (gone, anew):
        rows.create(profiles, row_id, {"name": f"Profile {row_id}", "servertype": 2})
    assert read(PROFILE, run, NOBODY, {}) is None, "the list ends where the last row is"
    for row_id in (gone, anew):
        run.rows().delete(profiles, row_id)
    run.rows().create(profiles, anew, {"name": "made anew", "servertype": 2})

    assert read(PROFILE, run, gone, {}) is None
    assert (read(PROFILE, run, anew, {"name": "?"}) or ({}, {}))[1]["name"] == "made anew"


STEPS = some.tuples(some.sampled_from(["read", "read", "update", "batch"]), some.integers(0, 4), some.integers(0, 9))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=some.lists(STEPS, min_size=2, max_size=12), most=some.integers(0, 6), singles=some.integers(0, 2))
def test_a_read_never_gives_what_this_process_has_overwritten(
    rows: Client, dataverse: Dataverse, steps: list[tuple[str, int, int]], most: int, singles: int
) -> None:
    """However reads and writes follow each other, and however little is kept."""
    mailboxes = dataverse.rows("mailboxes")
    names = {row["mailboxid"]: row["username"] for row in mailboxes}
    run = started(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_ahead, "SINGLES", singles)
        patch.setattr(read_ahead, "MOST", most)
        for what, which, number in steps:
            row_id = mailboxes[which]["mailboxid"]
            if what == "read":
                assert refreshed(run, row_id, username="?")["username"] == (names[row_id] or CLEAR)
                continue
            names[row_id] = f"{what} {number}"
            change = Update("mailboxes", row_id, {"username": names[row_id]})
            if what == "batch":
                assert [it.error for it in run.rows().batch([change])] == [None]
            else:
                run.rows().update(change.entity_set, row_id, change.row)
