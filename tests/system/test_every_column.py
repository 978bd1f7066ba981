"""All columns of all kinds at once, through the real engine."""

from collections.abc import Mapping

import pytest

from pulumi_dataverse_email.declare import Argument, Column, Lookup, TableKind
from pulumi_dataverse_email.emulator import mailbox_rules, profile_rules
from pulumi_dataverse_email.resources import TABLE_KINDS
from tests.contract.kinds import SECRET, another_value, one_value

from .emulated import Dataverse
from .stack import Stack

PROFILE, MAILBOX = TABLE_KINDS["EmailServerProfile"], TABLE_KINDS["Mailbox"]
ONLINE = "Microsoft Exchange Online"
FIXED: Mapping[str, Mapping[str, object]] = {
    "EmailServerProfile": {
        "name": "Contoso Exchange",
        "server_type": "exchange_server",
        "use_auto_discover": False,
        "use_same_settings_for_outgoing_connections": False,
        "incoming_use_ssl": True,
        "outgoing_use_ssl": True,
    },
    "Mailbox": {"user": "anna@contoso.com", "process_and_delete_emails": False},
}
"""What identifies the rows, or what our rules allow one value of beside all the others; it does not change."""

TARGETS = {
    "emailserverprofiles": (ONLINE, "Another"),
    "systemusers": ("ben@contoso.com", "chris@contoso.com"),
}
IDS = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
"""Of rows whose tables the emulator does not have: it takes them unseen."""


def columns(kind: TableKind) -> dict[str, Argument]:
    """Return the columns that a program states together; of two ways to say whose a row is one."""
    stated = {name: it for name, it in kind.arguments.items() if isinstance(it.marker, Column)}
    return {
        name: it for name, it in stated.items() if name not in {*FIXED[kind.name], "owning_team", "forward_mailbox"}
    }


def values(kind: TableKind, number: int) -> dict[str, object]:
    """Return the first or second value of every column."""
    found: dict[str, object] = {}
    for name, argument in columns(kind).items():
        if isinstance(argument.marker, Lookup):
            found[name] = TARGETS.get(argument.marker.target.entity_set, IDS)[number]
        else:
            found[name] = (one_value, another_value)[number](argument)
            found[name] = f"{SECRET}-{number}" if argument.secret else found[name]
    return found


def program(number: int) -> str:
    """Return a program that states every column."""
    profile = {**FIXED["EmailServerProfile"], **values(PROFILE, number)}
    mailbox = {**FIXED["Mailbox"], **values(MAILBOX, number)}
    return f"EmailServerProfile('profile', **{profile!r})\nMailbox('anna', **{mailbox!r})\n"


@pytest.fixture
def wide(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack that states every column, in an environment where no column forbids another."""
    rules = sorted({rule.code for rule in (*profile_rules.RULES, *mailbox_rules.RULES)})
    dataverse.control("PATCH", "switches", {"rules_off": rules})
    dataverse.make("emailserverprofiles", name="Another", servertype=0)
    stack.program(program(0))
    stack.up()
    return stack


def test_every_column_is_clean_after_up(wide: Stack) -> None:
    """What was written is read back as declared: nothing to change, refreshed or not."""
    wide.clean()
    wide.clean("--refresh")


def test_every_changed_column_shows_under_its_own_name(wide: Stack, dataverse: Dataverse) -> None:
    """A preview names exactly what changed; `up` writes it with one request for each row, and is clean again."""
    wide.program(program(1))
    steps = wide.steps()

    for name, kind in (("profile", PROFILE), ("anna", MAILBOX)):
        assert set(steps[name]["detailedDiff"]) == {*columns(kind), "generation"}
    dataverse.forget_requests()
    wide.up()
    assert sorted(dataverse.writes()) == ["PATCH emailserverprofiles", "PATCH mailboxes"]
    wide.clean("--refresh")


def test_no_secret_of_any_column_is_seen(wide: Stack, dataverse: Dataverse) -> None:
    """Neither what the CLI prints, nor state, nor the request log holds one, through a change and a refresh."""
    wide.program(program(1))
    wide.preview("--json")
    wide.up("--refresh", "--debug")
    exported = wide.pulumi("stack", "export").text

    secrets = [it for kind in (PROFILE, MAILBOX) for it in kind.arguments.values() if it.secret]
    assert exported.count('"ciphertext"') >= len(secrets)
    assert SECRET not in "".join(wide.printed) + str(dataverse.requests())
