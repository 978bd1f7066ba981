"""Writes whose answer was lost: the row tells whether they were carried out."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.rows import ETAG, Link, Row, Secret, Select, Unlink
from pulumi_dataverse_email.errors import DataverseError, RowChanged, RowExists, RowNotFound, UnknownOutcome
from tests.system.emulated import Dataverse

from .stub import Answer, Stub

ROW = "11111111-1111-4111-8111-111111111111"
PROFILE = "abcdefab-2222-4222-8222-222222222222"
LOOKUP = "_emailserverprofile_value"
NAME = Select(("name",))
LOST = Answer(503, b"<html>", {"Content-Type": "text/html", "Retry-After": "0"})
"""Whether the service carried anything out before that, nobody knows."""


@dataclass(frozen=True)
class Lost:
    """A write whose first answer was lost and whose second try is refused, as if it met its own work."""

    client: Client
    stub: Stub
    write: Callable[[Client, Row], None]
    code: str
    kind: type[DataverseError]
    """The error where it met somebody else's."""

    def end(self, written: Row, *answers: Answer) -> DataverseError | None:
        """Return the error in which the write ends, if any; the answers are those to what it asks after that."""
        self.stub.answers = [LOST, refusal(412, self.code), *answers]
        try:
            self.write(self.client, written)
        except DataverseError as error:
            return error
        return None


def create(client: Client, row: Row) -> None:
    """Make the row."""
    client.create("mailboxes", ROW, row)


def update(client: Client, row: Row) -> None:
    """Write a version of the row."""
    client.update("mailboxes", ROW, row, etag='W/"1"')


@pytest.fixture(
    params=[(create, "0x80040237", RowExists), (update, "0x80060882", RowChanged)], ids=["create", "update"]
)
def lost(client: Client, stub: Stub, request: pytest.FixtureRequest) -> Lost:
    """Each of the writes that meet their own work."""
    return Lost(client, stub, *request.param)


def refusal(status: int, code: str) -> Answer:
    """Return a refusal in Dataverse's form."""
    return Answer(status, json.dumps({"error": {"code": code, "message": "No."}}).encode())


def there(**columns: object) -> Answer:
    """Return the row that is read."""
    return Answer(body=json.dumps({"mailboxid": ROW, **columns}).encode())


@pytest.mark.parametrize(
    ("written", "found", "is_ours"),
    [
        ({"name": "a"}, {"name": "a"}, True),
        ({"name": "a"}, {"name": "A"}, False),
        ({"name": "a"}, {"name": None}, False),
        ({"name": ""}, {"name": None}, True),
        ({"name": None}, {"name": None}, True),
        ({"name": None}, {"name": "a"}, False),
        ({"code": 1}, {"code": 1.0}, True),
        ({"code": 1}, {"code": True}, False),
        ({"code": 1}, {"code": 2}, False),
        ({"flag": False}, {"flag": False}, True),
        ({"flag": False}, {"flag": None}, False),
        ({"date": "2026-11-01T01:00:00+01:00"}, {"date": "2026-11-01T00:00:00Z"}, True),
        ({"date": "2026-11-01T01:00:00Z"}, {"date": "2026-11-01T00:00:00Z"}, False),
        ({"name": "20261101"}, {"name": "2026-11-01"}, False),
        ({"emailserverprofile": Link("emailserverprofiles", PROFILE)}, {LOOKUP: PROFILE.upper()}, True),
        ({"emailserverprofile": Link("emailserverprofiles", PROFILE.upper())}, {LOOKUP: PROFILE}, True),
        ({"emailserverprofile": Link("emailserverprofiles", PROFILE)}, {LOOKUP: ROW}, False),
        ({"emailserverprofile": Link("emailserverprofiles", PROFILE)}, {LOOKUP: None}, False),
        ({"emailserverprofile": Unlink()}, {LOOKUP: None}, True),
        ({"emailserverprofile": Unlink()}, {LOOKUP: PROFILE}, False),
        ({"name": "a", "code": 1}, {"name": "a", "code": 2}, False),
    ],
    ids=str,
)
def test_a_write_that_meets_a_row_reads_it(
    lost: Lost, written: Row, found: dict[str, object], *, is_ours: bool
) -> None:
    """What the row holds says whether the first try was carried out, or somebody else was there."""
    error = lost.end(written, there(**found))

    assert type(error) is (type(None) if is_ours else lost.kind)
    assert [request.method for request in lost.stub.requests][:2] == ["PATCH", "PATCH"]


def test_the_other_columns_answer_for_the_secrets_of_a_create(lost: Lost) -> None:
    """They were written together or not at all; those of an update may have held the same before: nobody knows."""
    error = lost.end({"name": "a", "password": Secret("Str0ng")}, there(name="a"))

    assert type(error) is (type(None) if lost.kind is RowExists else UnknownOutcome)
    assert all("password" not in request.path for request in lost.stub.requests)


def test_secrets_alone_tell_nothing(lost: Lost) -> None:
    """A row that was made is somebody else's as far as anybody can see; a row that was there may have got them."""
    error = lost.end({"password": Secret("Str0ng")})

    assert type(error) is (RowExists if lost.kind is RowExists else UnknownOutcome)


def test_a_refusal_that_is_certain_is_believed(lost: Lost) -> None:
    """Where no answer was lost, an equal row is somebody else's."""
    lost.stub.answers = [refusal(412, lost.code), there(name="a")]
    with pytest.raises(lost.kind):
        lost.write(lost.client, {"name": "a"})

    assert len(lost.stub.requests) == 1


def test_a_row_that_is_gone_again_is_nobodys_work(lost: Lost) -> None:
    assert type(lost.end({"name": "a"}, refusal(404, "0x80040217"))) is lost.kind


def test_a_row_that_cannot_be_read_settles_nothing(lost: Lost) -> None:
    """Nobody knows, and the error says so, and why."""
    error = lost.end({"name": "a"}, refusal(403, "0x80040220"))

    assert type(error) is UnknownOutcome
    assert "an earlier try may have been carried out, and looking for it failed: read mailboxes" in str(error)
    assert str(error).splitlines()[-1].startswith("Run again")


def test_any_refusal_after_a_lost_answer_is_settled(client: Client, stub: Stub) -> None:
    """A right that was taken away between two tries does not undo the first one."""
    stub.answers = [LOST, refusal(403, "0x80040220"), there(name="a")]
    client.update("mailboxes", ROW, {"name": "a"})

    assert [request.method for request in stub.requests] == ["PATCH", "PATCH", "GET"]


def test_a_lost_create_is_done_once(rows: Client, dataverse: Dataverse) -> None:
    """The connection broke after the write: the replay finds it done."""
    dataverse.fault("emailserverprofiles", {"reset": True}, method="PATCH", when="after")
    rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2, "incomingpassword": Secret("Str0ng")})

    assert dataverse.names("emailserverprofiles").count("Contoso") == 1
    assert dataverse.data_requests() == [*["PATCH emailserverprofiles"] * 2, "GET emailserverprofiles"]


def test_a_lost_create_does_not_overwrite_another_row(rows: Client, dataverse: Dataverse) -> None:
    """The connection broke before the write, and somebody else's row has the id."""
    dataverse.make("emailserverprofiles", emailserverprofileid=ROW, name="Theirs", servertype=2)
    dataverse.fault("emailserverprofiles", {"reset": True}, method="PATCH")
    with pytest.raises(RowExists):
        rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})

    assert rows.read("emailserverprofiles", ROW, NAME) == {"name": "Theirs"}


def test_a_lost_update_of_a_version_is_done_once(rows: Client, dataverse: Dataverse) -> None:
    """The second try meets the version that the first one made."""
    rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})
    version = str(rows.read("emailserverprofiles", ROW, Select(("name",), etag=True))[ETAG])
    dataverse.fault("emailserverprofiles", {"reset": True}, method="PATCH", when="after")
    rows.update("emailserverprofiles", ROW, {"name": "Mine"}, etag=version)

    assert rows.read("emailserverprofiles", ROW, NAME) == {"name": "Mine"}


def test_a_lost_delete_is_done(rows: Client, dataverse: Dataverse) -> None:
    """The second try finds nothing left."""
    rows.create("emailserverprofiles", ROW, {"name": "Contoso", "servertype": 2})
    dataverse.fault("emailserverprofiles", {"reset": True}, method="DELETE", when="after")
    rows.delete("emailserverprofiles", ROW)

    with pytest.raises(RowNotFound):
        rows.read("emailserverprofiles", ROW, NAME)
