"""The program's side of a scope: its mailboxes, its profile, and what it shares with others."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from pulumi_dataverse_email import EmailServerProfile, ImpersonationScope, Mailbox, MailboxTestAndEnable

from ..program import Program

APP, APP_OBJECT = "5f0c2a10-0000-4000-8000-00000000b001", "5f0c2a10-0000-4000-8000-00000000b002"


ON_SERVER: dict[str, Any] = {
    "platform": "exchange_server", "service_account": "crm",
    "application_id": None, "service_principal_object_id": None,
}  # fmt: skip


def scope(name: str = "crm", **more: object) -> ImpersonationScope:
    """Declare a scope."""
    usual: dict[str, object] = {
        "platform": "exchange_online",
        "name": "CRM mailboxes",
        "application_id": APP,
        "service_principal_object_id": APP_OBJECT,
    }
    return ImpersonationScope(name, **{**usual, **more})  # type: ignore[arg-type]  # what a test leaves out or adds


def profile(retrieval: str = "oauth_with_microsoft_entra_id", **more: object) -> EmailServerProfile:
    """Declare a profile."""
    usual: dict[str, object] = {
        "name": "Contoso Exchange",
        "server_type": "exchange_online_hybrid",
        "incoming_credential_retrieval": retrieval,
    }
    return EmailServerProfile("profile", **{**usual, **more})  # type: ignore[arg-type]  # likewise


def test_each_mailbox_is_an_entry_by_its_name() -> None:
    """So a preview shows which one comes or goes; ids stand for themselves."""

    def declare() -> None:
        scope(mailboxes=[Mailbox("anna", user="anna@contoso.com"), APP_OBJECT])

    run = Program().run(declare)

    assert run.errors == []
    assert run.inputs["crm"]["mailboxes"] == {"anna": "anna", APP_OBJECT: APP_OBJECT}


@pytest.mark.parametrize(
    ("declare", "says"),
    [
        (lambda: scope(mailboxes=[profile()]), "mailboxes: wants Mailbox and MailboxSet resources, or ids"),
        (lambda: scope(mailboxes=[APP, APP]), f"names '{APP}' twice"),
        (lambda: (scope("one", addresses=["a@b.cd"]), scope("two", addresses=["a@b.cd"])), "declares the scope"),
        (lambda: scope(addresses=["a@b.cd"], profile=Mailbox("m", user="a")), "wants the email server profile"),
        (lambda: scope(addresses=["a@b.cd"], adopt=pulumi.Output.from_input("x").apply(bool)), "must be a plain value"),
        (
            lambda: scope(addresses=["a@b.cd"], profile=profile("server_to_server_authentication")),
            "prvRequirePrivilegeToSelfApproveEmailAddress",
        ),
        (lambda: scope(addresses=["a@b.cd"], profile=profile(oauth_client_id=APP_OBJECT)), "as another application"),
        (
            lambda: scope(
                **ON_SERVER, addresses=["a@b.cd"],
                profile=profile(
                    "credentials_specified_in_email_server_profile", server_type="exchange_server",
                    incoming_user_name="crm", incoming_password="hush",
                ),
            ),
            "works by delegation",
        ),
    ],
)  # fmt: skip
def test_what_the_program_can_see_is_told_by_it(declare: Callable[[], object], says: str) -> None:
    assert any(says in it for it in Program().run(declare).errors)


def test_what_is_not_known_yet_is_judged_later() -> None:
    """An application that is made in the same program has no id in a preview."""
    unknown = pulumi.Output.from_input(APP)
    sound = Program().run(lambda: scope(addresses=["a@b.cd"], application_id=unknown, profile=profile()))

    assert sound.errors == []


def test_an_exclusive_scope_is_warned_about() -> None:
    run = Program().run(lambda: scope(addresses=["a@b.cd"], exclusive=True, **ON_SERVER))

    assert run.errors == []
    assert any("administrators too" in it for it in run.warnings)


def test_only_a_scope_is_waited_for() -> None:
    def declare() -> None:
        mailbox = Mailbox("anna", user="anna@contoso.com")
        MailboxTestAndEnable("all", mailboxes=[mailbox], impersonation_scope=mailbox)  # type: ignore[arg-type]  # the fault

    assert any("wants the ImpersonationScope" in it for it in Program().run(declare).errors)
