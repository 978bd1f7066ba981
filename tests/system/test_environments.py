"""Which environment: two in one program, another one than the state's, a copy."""

from uuid import uuid4

import pytest

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE, options
from .stack import FAILED, Stack


@pytest.fixture
def made(stack: Stack, dataverse: Dataverse) -> Stack:
    """A stack with a profile and a mailbox, made in `dataverse`."""
    stack.program(PROFILE.replace("=443", "=443, allow_replacement=True") + MAILBOX)
    stack.up()
    dataverse.forget_requests()
    return stack


def test_two_environments_in_one_program(stack: Stack, dataverse: Dataverse, other_dataverse: Dataverse) -> None:
    """`Provider` leads to a second environment; each resource is destroyed where it was created."""
    stack.settings["REQUESTS_CA_BUNDLE"] = other_dataverse.settings["REQUESTS_CA_BUNDLE"]
    url, secret = other_dataverse.settings["DATAVERSE_URL"], other_dataverse.settings["ARM_CLIENT_SECRET"]
    there = [
        options(piece.replace('"one-account"', '"there"').replace('"anna"', '"anna-there"'), "provider=other")
        for piece in (PROFILE, MAILBOX)
    ]
    provider = f"other = Provider('other', environment_url={url!r}, authority_host={url!r}, client_secret={secret!r})\n"
    stack.program(PROFILE + MAILBOX + provider + "".join(there))

    stack.up()

    for environment in (dataverse, other_dataverse):
        assert environment.anna()["_emailserverprofile_value"] == environment.profile()["emailserverprofileid"]
    stack.clean()
    assert secret not in stack.pulumi("stack", "export").text

    stack.destroy()

    for environment in (dataverse, other_dataverse):
        assert environment.names("emailserverprofiles") == ["Microsoft Exchange Online"]
        assert environment.anna()["incomingemaildeliverymethod"] == 0


@pytest.mark.parametrize(
    "command",
    [
        ("preview",),
        ("up", "--yes", "--skip-preview"),
        ("refresh", "--yes", "--skip-preview"),
        ("destroy", "--yes", "--skip-preview"),
        ("up", "--yes", "--replace", "**one-account"),
    ],
    ids=["preview", "up", "refresh", "destroy", "replace"],
)
def test_another_environment_is_refused(
    made: Stack, dataverse: Dataverse, other_dataverse: Dataverse, command: tuple[str, ...]
) -> None:
    """Settings that name another environment than the state's are refused; neither environment is written to."""
    made.settings = dict(other_dataverse.settings)

    refused = made.pulumi(*command, status=FAILED).flat

    assert "127.0.0.1" in refused
    assert "localhost" in refused
    assert "Traceback" not in refused
    assert dataverse.requests() == []
    assert other_dataverse.writes() == []
    made.settings = dict(dataverse.settings)
    made.clean()


def test_a_copy_of_the_organization_is_refused(made: Stack, dataverse: Dataverse) -> None:
    """Where another organization answers at the same address, everything that would read or write refuses."""
    dataverse.control("PATCH", "organization", {"organizationid": str(uuid4())})
    changed = PROFILE.replace("=443", "=444, allow_replacement=True") + MAILBOX

    refused = [
        made.pulumi("refresh", "--yes", "--skip-preview", status=FAILED),
        made.destroy(status=FAILED),
    ]
    made.program(changed)
    refused.append(made.up(status=FAILED))

    for outcome in refused:
        assert "This environment was copied or replaced" in outcome.flat
    assert dataverse.writes() == []
    assert sorted(made.state()) == ["anna", "one-account"]


def test_a_pinned_organization_guards_replacements(made: Stack, dataverse: Dataverse) -> None:
    """`--replace` shows no state to the provider; the setting `organizationId` keeps it from writing to a copy."""
    organization = dataverse.control("GET", "organization")["organizationid"]
    made.pulumi("config", "set", "dataverse-email:organizationId", organization)
    dataverse.control("PATCH", "organization", {"organizationid": str(uuid4())})

    refused = made.up("--replace", "**one-account", status=FAILED)

    assert "This environment was copied or replaced" in refused.flat
    assert dataverse.writes() == []


def test_a_renamed_address_needs_the_organization(made: Stack, dataverse: Dataverse) -> None:
    """A new address of the same organization is accepted once `organizationId` says so, and is then recorded."""
    organization = dataverse.control("GET", "organization")["organizationid"]
    renamed = dataverse.settings["DATAVERSE_URL"].replace("127.0.0.1", "localhost")
    made.settings |= {"DATAVERSE_URL": renamed, "AZURE_AUTHORITY_HOST": renamed}
    assert f"set dataverse-email:organizationId to {organization}" in made.preview(status=FAILED).flat

    made.pulumi("config", "set", "dataverse-email:organizationId", organization)
    made.up()

    assert {it["outputs"]["environment_host"] for it in made.state().values()} == {"localhost"}
    assert dataverse.writes() == []
    made.clean()
