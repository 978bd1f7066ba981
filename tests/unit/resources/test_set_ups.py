"""The set-ups of Microsoft's best practices: one call each, whole, quiet, and open to other wishes."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from pulumi_dataverse_email import CLEAR, EmailServerProfile, Mailbox
from pulumi_dataverse_email.resources.email_server_profile import set_ups
from pulumi_dataverse_email.resources.email_server_profile.set_ups import Recommendation, SetUp

from ..program import Program

Declare = Callable[..., pulumi.Resource]

LEAST: dict[str, object] = {"name": "Contoso", "process_emails_received_after": "2026-11-01"}
ACCOUNT: dict[str, object] = {"incoming_user_name": "crm", "incoming_password": "x"}
PROFILES: list[tuple[Declare, dict[str, object], SetUp]] = [
    (EmailServerProfile.exchange_online, LEAST, set_ups.EXCHANGE_ONLINE),
    (EmailServerProfile.one_account, LEAST | ACCOUNT, set_ups.ONE_ACCOUNT),
    (EmailServerProfile.individual_credentials, LEAST, set_ups.INDIVIDUAL_CREDENTIALS),
]
RECOMMENDED = [(declare, least, it) for declare, least, set_up in PROFILES for it in set_up.recommendations]

ON: dict[str, object] = {"email_server_profile": "Contoso"}
OWN: dict[str, object] = {**ON, "username": "anna", "password": "x"}
MAILBOXES: list[tuple[Declare, dict[str, object]]] = [(Mailbox.synchronized, ON), (Mailbox.with_own_credentials, OWN)]

SYNC, NONE = "server_side_synchronization", "none"
METHODS = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")


def run(declare: Declare, args: dict[str, object]) -> tuple[Program, dict[str, Any]]:
    """Declare one resource and return what was said and what it states."""
    program = Program().run(lambda: declare("one", **args))
    return program, program.inputs["one"]


def test_the_set_ups_are_those_of_the_page() -> None:
    """Every set-up with a profile of its own has its call."""
    assert [set_up for _, _, set_up in PROFILES] == list(set_ups.SET_UPS)


@pytest.mark.parametrize(("declare", "least", "set_up"), PROFILES)
def test_a_set_up_is_whole_and_quiet(declare: Declare, least: dict[str, object], set_up: SetUp) -> None:
    """With what it asks for alone, a set-up states all that is recommended, and nobody has anything to say."""
    program, stated = run(declare, least)

    assert (program.errors, program.warnings) == ([], [])
    assert stated["incoming_credential_retrieval"] == set_up.retrieval
    assert stated["server_type"] == set_up.server_type
    assert {it.argument: stated[it.argument] for it in set_up.recommendations} == {
        it.argument: it.value for it in set_up.recommendations
    }


@pytest.mark.parametrize(("declare", "least", "recommendation"), RECOMMENDED)
def test_an_argument_overrides_and_is_told_what_the_page_says(
    declare: Declare, least: dict[str, object], recommendation: Recommendation
) -> None:
    """Another value than the recommended one is what is declared; one warning says why not, with Microsoft's page."""
    location = "https://mail.contoso.com/EWS/Exchange.asmx"
    located = {f"{direction}_server_location": location for direction in ("incoming", "outgoing")}
    other = not recommendation.value
    args = (
        least | {recommendation.argument: other} | (located if recommendation.argument == set_ups.AUTO_DISCOVER else {})
    )

    program, stated = run(declare, args)

    assert stated[recommendation.argument] is other
    assert program.errors == []
    assert program.warnings == [
        f"EmailServerProfile 'one': {recommendation.argument}: {recommendation.says} ({recommendation.source})"
    ]


@pytest.mark.parametrize(("declare", "least", "recommendation"), RECOMMENDED)
def test_none_is_unstated(declare: Declare, least: dict[str, object], recommendation: Recommendation) -> None:
    """`None` means what leaving the argument out means: the recommended value, and the set-up's mail system."""
    nothing = {"server_type": None, recommendation.argument: None, "description": None}

    assert run(declare, least | nothing)[1] == run(declare, least)[1]


def test_a_stated_location_is_not_discovered() -> None:
    """A stated location switches auto discover off, also in a row that had it on; a cleared location is none."""
    location = "https://mail.contoso.com/EWS/Exchange.asmx"
    located = {"incoming_server_location": location, "outgoing_server_location": location}
    program, stated = run(EmailServerProfile.one_account, LEAST | ACCOUNT | located)
    assert program.errors == []
    assert [text.split(": ")[1] for text in program.warnings] == ["use_auto_discover"]
    assert stated["use_auto_discover"] is False

    program, stated = run(EmailServerProfile.one_account, LEAST | ACCOUNT | dict.fromkeys(located, CLEAR))
    assert (program.errors, program.warnings) == ([], [])
    assert stated["use_auto_discover"] is True


@pytest.mark.parametrize(("declare", "least"), MAILBOXES)
@pytest.mark.parametrize(
    ("whose", "methods"),
    [
        ({"user": "anna@contoso.com"}, (SYNC, SYNC, SYNC)),
        ({"queue": "Support"}, (SYNC, SYNC, NONE)),
        ({"forward_mailbox": "Leads", "email_address": "leads@contoso.com"}, (SYNC, NONE, NONE)),
    ],
)
def test_a_mailbox_synchronizes_what_it_can(
    declare: Declare, least: dict[str, object], whose: dict[str, object], methods: tuple[str, ...]
) -> None:
    """A user's mailbox does all three, a queue's has no calendar, a forward mailbox only reads."""
    program, stated = run(declare, least | whose)

    assert (program.errors, program.warnings) == ([], [])
    assert tuple(stated[method] for method in METHODS) == methods


@pytest.mark.parametrize(("declare", "least"), MAILBOXES)
@pytest.mark.parametrize("method", METHODS)
def test_a_method_may_be_another(declare: Declare, least: dict[str, object], method: str) -> None:
    _, stated = run(declare, least | {"user": "anna@contoso.com", method: NONE})

    assert [stated[it] for it in METHODS] == [NONE if it == method else SYNC for it in METHODS]


def test_options_and_the_class_are_kept() -> None:
    """A set-up is declared with Pulumi's options like any resource, and is of the class that it was asked of."""
    made: list[object] = []

    class OurProfile(EmailServerProfile):
        """A class of a program's own."""

    def declare() -> None:
        made.append(
            OurProfile.exchange_online(
                "one",
                pulumi.ResourceOptions(protect=True),
                name="Contoso",
                process_emails_received_after="2026-11-01",
            )
        )

    Program().run(declare)

    assert isinstance(made[0], OurProfile)
    assert made[0]._protect is True  # noqa: SLF001  pulumi shows it nowhere else


def test_what_makes_a_set_up_is_not_an_argument() -> None:
    """Other credentials are another set-up: mypy, and else Python, refuses them."""

    def declare() -> None:
        EmailServerProfile.one_account(  # type: ignore[call-arg]  # the fault
            "one",
            name="Contoso",
            process_emails_received_after="2026-11-01",
            incoming_user_name="crm",
            incoming_password="x",
            incoming_credential_retrieval="gmail_oauth",
        )

    with pytest.raises(TypeError, match="multiple values for keyword argument 'incoming_credential_retrieval'"):
        Program().run(declare)


def test_what_a_set_up_asks_for_is_known_to_mypy_and_to_the_preview() -> None:
    """Who leaves out what is needed is told by the type checker, and without one by the preview."""

    def declare() -> None:
        EmailServerProfile.exchange_online("one", name="Contoso")  # type: ignore[call-arg]  # the fault
        EmailServerProfile.one_account("two", name="Fabrikam")  # type: ignore[call-arg]  # the fault
        Mailbox.with_own_credentials("three", user="anna@contoso.com")  # type: ignore[call-arg]  # the fault

    program = Program().run(declare)

    needed = "incoming_credential_retrieval: credentials in the profile need incoming_user_name and incoming_password"
    assert program.errors == [f"EmailServerProfile 'two': {needed}"]
    told = {text.split(": ")[1] for text in program.warnings}  # in the order in which the engine knows the resources
    assert told == {"process_emails_received_after", "allow_email_connector_to_use_credentials"}
