"""The password is nowhere in clear."""

from pathlib import Path

import pytest

from .emulated import Dataverse
from .programs import BUILT_IN, MAILBOX, PROFILE, SECRET
from .stack import FAILED, Stack

MAILBOX_SECRET = "Mailbox-" + SECRET


def test_the_password_is_nowhere_in_clear(stack: Stack, dataverse: Dataverse, tmp_path: Path) -> None:
    """Neither state, nor what the CLI prints, nor the request log, nor our own log holds it, through a whole life."""
    log = tmp_path / "provider.log"
    stack.settings["DATAVERSE_EMAIL_LOG"] = str(log)
    own = MAILBOX.replace("on_delete", f"username='anna', password={MAILBOX_SECRET!r}, on_delete")
    stack.program(PROFILE + own)

    stack.preview("--debug")
    stack.pulumi("preview", "--json")
    stack.up("--debug")
    stack.program(PROFILE.replace(SECRET, "New-" + SECRET) + own.replace(MAILBOX_SECRET, "New-" + MAILBOX_SECRET))
    stack.preview("--json")
    stack.up()
    exported = stack.pulumi("stack", "export").text
    dataverse.edit("emailserverprofiles", dataverse.profile(), isincomingpasswordset=False)
    stack.up("--refresh", "--debug")
    stack.pulumi("stack", "--show-urns")
    seen = log.read_text() + str(dataverse.requests())
    stack.destroy("--debug")

    assert '"ciphertext"' in exported
    assert "PATCH" in log.read_text()
    assert SECRET not in "".join(stack.printed)
    assert SECRET not in seen + log.read_text()
    for kept in (*stack.folder.glob("state/**/*.json*"), *stack.folder.glob("*.yaml")):
        assert SECRET not in kept.read_text()


SHOULD_FAIL = {
    "too long": PROFILE.replace(SECRET, SECRET * 10),
    "wrong type": PROFILE.replace(repr(SECRET), f"[{SECRET!r}]"),
    "without user name": PROFILE.replace('incoming_user_name="CONTOSO\\\\crm-sync",', ""),
    "misspelt": PROFILE.replace("incoming_password", "incoming_pasword"),
    "beside a fault": PROFILE.replace("=443", "='443'"),
    "secret output": PROFILE.replace(repr(SECRET), f"Output.secret({SECRET * 10!r})"),
    "own password": BUILT_IN.replace("on_delete", f"password={SECRET!r}, on_delete"),
    "own too long": BUILT_IN.replace("on_delete", f"username='anna', password={SECRET * 10!r}, on_delete"),
}


@pytest.mark.parametrize("fault", SHOULD_FAIL)
def test_a_failing_check_hides_the_password(stack: Stack, fault: str) -> None:
    """Whatever is wrong, the text and the JSON of the failing preview do not hold the password."""
    stack.program(SHOULD_FAIL[fault])

    shown = stack.preview(status=FAILED).text + stack.pulumi("preview", "--json", status=FAILED).text

    assert "error" in shown
    assert SECRET not in shown


def test_a_refused_write_hides_the_password(stack: Stack, dataverse: Dataverse) -> None:
    """An error about a write says which row and why, never what was sent."""
    dataverse.fault("/emailserverprofiles", {"status": 400, "body": '{"error": {"message": "No."}}'}, method="PATCH")
    stack.program(PROFILE)

    shown = stack.up("--debug", status=FAILED).text

    assert "No." in shown
    assert SECRET not in shown
