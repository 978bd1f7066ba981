import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from pulumi_dataverse_email.emulator import EmulatorError, RunningEmulator, running
from tests.unit.emulator.dataverse import ANNA, Dataverse


@contextmanager
def _served(data: Path, request_log: Path | None = None) -> Iterator[Dataverse]:
    with running(data=data, request_log=request_log) as emulator:
        dataverse = Dataverse(emulator)
        yield dataverse
        dataverse.session.close()


def test_a_data_folder_keeps_rows_organization_and_authority(tmp_path: Path) -> None:
    with _served(tmp_path / "data") as dataverse:
        organization = dataverse.get("WhoAmI")["OrganizationId"]
        dataverse.make("queues", name="Press")
        authority = (tmp_path / "data" / "authority.pem").read_bytes()
        version = dataverse.mailbox(ANNA)["versionnumber"]

    with _served(tmp_path / "data") as dataverse:
        assert dataverse.get("WhoAmI")["OrganizationId"] == organization
        assert "Press" in dataverse.names("queues")
        assert (tmp_path / "data" / "authority.pem").read_bytes() == authority
        dataverse.change(f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})", username="anna")
        assert dataverse.mailbox(ANNA)["versionnumber"] > version


@pytest.mark.parametrize("name", ["signing-key.pem", "authority.pem"])
def test_a_damaged_key_is_named(tmp_path: Path, name: str) -> None:
    with _served(tmp_path):
        pass
    (tmp_path / name).write_text("rubbish")

    with pytest.raises(EmulatorError, match=name), _served(tmp_path):
        pass


def test_two_folders_are_two_organizations(tmp_path: Path) -> None:
    with _served(tmp_path / "a") as one, _served(tmp_path / "b") as other:
        assert one.get("WhoAmI")["OrganizationId"] != other.get("WhoAmI")["OrganizationId"]


def test_the_request_log_file_grows_a_line_a_request(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"

    with _served(tmp_path / "data", request_log=log) as dataverse:
        dataverse.get("WhoAmI")
        logged = dataverse.control("GET", "requests")

    assert len(log.read_text().splitlines()) == len(logged) == 2


def test_sixteen_writers_meet_no_locked_database(dataverse: Dataverse) -> None:
    """Each makes rows and all raise one row's version; nothing fails and nothing is lost."""
    shared = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    before = dataverse.get(shared)["versionnumber"]

    def write(writer: int) -> list[int]:
        statuses = []
        for number in range(10):
            body = {"name": f"{writer}-{number}", "servertype": 0}
            statuses.append(dataverse.call("PATCH", f"emailserverprofiles({uuid4()})", body).status_code)
            statuses.append(dataverse.call("PATCH", shared, {"username": f"{writer}"}, If_Match="*").status_code)
            statuses.append(dataverse.call("GET", "emailserverprofiles?$top=3").status_code)
        return statuses

    with ThreadPoolExecutor(16) as pool:
        statuses = {status for found in pool.map(write, range(16)) for status in found}

    assert {200, 204} == statuses
    assert len(dataverse.names("emailserverprofiles")) == 161
    assert dataverse.get(shared)["versionnumber"] >= before + 160


def test_an_update_under_a_version_is_won_by_one(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    etag = dataverse.get(path)["@odata.etag"]

    def write(name: str) -> int:
        return dataverse.call("PATCH", path, {"username": name}, If_Match=etag).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(write, "abcdefgh"))

    assert statuses == [204] + [412] * 7


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pulumi_dataverse_email.cli", "emulator", "serve", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        lines = [server.stdout.readline() for _ in range(8)]
        settings = dict(line.strip().removeprefix("export ").split("=", 1) for line in lines)
        dataverse = Dataverse(RunningEmulator(settings["DATAVERSE_URL"], settings))
        acknowledged = [dataverse.make("queues", name=f"queue {number}") for number in range(50)]
        os.kill(server.pid, signal.SIGKILL)
        dataverse.session.close()

    with _served(tmp_path) as reopened:
        found = {row["queueid"] for row in reopened.get("queues?$select=name")["value"]}

    assert set(acknowledged) <= found


def test_rows_are_for_the_eyes_of_their_owner(tmp_path: Path) -> None:
    with _served(tmp_path / "data") as dataverse:
        dataverse.on_premises()
        modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "data").glob("dataverse.sqlite*")}

    assert len(modes) == 3
    assert set(modes.values()) == {0}
