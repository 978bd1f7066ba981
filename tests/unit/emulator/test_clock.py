from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.dataverse import Dataverse


def test_the_clock_goes_with_the_machines_until_it_is_moved(dataverse: Dataverse) -> None:
    assert dataverse.control("GET", "clock")["moved_by"] == 0

    dataverse.advance(3600)

    assert dataverse.control("GET", "clock")["moved_by"] == 3600


def test_rows_are_stamped_by_the_clock(dataverse: Dataverse) -> None:
    dataverse.control("POST", "clock", {"now": "2031-01-01T00:00:00Z"})

    row = dataverse.control("POST", "rows/queues", {"name": "Later"})

    assert row["createdon"].startswith("2031-01-01T00:0")


def test_a_reset_puts_the_clock_back(dataverse: Dataverse) -> None:
    dataverse.advance(3600)

    dataverse.control("POST", "reset")

    assert dataverse.control("GET", "clock")["moved_by"] == 0


def test_the_clock_is_kept_with_the_data(tmp_path: Path) -> None:
    with running(data=tmp_path) as emulator:
        first = Dataverse(emulator)
        first.advance(86_400)
        first.session.close()

    with running(data=tmp_path) as emulator:
        second = Dataverse(emulator)
        moved_by = second.control("GET", "clock")["moved_by"]
        second.session.close()

    assert moved_by == 86_400


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "advance"),
        ({"advance": 1, "now": "2031-01-01T00:00:00Z"}, "advance"),
        ({"advance": -1}, "advance"),
        ({"advance": "soon"}, "advance"),
        ({"advance": 9_000_000_000}, "advance"),
        ({"advance": 1e300}, "advance"),
        ({"now": "2031-01-01"}, "now"),
        ({"now": "2201-01-01T00:00:00Z"}, "now"),
        ({"now": "0001-01-01T00:00:00+14:00"}, "now"),
        ({"now": "9999-12-31T23:59:59-14:00"}, "now"),
        ({"then": 1}, "then"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(dataverse: Dataverse, body: object, named: str) -> None:
    status, message = dataverse.refused("POST", "clock", body)

    assert status == 400
    assert named in message


def test_a_user_may_appear_late(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(
        "organization: {name: Fabrikam, tenant_id: 11111111-0000-4000-8000-000000000001}\n"
        "users: [{name: Ida, principal_name: ida@fabrikam.com, email_address: ida@fabrikam.com, appears_after: 900}]\n"
    )
    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        before = dataverse.names("mailboxes?$filter=emailaddress eq 'ida@fabrikam.com'")
        appeared = datetime.fromisoformat(dataverse.advance(1800)) - timedelta(seconds=900)
        mailbox = dataverse.mailbox("ida@fabrikam.com")
        dataverse.session.close()

    assert before == []
    assert mailbox["name"] == "Ida"
    assert abs(datetime.fromisoformat(mailbox["createdon"]) - appeared.astimezone(UTC)) < timedelta(minutes=1)
