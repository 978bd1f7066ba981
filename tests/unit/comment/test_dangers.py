"""What a reviewer sees first, told one danger at a time."""

import pytest

from pulumi_dataverse_email.comment import LIMITS, Report, comment
from pulumi_dataverse_email.comment.dangers import lines

from .previews import OFF, ON, UNKNOWN, Json, deleted, preview, step, urn

ANNA = {"user": "anna@contoso.com", **ON}
METHODS = '"Incoming Email", "Outgoing Email", "Appointments, Contacts, and Tasks"'
WHO = "mailbox `anna@contoso.com` (`anna`)"
CLEAR = {"clear": True}
ACT_OFF = {"act_delivery_method": "none"}
MEMBERS = {"mailboxes": {"anna": "1", "ben": "2"}}


def _anna(op: str = "update", **changes: object) -> Json:
    return step(op, "Mailbox", "anna", {**ANNA, "generation": 1}, {**ANNA, "generation": 1, **changes})


def _group(op: str, kind: str, old: Json | None, new: Json | None) -> Json:
    return step(op, kind, "sales", old, new)


DANGERS: dict[str, tuple[Json, str]] = {
    "a method becomes none": (
        _anna(act_delivery_method="none"),
        f'**Synchronization stops:** {WHO}: "Appointments, Contacts, and Tasks" becomes none.',
    ),
    "the profile is emptied": (
        step("update", "Mailbox", "anna", ANNA, {**ANNA, "email_server_profile": CLEAR}),
        f'**Synchronization stops:** {WHO}: "Server Profile" is emptied.',
    ),
    "a method that is not known yet": (_anna(act_delivery_method=UNKNOWN), ""),
    "a method that is left to the server": (step("update", "Mailbox", "anna", ANNA, {"user": ANNA["user"]}), ""),
    "taken over with nothing": (
        step("create", "Mailbox", "anna", None, {"user": ANNA["user"], **OFF}),
        f"**Synchronization stops:** {WHO}: all its delivery methods become none, whatever they are now.",
    ),
    "taken over": (step("create", "Mailbox", "anna", None, ANNA), ""),
    "deleted and disabled": (
        deleted("Mailbox", "anna", ANNA, adopted=True, on_delete="disable"),
        f"**Synchronization stops:** {WHO}: its deletion sets {METHODS} to none.",
    ),
    "deleted and retained": (
        deleted("Mailbox", "anna", ANNA, adopted=True),
        f"**No longer declared:** {WHO}: stays as it is, no longer managed.",
    ),
    "deleted and put back to none": (
        deleted(
            "Mailbox", "anna", ANNA, adopted=True, on_delete="restore", previous={**ON, "act_delivery_method": "none"}
        ),
        (
            f'**Synchronization stops:** {WHO}: its deletion puts back "Appointments, Contacts, and Tasks" none, '
            "where nobody changed it since."
        ),
    ),
    "deleted and put back to the same": (
        deleted("Mailbox", "anna", ANNA, adopted=True, on_delete="restore", previous=ON),
        f"**No longer declared:** {WHO}: its deletion changes nothing.",
    ),
    "deleted, and what is never put back": (
        deleted(
            "Mailbox",
            "anna",
            {**ANNA, "email_server_profile": "Contoso", "password": "[secret]"},
            adopted=True,
            on_delete="restore",
            email_server_profile_id="0F-1",
            previous={
                "email_server_profile": "0f-1",
                "password": "x",
                "incoming_email_delivery_method": "microsoft_dynamics_365_for_outlook",
                "username": "never stated",
                "of a later release": 1,
            },
        ),
        f"**No longer declared:** {WHO}: its deletion changes nothing.",
    ),
    "deleted, but kept by an option of Pulumi": (
        step("delete", "Mailbox", "anna", ANNA, _state={"retainOnDelete": True, "outputs": {"on_delete": "disable"}}),
        f"**No longer declared:** {WHO}: stays as it is, no longer managed.",
    ),
    "a profile is deleted": (
        deleted("EmailServerProfile", "p", {"name": "Contoso"}, adopted=False),
        (
            "**No longer declared:** email server profile `Contoso` (`p`): the row is deleted; "
            "that is refused while something uses it."
        ),
    ),
    "a profile is replaced": (
        step(
            "replace",
            "EmailServerProfile",
            "p",
            {"server_type": "other"},
            {"server_type": "imap_smtp"},
            replaceReasons=["server_type"],
        ),
        (
            "**Replaced:** email server profile `p`: a new one takes its place "
            'because "Email Server Type" changes; the old one: deleted.'
        ),
    ),
    "a mailbox is tainted": (
        step("replace", "Mailbox", "anna", ANNA, ANNA, replaceReasons=["id"], _state={"outputs": {"adopted": True}}),
        f"**Replaced:** {WHO}: it is given up (stays as it is, no longer managed) and taken over again.",
    ),
    "a profile is changed": (
        step(
            "update",
            "EmailServerProfile",
            "p",
            {"incoming_password": "[secret]", "generation": 1},
            {"incoming_password": "[secret]", "generation": 2},
            detailedDiff={"incoming_password": {}},
        ),
        (
            "**A new test is called for:** email server profile `p`: its mailboxes are to be tested, "
            'because "Password" changes.'
        ),
    ),
    "two things call for a test": (
        _anna(username="a", allow_email_connector_to_use_credentials=True, generation=2),
        (
            f'**A new test is called for:** {WHO}: because "Allow to Use Credentials for Email Processing", '
            '"User Name" change.'
        ),
    ),
    "perhaps a test": (
        _anna(username=UNKNOWN, generation=UNKNOWN),
        f'**A new test is called for:** {WHO}: because "User Name" changes, if that turns out to be another value.',
    ),
    "what calls for no test": (_anna(process_email_received_after="2026-11-01"), ""),
    "a group is tested again": (
        _group(
            "update",
            "MailboxTestAndEnable",
            {"generations": {"anna": 1, "ben": 1}},
            {"generations": {"anna": 2, "ben": 1}},
        ),
        "**A new test is called for:** mailbox test and enable `sales`: of `anna`.",
    ),
    "a group is approved": (
        _group("create", "MailboxTestAndEnable", None, {**MEMBERS, "approval": "approve"}),
        "**Addresses will be approved:** mailbox test and enable `sales`: `anna`, `ben`.",
    ),
    "a group is approved from now on": (
        _group(
            "update", "MailboxTestAndEnable", {**MEMBERS, "approval": "require"}, {**MEMBERS, "approval": "approve"}
        ),
        "**Addresses will be approved:** mailbox test and enable `sales`: `anna`, `ben`.",
    ),
    "one more is approved": (
        _group(
            "update",
            "MailboxTestAndEnable",
            {"mailboxes": {"anna": "1"}, "approval": "approve"},
            {**MEMBERS, "approval": "approve"},
        ),
        "**Addresses will be approved:** mailbox test and enable `sales`: `ben`.",
    ),
    "all of a profile are approved": (
        _group("create", "MailboxTestAndEnable", None, {"all_mailboxes": True, "approval": "approve"}),
        "**Addresses will be approved:** mailbox test and enable `sales`: all mailboxes of the profile.",
    ),
    "nobody is approved": (_group("create", "MailboxTestAndEnable", None, {**MEMBERS, "approval": "require"}), ""),
    "a group goes": (
        _group("delete", "MailboxTestAndEnable", MEMBERS, None),
        "**No longer declared:** mailbox test and enable `sales`: nothing is done in Dataverse.",
    ),
    "a member leaves a set": (
        _group("update", "MailboxSet", {"members": {"user:a": {}, "user:b": {}}}, {"members": {"user:b": {}}}),
        "**No longer declared:** mailbox set `sales`: `user:a` no longer belongs to it, and stays as now.",
    ),
    "members leave a set and are switched off": (
        _group(
            "update",
            "MailboxSet",
            {"members": {"user:a": {}, "user:b": {}}, "on_delete": "disable"},
            {"members": {}, "on_delete": "disable"},
        ),
        (
            "**Synchronization stops:** mailbox set `sales`: `user:a`, `user:b` no longer belong to it, and are set to "
            "none."
        ),
    ),
    "a member of a set is switched off": (
        _group("update", "MailboxSet", {"members": {"user:a": {}}, **ON}, {"members": {"user:a": ACT_OFF}, **ON}),
        (
            "**Synchronization stops:** mailbox set `sales`: Members: `user:a`: Appointments, Contacts, and Tasks "
            "becomes none."
        ),
    ),
    "a member of a set is tested again": (
        _group(
            "update",
            "MailboxTestAndEnable",
            {"members": {"sales": {"user:a": 1, "user:b": 1}}, "profile_generations": {"one": 1}},
            {"members": {"sales": {"user:a": 2, "user:c": 1}}, "profile_generations": {"one": 2}},
        ),
        (
            "**A new test is called for:** mailbox test and enable `sales`: of `user:a`, `user:c`, the canaries of "
            "`one`."
        ),
    ),
    "a set is switched off": (
        _group("update", "MailboxSet", ON, {**ON, "act_delivery_method": "none"}),
        '**Synchronization stops:** mailbox set `sales`: "Appointments, Contacts, and Tasks" becomes none.',
    ),
    "a scope gets a member": (
        _group("update", "ImpersonationScope", {"addresses": ["a@x"]}, {"addresses": ["a@x", "b@x"]}),
        "**The scope widens:** impersonation scope `sales`: `b@x` is added.",
    ),
    "a scope has another filter": (
        _group("update", "ImpersonationScope", {"recipient_filter": "a"}, {"recipient_filter": "b"}),
        '**The scope widens:** impersonation scope `sales`: perhaps, because "Recipient filter" changes.',
    ),
    "a member of a set joins a scope, and another leaves": (
        _group(
            "update",
            "ImpersonationScope",
            {"mailboxes": {"team": "set:team"}, "members": {"team": {"user:a": "member"}}},
            {"mailboxes": {"team": "set:team"}, "members": {"team": {"user:b": "member"}}},
        ),
        (
            "**Synchronization stops:** impersonation scope `sales`: `user:a` is no longer inside it.\n"
            "- **The scope widens:** impersonation scope `sales`: `user:b` is added."
        ),
    ),
    "a scope goes": (
        _group("delete", "ImpersonationScope", {"addresses": ["a@x"]}, None),
        "**The scope widens:** impersonation scope `sales`: it is deleted, and limits the account no longer.",
    ),
    "another provider's resource": (step("delete", "aws:s3:Bucket", "b", ON, None), ""),
}


@pytest.mark.parametrize("name", DANGERS)
def test_a_danger_is_said_with_its_reason(name: str) -> None:
    happens, expected = DANGERS[name]

    assert expected == "\n".join(lines(Report(preview(happens)).findings)).removeprefix("- ")


def test_what_is_dangerous_stands_first_and_the_worst_before_the_rest() -> None:
    tested = step(
        "update",
        "EmailServerProfile",
        "p",
        {"incoming_port_number": 1, "generation": 1},
        {"incoming_port_number": 2, "generation": 2},
    )
    written = comment(preview(tested, _anna(**OFF)), LIMITS["github"])

    places = [written.index(it) for it in ("**Look closely:", "**Synchronization stops:**", "**A new test", "| --- |")]

    assert sorted(places) == places


def test_who_meets_the_same_danger_stands_in_one_line() -> None:
    """A reviewer of 300 moved mailboxes reads one line with their number."""
    moved = [
        step(
            "update",
            "Mailbox",
            f"m{it}",
            {"generation": 1, "email_server_profile": "a"},
            {"generation": 2, "email_server_profile": "b"},
        )
        for it in range(300)
    ]

    (line,) = lines(Report(preview(*moved)).findings)

    assert "300 mailboxes `m0`, `m1`, `m2`" in line
    assert "and 290 more" in line


def test_ids_are_said_by_name() -> None:
    """A mailbox points at its profile's row: the reviewer reads the profile's name, for unchanged ones too."""
    profile = step("same", "EmailServerProfile", "p", {"name": "Contoso"}, {"name": "Contoso", "row_id": "0F-1"})
    known = _anna(email_server_profile="0f-1")
    elsewhere = step(
        "update",
        "Mailbox",
        "ben",
        {"email_server_profile": "0f-2"},
        {},
        _state={"propertyDependencies": {"email_server_profile": [urn("EmailServerProfile", "q")]}},
    )

    written = comment(preview(profile, known, elsewhere), LIMITS["github"])

    assert "| Server Profile | (not stated) | `Contoso` |" in written
    assert "| Server Profile | `q` | no longer managed, stays as it is |" in written
