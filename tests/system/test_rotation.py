"""Passwords: where programs take them from, and how they change, with the real engine."""

import pytest

from .emulated import Dataverse
from .programs import BUILT_IN, PROFILE, SECRET
from .stack import Stack

FIRST, SECOND = "First-Passw0rd-of-Anna", "Second-Passw0rd-of-Anna"
OF_CONFIGURATION = 'pulumi.Config().require_secret("password")'
OF_ENVIRONMENT = '__import__("os").environ["ANNAS_PASSWORD"]'


def _program(password: str, username: str = "anna") -> str:
    stated = f'allow_email_connector_to_use_credentials=True, username="{username}", password={password}, on_delete'
    return BUILT_IN.replace("on_delete", stated)


def _give(stack: Stack, password: str) -> None:
    stack.pulumi("config", "set", "--secret", "password", password)
    stack.settings["ANNAS_PASSWORD"] = password


@pytest.mark.parametrize("source", [OF_CONFIGURATION, OF_ENVIRONMENT])
def test_a_rotation_is_one_write_and_shows_as_a_secret(stack: Stack, dataverse: Dataverse, source: str) -> None:
    """User name and password go together; neither password is printed or kept in clear."""
    _give(stack, FIRST)
    stack.program(_program(source))
    stack.up()
    stack.clean("--refresh")
    _give(stack, SECOND)
    stack.program(_program(source, username="anna.weber"))
    dataverse.forget_requests()
    changed = stack.steps()["anna"]["detailedDiff"]
    assert set(changed) == {"username", "password", "generation"}
    assert "[secret]" in stack.preview().text
    stack.up()

    assert dataverse.writes() == ["PATCH mailboxes"]
    assert dataverse.anna()["username"] == "anna.weber"
    stack.clean("--refresh")
    kept = (stack.folder / "state").rglob("*.json")
    everything = "".join([*stack.printed, *(path.read_text("utf-8") for path in kept)])
    assert FIRST not in everything
    assert SECOND not in everything


def test_a_password_may_be_the_output_of_another_resource(stack: Stack, dataverse: Dataverse) -> None:
    """What is secret there stays secret here."""
    stack.program(PROFILE + _program("profile.incoming_password"))
    stack.up()

    assert dataverse.anna()["ispasswordset"]
    stack.clean("--refresh")
    assert SECRET not in "".join(stack.printed)


def test_a_password_that_was_cleared_elsewhere_is_drift_and_is_sent_again(stack: Stack, dataverse: Dataverse) -> None:
    """The flag tells; the preview names the argument, not the password."""
    _give(stack, FIRST)
    stack.program(_program(OF_CONFIGURATION))
    stack.up()
    dataverse.edit("mailboxes", dataverse.anna(), password=None)
    assert not dataverse.anna()["ispasswordset"]
    assert "password" in stack.steps("--refresh")["anna"]["detailedDiff"]
    stack.up("--refresh")

    assert dataverse.anna()["ispasswordset"]
    assert FIRST not in "".join(stack.printed)
