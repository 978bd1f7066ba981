"""Comments on previews that the real engine made, kept beside this file.

`REGENERATE=1 .venv/bin/pytest tests/system/test_comments.py` writes them anew; read what changed before you commit it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pulumi_dataverse_email.comment import LIMITS, Preview, comment
from pulumi_dataverse_email.emulator import RunningEmulator

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE, SECRET
from .stack import FAILED, Stack

KEPT = Path(__file__).parent / "comments"

EMAIL = """incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization"
"""
ACT = 'act_delivery_method="server_side_synchronization"'

ACCOUNT = PROFILE.replace("=443", "=443, allow_replacement=True")
BEN = (
    f'ben = Mailbox("ben", user="ben@contoso.com", email_server_profile=profile, on_delete="disable", {ACT}, {EMAIL})\n'
)
SUPPORT = f'support = Mailbox("support", queue="Support", email_server_profile=profile, {EMAIL})\n'
LIVED_IN = ACCOUNT + MAILBOX + BEN + SUPPORT
DELEGATED = ACCOUNT.replace("incoming_use_impersonation=True", "incoming_use_impersonation=False")

CROWD = f"""
for number in range(40):
    Mailbox(f"m{{number}}", user=f"user{{number}}@contoso.com", email_server_profile=profile, {ACT}, {EMAIL})
"""

STRANGER = f"""
class Nothing(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        raise NotImplementedError
class Stranger(pulumi.dynamic.Resource):
    pass
Stranger(Nothing(), "a |stranger| <b>", {{"password": Output.secret({SECRET!r})}})
"""


@dataclass(frozen=True)
class Story:
    """A pull request: the program that it would put in place of `LIVED_IN`, and what else there is."""

    program: str
    behind: Callable[[Dataverse], object] | None = None
    """What somebody did behind Pulumi's back."""

    arguments: tuple[str, ...] = ()
    status: int = 0
    empty: bool = False
    """Whether nothing was there before."""


def _edit(dataverse: Dataverse) -> None:
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingportnumber=993)
    dataverse.edit("mailboxes", dataverse.anna(), actdeliverymethod=2)


def _delete(dataverse: Dataverse) -> None:
    dataverse.delete("emailserverprofiles", dataverse.profile())


STORIES = {
    "create": Story(ACCOUNT + MAILBOX, empty=True),
    "crowd": Story(ACCOUNT + CROWD, empty=True),
    "update": Story(
        LIVED_IN.replace("=443", "=444").replace(
            'act_delivery_method="server_side_synchronization", on_delete="restore"',
            'act_delivery_method="none", on_delete="restore"',
        )
    ),
    "drift": Story(LIVED_IN, behind=_edit, arguments=("--refresh",)),
    "gone": Story(LIVED_IN, behind=_delete, arguments=("--refresh",)),
    "replace": Story(LIVED_IN.replace('"exchange_server"', '"exchange_server_hybrid"')),
    "delete": Story(ACCOUNT),
    "no longer managed": Story(LIVED_IN.replace("use_same_settings_for_outgoing_connections=True, ", "")),
    "cleared": Story(LIVED_IN.replace("=443", "=CLEAR")),
    "mixed": Story(
        DELEGATED.replace(SECRET, "New-" + SECRET)
        + MAILBOX.replace("email_server_profile=profile", 'email_server_profile="Microsoft Exchange Online"')
        + SUPPORT
        + SUPPORT.replace("upport", "ales")
        + STRANGER
    ),
    "unknown": Story(
        LIVED_IN
        + 'hybrid = EmailServerProfile("hybrid", name="Hybrid", server_type="exchange_server_hybrid", adopt=True)\n'
        + SUPPORT.replace("upport", "ales").replace("=profile", "=hybrid"),
    ),
    "only warnings": Story(LIVED_IN + 'pulumi.log.warn("look `here` <b>|</b>", anna)\n'),
    "nothing": Story(LIVED_IN),
    "nothing but what is": Story(LIVED_IN, arguments=("--show-sames",)),
    "rotated password": Story(LIVED_IN.replace(SECRET, "New-" + SECRET)),
    "failed check": Story(LIVED_IN.replace("=443", "='443'").replace("on_delete", "on_delet"), status=FAILED),
    "refused replacement": Story(
        LIVED_IN.replace('"exchange_server"', '"imap_smtp"').replace(", allow_replacement=True", ""), status=FAILED
    ),
}
"""One kept comment each; a story of another kind is one more line."""


@pytest.fixture(scope="module")
def previewed(_emulator: RunningEmulator, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Stack]:
    """An empty stack, and one that stands as `LIVED_IN` says: previews change neither."""
    folder = tmp_path_factory.mktemp("comments")
    settings = dict(_emulator.environment)
    Dataverse(settings).control("POST", "reset")
    return {True: Stack(folder / "empty", settings), False: _lived_in(Dataverse(settings), folder / "lived")}


def _lived_in(dataverse: Dataverse, folder: Path) -> Stack:
    stack = Stack(folder, dict(dataverse.settings))
    stack.program(LIVED_IN)
    stack.up()
    return stack


@pytest.mark.parametrize("name", STORIES)
def test_comments_are_as_kept(previewed: dict[bool, Stack], dataverse: Dataverse, tmp_path: Path, name: str) -> None:
    """What reviewers read for a preview of the real engine is what was read and kept; no secret is in it."""
    story = STORIES[name]
    stack = previewed[story.empty]
    if story.behind:
        stack = _lived_in(dataverse, tmp_path / "project")
        story.behind(dataverse)
    stack.program(story.program)
    printed = stack.pulumi("preview", "--json", *story.arguments, status=story.status).text

    written = comment(Preview.read(printed.encode()), LIMITS["github"])

    kept = KEPT / f"{name.replace(' ', '-')}.md"
    if os.environ.get("REGENERATE"):
        kept.write_text(written)
    assert written == kept.read_text()
    assert SECRET not in written


def test_every_kept_comment_has_its_story() -> None:
    assert {path.stem for path in KEPT.iterdir()} == {name.replace(" ", "-") for name in STORIES}
