"""`MailboxSet` in a program: lists, maps, files, and what is logged of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_dataverse_email import (
    CsvFile,
    EmailServerProfile,
    Mailbox,
    MailboxSet,
    MailboxTestAndEnable,
    SelectionArgs,
)

from ..program import Program

ANNA, BEN = "user:anna@contoso.com", "user:ben@contoso.com"
NONE = "none"


def declared(declare: Callable[[], object]) -> Program:
    """Run a program that declares a set, and maybe more."""
    return Program().run(declare)


def sales(**args: Any) -> Callable[[], MailboxSet]:  # noqa: ANN401  some are wrong on purpose
    """Return a program of one set."""
    return lambda: MailboxSet("sales", **args)


def test_a_list_a_map_and_a_file_are_one_map(tmp_path: Path) -> None:
    """However the members are listed, the preview has an entry for each."""
    file = tmp_path / "people.csv"
    file.write_text("user;act_delivery_method\nanna@contoso.com;\nben@contoso.com;none\n", "utf-8")
    own = {ANNA: {}, BEN: {"act_delivery_method": NONE}}
    given: list[tuple[Any, object]] = [
        ([ANNA, BEN], {ANNA: {}, BEN: {}}),
        (own, own),
        (CsvFile(str(file)), own),
        ([pulumi.Output.from_input(ANNA), BEN], {ANNA: {}, BEN: {}}),
        (pulumi.Output.from_input([ANNA]), {ANNA: {}}),
        (pulumi.Output.from_input(own), own),
    ]
    for members, sent in given:
        program = declared(sales(members=members))
        assert (program.inputs["sales"]["members"], program.errors) == (sent, [])


def test_resources_stand_for_their_ids() -> None:
    """In the settings of all, in those of one, and in a selection."""

    def declare() -> None:
        profile = EmailServerProfile("one", name="One", server_type="exchange_online_hybrid")
        MailboxSet("sales", members={ANNA: {"email_server_profile": profile}}, email_server_profile=profile)
        MailboxSet("rest", selection={"of": "queues", "email_server_profile": profile})

    program = declared(declare)
    row_id = program.inputs["one"]["row_id"]

    assert program.errors == []
    assert program.inputs["sales"]["members"] == {ANNA: {"email_server_profile": row_id}}
    assert program.inputs["sales"]["email_server_profile"] == row_id
    assert program.inputs["rest"]["selection"] == {"of": "queues", "email_server_profile": row_id}


def test_the_password_is_secret_and_the_name_is_the_id() -> None:
    program = declared(sales(members=[ANNA], username="all", password="Str0ng"))

    assert program.inputs["sales"]["set_id"] == "sales"
    assert program.types["sales"] == "pulumi-python:dynamic/dataverse-email:MailboxSet"


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("user,shoe_size\nanna,36\n", ["{file}: line 1: column 'shoe_size' is unknown"]),
        (
            "user,act_delivery_method\nanna,none\nben,nothing\nchris\n",
            ["{file}: line 4: has 1 cells", "members: {file} line 3: act_delivery_method: should be one of"],
        ),
        (None, ["{file}: cannot be read: No such file or directory"]),
    ],
)
def test_faults_of_a_file_have_its_line(tmp_path: Path, text: str | None, errors: list[str]) -> None:
    """What only the program's side can see travels to `check`, which refuses it too."""
    file = tmp_path / "people.csv"
    if text is not None:
        file.write_text(text, "utf-8")
    program = declared(sales(members=CsvFile(str(file))))

    wanted = [f"MailboxSet 'sales': {error.format(file=file)}" for error in errors]
    found = [[it for it in program.errors if it.startswith(error)] for error in wanted]
    assert all(found), program.errors
    assert any(str(file) in fault for fault in program.inputs["sales"]["faults"])


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"members": [ANNA, BEN, ANNA]}, f"members: '{ANNA}' is there twice"),
        ({"members": [ANNA, ANNA.replace("anna", "Anna")]}, "is the member 'user:anna@contoso.com' again"),
        ({"members": []}, "members: the set is empty"),
        ({}, "members: the set is empty"),
        ({"members": "user:anna@contoso.com"}, "members: should be a list, a map or a CsvFile"),
        ({"members": {ANNA: {"act_delivery_method": "nothing"}}}, f"members: {ANNA}: act_delivery_method: should be"),
        ({"members": {ANNA: None}}, ""),
        ({"selection": {"of": "users", "teem": "x"}}, "selection: teem: is no argument of selection"),
        ({"selection": {}}, "members: the set is empty"),
        ({"members": [ANNA], "shoe_size": 36}, "shoe_size: is no argument of MailboxSet"),
    ],
)
def test_bad_arguments_are_logged_and_never_raise(args: dict[str, Any], error: str) -> None:
    program = declared(sales(**args))

    assert error == "" or [it for it in program.errors if error in it], program.errors


@pytest.mark.parametrize("set_first", [True, False])
def test_a_mailbox_in_a_set_and_by_itself_is_a_fault(*, set_first: bool) -> None:
    def declare() -> None:
        if set_first:
            MailboxSet("sales", members=[ANNA, BEN])
        Mailbox("anna", user="ANNA@contoso.com")
        if not set_first:
            MailboxSet("sales", members=[ANNA, BEN])

    (error,) = declared(declare).errors
    assert "declares the mailbox of" in error


def test_a_member_of_two_sets_is_a_fault() -> None:
    def declare() -> None:
        MailboxSet("sales", members=[ANNA])
        MailboxSet("support", members=[BEN, ANNA])

    assert declared(declare).errors == [
        f"MailboxSet 'support': members: 'sales' declares the mailbox of {ANNA} already"
    ]


def test_a_profile_warns_once_of_what_its_members_break() -> None:
    def declare() -> None:
        profile = EmailServerProfile(
            "pop", name="Pop", server_type="other", incoming_server_location="a", outgoing_server_location="b"
        )
        members = [f"user:{number}@contoso.com" for number in range(50)]
        MailboxSet(
            "sales", members=members, email_server_profile=profile, act_delivery_method="server_side_synchronization"
        )

    told = [it for it in declared(declare).errors if it.startswith("MailboxSet")]
    (error,) = told
    assert "act_delivery_method: a POP3 or IMAP profile synchronizes no appointments" in error


def test_a_member_s_own_profile_is_judged_with_it() -> None:
    """What is no profile is a fault, and what does not go with one member's profile is that member's."""

    def declare() -> None:
        profile = EmailServerProfile(
            "pop", name="Pop", server_type="other", incoming_server_location="a", outgoing_server_location="b"
        )
        other = Mailbox("chris", user="chris@contoso.com")
        members: Any = {ANNA: {"email_server_profile": profile}, BEN: {"email_server_profile": other}}
        MailboxSet("sales", members=members, act_delivery_method="server_side_synchronization")

    told = [it for it in declared(declare).errors if it.startswith("MailboxSet")]
    assert len(told) == 2
    assert (
        f"{BEN}: email_server_profile: wants the email server profile: its resource, id or name; this is a Mai"
        in told[0]
    )
    assert "act_delivery_method: a POP3 or IMAP profile synchronizes no appointments" in told[1]


def test_best_practices_are_warned_of_for_the_template() -> None:
    program = declared(sales(members=[ANNA], act_delivery_method="microsoft_dynamics_365_for_outlook"))

    assert any("is retired" in it for it in program.warnings)


def test_a_selection_is_typed() -> None:
    """A program may keep a selection in a variable of its own."""
    selection: SelectionArgs = {"of": "users", "team": "Field"}

    assert declared(sales(selection=selection)).inputs["sales"]["selection"] == selection


def test_a_test_and_enable_knows_the_numbers_of_a_set() -> None:
    """A set stands beside mailboxes, with its selection and its profile; its numbers are the engine's to compute."""

    def declare() -> None:
        profile = EmailServerProfile("one", name="One", server_type="exchange_online_hybrid")
        sales = MailboxSet("sales", members=[ANNA, BEN], email_server_profile=profile)
        rest = MailboxSet("rest", selection={"of": "queues"})
        MailboxTestAndEnable(
            "enable", mailboxes=[sales, rest, Mailbox("chris", user="chris")], canaries=[ANNA, "chris"]
        )

    program = declared(declare)
    inputs = program.inputs["enable"]

    assert program.errors == []
    assert inputs["mailboxes"].keys() == {"sales", "rest", "chris"}
    assert inputs["selections"] == {"rest": {"of": "queues"}}
    assert inputs["profiles"] == {"one": program.inputs["one"]["row_id"]}
