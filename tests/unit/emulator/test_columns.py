"""One column of a row by itself."""

import pytest

from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse


@pytest.fixture
def mailbox(dataverse: Dataverse) -> str:
    """The path of Anna's mailbox."""
    return f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"


def test_a_column_is_written_by_itself(dataverse: Dataverse, mailbox: str) -> None:
    answer = dataverse.call("PUT", f"{mailbox}/username", {"value": "anna"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert dataverse.get(mailbox)["username"] == "anna"


def test_a_column_is_cleared_by_deleting_it(dataverse: Dataverse, mailbox: str) -> None:
    dataverse.change(mailbox, username="anna")

    assert dataverse.call("DELETE", f"{mailbox}/username").status_code == 204
    assert dataverse.get(mailbox)["username"] is None
    assert dataverse.call("GET", f"{mailbox}/username").status_code == 204


def test_a_column_is_read_as_bare_text(dataverse: Dataverse, mailbox: str) -> None:
    answer = dataverse.call("GET", f"{mailbox}/emailaddress/$value")

    assert (answer.headers["Content-Type"], answer.text) == ("text/plain", ANNA)
    assert dataverse.call("GET", f"{mailbox}/isforwardmailbox/$value").text == "false"
    assert dataverse.call("GET", f"{mailbox}/username/$value").status_code == 204


def test_a_lookup_is_read_by_its_column_but_not_written(dataverse: Dataverse, mailbox: str) -> None:
    user = dataverse.get(mailbox)["_regardingobjectid_value"]

    assert dataverse.get(f"{mailbox}/_regardingobjectid_value")["value"] == user
    for method in ("PUT", "DELETE"):
        path = f"{mailbox}/_emailserverprofile_value"
        assert dataverse.error(method, path, {"value": NOBODY}) == (400, "0x80048d19")


def test_a_secret_is_written_by_itself_and_never_read(dataverse: Dataverse, mailbox: str) -> None:
    assert dataverse.call("PUT", f"{mailbox}/password", {"value": "s3cret"}).status_code == 204

    assert dataverse.call("GET", f"{mailbox}/password").status_code == 204
    assert dataverse.call("GET", f"{mailbox}/password/$value").content == b""
    assert dataverse.get(f"{mailbox}/ispasswordset")["value"] is True


def test_a_write_of_a_column_obeys_the_version(dataverse: Dataverse, mailbox: str) -> None:
    etag = dataverse.get(mailbox)["@odata.etag"]

    assert dataverse.call("PUT", f"{mailbox}/username", {"value": "a"}, If_Match=etag).status_code == 204
    assert dataverse.error("PUT", f"{mailbox}/username", {"value": "b"}, If_Match=etag) == (412, "0x80060882")
    assert dataverse.error("DELETE", f"{mailbox}/username", If_Match=etag) == (412, "0x80060882")
    assert dataverse.get(mailbox)["username"] == "a"


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (("PUT", "username", {"value": "x" * 1000}), (400, "0x80044331")),
        (("PUT", "username", {"value": 5}), (400, "0x80048d19")),
        (("PUT", "username", {}), (400, "0x80048d19")),
        (("PUT", "username", ["value"]), (400, "0x80048d19")),
        (("PUT", "nonesuch", {"value": 5}), (404, "0x8006088a")),
        (("DELETE", "name", None), (400, "0x80040200")),
        (("POST", "username", {"value": "x"}), (405, "0x80060888")),
        (("PATCH", "username", {"value": "x"}), (405, "0x80060888")),
        (("PUT", "username/$value", {"value": "x"}), (405, "0x80060888")),
        (("GET", "username/nonesuch", None), (404, "0x8006088a")),
    ],
)
def test_a_column_that_cannot_be_reached_so_is_refused(
    dataverse: Dataverse, mailbox: str, request_: tuple[str, str, object], refusal: tuple[int, str]
) -> None:
    method, path, body = request_

    assert refusal == dataverse.error(method, f"{mailbox}/{path}", body)


def test_a_column_of_a_row_that_is_not_there_is_not_there(dataverse: Dataverse) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert dataverse.error(method, f"mailboxes({NOBODY})/username", {"value": "x"}) == (404, "0x80040217")
