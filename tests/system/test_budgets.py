"""What each operation costs, counted in the request log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import running

from .emulated import CROWD, Dataverse
from .programs import BUILT_IN, MAILBOX, PROFILE
from .stack import Stack

ORGANIZATION = "GET RetrieveCurrentOrganization"
"""Asked once in a run that reads or writes."""

REFRESH = ("refresh", "--yes", "--skip-preview", "--expect-no-changes")

MANY = 150

PEOPLE = """
for number in range(1, COUNT + 1):
    Mailbox(f"person{number}", user=f"person{number}@contoso.com", act_delivery_method="none")
"""


@pytest.fixture
def made(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack with a profile and a mailbox, whose costs are forgotten."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    dataverse.forget_requests()
    return stack


def test_a_create_costs_two_requests(stack: Stack, dataverse: Dataverse) -> None:
    """A profile: look for its name, write. A mailbox: find, write. And one token for all."""
    stack.program(PROFILE + MAILBOX)

    stack.up()

    profile = ["GET emailserverprofiles", "PATCH emailserverprofiles"]
    assert dataverse.data_requests() == [ORGANIZATION, *profile, "GET systemusers", "PATCH mailboxes"]
    assert sum("/oauth2/v2.0/token" in request["url"] for request in dataverse.requests()) == 1


def test_a_mailbox_that_fits_already_costs_one(made: Stack, dataverse: Dataverse) -> None:
    """Adopting a mailbox that is as declared writes nothing."""
    made.program(PROFILE + MAILBOX.replace('"anna"', '"renamed"'))

    made.up()

    assert dataverse.data_requests() == [ORGANIZATION, "GET systemusers"]


def test_a_profile_by_name_costs_one_for_all(stack: Stack, dataverse: Dataverse) -> None:
    """A profile that mailboxes give by name is looked up once in a run."""
    stack.program(BUILT_IN + BUILT_IN.replace("anna", "ben"))

    stack.up()

    asked = sorted(dataverse.data_requests())
    assert asked == sorted([ORGANIZATION, "GET emailserverprofiles", *["GET systemusers", "PATCH mailboxes"] * 2])


def test_an_update_costs_one(made: Stack, dataverse: Dataverse) -> None:
    """An update of a row is one request."""
    made.program(
        PROFILE.replace("=443", "=444")
        + MAILBOX.replace('act_delivery_method="server_side_synchronization"', 'act_delivery_method="none"')
    )

    made.up()

    assert sorted(dataverse.data_requests()) == [ORGANIZATION, "PATCH emailserverprofiles", "PATCH mailboxes"]


def test_an_update_with_another_key_costs_two(made: Stack, dataverse: Dataverse) -> None:
    """Where `user` changed too, its mailbox is looked up."""
    user = dataverse.row("systemusers", "Anna Weber")["systemuserid"]
    made.program(PROFILE + MAILBOX.replace("anna@contoso.com", user).replace('"restore"', '"restore", username="anna"'))

    made.up()

    assert dataverse.data_requests() == [ORGANIZATION, "GET systemusers", "PATCH mailboxes"]


def test_a_refresh_costs_one_each(made: Stack, dataverse: Dataverse) -> None:
    """Each resource is read in one request."""
    made.pulumi(*REFRESH)

    assert sorted(dataverse.data_requests()) == [
        "GET RetrieveCurrentOrganization",
        "GET emailserverprofiles",
        "GET mailboxes",
    ]


def test_a_restoring_delete_costs_two(made: Stack, dataverse: Dataverse) -> None:
    """`restore` reads and writes; a profile is deleted after one look for each kind of row that may use it."""
    made.destroy()

    assert dataverse.data_requests() == [
        ORGANIZATION,
        *("GET mailboxes", "PATCH mailboxes"),
        *("GET mailboxes", "GET organizations", "DELETE emailserverprofiles"),
    ]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataverse]:
    """An organization of 50,000 mailboxes."""
    seed = tmp_path_factory.mktemp("seed") / "seed.yaml"
    seed.write_text(CROWD.format(50_000))
    with running(seed_file=seed) as emulator:
        yield Dataverse(emulator.environment)


def test_many_creates_cost_little_more_than_their_writes(stack: Stack, dataverse: Dataverse) -> None:
    """At most N + 50 + 12 requests, in the order in which the engine checks and makes its resources."""
    for number in range(1, MANY + 1):
        name = f"person{number}@contoso.com"
        dataverse.make("systemusers", domainname=name, internalemailaddress=name, lastname=f"Person {number}")
    dataverse.forget_requests()
    stack.program(PEOPLE.replace("COUNT", str(MANY)).replace('"none"', '"server_side_synchronization"'))
    stack.up()

    assert dataverse.writes() == ["PATCH mailboxes"] * MANY
    assert len(dataverse.data_requests()) <= MANY + 50 + 12


def test_a_refresh_costs_little_in_a_crowd(crowd: Dataverse, tmp_path: Path) -> None:
    """In an organization of 50,000: two requests for one mailbox, and at most 35 for many, read by four threads."""
    stack = Stack(tmp_path / "project", dict(crowd.settings))
    costs = []
    for count in (1, 40):
        stack.program(PEOPLE.replace("COUNT", str(count)))
        stack.up()
        crowd.forget_requests()
        stack.pulumi(*REFRESH)
        costs.append(len(crowd.data_requests()))

    assert costs[0] <= 2
    assert 20 < costs[1] <= 35
