"""A mailbox that moves between a set and a resource of its own, with the real engine."""

import pytest

from .emulated import Dataverse
from .stack import Stack

ONE = 'Mailbox("ben", user="ben@contoso.com", verbose_logging_enabled=5, on_delete="restore")\n'
SET = (
    'MailboxSet("sales", members=["user:ben@contoso.com", "user:anna@contoso.com"], verbose_logging_enabled=5, '
    'on_delete="restore")\n'
)


@pytest.mark.parametrize("refresh", [(), ("--refresh",)], ids=["up", "up --refresh"])
@pytest.mark.parametrize(("before", "after"), [(ONE, SET), (SET, ONE)], ids=["into a set", "out of a set"])
def test_the_mailbox_keeps_its_settings(
    stack: Stack, dataverse: Dataverse, before: str, after: str, refresh: tuple[str, ...]
) -> None:
    """The one that lets it go leaves it alone, whatever it would restore otherwise; only Anna's is given back."""
    stack.program(before)
    stack.up()
    stack.program(after)

    stack.up(*refresh)

    assert dataverse.row("mailboxes", "Ben Ortiz")["verboseloggingenabled"] == 5
    assert dataverse.anna()["verboseloggingenabled"] == (5 if after == SET else 0)
    stack.clean("--refresh")
