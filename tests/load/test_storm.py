"""A hundred clients at once, in the short form that counts rounds; `make bench` lets them go on for half a minute."""

import os
import signal
import threading
from pathlib import Path

from benchmarks.served import served
from benchmarks.storm import Outcome, rounds, storm, until
from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.dataverse import Dataverse

ENOUGH = 300
"""Acknowledged creates after which the emulator is killed: every client is then in the middle of its work."""


def test_a_hundred_clients_meet_no_error_and_lose_no_update(tmp_path: Path) -> None:
    outcome = Outcome()

    with served(tmp_path / "data") as emulator:
        storm(emulator, rounds(2), outcome)
        client = emulator.client()
        lost = outcome.lost(client)
        client.close()

    assert outcome.trouble == []
    assert len(outcome.made) == 200
    assert lost == {}


def test_kill_9_in_the_middle_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    outcome, killed = Outcome(), threading.Event()

    with served(tmp_path / "data") as emulator:

        def kill_in_the_middle() -> None:
            with outcome.lock:
                outcome.lock.wait_for(lambda: len(outcome.made) >= ENOUGH)
            os.kill(emulator.process.pid, signal.SIGKILL)
            killed.set()

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        storm(emulator, until(killed), outcome)
        killer.join()

    with running(data=tmp_path / "data") as reopened:
        dataverse = Dataverse(reopened)
        kept = {row["emailserverprofileid"] for row in dataverse.get("emailserverprofiles?$select=name")["value"]}
        steps = {path: int(dataverse.get(path)["username"]) for path in outcome.counted}
        dataverse.session.close()

    assert {path.partition("(")[2].rstrip(")") for path in outcome.made} <= kept
    assert all(steps[path] >= acknowledged for path, acknowledged in outcome.counted.items())
