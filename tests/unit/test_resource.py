"""The program's side of a resource: what reaches the engine, and what the person reads."""

from collections.abc import Callable

import pulumi
import pytest
from pulumi.runtime import rpc

from pulumi_dataverse_email import CLEAR, EmailServerProfile, Mailbox, OrganizationEmailSettings, Provider, ServerType
from pulumi_dataverse_email.engine.props import FAULTS, TIMEOUTS

from .program import Program

SECRET = "Str0ng-and-secret-Passw0rd"


def faults(program: Program, resource: str) -> list[str]:
    """Return what the program's side hands over for check to refuse."""
    found: list[str] = program.inputs[resource].get(FAULTS, [])
    return found


def test_arguments_reach_the_engine_in_their_words() -> None:
    """What is stated is sent as state spells it; what is not stated, or None, is not sent."""
    program = Program().run(
        lambda: EmailServerProfile(
            "one",
            name="Contoso",
            server_type=ServerType.EXCHANGE_ONLINE_HYBRID,
            incoming_user_name=None,
            outgoing_port_number=443,
        )
    )

    stated = {it: value for it, value in program.inputs["one"].items() if it not in ("row_id", "__provider")}
    assert stated == {"name": "Contoso", "server_type": "exchange_online_hybrid", "outgoing_port_number": 443}
    assert program.errors == []


def test_a_secret_is_wrapped() -> None:
    """A secret argument is a secret of Pulumi's, whether the program made it one or not."""
    program = Program().run(lambda: Mailbox("one", user="anna@contoso.com", username="anna", password=SECRET))

    assert rpc.is_rpc_secret(program.inputs["one"]["password"])
    assert rpc.unwrap_rpc_secret(program.inputs["one"]["password"]) == SECRET


@pytest.mark.parametrize("value", [5, [SECRET], SECRET * 100], ids=["number", "list", "too long"])
def test_a_faulty_secret_is_told_to_nobody(value: object) -> None:
    """The message names the argument; the value stands in no log and in no property in clear."""
    program = Program().run(
        lambda: Mailbox("one", user="anna@contoso.com", username="anna", password=value)  # type: ignore[arg-type]  # the fault
    )

    assert [text.partition(":")[0] for text in program.errors] == ["Mailbox 'one'"]
    assert program.errors[0].startswith("Mailbox 'one': password: ")
    clear = {it: value for it, value in program.inputs["one"].items() if it != "password"}
    assert SECRET not in "".join(program.errors) + repr(clear)


def test_faults_of_all_resources_are_shown() -> None:
    """A fault raises nothing, because that would hide the faults of every later resource."""

    def declare() -> None:
        EmailServerProfile("one", name="", server_type="pigeon")
        Mailbox("two")

    program = Program().run(declare)

    assert [text.split(":")[:2] for text in program.errors] == [
        ["EmailServerProfile 'one'", " name"],
        ["EmailServerProfile 'one'", " server_type"],
        ["Mailbox 'two'", " user"],
    ]
    assert set(program.inputs) == {"one", "two"}


def test_an_unknown_argument_is_reported_and_its_value_never_sent() -> None:
    """Pulumi could not serialize a stranger's object, and a misspelt secret would be no secret."""
    program = Program().run(
        lambda: EmailServerProfile(
            "one",
            name="Contoso",
            server_type="exchange_online_hybrid",
            incoming_pasword=SECRET,  # type: ignore[call-arg]  # the fault
            incoming_user_name=object(),  # type: ignore[arg-type]  # the fault
        )
    )

    assert [fault.partition(":")[0] for fault in faults(program, "one")] == ["incoming_user_name", "incoming_pasword"]
    assert "did you mean 'incoming_password'?" in "".join(program.errors)
    assert SECRET not in "".join(program.errors) + repr(program.inputs)
    assert "incoming_user_name" not in program.inputs["one"]


def test_a_fault_that_check_sees_itself_is_not_handed_over() -> None:
    """Check judges what it gets: nothing is said twice."""
    program = Program().run(lambda: EmailServerProfile("one", name="", server_type="exchange_online_hybrid"))

    assert faults(program, "one") == []


def test_a_value_that_is_not_known_is_not_judged() -> None:
    def declare() -> None:
        later: pulumi.Output[str] = pulumi.Output.from_input("").apply(lambda _: "crm")
        EmailServerProfile("one", name=later, server_type="exchange_online_hybrid", incoming_user_name=later)

    assert Program().run(declare).errors == []


def test_an_awaitable_is_a_value_to_come() -> None:
    async def later() -> str:
        return "anna@contoso.com"

    program = Program().run(lambda: Mailbox("one", user=later()))

    assert (program.errors, program.inputs["one"]["user"]) == ([], "anna@contoso.com")


def test_clear_is_sent_as_it_is() -> None:
    program = Program().run(lambda: Mailbox("one", user="anna@contoso.com", username=CLEAR))

    assert program.inputs["one"]["username"] == {"clear": True}


def test_a_mailbox_points_at_a_profile_s_row() -> None:
    """The id of a row that we make is known in a preview, before the row is there."""

    def declare() -> None:
        profile = EmailServerProfile("one", name="Contoso", server_type="exchange_online_hybrid")
        Mailbox("anna", user="anna@contoso.com", email_server_profile=profile)

    program = Program(preview=True).run(declare)

    assert program.inputs["anna"]["email_server_profile"] == program.inputs["one"]["row_id"]


def test_a_mailbox_waits_for_an_adopted_profile() -> None:
    """The id of an adopted row is what adoption finds."""

    def declare() -> None:
        profile = EmailServerProfile("one", name="Contoso", server_type="exchange_online_hybrid", adopt=True)
        Mailbox("anna", user="anna@contoso.com", email_server_profile=profile)

    program = Program().run(declare)

    assert "row_id" not in program.inputs["one"]
    assert program.inputs["anna"]["email_server_profile"] == "one"


TWICE: list[tuple[str, Callable[[], object]]] = [
    (
        "another Mailbox of this program has the logical name 'one'",
        lambda: (Mailbox("one", user="anna@contoso.com"), Mailbox("one", user="ben@contoso.com")),
    ),
    (
        "user: 'one' declares the mailbox of 'ANNA@contoso.com' already",
        lambda: (Mailbox("one", user="anna@contoso.com"), Mailbox("two", user="ANNA@contoso.com")),
    ),
    (
        "'one' declares the organization already, and there is one: keep one",
        lambda: (OrganizationEmailSettings("one"), OrganizationEmailSettings("two")),
    ),
    (
        "queue: 'one' declares the mailbox of 'support' already",
        lambda: (Mailbox("one", queue="Support"), Mailbox("two", queue="support")),
    ),
]


@pytest.mark.parametrize(("fault", "declare"), TWICE)
def test_two_resources_of_one_row_clash(fault: str, declare: Callable[[], object]) -> None:
    """Who would win is nobody's guess: the second one is refused, and says which is the first."""
    program = Program().run(declare)

    kind = program.types[list(program.inputs)[-1]].rsplit(":", 1)[1]
    assert program.errors == [f"{kind} '{list(program.inputs)[-1]}': {fault}"]
    assert faults(program, list(program.inputs)[-1]) == [fault]


def test_a_logical_name_is_free_in_another_kind() -> None:
    def declare() -> None:
        EmailServerProfile("one", name="Contoso", server_type="exchange_online_hybrid")
        Mailbox("one", user="anna@contoso.com")

    assert Program().run(declare).errors == []


def test_the_next_run_starts_anew() -> None:
    """What a program declared is forgotten with it: Automation API programs run several times in one process."""
    for _ in range(2):
        assert Program().run(lambda: Mailbox("one", user="anna@contoso.com")).errors == []


class Team(pulumi.ComponentResource):
    """A component that has its own provider."""

    def __init__(self, name: str, provider: Provider) -> None:
        super().__init__("contoso:index:Team", name, None, pulumi.ResourceOptions(providers=[provider]))
        Mailbox(f"{name}-anna", user="anna@contoso.com", opts=pulumi.ResourceOptions(parent=self))


def test_each_environment_has_rows_of_its_own() -> None:
    """The same key in another environment is another row, whether the provider is given or inherited."""

    def declare() -> None:
        east, west, north, south = (
            Provider(name, environment_url=f"https://{name}.crm4.dynamics.com")
            for name in ("east", "west", "north", "south")
        )
        Mailbox("anna", user="anna@contoso.com")
        Mailbox("anna-east", user="anna@contoso.com", opts=pulumi.ResourceOptions(provider=east))
        OrganizationEmailSettings("settings")
        OrganizationEmailSettings("settings-east", pulumi.ResourceOptions(provider=east))
        Team("team", west)
        Mailbox("anna-north", user="anna@contoso.com", opts=pulumi.ResourceOptions(providers=[north]))
        Mailbox("anna-south", user="anna@contoso.com", opts=pulumi.ResourceOptions(providers={"pulumi-python": south}))

    program = Program().run(declare)

    assert program.errors == []
    names = {name: urn.rsplit("::", 2)[1] for name, urn in program.providers.items() if urn}
    assert names == {
        "anna-east": "east",
        "settings-east": "east",
        "team-anna": "west",
        "anna-north": "north",
        "anna-south": "south",
    }


def test_import_is_refused_with_the_ways_that_work() -> None:
    with pytest.raises(ValueError, match=r"cannot import resources of a dynamic provider(.|\n)*adopt=True"):
        Program().run(
            lambda: Mailbox("one", pulumi.ResourceOptions(import_="row"), user="anna@contoso.com"),
        )


def test_a_provider_hands_over_settings_under_their_full_names() -> None:
    """Settings that are left out are not sent, and the secret is wrapped."""
    program = Program().run(
        lambda: Provider("east", environment_url="https://east.crm4.dynamics.com", client_secret=SECRET)
    )

    assert program.types["east"] == "pulumi:providers:pulumi-python"
    settings = program.inputs["east"]
    assert settings["dataverse-email:environmentUrl"] == "https://east.crm4.dynamics.com"
    assert rpc.is_rpc_secret(settings["dataverse-email:clientSecret"])
    assert set(settings) == {f"dataverse-email:{key}" for key in ("environmentUrl", "clientSecret", "explicitProvider")}


def test_a_provider_needs_its_address() -> None:
    """The environment's own variable never leads a second provider to the first one's environment."""
    with pytest.raises(ValueError, match="Provider 'east' needs an environment_url"):
        Program().run(lambda: Provider("east", environment_url=""))


def test_a_resource_of_another_kind_is_no_profile() -> None:
    """A mailbox has an id too, which would only be refused by Dataverse."""

    def declare() -> None:
        anna = Mailbox("anna", user="anna@contoso.com")
        Mailbox("ben", user="ben@contoso.com", email_server_profile=anna)  # type: ignore[arg-type]  # what is tested

    program = Program().run(declare)

    assert any(
        "wants the email server profile: its resource, id or name; this is a Mailbox" in it for it in program.errors
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("40s", 40), ("5m", 300), ("1h30m", 5400), ("1.5h", 5400), ("1d", 86400), ("1m1s", 61)]
)
def test_custom_timeouts_are_sent_in_seconds(text: str, seconds: float) -> None:
    """Pulumi's host passes them on to nobody."""
    options = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create=text))
    program = Program().run(lambda: Mailbox("one", user="anna@contoso.com", opts=options))

    assert program.inputs["one"][TIMEOUTS] == {"create": seconds}


@pytest.mark.parametrize("text", ["5 minutes", "0s", "m", "30m1h", "-5m", "5"])
def test_a_strange_timeout_is_a_fault(text: str) -> None:
    options = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete=text))
    program = Program().run(lambda: Mailbox("one", user="anna@contoso.com", opts=options))

    assert faults(program, "one") == [
        "custom_timeouts.delete: is a time such as '40s', '5m' or '1h30m', longer than none"
    ]
