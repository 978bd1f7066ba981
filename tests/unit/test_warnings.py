"""What the program's side warns of, at once or as soon as it is known."""

import asyncio

import pulumi

from pulumi_dataverse_email import EmailServerProfile, Mailbox

from .program import Program

SECRET = "Str0ng-and-secret-Passw0rd"


def test_best_practices_warn() -> None:
    """What works but is not recommended is said with Microsoft's page, and no error."""
    program = Program().run(
        lambda: EmailServerProfile(
            "one",
            name="Contoso",
            server_type="exchange_online_hybrid",
            incoming_credential_retrieval="credentials_specified_in_email_server_profile",
            incoming_user_name="crm",
            incoming_password=SECRET,
            process_emails_received_after="2026-01-01",
        )
    )

    (warning,) = program.warnings
    assert warning.startswith(
        "EmailServerProfile 'one': incoming_use_impersonation: one account for all mailboxes works by impersonation"
    )
    assert warning.endswith("best-practices-server-side-synchronization)")
    assert program.errors == []


def warned(**late: object) -> list[str]:
    """Return what a profile is warned of whose arguments come from another resource."""
    values = {name: pulumi.Output.from_input(value) for name, value in late.items()}
    found = Program().run(
        lambda: EmailServerProfile("one", name="Contoso", server_type="exchange_online_hybrid", **values)  # type: ignore[arg-type]  # any argument
    )
    return [text.partition(" (")[0] for text in found.warnings]


def test_a_value_that_comes_later_is_warned_of_then() -> None:
    """An application's secret has its date from the resource that makes it: no reason to say nothing."""
    (told,) = warned(oauth_client_secret_expires_on="2020-01-01")

    said = "oauth_client_secret_expires_on: the application's secret has expired on 2020-01-01: make"
    assert told.startswith(f"EmailServerProfile 'one': {said}")
    assert warned(oauth_client_secret_expires_on="9999-12-31") == []
    assert warned(oauth_client_secret_expires_on=5) == []


def test_a_value_that_the_program_calls_secret_is_not_told() -> None:
    """A date that comes from a secret is judged, and stands in no message."""
    (told,) = warned(incoming_password_expires_on=pulumi.Output.secret("2020-01-01"))

    said = "incoming_password_expires_on: the password of the account has expired on [secret]: have"
    assert told.startswith(f"EmailServerProfile 'one': {said}")


def test_an_awaitable_is_warned_of_too() -> None:
    """It can be awaited once, and is both sent and judged."""

    async def later() -> str:
        return "2020-01-01"

    program = Program().run(lambda: Mailbox("one", user="anna@contoso.com", password_expires_on=later()))

    assert program.inputs["one"]["password_expires_on"] == "2020-01-01"
    assert len(program.warnings) == 1


def test_what_no_preview_knows_is_not_warned_of() -> None:
    def declare() -> None:
        unknown = pulumi.Output[str](set(), asyncio.sleep(0, "2020-01-01"), asyncio.sleep(0, result=False))
        Mailbox("one", user="anna@contoso.com", password_expires_on=unknown)

    assert Program(preview=True).run(declare).warnings == []


def test_what_a_pair_does_not_do_together_is_warned_of() -> None:
    """It is said of the resource that names the other one, with Microsoft's page."""

    def declare() -> None:
        profile = EmailServerProfile(
            "one",
            name="Contoso",
            server_type="exchange_online_hybrid",
            incoming_credential_retrieval="credentials_specified_by_a_user_or_queue",
            process_emails_received_after="2026-01-01",
        )
        Mailbox(
            "anna",
            user="anna@contoso.com",
            email_server_profile=profile,
            allow_email_connector_to_use_credentials=False,
        )

    (warning,) = Program().run(declare).warnings

    assert warning.startswith(
        "Mailbox 'anna': allow_email_connector_to_use_credentials: the profile asks each mailbox for its own"
    )
    assert warning.endswith("create-forward-mailboxes-edit-mailboxes)")
