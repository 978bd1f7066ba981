"""Secrets that stand in the stack's configuration in clear: told with their key, never with their value."""

import json
from collections.abc import Callable

import pulumi
import pytest

from pulumi_dataverse_email import CLEAR, EmailServerProfile, Mailbox, Provider

from .program import Program

SECRET = "Str0ng-and-secret-Passw0rd"
KEY = "pipeline:anna-password"
IN_CLEAR = "stands in clear in the stack's configuration"


def warned(declare: Callable[[], object], configuration: dict[str, str], *encrypted: str) -> list[str]:
    """Return what is said about a program's secrets; none of it holds the secret."""
    program = Program(configuration=configuration, encrypted=encrypted).run(declare)
    assert SECRET not in "".join(program.warnings + program.errors)
    return [text for text in program.warnings if "in clear" in text]


def anna(password: object = SECRET) -> Mailbox:
    """Declare a mailbox with a password."""
    return Mailbox("anna", user="anna@contoso.com", username="anna", password=password)  # type: ignore[arg-type]  # any value


@pytest.mark.parametrize("wrap", [str, pulumi.Output.from_input, pulumi.Output.secret])
def test_a_secret_in_clear_is_told_with_the_way_out(wrap: Callable[[str], object]) -> None:
    """Wrapped as a secret in the program, it stands in the file in clear all the same."""
    assert warned(lambda: anna(wrap(SECRET)), {KEY: SECRET}) == [
        f"Mailbox 'anna': password: {IN_CLEAR}; encrypt it: pulumi config set --secret '{KEY}'"
    ]


def test_a_secret_inside_an_object_is_told_with_its_path() -> None:
    configuration = {"pipeline:mail": json.dumps({"accounts": [{"name": "anna", "age": 1, "password": SECRET}]})}

    (told,) = warned(anna, configuration)

    assert told.endswith("pulumi config set --secret --path 'pipeline:mail.accounts[0].password'")


@pytest.mark.parametrize(
    ("configuration", "encrypted"),
    [
        ({}, ()),
        ({KEY: SECRET}, (KEY,)),
        ({KEY: "Another"}, ()),
        ({KEY: f"{{{SECRET}"}, ()),
        ({KEY: f"{SECRET}s"}, ()),
    ],
    ids=["nothing there", "encrypted", "another value", "no object", "longer"],
)
def test_a_secret_that_is_not_in_clear_is_no_matter(configuration: dict[str, str], encrypted: tuple[str, ...]) -> None:
    assert warned(anna, configuration, *encrypted) == []


@pytest.mark.parametrize("password", ["443", CLEAR, None])
def test_what_equals_by_chance_is_not_told(password: object) -> None:
    """A text of three characters is that of many a key."""
    assert warned(lambda: anna(password), {"pipeline:port": "443", "pipeline:none": "None"}) == []


def test_each_secret_of_each_resource_is_looked_for() -> None:
    def declare() -> None:
        anna()
        EmailServerProfile(
            "one",
            name="Contoso",
            server_type="exchange_online_hybrid",
            incoming_user_name="crm",
            incoming_password=SECRET,
            oauth_client_secret=SECRET,
        )

    told = warned(declare, {KEY: SECRET})

    assert {text.split(": ")[1] for text in told} == {"password", "incoming_password", "oauth_client_secret"}


def test_a_setting_in_clear_is_told_once() -> None:
    """The provider's own secrets are as secret as those of a program; what is no secret may be read by all."""

    def declare() -> None:
        Mailbox("anna", user="anna@contoso.com")
        Mailbox("ben", user="ben@contoso.com")

    keys = [f"dataverse-email:{it}" for it in ("clientSecret", "clientCertificatePassword", "oidcToken", "clientId")]

    assert warned(declare, dict.fromkeys(keys, SECRET), keys[2]) == [
        f"{key} stands in clear in the stack's configuration; encrypt it: pulumi config set --secret {key}"
        for key in (keys[1], keys[0])
    ]


def test_a_secret_of_a_provider_is_looked_for() -> None:
    """Another environment's secret comes from the configuration, too."""
    (told,) = warned(
        lambda: Provider("east", environment_url="https://east.crm4.dynamics.com", client_secret=SECRET),
        {"pipeline:east-secret": SECRET},
    )

    assert told.startswith("Provider 'east': client_secret: stands in clear")
