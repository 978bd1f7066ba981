"""A write that may have been carried out stays open, whatever refuses its further tries, until its row is read."""

from collections.abc import Callable

import pytest
import requests

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.dataverse.transport import Transport
from pulumi_dataverse_email.errors import LoginError, UnknownOutcome

from .many import DONE, PROFILES, ROW, TROUBLE, creates, errors, multipart
from .stub import Answer, Stub, Token

LOST = Answer(502, b"<html>", {"Content-Type": "text/html"})
FORBIDDEN = Answer(403, b'{"error": {"code": "0x80040220", "message": "No."}}')
WAIT = Answer(
    429, b'{"error": {"code": "0x80072322", "message": "Busy."}}', {"Retry-After": "4000", "x-ms-dop-hint": "4"}
)
THERE = Answer(body=b'{"name": "Profile 0", "servertype": 2}')


class Expiring(Token):
    """A login that has a token once."""

    def __init__(self) -> None:
        super().__init__()
        self.used = False

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token, or have none."""
        if self.used:
            raise LoginError("the secret has expired")
        self.used = True
        return super().__call__(request)


@pytest.mark.parametrize("lost", [LOST, multipart(TROUBLE)], ids=["whole", "part"])
def test_a_refused_request_is_settled_for_each_operation(client: Client, stub: Stub, lost: Answer) -> None:
    """The earlier request may have carried it out: the row tells."""
    stub.answers = [lost, FORBIDDEN, THERE]

    assert errors(client.batch(creates(1))) == [None]
    assert [request.method for request in stub.requests] == ["POST", "POST", "GET"]


@pytest.mark.parametrize("lost", [LOST, multipart(TROUBLE)], ids=["whole", "part"])
def test_a_long_wait_leaves_a_lost_write_open(client: Client, stub: Stub, lost: Answer) -> None:
    """The row cannot be read either, so nobody knows."""
    stub.answers = [lost, WAIT]

    assert errors(client.batch(creates(1))) == [UnknownOutcome]


@pytest.mark.parametrize(
    "write",
    [
        lambda client: client.create(PROFILES, ROW, {"name": "a"}),
        lambda client: _raise(client.batch(creates(1))[0].error),
        lambda client: _raise(client.batch(creates(1), atomic=True)[0].error),
    ],
    ids=["create", "batch", "change set"],
)
def test_a_login_that_ends_leaves_a_lost_write_open(stub: Stub, write: Callable[[Client], None]) -> None:
    """That there is no token now does not say that nothing was written before."""
    stub.answers = [LOST]
    with pytest.raises(UnknownOutcome, match="the secret has expired"):
        write(Client(Transport(stub.url, Expiring())))


def test_a_login_that_ends_between_parts_leaves_the_lost_one_open(stub: Stub) -> None:
    stub.answers = [multipart(DONE, TROUBLE)]

    assert errors(Client(Transport(stub.url, Expiring())).batch(creates(2))) == [None, UnknownOutcome]


def test_a_read_without_a_token_is_a_login_s_error(stub: Stub) -> None:
    """It wrote nothing, so there is nothing to know."""
    stub.answers = [LOST]
    with pytest.raises(LoginError):
        Client(Transport(stub.url, Expiring())).organization()


def _raise(error: Exception | None) -> None:
    if error:
        raise error
