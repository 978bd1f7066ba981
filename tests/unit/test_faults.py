"""What the program's side refuses of values that come later, as soon as they are known."""

import asyncio

import pulumi
import pytest

from pulumi_dataverse_email import CLEAR, Mailbox
from pulumi_dataverse_email.engine.props import FAULTS

from .program import Program

SECRET = "Str0ng-and-secret-Passw0rd"


def test_faults_of_all_resources_are_shown() -> None:
    """Passwords of a real program are secret outputs: the engine alone would show the faults of one resource."""
    password = pulumi.Output.secret(SECRET)

    def declare() -> None:
        for name in ("one", "two"):
            Mailbox(name, user=f"{name}@contoso.com", password=password)
        Mailbox("three", user="three@contoso.com", username="three", password=password.apply(lambda it: it * 100))

    program = Program().run(declare)

    lacking = "username: a password needs a username; give both or neither"
    assert sorted(program.errors) == [
        f"Mailbox 'one': {lacking}",
        "Mailbox 'three': password: should have at most 200 characters",
        f"Mailbox 'two': {lacking}",
    ]
    assert SECRET not in "".join(program.errors)


def test_what_no_preview_knows_is_not_judged() -> None:
    def declare() -> None:
        unknown = pulumi.Output[str](set(), asyncio.sleep(0, SECRET), asyncio.sleep(0, result=False))
        Mailbox("one", user="anna@contoso.com", password=unknown)

    assert Program(preview=True).run(declare).errors == []


def test_what_is_known_at_once_is_told_once() -> None:
    def declare() -> None:
        Mailbox("one", queue="Support", user="anna@contoso.com", password=pulumi.Output.secret(SECRET), username="one")

    assert Program().run(declare).errors == ["Mailbox 'one': user: give exactly one of user, queue and forward_mailbox"]


@pytest.mark.parametrize("value", [pulumi.Output.secret(SECRET), CLEAR], ids=["secret", "CLEAR"])
def test_a_misspelt_argument_is_refused_whatever_its_value(value: object) -> None:
    """A password that comes from the configuration, or a column to empty, is not left out in silence."""
    program = Program().run(lambda: Mailbox("one", user="anna@contoso.com", pasword=value))  # type: ignore[call-arg]  # the fault

    told = "pasword: is no argument of Mailbox; did you mean 'password'?"
    assert program.errors == [f"Mailbox 'one': {told}"]
    assert program.inputs["one"][FAULTS] == [told]
